"""What a build says differently from what was published, on a made-up build: predicted or not, why, by whom, lost."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from expectations.results import CheckResult
from sources.ledger import Ledger, Release, add_hold, add_release, position, waivers
from tests.integration.cases import PARAMETERS, SUPPLY, monthly, text
from tests.unit.revisions.conftest import TakeIn
from warehouse import inputs
from warehouse.paths import Home
from warehouse.revision_checks import revision_checks
from warehouse.revisions import Revised, revise

AS_OF = date(2026, 2, 20)
COLUMNS = (
    "region varchar, indicator varchar, method varchar, base_year integer, period_type varchar, period_start date, "
    "period_end date, value decimal(28,6), unit varchar, is_complete boolean"
)
OIL = ("r", "oil_consumption", "default", None, "year", "2024-01-01", "2024-12-31")
SORTING = ("r", "waste_sorting_rate", "default", None, "year", "2024-01-01", "2024-12-31")
Row = tuple[tuple[Any, ...], str | None, bool]


@dataclass
class Warehouse:
    """A home whose build says what it is told; nights are published as the ledger keeps them."""

    home: Home
    ledger: Ledger
    nights: int = 0

    def revise(self, *rows: Row) -> Revised:
        """What this build would revise now."""
        self.home.build_db.unlink(missing_ok=True)
        with duckdb.connect(str(self.home.build_db)) as connection:
            connection.execute("create schema marts")
            connection.execute(f"create table marts.indicator_values ({COLUMNS})")
            for key, value, is_complete in rows:
                values = [*key, value, "%", is_complete]
                connection.execute(
                    f"insert into marts.indicator_values values ({', '.join('?' * len(values))})", values
                )
        return revise(self.home, self.ledger, position(self.ledger), AS_OF)

    def publish(self, *rows: Row) -> Revised:
        """Record a release of this build."""
        revised, at = self.revise(*rows), position(self.ledger)
        self.nights += 1
        release = Release(
            f"release-{self.nights}", None, f"2026-02-2{self.nights}T00:00:00Z", AS_OF.isoformat(), "0" * 64,
            at.seq, at.hold, at.reparse, at.sign_off,
        )  # fmt: skip
        files = inputs.file_hashes()
        seeds = {path.rsplit("/", 1)[-1].removesuffix(".csv"): sha256 for path, sha256 in files["plan"].items()}
        add_release(self.ledger, release, {"sources": files, "seeds": seeds}, revised.revisions)
        return revised


@pytest.fixture
def warehouse(home: Home, ledger: Ledger) -> Warehouse:
    return Warehouse(home, ledger)


@pytest.fixture
def year_of_oil(deliver: TakeIn) -> str:
    return deliver("energy_supply", text(SUPPLY, monthly(["柴油,transport,1,吨"], 2024)))


def verdicts(revised: Revised, ledger: Ledger) -> dict[str, CheckResult]:
    return {check.check: check for check in revision_checks(revised, waivers(ledger))}


def failed(revised: Revised, ledger: Ledger) -> list[str]:
    return [name for name, check in verdicts(revised, ledger).items() if check.status == "failed"]


def test_a_first_release_is_new_data_throughout(warehouse: Warehouse, year_of_oil: str, ledger: Ledger) -> None:
    revised = warehouse.publish((OIL, "1", True), (SORTING, None, False))
    assert revised.is_first
    assert [(r.indicator, r.value, r.previous_value, r.cause) for r in revised.revisions] == [
        ("oil_consumption", Decimal(1), None, "new_data"),
        ("waste_sorting_rate", None, None, "new_data"),
    ]
    assert revised.revisions[0].deliveries == (year_of_oil,)
    assert failed(revised, ledger) == []


def test_what_is_the_same_is_no_revision(warehouse: Warehouse, year_of_oil: str, ledger: Ledger) -> None:
    warehouse.publish((OIL, "1", True), (SORTING, None, False))
    revised = warehouse.revise((OIL, "1.000000", True), (SORTING, None, False))
    assert revised.revisions == revised.scope_changes == []
    assert not revised.changed_inputs.groups
    assert failed(revised, ledger) == []


def test_a_revised_file_revises_and_says_so(warehouse: Warehouse, year_of_oil: str, deliver: TakeIn) -> None:
    warehouse.publish((OIL, "1", True))
    again = deliver("energy_supply", text(SUPPLY, ["2024-03,柴油,transport,2,吨"]))
    revised = warehouse.publish((OIL, "1.05", True))
    (revision,) = revised.revisions
    assert (revision.value, revision.previous_value) == (Decimal("1.05"), Decimal(1))
    assert (revision.cause, revision.deliveries) == ("revised_data", (again,))
    assert "energy_supply 2024-03-01…2024-03-31 01.csv" in revision.cause_detail
    assert revised.unpredicted == revised.lost == []
    # and it is the last word from then on
    assert warehouse.revise((OIL, "1.05", True)).revisions == []


def test_the_strongest_cause_is_the_cause_and_all_are_told(
    warehouse: Warehouse, year_of_oil: str, deliver: TakeIn
) -> None:
    warehouse.publish((OIL, "1", True))
    parameter = deliver("region_parameters", text(PARAMETERS, ["2024,power_coal_rate,0.3,文"]))
    again = deliver("energy_supply", text(SUPPLY, ["2024-03,柴油,transport,2,吨"]))
    (revision,) = warehouse.revise((OIL, "1.05", True)).revisions
    assert revision.cause == "changed_parameter"
    assert set(revision.deliveries) == {parameter, again}
    assert revision.cause_detail == (
        "参数变化：region_parameters 2024-01-01…2024-12-31 01.csv。"
        "数据修订：energy_supply 2024-03-01…2024-03-31 02.csv / "
        "changed parameter: region_parameters 2024-01-01…2024-12-31 01.csv. "
        "revised data: energy_supply 2024-03-01…2024-03-31 02.csv"
    )


def test_what_nothing_leads_to_stops_the_publication_and_is_named(
    warehouse: Warehouse, year_of_oil: str, deliver: TakeIn, ledger: Ledger
) -> None:
    warehouse.publish((OIL, "1", True), (SORTING, "50", True))
    deliver("energy_supply", text(SUPPLY, ["2024-03,柴油,transport,2,吨"]))
    revised = warehouse.revise((OIL, "1.05", True), (SORTING, "50.000001", True))
    assert [revision.indicator for revision in revised.unpredicted] == ["waste_sorting_rate"]
    check = verdicts(revised, ledger)["blast_radius"]
    assert (check.severity, check.status, check.unexpected_count) == ("critical", "failed", 1)
    assert check.examples[0].startswith(
        "r waste_sorting_rate default year 2024-01-01…2024-12-31: 50.000000 → 50.000001"
    )
    assert check.domains == ("waste",)


@pytest.mark.parametrize(
    "tampered",
    [
        (("r", "oil_consumption", "default", None, "year", "2023-01-01", "2023-12-31"), "1", True),
        (("r", "oil_consumption", "default", None, "ttm", "2023-03-01", "2024-02-29"), "1", True),
        (("s", "oil_consumption", "default", None, "year", "2024-01-01", "2024-12-31"), "1", True),
        (("r", "energy_intensity_reduction", "plain", 2020, "year", "2023-01-01", "2023-12-31"), "1", True),
    ],
)
def test_unrelated_cells_are_watched(
    warehouse: Warehouse, year_of_oil: str, deliver: TakeIn, tampered: Row, ledger: Ledger
) -> None:
    key, value, is_complete = tampered
    warehouse.publish((OIL, "1", True), tampered)
    deliver("energy_supply", text(SUPPLY, ["2024-03,柴油,transport,2,吨"]))
    for other in ((key, "2", is_complete), (key, None, is_complete), (key, value, not is_complete)):
        assert failed(warehouse.revise((OIL, "1.05", True), other), ledger)[0] == "blast_radius"
    assert failed(warehouse.revise((OIL, "1.05", True)), ledger)[0] == "blast_radius"


def test_a_delivery_takes_no_value_away_unless_somebody_waives_it(
    warehouse: Warehouse, year_of_oil: str, deliver: TakeIn, ledger: Ledger
) -> None:
    warehouse.publish((OIL, "1", True))
    withdrawal = deliver("energy_supply", text(SUPPLY, ["2024-03,柴油"]))
    lost = (OIL, None, True)
    assert failed(warehouse.revise(lost), ledger) == ["no_value_lost"]
    add_hold(ledger, withdrawal, "hold", who="run", why="gate", run_id="x")
    assert warehouse.revise((OIL, "1", True)).revisions == []
    add_hold(ledger, withdrawal, "release", who="t", why="right", waived_check="no_value_lost")
    revised = warehouse.publish(lost)
    assert failed(revised, ledger) == []
    let_go = verdicts(revised, ledger)["no_value_lost"]
    assert (let_go.status, let_go.unexpected_count) == ("waived", 1), "it is shown all the same"
    assert "oil_consumption" in let_go.examples[0]
    assert [(r.value, r.previous_value, r.deliveries) for r in revised.lost] == [(None, Decimal(1), (withdrawal,))]


def test_a_hold_may_take_a_value_away_and_a_row_may_come_back(
    warehouse: Warehouse, year_of_oil: str, ledger: Ledger
) -> None:
    warehouse.publish((OIL, "1", True))
    add_hold(ledger, year_of_oil, "hold", who="t", why="wrong")
    revised = warehouse.publish()
    assert [(r.value, r.is_complete, r.cause) for r in revised.revisions] == [(None, None, "correction")]
    assert failed(revised, ledger) == []
    assert warehouse.revise().revisions == []
    add_hold(ledger, year_of_oil, "release", who="t", why="right")
    (revision,) = warehouse.publish((OIL, "1", True)).revisions
    assert (revision.value, revision.previous_value) == (Decimal(1), None)


def test_a_leap_is_shown(warehouse: Warehouse, year_of_oil: str, deliver: TakeIn, ledger: Ledger) -> None:
    warehouse.publish((OIL, "1", True))
    deliver("energy_supply", text(SUPPLY, ["2024-03,柴油,transport,9,吨"]))
    assert failed(warehouse.revise((OIL, "1.2", True)), ledger) == []
    revised = warehouse.revise((OIL, "1.21", True))
    assert failed(revised, ledger) == ["revision_size"]
    assert verdicts(revised, ledger)["revision_size"].severity == "warning"


def test_a_release_without_its_files_written_down_explains_anything(warehouse: Warehouse, ledger: Ledger) -> None:
    revised = warehouse.revise((OIL, "1", True))
    release = Release("old", None, "2026-02-20T00:00:00Z", AS_OF.isoformat(), "0" * 64, 0, 0)
    add_release(ledger, release, json.loads("{}"), [replace(item, release_id="old") for item in revised.revisions])
    again = warehouse.revise((OIL, "2", True))
    assert [item.cause for item in again.revisions] == ["changed_method"]
    assert again.unpredicted == []

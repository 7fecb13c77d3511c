"""Revisions as a run tells them, and backfills from the plan to the release, on a copy of the small home."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from peak.cli import main
from sources import rereading
from sources.ledger import backfills, last_release, read_ledger, reparses, revisions, runs, unfinished_backfills
from sources.rereading import read_again
from tests.support import small
from tests.support.contracts import changed_contract
from tests.support.flows import Flows, plain_flows
from tests.support.homes import contents, released
from warehouse import backfill as module
from warehouse.backfill import NothingThere, RefusedPlan
from warehouse.paths import Home
from warehouse.shelf import current_release

pytestmark = pytest.mark.slow
FEED = "waste_weighings"
INDICATOR = "domestic_waste_recovery"
HEADER = "日期,设施名称,磅单号,过磅时间,车牌号,垃圾类别,处置方式,复核处置方式,毛重,皮重,净重\n"
FIFTH = (
    HEADER
    + f"2024-01-05,一号焚烧厂,T1,2024-01-05 07:30:00,{small.PLATES[0]},其他垃圾,焚烧发电,焚烧发电,15200,9100,6100\n"
    + f"2024-01-05,一号焚烧厂,T2,2024-01-05 07:30:20,{small.PLATES[0]},其他垃圾,填埋,焚烧发电,14800,9000,5800\n"
)
SIXTH = HEADER + (
    f"2024-01-06,一号焚烧厂,T3,2024-01-06 08:00:00,{small.PLATES[1]},其他垃圾,焚烧发电,填埋,15000,9000,6000\n"
)
FILES = (("磅单_五日_更正.csv", FIFTH), ("磅单_六日.csv", SIXTH))
SCOPES = ["2024-01-05|一号焚烧厂", "2024-01-06|一号焚烧厂"]
# the second column is the one that counts, as it turns out later
VERIFIED = (("businessName: 处置方式", "businessName: 复核处置方式"), ("version: 1.0.0", "version: 1.1.0"))
NARROWER = (("incineration_power: 焚烧发电, ", ""),)
# recovered in power plants, of all weighed, %
BEFORE, REVISED, RECOVERED = (Decimal(text) for text in ("100.000000", "67.597765", "66.480447"))
AS_OF = str(small.AS_OF)


@pytest.fixture(scope="module")
def home(small_home: tuple[Home, Any], tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small home after its first release, to be changed."""
    folder = tmp_path_factory.mktemp("backfill") / "home"
    shutil.copytree(small_home[0].root, folder, symlinks=True, ignore=shutil.ignore_patterns("prefect"))
    return Home(folder)


@pytest.fixture
def flows(home: Home) -> Iterator[Flows]:
    with plain_flows(home) as running:
        yield running


def peak(home: Home, *arguments: str) -> Result:
    """A command in this process, where a changed contract is seen."""
    return CliRunner().invoke(main, list(arguments), env={"PEAK_HOME": str(home.root), "NO_COLOR": "1"})


def recovery(home: Home) -> Decimal:
    """Household waste recovered in the small district in 2024, in %, as the current release has it."""
    current = current_release(home)
    assert current is not None
    with released(current) as connection:
        (row,) = connection.execute(
            "select value from indicator_values where region = ? and indicator = ?", [small.REGION, INDICATOR]
        ).fetchall()
    return Decimal(row[0])


def test_a_revised_file_is_told_with_its_scopes_indicators_and_causes(home: Home, flows: Flows) -> None:
    small.deliver(home, [(small.REGION, FEED, name, text.encode()) for name, text in FILES])
    summary = flows.nightly(as_of=small.AS_OF)
    assert summary.result == "published" and not summary.is_first
    assert [(change.kind, change.scope, change.file_name) for change in summary.scope_changes] == [
        ("replaced", SCOPES[0], "磅单_五日_更正.csv"),
        ("new", SCOPES[1], "磅单_六日.csv"),
    ]
    assert summary.scope_changes[0].previous_file_name == "磅单.csv"
    (moved,) = [item for item in summary.revisions if item.value != item.previous_value]
    assert (moved.region, moved.indicator, moved.period_start) == (small.REGION, INDICATOR, "2024-01-01")
    assert (moved.previous_value, moved.value, moved.cause) == (BEFORE, REVISED, "revised_data")
    page = flows.pages["revisions"]
    for told in (
        "磅单_五日_更正.csv",
        "磅单.csv",
        "数据修订",
        INDICATOR,
        "100.000000 → 67.597765",
        "indicator_revisions",
    ):
        assert told in page
    assert json.loads(peak(home, "run", "--json").stdout)["result"] == "nothing_new"


def test_every_changed_value_is_found_in_the_release(home: Home) -> None:
    asked = peak(
        home,
        "sql",
        "--json",
        "select region, indicator, method, base_year, period_type, cast(period_start as varchar) as period_start "
        "from indicator_revisions where release_id = (select release_id from release)",
    )
    in_release = {tuple(row.values()) for row in json.loads(asked.stdout)}
    ledger = read_ledger(home)
    assert ledger is not None
    with ledger:
        last = last_release(ledger)
        assert last is not None
        recorded = {item.key for item in revisions(ledger) if item.release_id == last.release_id}
    assert in_release == recorded and recorded


def test_a_plan_with_an_unchanged_contract_moves_nothing_and_touches_nothing(home: Home) -> None:
    before = contents(home.root)
    done = peak(home, "backfill", "--feed", FEED, "--from", "2024-01-05", "--dry-run", "--json", "--as-of", AS_OF)
    assert done.exit_code == 0, done.output
    plan = json.loads(done.stdout)
    assert [scope["scope"] for scope in plan["scopes"]] == SCOPES
    assert (plan["read_again"], plan["revisions"], plan["is_good"]) == ([], [], True)
    assert [change["kind"] for change in plan["scope_changes"]] == ["rebuilt"] * 2
    cells = {(cell["region"], cell["indicator"]) for cell in plan["predicted_cells"]}
    assert (small.REGION, INDICATOR) in cells
    assert {region for region, _ in cells} == {small.REGION} and (small.REGION, "oil_consumption") not in cells
    assert plan["cost"]["rows"] == 3 and plan["cost"]["seconds"]["dbt"] > 0
    assert contents(home.root) == before


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("--feed", FEED, "--from", "2030", "--reason", "x"), 1, "nothing in this period"),
        (("--feed", FEED, "--from", "2030", "--dry-run"), 1, "nothing in this period"),
        (("--feed", FEED, "--region", "elsewhere", "--dry-run"), 1, "nothing in this period"),
        (("--feed", "no_such_feed", "--dry-run"), 2, "no such feed"),
        (("--feed", FEED, "--from", "24-02", "--dry-run"), 2, "2024Q1"),
        (("--feed", FEED, "--from", "2025", "--to", "2024", "--dry-run"), 2, "after the last"),
        (("--feed", FEED), 2, "--reason"),
        (("--feed", FEED, "--reason", "  "), 2, "--reason"),
        (("--reason", "x"), 2, "--feed"),
    ],
)
def test_what_cannot_be_backfilled_is_refused(home: Home, arguments: tuple[str, ...], code: int, told: str) -> None:
    before = contents(home.root)
    with plain_flows(home) as flows:
        from peak import running

        flows.patch.setattr(running, "import_module", lambda name: _Plain(flows))
        done = peak(home, "backfill", *arguments)
    assert (done.exit_code, told in done.output) == (code, True), done.output
    changed = {name for name, sha256 in contents(home.root).items() if before.get(name) != sha256}
    is_run = code == 1 and "--dry-run" not in arguments
    # a refused run is recorded as one, in the ledger and with its report; a plan is not
    beside = {name for name in changed if not name.startswith("runs/")} if is_run else changed
    assert beside <= ({".lock", "ledger.sqlite"} if is_run else set())


class _Plain:
    """Stands in for the module of a flow, for a command that runs it."""

    def __init__(self, flows: Flows) -> None:
        self.backfill = flows.backfill


def test_what_a_changed_contract_refuses_is_not_begun(home: Home, flows: Flows, tmp_path: Path) -> None:
    refused = pytest.raises(RefusedPlan, match=r"磅单_五日_更正\.csv.*焚烧发电")
    with changed_contract(tmp_path, FEED, *NARROWER), refused:
        flows.backfill(feed=FEED, reason="narrower", as_of=small.AS_OF)
    assert all(name in flows.pages["plan"] for name, _ in FILES)
    with closing(_ledger(home)) as ledger:
        assert (backfills(ledger), reparses(ledger)) == ([], [])
        last = runs(ledger)[0]
    assert last.details["result"] == "failed" and "RefusedPlan" in last.details["error"]


def test_a_period_with_nothing_is_refused_by_the_flow_too(home: Home, flows: Flows) -> None:
    with pytest.raises(NothingThere):
        flows.backfill(feed=FEED, reason="why", period_from="2030")
    with pytest.raises(ValueError, match="needs a reason"):
        flows.backfill(feed=FEED)


def _ledger(home: Home) -> Any:
    ledger = read_ledger(home)
    assert ledger is not None
    return ledger


def test_an_interrupted_backfill_goes_on_with_the_next_run(home: Home, tmp_path: Path) -> None:
    """Plan, interruption between two files, the rest by the nightly run: the values that the plan foretold."""
    assert recovery(home) == REVISED
    with changed_contract(tmp_path, FEED, *VERIFIED):
        plan = _plan(home)
        _interrupted(home)
        with closing(_ledger(home)) as ledger:
            assert len(reparses(ledger)) == 1 and len(unfinished_backfills(ledger)) == 1
        with plain_flows(home) as flows:
            summary = flows.nightly(as_of=small.AS_OF)
    assert summary.result == "published" and summary.counts == {}
    assert [line for line in flows.told if "read again" in line] == ["  重新读取 / read again: 1/1"]
    with closing(_ledger(home)) as ledger:
        (recorded,) = backfills(ledger)
        assert (recorded.who, recorded.why) == ("Wang", "the verified column counts")
        assert [item.why for item in reparses(ledger)] == ["the verified column counts"] * 2
        assert unfinished_backfills(ledger) == []
    foretold = {_cell(item): item["value"] for item in plan["revisions"]}
    published = {_cell(vars(item)): item.value for item in summary.revisions}
    assert published == {cell: None if value is None else Decimal(value) for cell, value in foretold.items()}
    assert {item.cause for item in summary.revisions} <= {"correction", "changed_method"}
    assert recovery(home) == RECOVERED


def _cell(item: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(item[name] for name in ("indicator", "method", "base_year", "period_type", "period_start"))


def _plan(home: Home) -> dict[str, Any]:
    """The plan under the changed contract; it leaves the home as it was."""
    tree = contents(home.root)
    done = peak(home, "backfill", "--feed", FEED, "--from", "2024-01-05", "--dry-run", "--json", "--as-of", AS_OF)
    assert done.exit_code == 0, done.output
    assert contents(home.root) == tree
    plan: dict[str, Any] = json.loads(done.stdout, parse_float=Decimal)
    read = [(item["file_name"], item["is_same"]) for item in plan["read_again"]]
    assert read == [(name, False) for name, _ in FILES]
    assert {change["kind"] for change in plan["scope_changes"]} == {"reparsed"}
    (moved,) = [item for item in plan["revisions"] if item["value"] != item["previous_value"]]
    assert (moved["indicator"], moved["previous_value"], moved["value"]) == (INDICATOR, REVISED, RECOVERED)
    return plan


def _interrupted(home: Home) -> None:
    """A backfill that is killed after its first file; its plan is taken as made."""
    seen: list[str] = []

    def once(*given: Any, **named: Any) -> rereading.Reread:
        if seen:
            raise KeyboardInterrupt
        seen.append("one")
        return read_again(*given, **named)

    with plain_flows(home) as flows, pytest.raises(KeyboardInterrupt):
        from flows import backfill as flow
        from warehouse.backfill import chosen
        from warehouse.backfill_plan import Plan

        def made(place: Home, wish: Any, as_of: Any, tell: Any, only_if_read_again: bool = False) -> Plan:
            with closing(_ledger(place)) as ledger:
                return Plan(wish, as_of, chosen(ledger, wish), [], None, [], [], {})

        flows.patch.setattr(flow.tasks, "plan_backfill", made)
        flows.patch.setattr(module, "read_again", once)
        flows.backfill(
            feed=FEED, reason="the verified column counts", who="Wang", period_from="2024-01", as_of=small.AS_OF
        )

"""How far a correction reaches: like a changed scope, registers and parameters by the rows that differ."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sources.archive import store
from sources.corrections import Correction, parse
from sources.ledger import Ledger, position
from tests.integration.cases import ACCOUNTS, PARAMETERS, PILES, SUPPLY, monthly, text
from tests.unit.corrections.test_table import SUPPLY as ROW
from tests.unit.corrections.test_table import table
from tests.unit.revisions.conftest import TakeIn
from tests.unit.revisions.test_prediction import month, year, years
from warehouse import correction_changes
from warehouse.correction_changes import then_and_now
from warehouse.paths import Home
from warehouse.prediction import Prediction, predict
from warehouse.scope_changes import difference
from warehouse.seed_changes import ChangedInputs, SeedChange, seed_change

Corrected = Callable[..., Prediction]
REASON = ROW["reason"]


def correction(feed: str, key: str, field: str, wrong: str, right: str) -> Correction:
    said = {"feed": feed, "key": key, "field": field, "wrong_value": wrong, "right_value": right}
    return parse(table(ROW | said))[0]


@pytest.fixture
def corrected(home: Home, ledger: Ledger) -> Corrected:
    """What may move when a row enters the table of corrections and nothing else happens; the same when it goes."""

    def reached(*given: str) -> Prediction:
        one, at = correction(*given), position(ledger)
        added, removed = (
            predict(home, ledger, difference(ledger, at, at, sides), ChangedInputs(), is_as_of_new=False)
            for sides in (((), (one,)), ((one,), ()))
        )
        assert set(added.effects) == set(removed.effects)
        return added

    return reached


def test_a_corrected_month_moves_what_looks_at_it(deliver: TakeIn, corrected: Corrected) -> None:
    delivery = deliver("energy_supply", text(SUPPLY, monthly(["柴油,transport,1,吨"], 2022)))
    deliver("energy_supply", text(SUPPLY, monthly(["柴油,transport,1,吨"], 2023)))
    found = corrected("energy_supply", "month=2022-03;product=diesel;sector=transport", "quantity", "1", "2")
    assert years(found, "oil_consumption") == [2022] and years(found, "waste_sorting_rate") == []
    assert not found.covers(*month("ev_stock", "2022-03-01", "2022-03-31"))
    assert not found.covers(*year("oil_consumption", 2022, region="s"))
    (cause,) = found.causes(*year("oil_consumption", 2022))
    assert (cause.cause, cause.kind, cause.subject) == ("correction", "corrected", "energy_supply")
    assert (cause.delivery_id, cause.reasons, cause.first) == (delivery, (REASON,), "2022-03-01")


def test_a_corrected_parameter_serves_until_the_next_one(deliver: TakeIn, corrected: Corrected) -> None:
    deliver("region_parameters", text(PARAMETERS, [f"{n},grid_nonfossil_share,0.4,文" for n in (2019, 2021, 2024)]))
    found = corrected("region_parameters", "year=2021;parameter=grid_nonfossil_share", "value", "0.4", "0.5")
    assert years(found, "non_fossil_share") == [2021, 2022, 2023]
    # the words beside a value are no value
    said = corrected("region_parameters", "year=2021;parameter=grid_nonfossil_share", "source", "文", "另文")
    assert years(said, "non_fossil_share") == []


def test_corrected_accounts_chain_the_years_of_the_other_price_base(deliver: TakeIn, corrected: Corrected) -> None:
    deliver("national_accounts", text(ACCOUNTS, ["2020,4,gdp,2015,1,5", "2020,4,gdp,2020,1,6", "2022,4,gdp,2015,1,5"]))
    key = "year=2020;quarter=4;item=gdp;price_base=2020"
    assert years(corrected("national_accounts", key, "value_constant", "6", "7"), "energy_intensity") == [2020, 2022]


def test_a_corrected_date_of_a_register_moves_the_years_from_it_on(deliver: TakeIn, corrected: Corrected) -> None:
    rows = ["A,站,商,public,7,in_service,2021-05-01,", "B,站,商,public,7,in_service,2023-05-01,"]
    deliver("charging_piles", text(PILES, [f"2024-12-31,{row}" for row in rows]))
    found = corrected("charging_piles", "as_of=2024-12-31;pile_id=B", "commissioned", "2023-05-01", "2022-05-01")
    assert years(found, "charging_piles") == [2022, 2023, 2024, 2025, 2026, 2027]


def test_a_correction_of_what_nobody_delivered_reaches_nothing(deliver: TakeIn, corrected: Corrected) -> None:
    deliver("energy_supply", text(SUPPLY, monthly(["柴油,transport,1,吨"], 2022)))
    found = corrected("energy_supply", "month=2021-03;product=diesel;sector=transport", "quantity", "1", "2")
    assert found.effects == ()


@pytest.mark.parametrize("is_known", [True, False])
def test_the_table_itself_moves_nothing_unless_the_old_one_is_lost(
    home: Home, ledger: Ledger, deliver: TakeIn, is_known: bool
) -> None:
    deliver("energy_supply", text(SUPPLY, monthly(["柴油,transport,1,吨"], 2022)))
    change = seed_change("corrections", b"", table(ROW)) if is_known else SeedChange("corrections", is_known=False)
    at = position(ledger)
    found = predict(home, ledger, difference(ledger, at, at), ChangedInputs(seeds=(change,)), is_as_of_new=False)
    assert years(found, "ev_stock") == ([] if is_known else list(range(2018, 2028)))


def test_what_the_last_release_put_right_is_read_from_the_archive(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    then, now = table(ROW), table(ROW | {"right_value": "13"})
    file = home.root / "then.csv"
    file.write_bytes(then)
    sha256 = store(file, home).sha256
    manifest = {"seeds": {"corrections": sha256}}
    monkeypatch.setattr(correction_changes, "release_manifest", lambda ledger, release_id: manifest)
    monkeypatch.setattr(correction_changes, "load", lambda: parse(now))
    release, inputs = (
        type("Release", (), {"release_id": "x"})(),
        ChangedInputs(seeds=(seed_change("corrections", then, now),)),
    )
    assert then_and_now(home, ledger, release, inputs) == ((parse(then), parse(now)), inputs)
    assert then_and_now(home, ledger, None, inputs) == (((), parse(now)), inputs)
    home.archived(sha256).unlink()
    (sides, said) = then_and_now(home, ledger, release, inputs)
    assert sides == (parse(now), parse(now)) and [change.is_known for change in said.seeds] == [False]

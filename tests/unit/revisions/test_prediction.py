"""How far each kind of change reaches, and no further: one delivery after another, by feed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sources.ledger import CellKey, Ledger, Position, add_hold, position
from tests.integration.cases import (
    ACCOUNTS,
    BALANCE,
    BUILDINGS,
    ENDS,
    GENERATION,
    PARAMETERS,
    PILES,
    SORTING,
    SUPPLY,
    TARGETS,
    TASKS,
    monthly,
    text,
)
from tests.unit.revisions.conftest import TakeIn
from warehouse.paths import Home
from warehouse.prediction import Prediction, predict
from warehouse.scope_changes import difference, with_rebuilt
from warehouse.seed_changes import ChangedInputs

Reach = Callable[[Position], Prediction]


@pytest.fixture
def reach(home: Home, ledger: Ledger) -> Reach:
    """What may move since a moment."""

    def reached(before: Position) -> Prediction:
        moved = difference(ledger, before, position(ledger))
        return predict(home, ledger, moved, ChangedInputs(), is_as_of_new=False)

    return reached


def year(indicator: str, number: int, base_year: int | None = None, region: str = "r") -> tuple[CellKey, str]:
    method = "default" if base_year is None else "plain"
    return (region, indicator, method, base_year, "year", f"{number}-01-01"), f"{number}-12-31"


def twelve_months(indicator: str, first: str, last: str) -> tuple[CellKey, str]:
    return ("r", indicator, "default", None, "ttm", first), last


def month(indicator: str, first: str, last: str) -> tuple[CellKey, str]:
    return ("r", indicator, "default", None, "month", first), last


def years(prediction: Prediction, indicator: str, base_year: int | None = None) -> list[int]:
    """The years from 2018 to 2027 that may move."""
    return [n for n in range(2018, 2028) if prediction.covers(*year(indicator, n, base_year))]


def supply(*lines: str) -> str:
    return text(SUPPLY, lines)


def test_a_revised_month_moves_its_own_windows_reductions_and_later_peaks(
    deliver: TakeIn, ledger: Ledger, reach: Reach
) -> None:
    deliver("energy_supply", text(SUPPLY, monthly(["柴油,transport,1,吨"], 2022)))
    deliver("energy_supply", text(SUPPLY, monthly(["柴油,transport,1,吨"], 2023)))
    deliver("waste_sorting", text(SORTING, ["2022-03,a,甲,3,1,3"]))
    before = position(ledger)
    revised = deliver("energy_supply", supply("2022-03,柴油,transport,2,吨"))
    found = reach(before)
    assert years(found, "oil_consumption") == [2022]
    assert years(found, "co2_peak_year") == [2022, 2023, 2024, 2025, 2026, 2027]
    assert found.covers(*twelve_months("oil_consumption", "2021-04-01", "2022-03-31"))
    assert not found.covers(*twelve_months("oil_consumption", "2021-03-01", "2022-02-28"))
    assert not found.covers(*twelve_months("oil_consumption", "2022-04-01", "2023-03-31"))
    assert years(found, "waste_sorting_rate") == []
    assert not found.covers(*year("oil_consumption", 2022, region="s"))
    (cause,) = found.causes(*year("oil_consumption", 2022))
    assert (cause.cause, cause.delivery_id) == ("revised_data", revised)


def test_a_base_year_moves_every_reduction_from_it(deliver: TakeIn, ledger: Ledger, reach: Reach) -> None:
    deliver("energy_supply", text(SUPPLY, monthly(["柴油,transport,1,吨"], 2020)))
    before = position(ledger)
    deliver("energy_supply", supply("2020-03,柴油,transport,2,吨"))
    found = reach(before)
    assert years(found, "energy_intensity") == [2020]
    assert len(years(found, "energy_intensity_reduction", 2020)) == 10
    assert years(found, "energy_intensity_reduction", 2021) == [2020]


def test_a_new_member_is_missed_until_it_was_known(deliver: TakeIn, ledger: Ledger, reach: Reach) -> None:
    deliver("power_generation", text(GENERATION, ["2022-01,A,光伏,solar,1,", "2024-05,B,光伏,solar,1,"]))
    before = position(ledger)
    deliver("power_generation", text(GENERATION, ["2022-07,B,光伏,solar,1,"]))
    found = reach(before)
    assert years(found, "coal_consumption") == [2022, 2023, 2024]
    assert found.covers(*twelve_months("coal_consumption", "2024-04-01", "2025-03-31"))
    assert not found.covers(*twelve_months("coal_consumption", "2024-05-01", "2025-04-30"))


def test_a_member_named_in_rows_alone_is_found_there(deliver: TakeIn, ledger: Ledger, reach: Reach) -> None:
    deliver("waste_sorting", text(SORTING, ["2022-03,a,甲,3,1,3", "2022-03,b,乙,3,1,3", "2023-06,b,乙,3,1,3"]))
    before = position(ledger)
    deliver("waste_sorting", text(SORTING, ["2022-03,a,甲,3,2,3", "2022-03,b,乙,3,1,3"]))
    assert years(reach(before), "waste_sorting_rate") == [2022]
    before = position(ledger)
    deliver("waste_sorting", text(SORTING, ["2022-03,a,甲,3,2,3"]))
    assert years(reach(before), "waste_sorting_rate") == [2022, 2023]


def test_the_balance_spares_its_years_from_the_monthly_feeds(deliver: TakeIn, ledger: Ledger, reach: Reach) -> None:
    deliver("energy_balance", text(BALANCE, ["2022,coal,1,tce"]))
    deliver("energy_supply", text(SUPPLY, monthly(["柴油,transport,1,吨"], 2022)))
    before = position(ledger)
    deliver("energy_supply", supply("2022-03,柴油,transport,2,吨"))
    found = reach(before)
    assert years(found, "oil_consumption") == []
    assert years(found, "electrification_rate") == [2022]
    assert found.covers(*twelve_months("oil_consumption", "2022-01-01", "2022-12-31"))
    before = position(ledger)
    deliver("energy_balance", text(BALANCE, ["2022,coal,2,tce"]))
    found = reach(before)
    assert years(found, "oil_consumption") == [2022]
    assert not found.covers(*twelve_months("oil_consumption", "2022-01-01", "2022-12-31"))


def test_a_parameter_serves_until_the_next_one(deliver: TakeIn, ledger: Ledger, reach: Reach) -> None:
    deliver("region_parameters", text(PARAMETERS, [f"{n},grid_nonfossil_share,0.4,文" for n in (2019, 2021, 2024)]))
    before = position(ledger)
    changed = deliver("region_parameters", text(PARAMETERS, ["2021,grid_nonfossil_share,0.5,文"]))
    found = reach(before)
    assert years(found, "non_fossil_share") == [2021, 2022, 2023]
    assert years(found, "forest_coverage") == years(found, "operating_vehicle_co2_reduction", 2019) == []
    (cause,) = found.causes(*year("non_fossil_share", 2022))
    assert (cause.cause, cause.delivery_id) == ("changed_parameter", changed)
    before = position(ledger)
    deliver("region_parameters", text(PARAMETERS, ["2019,grid_nonfossil_share,0.1,文"]))
    assert years(reach(before), "non_fossil_share") == [2018, 2019, 2020]


def test_two_price_bases_of_a_year_chain_all_years_of_the_other(deliver: TakeIn, ledger: Ledger, reach: Reach) -> None:
    deliver("national_accounts", text(ACCOUNTS, ["2020,4,gdp,2015,1,5", "2020,4,gdp,2020,1,6", "2022,4,gdp,2015,1,5"]))
    before = position(ledger)
    deliver("national_accounts", text(ACCOUNTS, ["2020,4,gdp,2020,1,7"]))
    found = reach(before)
    assert years(found, "energy_intensity") == [2020, 2022]
    assert years(found, "manufacturing_va_share") == [2020]


def test_a_register_read_by_dates_moves_from_the_dates_of_the_rows_that_differ(
    deliver: TakeIn, ledger: Ledger, reach: Reach
) -> None:
    rows = ["A,站,商,public,7,in_service,2021-05-01,", "B,站,商,public,7,in_service,2023-05-01,"]
    deliver("charging_piles", text(PILES, [f"2024-12-31,{row}" for row in rows]))
    before = position(ledger)
    deliver("charging_piles", text(PILES, [f"2025-12-31,{row}" for row in (rows[0], rows[1].replace("7", "9"))]))
    found = reach(before)
    assert years(found, "charging_piles") == [2023, 2024, 2025, 2026, 2027]
    before = position(ledger)
    deliver("charging_piles", text(PILES, [f"2025-06-30,{rows[0]}"]))
    assert years(reach(before), "charging_piles") == []


def test_buildings_count_in_their_years_only(deliver: TakeIn, ledger: Ledger, reach: Reach) -> None:
    row = "2025-01-08,1,甲,residential,是,是,否,否,否,1000,600,2021-02-01,2023-12-31,是,{},800,60,75,,"
    deliver("building_projects", text(BUILDINGS, [row.format(0)]))
    before = position(ledger)
    deliver("building_projects", text(BUILDINGS, [row.format(2)]))
    assert years(reach(before), "star_green_share") == [2021, 2023]


def test_a_register_of_a_year_moves_that_year_when_it_serves_it(deliver: TakeIn, ledger: Ledger, reach: Reach) -> None:
    deliver("task_register", text(TASKS, ["2025-01-05,D01-2,三(十)1,甲,task,区,,done,100,"]))
    before = position(ledger)
    deliver("task_register", text(TASKS, ["2024-12-20,D01-2,三(十)1,甲,task,区,,not_started,0,"]))
    assert years(reach(before), "key_industry_efficiency") == []
    before = position(ledger)
    deliver("task_register", text(TASKS, ["2025-01-20,D01-2,三(十)1,甲,task,区,,done,90,"]))
    assert years(reach(before), "key_industry_efficiency") == [2024]


def test_an_ended_member_is_no_longer_missed(deliver: TakeIn, ledger: Ledger, reach: Reach) -> None:
    deliver("energy_supply", text(SUPPLY, monthly(["汽油,transport,1,吨"], 2022)))
    deliver("waste_sorting", text(SORTING, ["2022-03,a,甲,3,1,3"]))
    before = position(ledger)
    deliver("member_ends", text(ENDS, ["2024-12-31,energy_supply,汽油,2022年12月,停售"]))
    found = reach(before)
    assert years(found, "oil_consumption") == [2022, 2023, 2024, 2025, 2026, 2027]
    assert years(found, "waste_sorting_rate") == []


def test_an_assigned_target_opens_the_rows_of_its_base_year(deliver: TakeIn, ledger: Ledger, reach: Reach) -> None:
    given = "2023-01-01,operating_vehicle_co2_reduction,2025,basic,{},{},,文,2022-06-01"
    deliver("assigned_targets", text(TARGETS, [given.format(5, 2021)]))
    deliver("waste_sorting", text(SORTING, ["2022-03,a,甲,3,1,3"]))
    before = position(ledger)
    deliver("assigned_targets", text(TARGETS, [given.format(5, 2022)]))
    found = reach(before)
    assert len(years(found, "operating_vehicle_co2_reduction", 2022)) == 10
    assert years(found, "operating_vehicle_co2_reduction", 2020) == []
    assert found.causes(*year("operating_vehicle_co2_reduction", 2025, 2022))[0].cause == "changed_target"
    before = position(ledger)
    deliver("assigned_targets", text(TARGETS, [given.format(6, 2022)]))
    assert years(reach(before), "operating_vehicle_co2_reduction", 2022) == []


def test_rows_open_back_to_an_earlier_delivery(deliver: TakeIn, ledger: Ledger, reach: Reach) -> None:
    deliver("energy_supply", supply("2024-03,柴油,transport,1,吨"))
    before = position(ledger)
    deliver("energy_supply", supply("2020-03,柴油,transport,1,吨"))
    found = reach(before)
    assert years(found, "electrification_rate") == [2020, 2021, 2022, 2023, 2024]
    assert years(found, "ev_stock") == []


def test_a_hold_is_a_correction_by_the_delivery_held(deliver: TakeIn, ledger: Ledger, reach: Reach) -> None:
    deliver("energy_supply", supply("2024-03,柴油,transport,1,吨", "2024-04,柴油,transport,1,吨"))
    wrong = deliver("energy_supply", supply("2024-03,柴油,transport,9,吨"))
    before = position(ledger)
    add_hold(ledger, wrong, "hold", who="t", why="t")
    (cause,) = reach(before).causes(*year("oil_consumption", 2024))
    assert (cause.cause, cause.kind, cause.delivery_id) == ("correction", "held", wrong)
    before = position(ledger)
    add_hold(ledger, wrong, "release", who="t", why="t")
    (cause,) = reach(before).causes(*year("oil_consumption", 2024))
    assert (cause.cause, cause.kind, cause.delivery_id) == ("correction", "released", wrong)


def test_a_lost_file_of_an_older_register_leaves_everything_of_the_feed_open(
    deliver: TakeIn, ledger: Ledger, home: Home, reach: Reach
) -> None:
    row = "2024-12-31,A,站,商,public,{},in_service,2021-05-01,"
    old = deliver("charging_piles", text(PILES, [row.format(7)]))
    before = position(ledger)
    deliver("charging_piles", text(PILES, [row.format(9)]))
    assert years(reach(before), "charging_piles") == list(range(2021, 2028))
    home.delivery("charging_piles", "r", old).unlink()
    assert years(reach(before), "charging_piles") == list(range(2018, 2028))
    assert years(reach(before), "ev_stock") == []


def test_what_a_backfill_builds_anew_may_move(deliver: TakeIn, ledger: Ledger, home: Home) -> None:
    deliver("energy_supply", supply("2024-03,柴油,transport,1,吨"))
    deliver("region_parameters", text(PARAMETERS, ["2024,grid_nonfossil_share,0.5,文"]))
    at = position(ledger)
    asked = [("r", "energy_supply", "2024-03|diesel"), ("r", "region_parameters", "2024"), ("r", "meters", "unknown")]
    for scopes, reached in ((asked[:1], []), (asked[1:], [2018, 2019, 2020, 2021, 2022, 2023])):
        moved = with_rebuilt(difference(ledger, at, at), scopes, ledger)
        found = predict(home, ledger, moved, ChangedInputs(), is_as_of_new=False)
        assert years(found, "non_fossil_share") == [*reached, 2024, 2025, 2026, 2027]
        assert {cause.kind for cause in found.causes(*year("non_fossil_share", 2024))} == {"rebuilt"}
        assert years(found, "ev_stock") == []

"""Which values a delivery on hold would have spoken for, by real dbt on a small world: one region a case."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.rawdb import RawDb
from tests.unit.dbt.core_cases import reported, sorting, survey

Row = dict[str, object]


def _forest(year: int) -> Row:
    return {"year": year, "compartment_id": "1", "land_ha": 10, "land_class": "forest", "stock_m3": 5}


def _coal(month: str) -> Row:
    return {"month": month, "product": "raw_coal", "sector": "industry", "quantity": 1, "unit": "吨"}


def _deliver(raw: RawDb) -> None:
    survey(raw, "replaced", {2022: 30, 2023: 40, 2024: 50})
    raw.hold("travel_survey", {"year": 2023, "area": "central"}, "replaced")
    survey(raw, "new-year", {2022: 30, 2023: 40})
    raw.hold("travel_survey", {"year": 2024, "area": "central"}, "new-year")
    survey(raw, "first", {2023: 40})
    raw.hold("forest_inventory", {"year": 2023}, "first")
    for region, of in (("borrowed", 2021), ("not-borrowed", 2024)):
        for year in (2021, 2023):
            raw.deliver("forest_inventory", [_forest(year)], region)
        for year in (2020, 2022):
            raw.deliver("region_parameters", [{"year": year, "parameter": "land_area", "value": 20}], region)
        raw.hold("region_parameters", {"year": of - 1 if of == 2021 else of}, region)
    for region, day in (("newer-register", "2024-12-31"), ("older-register", "2023-11-30")):
        raw.deliver(
            "bus_coverage",
            [
                {
                    "as_of": "2023-12-31",
                    "community_id": "1",
                    "name": "a",
                    "kind": "residential",
                    "size": "large",
                    "covered": True,
                }
            ],
            region,
        )
        raw.hold("bus_coverage", {"as_of": day}, region)
    for region in ("months", "months-on-balance"):
        raw.deliver("energy_supply", [_coal(f"2023-{month:02}") for month in range(1, 13)], region)
        raw.hold("energy_supply", {"month": "2023-05", "product": "raw_coal"}, region)
    raw.deliver(
        "energy_balance", [{"year": 2023, "item": "coal", "quantity": 9, "unit": "吨标准煤"}], "months-on-balance"
    )
    raw.deliver("energy_supply", [_coal("2023-01")], "balance")
    raw.hold("energy_balance", {"year": 2023}, "balance")
    reported(raw)
    raw.hold("reported_indicators", {"year": 2023, "indicator": "green_goods_share"}, "gov")
    raw.deliver("waste_sorting", sorting(raw, "calm", "a", ["2024-01"]), region="calm")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> RawDb:
    raw = RawDb(tmp_path_factory.mktemp("held") / "build.duckdb", as_of="2026-01-20")
    _deliver(raw)
    raw.build("+indicator_values", "+indicator_progress")
    return raw


def held(raw: RawDb, region: str, indicator: str, period_type: str = "year") -> list[Any]:
    rows = raw.query(
        "select distinct year(period_end), reason from marts.indicator_values where is_held "
        f"and region = '{region}' and indicator = '{indicator}' and period_type = '{period_type}' order by all"
    )
    assert all(reason.startswith("held: ") for _, reason in rows)
    return [year for year, _ in rows]


def test_a_held_correction_marks_the_values_that_look_at_its_days(built: RawDb) -> None:
    assert held(built, "replaced", "bus_mode_share") == [2023]
    (row,) = built.query(
        "select value, is_complete, reason from marts.indicator_values where region = 'replaced' "
        "and indicator = 'bus_mode_share' and year(period_end) = 2023"
    )
    # the last good value stands, as complete as it was
    assert row == (40, True, "held: travel_survey")


def test_a_held_new_year_marks_the_newest_value_there_is(built: RawDb) -> None:
    assert held(built, "new-year", "bus_mode_share") == [2023]


def test_a_target_is_held_where_the_value_that_judges_it_is(built: RawDb) -> None:
    rows = built.query(
        "select distinct region, status from marts.indicator_progress where indicator = 'bus_mode_share' "
        "and region in ('replaced', 'new-year') order by 1"
    )
    # 2024 judges the first, and nothing is held back of it
    assert [region for region, status in rows if status == "held"] == ["new-year"]
    assert {status for region, status in rows if region == "replaced"} != {"held"}


def test_what_would_be_an_indicators_first_value_is_held_too(built: RawDb) -> None:
    status = (
        "select distinct status from marts.indicator_progress where region = 'first' and indicator = 'forest_coverage'"
    )
    assert built.query(status) == [("held",)]


def test_parameters_mark_the_years_they_serve(built: RawDb) -> None:
    # 2020 serves 2021 and 2022 serves 2023; those of 2024 would serve later years only
    assert held(built, "borrowed", "forest_coverage") == [2021]
    assert held(built, "not-borrowed", "forest_coverage") == []


def test_only_a_register_that_would_serve_counts(built: RawDb) -> None:
    assert held(built, "newer-register", "bus_stop_coverage") == [2023]
    assert held(built, "older-register", "bus_stop_coverage") == []


def test_months_mark_the_windows_that_hold_them_unless_the_year_stands_on_the_balance(built: RawDb) -> None:
    assert held(built, "months", "coal_consumption") == [2023]
    assert held(built, "months", "coal_consumption", "ttm") == [2023]
    assert held(built, "months-on-balance", "coal_consumption") == []
    assert held(built, "months-on-balance", "coal_consumption", "ttm") == [2023]
    assert held(built, "balance", "coal_consumption") == [2023]
    assert held(built, "balance", "coal_consumption", "ttm") == []


def test_a_held_report_marks_its_own_indicator_only(built: RawDb) -> None:
    rows = built.query("select distinct indicator from marts.indicator_values where is_held and region = 'gov'")
    assert rows == [("green_goods_share",)]


def test_where_nothing_is_held_nothing_is_marked(built: RawDb) -> None:
    assert built.query("select count(*) from marts.indicator_values where is_held and region = 'calm'") == [(0,)]

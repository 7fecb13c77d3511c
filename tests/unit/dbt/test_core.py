"""Completeness, targets, tasks and lineage by real dbt on a small world: every expected figure worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.support.rawdb import RawDb
from tests.unit.dbt.core_cases import deliver_all

MARTS = ("indicator_values", "indicator_progress", "agency_scorecard", "task_progress", "clauses", "lineage")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> RawDb:
    raw = RawDb(tmp_path_factory.mktemp("core") / "build.duckdb", as_of="2026-01-20")
    deliver_all(raw)
    raw.build(*(f"+{mart}" for mart in MARTS))
    return raw


def year(raw: RawDb, region: str, indicator: str, number: int, where: str = "true") -> tuple[Any, ...]:
    rows = raw.query(
        "select value, is_complete, coverage, reason from marts.indicator_values where period_type = 'year' "
        f"and region = '{region}' and indicator = '{indicator}' and year(period_end) = {number} and {where}"
    )
    assert len(rows) == 1, rows
    return rows[0]


def test_a_late_community_is_missed_only_after_it_came(built: RawDb) -> None:
    value, is_complete, coverage, reason = year(built, "late", "waste_sorting_rate", 2024)
    # 12 months of the old one and 6 of the new one, of which October is a gap
    assert (value, is_complete, reason) == (Decimal("40.000000"), False, "incomplete: waste_sorting")
    assert coverage == Decimal("0.944444")


def test_an_ended_community_is_not_missed(built: RawDb) -> None:
    assert year(built, "ended", "waste_bagging_rate", 2024)[1:] == (True, Decimal(1), None)


def test_reductions_stand_on_2020_and_on_the_base_year_of_a_target(built: RawDb) -> None:
    rows = built.query(
        "select base_year, year(period_end), value, is_complete from marts.indicator_values "
        "where region = 'base' and indicator = 'co2_intensity_reduction' and value is not null order by 1, 2"
    )
    assert rows == [
        (2005, 2005, Decimal(0), True),
        (2005, 2020, Decimal(25), True),
        (2005, 2021, Decimal(40), True),
        (2020, 2020, Decimal(0), True),
        (2020, 2021, Decimal(20), True),
    ]
    bases = built.query(
        "select distinct base_year from marts.indicator_values "
        "where region = 'base' and indicator = 'energy_intensity_reduction'"
    )
    assert bases == [(2020,)]  # another indicator's target names no base year of this one


def progress(raw: RawDb, region: str, indicator: str, target_year: int, columns: str) -> tuple[Any, ...]:
    rows = raw.query(
        f"select {columns} from marts.indicator_progress "
        f"where region = '{region}' and indicator = '{indicator}' and target_year = {target_year}"
    )
    assert len(rows) == 1, rows
    return rows[0]


@pytest.mark.parametrize(
    ("region", "status"),
    [("reached", "met"), ("short", "missed"), ("overdue", "pending"), ("on-track", "pending"), ("late", "no_data")],
)
def test_a_year_that_is_over(built: RawDb, region: str, status: str) -> None:
    assert progress(built, region, "bus_mode_share", 2025, "status") == (status,)


def test_figures_of_the_straight_path(built: RawDb) -> None:
    found = progress(
        built, "on-track", "bus_mode_share", 2025, "latest_value, base_value, position, pace, required_pace, projection"
    )
    # the path is at 28 in 2022; five a year; ten left in three years; the line ends at 45
    assert found == tuple(Decimal(text) for text in ("30", "20", "2", "5", "3.333333", "45"))


def test_the_line_takes_the_last_five_complete_years(built: RawDb) -> None:
    found = progress(built, "five", "bus_mode_share", 2030, "base_value, pace, projection, status")
    # 10, 12, 14, 16, 20: mean 14.4, slope 2.4, eight years after the middle one: 33.6 of 40
    assert found == (Decimal(10), Decimal("2.5"), Decimal("33.6"), "at_risk")


def test_the_base_is_the_first_complete_year_after(built: RawDb) -> None:
    assert progress(built, "late-base", "bus_mode_share", 2025, "base_value, from_year") == (Decimal(10), 2022)


def test_the_reduction_of_a_target_is_that_of_its_own_base_year(built: RawDb) -> None:
    found = progress(
        built, "base", "co2_intensity_reduction", 2030, "base_year, latest_value, base_value, completion_rate"
    )
    # 40 of 60 after 16 of 25 years: 40 / 38.4
    assert found == (2005, Decimal(40), Decimal(0), Decimal("104.166667"))


def test_reported_and_registered_indicators(built: RawDb) -> None:
    assert year(built, "gov", "green_goods_share", 2023)[:2] == (Decimal("45.5"), True)
    assert year(built, "gov", "green_goods_share", 2024)[3] == "missing_feed: reported_indicators"
    assert year(built, "gov", "zero_carbon_logistics_pilots", 2024)[:2] == (Decimal("60.5"), True)
    assert year(built, "gov", "two_high_screening", 2024)[3] == "no_register_item"


def test_tasks(built: RawDb) -> None:
    rows = built.query("select item_id, clause, indicators, days_overdue from marts.task_progress order by item_id")
    assert rows == [
        ("D01-1", "三(十)1", "zero_carbon_logistics_pilots", 20),
        ("D01-2", "三(十)1", "zero_carbon_logistics_pilots", 0),
        ("D011", "三(十)2", None, 0),
        ("E09", "三(三)1", "key_industry_efficiency", None),
    ]
    clause = built.query("select tasks, task_count from marts.clauses where clause = '三(十)1'")
    assert clause == [("gov D01-1 事项D01-1; gov D01-2 事项D01-2", 2)]  # a region that borrows the plan signs its tasks


def test_agencies(built: RawDb) -> None:
    led = dict(
        built.query("select agency, tasks_led from marts.agency_scorecard where region = 'gov' and tasks_led > 0")
    )
    assert led == {"区产业发展局": 3, "区城管局": 1, "某公司": 1}
    first = built.query(
        "select agency, indicators_led from marts.agency_scorecard where region = 'gov' and position = 1"
    )
    assert first == [("未明确牵头单位", 17)]
    assert built.query("select count(distinct agency) from marts.agency_scorecard where region = 'gov'") == [(13,)]


def test_lineage_names_the_winning_delivery_and_the_base_year(built: RawDb) -> None:
    files = built.query(
        "select file_name, scope, row_count from marts.lineage where region = 'gov' "
        "and indicator = 'green_goods_share' and year(period_end) = 2023"
    )
    assert files == [(built.file_of("reported_indicators", "gov", 2), "2023|green_goods_share", 1)]
    scopes = built.query(
        "select distinct scope from marts.lineage where region = 'base' and feed = 'energy_balance' "
        "and indicator = 'co2_intensity_reduction' and year(period_end) = 2021 order by 1"
    )
    assert scopes == [("2005",), ("2020",), ("2021",)]


def test_every_value_that_exists_has_lineage(built: RawDb) -> None:
    assert (
        built.query(
            "select distinct region, indicator from marts.indicator_values where value is not null "
            "except select region, indicator from marts.lineage"
        )
        == []
    )


def test_a_registered_indicator_is_done_when_all_its_items_are(built: RawDb) -> None:
    rows = built.query(
        "select indicator, register_status from marts.indicator_values "
        "where region = 'gov' and register_status is not null order by 1"
    )
    assert rows == [("key_industry_efficiency", "not_started"), ("zero_carbon_logistics_pilots", "in_progress")]

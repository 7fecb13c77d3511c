"""The engine: passed, failed, error and skipped are four different things, and rows are named as in the file."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from expectations import suites
from expectations.gate import critical_failures, judge, judge_delivery, judge_marts, judge_rebuilt, warnings
from expectations.good import load_good
from expectations.results import CheckResult
from expectations.suites import Suite
from sources.contract import contracts
from warehouse.paths import PROJECT


def _good(feed: str, change: str = "") -> pa.Table:
    with duckdb.connect() as connection:
        load_good(connection, suites.load("deliveries", feed))
        return connection.sql(" ".join(["select * exclude (_n)", change, "from good"])).to_arrow_table()


def _judged(feed: str, change: str = "") -> dict[str, CheckResult]:
    return {result.check: result for result in judge_delivery(_good(feed, change), contracts()[feed], "demo")}


def _suite(checks: list[dict[str, Any]], **more: Any) -> Suite:
    floor = {"check": "floor", "expectation": suites.ROW_COUNT, "arguments": {"min_value": 1}}
    whys = {"severity": "critical", "why_zh": "因", "why_en": "why"}
    return suites.parse({"suite": "demo", "expectations": [whys | node for node in [floor, *checks]]} | more, "marts")


def _between(column: str, **more: Any) -> dict[str, Any]:
    arguments = {"column": column, "min_value": 0, "max_value": 10}
    return {"check": column, "expectation": "expect_column_values_to_be_between", "arguments": arguments} | more


def _status(suite: Suite, source: str) -> dict[str, str]:
    with duckdb.connect() as connection:
        return {result.check: result.status for result in judge(connection, suite, source)}


def test_good_delivery_passes_and_comes_in_the_suites_order() -> None:
    results = judge_delivery(_good("waste_weighings"), contracts()["waste_weighings"], "demo")
    past = {check.name for check in suites.load("deliveries", "waste_weighings").checks if check.frame == "scopes"}
    assert {result.check for result in results if result.status == "skipped"} >= past
    assert {result.status for result in results} == {"passed", "skipped"}
    assert [result.check for result in results] == [c.name for c in suites.load("deliveries", "waste_weighings").checks]
    assert critical_failures(results) == [] and warnings(results) == []


def test_failed_check_names_the_rows_of_the_file() -> None:
    change = "replace (case when ticket_id = 'T2' then 9900 else gross_kg end as gross_kg, _row + 5 as _row)"
    result = _judged("waste_weighings", change.replace("9900", "900000"))["gross_possible"]
    assert (result.status, result.unexpected_count, result.row_count, result.rows) == ("failed", 1, 4, [7])
    assert result.examples == ["设施名称=焚烧发电厂，磅单号=T2，毛重=900000"]
    assert "200吨" in result.why_zh and "200 t" in result.why_en


def test_both_rows_of_a_doubled_key_are_named() -> None:
    same = "replace ('甲充电' as operator, case when _row <= 3 then 'S1' else session_id end as session_id)"
    result = _judged("charging_sessions", same)["one_row_per_key"]
    assert result.status == "failed" and result.rows == [1, 2, 3]


def test_a_key_with_a_missing_part_is_still_a_key() -> None:
    keys = {
        "check": "key",
        "expectation": "expect_compound_columns_to_be_unique",
        "arguments": {"column_list": ["a", "b"]},
    }
    assert _status(_suite([keys]), "select 1 as a, null::int as b from range(2)")["key"] == "failed"
    assert _status(_suite([keys]), "select i as a, null::int as b from range(2) as r(i)")["key"] == "passed"


def test_a_missing_column_is_an_error_not_bad_data() -> None:
    assert _status(_suite([_between("a"), _between("b")]), "select 1 as a") == {
        "floor": "passed",
        "a": "passed",
        "b": "error",
    }


def test_a_check_that_cannot_compare_is_an_error() -> None:
    with duckdb.connect() as connection:
        results = judge(connection, _suite([_between("a")]), "select 'many' as a")
    assert results[1].status == "error" and results[1].observed
    assert critical_failures(results) == [results[1]]


def test_broken_sql_is_an_error_of_its_frame_only() -> None:
    suite = _suite([_between("a", frame="odd"), _between("b")], frames={"odd": "select a from nowhere"})
    assert _status(suite, "select 5 as b") == {"floor": "passed", "a": "error", "b": "passed"}


def test_values_that_are_not_there_are_named() -> None:
    wanted = {"check": "all", "expectation": "expect_column_distinct_values_to_contain_set"}
    suite = _suite([wanted | {"arguments": {"column": "a", "value_set": ["x", "y", "z"]}}])
    with duckdb.connect() as connection:
        said = [judge(connection, suite, f"select unnest({rows}) as a")[1] for rows in (["x"], ["x", "y", "z"])]
    assert [(result.status, result.observed) for result in said] == [
        ("failed", "缺 / missing: y, z"),
        ("passed", "缺 / missing: 0"),
    ]


def test_an_empty_table_passes_nothing() -> None:
    assert _status(_suite([_between("a")]), "select 1 as a where false") == {"floor": "failed", "a": "skipped"}


def test_a_delivery_of_empty_scopes_skips_aloud() -> None:
    results = _judged("waste_weighings", "replace (true as _is_empty)")
    assert results.pop("has_rows").status == "passed"
    assert {(result.status, result.severity) for result in results.values()} == {("skipped", "info")}
    assert {str(result.observed).partition(" / ")[2] for result in results.values()} == {
        "no row to judge",
        "no past to compare with",
    }
    assert critical_failures(results.values()) == []


def test_a_delivery_without_rows_fails_its_floor() -> None:
    table = _good("waste_weighings").slice(0, 0)
    results = judge_delivery(table, contracts()["waste_weighings"], "demo")
    assert [result.check for result in critical_failures(results)] == ["has_rows"]


def test_exact_decimals_are_judged_at_the_bound() -> None:
    assert _status(_suite([_between("a")]), "select cast(10 as decimal(38,15)) as a")["a"] == "passed"
    assert _status(_suite([_between("a")]), "select cast('10.000001' as decimal(38,15)) as a")["a"] == "failed"


def test_domains_and_regions_come_from_the_offending_rows() -> None:
    suite = _suite([_between("a")], domain_column="domain")
    rows = "(values (5, 'energy', 'x'), (50, 'waste', 'y'), (60, 'land', 'z')) as t(a, domain, region)"
    with duckdb.connect() as connection:
        result = judge(connection, suite, f"select * from {rows}")[1]
        assert (result.domains, result.regions) == (("land", "waste"), ("y", "z"))
        assert judge(connection, suite, "select 50 as a")[1].regions == ()


@pytest.mark.parametrize("most_rows", [100_000, 100])
def test_every_region_is_named_however_many_rows_offend(most_rows: int) -> None:
    rows = "select 50 as a, case when i < 900 then 'x' else 'y' end as region from range(1000) as r(i)"
    with duckdb.connect() as connection:
        result = judge(connection, _suite([_between("a")]), rows, most_rows=most_rows)[1]
    assert (result.unexpected_count, result.regions) == (1000, ("x", "y"))


@pytest.fixture
def built() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    load_good(connection, suites.load("marts", "fct_waste_daily"))
    connection.execute("create schema marts")
    connection.execute("create table marts.fct_waste_daily as select * exclude (_n) from good")
    return connection


def test_marts_are_judged_in_place(built: duckdb.DuckDBPyConnection) -> None:
    results = judge_marts(built, ["fct_waste_daily"])
    assert {result.status for result in results} == {"passed"} and {result.domains for result in results} == {
        ("waste",)
    }


def test_a_mart_that_lost_its_rows_fails_its_floor(built: duckdb.DuckDBPyConnection) -> None:
    built.execute("delete from marts.fct_waste_daily")
    assert [result.check for result in critical_failures(judge_marts(built, ["fct_waste_daily"]))] == [
        "rows_when_delivered"
    ]
    built.execute("delete from raw.winning_scopes")
    assert critical_failures(judge_marts(built, ["fct_waste_daily"])) == []


def test_only_days_that_changed_are_judged_again_but_the_floor_on_all(built: duckdb.DuckDBPyConnection) -> None:
    days = built.execute("select distinct day from marts.fct_waste_daily order by day").fetchall()
    assert len(days) > 1
    built.execute("update marts.fct_waste_daily set net_kg = -5, gross_kg = tare_kg - 5 where day = ?", days[0])
    built.execute(
        "create table raw.unjudged_scopes as select 'waste_weighings' as feed, ?::date as period_start", days[1]
    )

    def failed(*models: str) -> list[str]:
        # the marts that are compared with this one are not in this database
        results = [result for result in judge_rebuilt(built, models) if result.suite == "fct_waste_daily"]
        return [result.check for result in critical_failures(results)]

    assert failed("fct_waste_daily", "int_waste_daily") == []
    built.execute("insert into raw.unjudged_scopes values ('waste_weighings', ?)", days[0])
    assert failed("fct_waste_daily") == ["net_positive"]
    assert judge_rebuilt(built, {"fct_forest_of_another_name"}) == []
    built.execute("delete from marts.fct_waste_daily")
    assert failed("fct_waste_daily") == ["rows_when_delivered"]


def test_every_region_that_delivered_needs_rows_of_its_own(built: duckdb.DuckDBPyConnection) -> None:
    built.execute("insert into raw.winning_scopes select 'other', feed, 3, false, period_start from raw.winning_scopes")
    failed = critical_failures(judge_marts(built, ["fct_waste_daily"]))
    assert [(result.check, result.regions) for result in failed] == [("rows_when_delivered", ("other",))]


def test_a_comparison_is_judged_when_either_side_was_rebuilt(monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole mart when the other side changed by itself, its days when both take up the same days."""
    made = {
        "hours": _suite([], suite="hours", feeds=["readings"], by_day="day", tables=["marts.days"]),
        "days": _suite([], suite="days", feeds=["readings"], by_day="day", tables=["intermediate.int_register"]),
        "totals": _suite([], suite="totals", feeds=["bills"], tables=["marts.days"]),
    }
    judged: list[tuple[list[str], list[str]]] = []
    monkeypatch.setattr(suites, "names", lambda kind: sorted(made))
    monkeypatch.setattr(suites, "load", lambda kind, name: made[name])
    monkeypatch.setattr("expectations.gate.judge_marts", lambda _, names, days: judged.append((names, days)) or [])
    with duckdb.connect() as connection:
        for models in ({"hours"}, {"days"}, {"int_register"}, {"bills"}):
            judge_rebuilt(connection, models)
    assert judged == [
        (["hours"], ["hours"]),
        (["days", "hours", "totals"], ["days", "hours"]),
        (["days"], []),
        ([], []),
    ]


def test_a_mart_that_is_not_there_is_an_error(built: duckdb.DuckDBPyConnection) -> None:
    assert {result.status for result in judge_marts(built, ["fct_forest"])} == {"error"}


def test_errors_and_failures_stop_warnings_do_not() -> None:
    result = _judged("meters")["one_row_per_meter"]
    failed, error = replace(result, status="failed"), replace(result, status="error")
    shown = replace(failed, severity="warning")
    assert critical_failures([result, failed, error, shown]) == [failed, error]
    assert warnings([result, failed, error, shown]) == [shown]


def test_great_expectations_is_loaded_only_to_judge() -> None:
    code = "import sys, expectations.gate; assert not {'great_expectations', 'pandas', 'duckdb'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=PROJECT)

"""Every data test of dbt, compiled by dbt, can be shown to fail; one that lost its condition is found out."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from expectations.catalogue import DBT, catalogue
from expectations.mutants.data_tests import MAKERS, try_dbt, try_test
from expectations.mutants.data_tests.compiled import DataTest, data_tests
from expectations.mutants.data_tests.sound import by_hand
from warehouse.paths import DBT_PROJECT

RECORDED = "staging_has_rows_as_recorded"


@pytest.fixture(scope="module")
def compiled() -> dict[str, DataTest]:
    return {test.name: test for test in data_tests()[0]}


def _alive(test: DataTest) -> set[str]:
    return {result.check.removeprefix(f"{test.name}: ") for result in try_test(test) if not result.killed}


def test_good_rows_pass_every_test_and_no_mutant_does(compiled: dict[str, DataTest]) -> None:
    results = [result for test in compiled.values() for result in try_test(test)]
    assert [result for result in results if not result.killed] == []
    assert {test.kind for test in compiled.values()} == set(MAKERS)
    assert {result.check.partition(": ")[0] for result in results} == set(compiled)


def test_the_catalogue_tells_just_these(compiled: dict[str, DataTest]) -> None:
    told = {(rule.check, rule.severity) for rule in catalogue(DBT)}
    assert told == {(name, "critical" if test.severity == "error" else "warning") for name, test in compiled.items()}


def test_every_condition_by_hand_belongs_to_a_test(compiled: dict[str, DataTest]) -> None:
    held = {name: set(test.arguments.get("held") or ()) for name, test in compiled.items()}
    assert {name: set(entry["held"]) for name, entry in by_hand().items()} == {n: h for n, h in held.items() if h}


@pytest.mark.parametrize(
    ("name", "old", "new", "alive"),
    [
        ("int_regions_is_sound", "having count(*) > 1", "having count(*) > 99", {"key"}),
        ("int_regions_is_sound", "where region is null", "where false", {"region"}),
        ("task_progress_is_sound", "not (days_overdue >= 0)", "not (days_overdue >= -1)", {"days_overdue >= 0"}),
        ("task_progress_is_sound", "between 0 and 100)", "between 0 and 200)", {"progress between 0 and 100"}),
        ("seeds_are_sound", "group by indicator, method having count(*) > 1", "group by 1 having false", {
            "plan_formulas: key", "plan_reductions: key"}),
    ],
    ids=["key", "filled", "held", "bound", "seeds"],
)  # fmt: skip
def test_a_condition_without_teeth_is_found(
    compiled: dict[str, DataTest], name: str, old: str, new: str, alive: set[str]
) -> None:
    test = compiled[name]
    assert old in test.sql
    assert _alive(replace(test, sql=test.sql.replace(old, new))) == alive


@pytest.mark.parametrize(
    ("old", "new", "labels"),
    [
        ("full outer join", "inner join", {"a scope lost", "a scope nobody delivered"}),
        ("and s.delivery_id = r.delivery_id", "", {"another delivery_id"}),
        ("<> coalesce(r.row_count, 0)", "< coalesce(r.row_count, 0)", {"a row twice", "a scope nobody delivered"}),
    ],
    ids=["join", "delivery", "direction"],
)
def test_rows_that_go_astray_unseen_are_found(
    compiled: dict[str, DataTest], old: str, new: str, labels: set[str]
) -> None:
    test = compiled[RECORDED]
    assert old in test.sql
    alive = [result for result in try_test(replace(test, sql=test.sql.replace(old, new))) if not result.killed]
    assert {result.mutant for result in alive} >= labels
    assert len({result.check for result in alive}) == len(_feeds(test))


def test_a_feed_that_is_not_counted_is_found(compiled: dict[str, DataTest]) -> None:
    test = compiled[RECORDED]
    listed = "feed in ('assigned_targets', "
    assert listed in test.sql
    table = test.parents["stg_assigned_targets"].place
    uncounted = test.sql.replace(listed, "feed in (").replace(_quoted(table), f"{_quoted(table)} where false and true")
    assert _alive(replace(test, sql=uncounted)) == {"assigned_targets"}


def _quoted(place: str) -> str:
    return ".".join(f'"{part}"' for part in ("build", *place.split(".")))


def _feeds(test: DataTest) -> set[str]:
    return {*test.arguments["feeds"], *test.arguments["kept_up"]}


@pytest.mark.parametrize("mild", [{"severity": "warn"}, {"error_if": "> 1000"}, {"fail_calc": "0"}], ids=str)
def test_a_test_that_stops_nothing_is_found(compiled: dict[str, DataTest], mild: dict[str, Any]) -> None:
    assert _alive(replace(compiled["task_progress_is_sound"], **mild)) == {
        "key", "progress between 0 and 100", "days_overdue >= 0"}  # fmt: skip


def test_a_test_that_cannot_be_asked_proves_nothing(compiled: dict[str, DataTest]) -> None:
    broken = replace(compiled["int_regions_is_sound"], sql="select no_such_column from nowhere")
    assert all(not result.killed for result in try_test(broken))


def test_a_new_kind_of_test_or_rule_needs_a_mutant(compiled: dict[str, DataTest]) -> None:
    test = compiled["int_regions_is_sound"]
    assert [result.mutant for result in try_test(replace(test, kind="not_null"))] == ["none"]
    assert _alive(replace(test, arguments={**test.arguments, "held": ["region <> ''"]})) == {"region <> ''"}
    assert _alive(replace(test, arguments={**test.arguments, "within": ["region"]})) == {"within"}


@pytest.mark.slow
def test_a_macro_that_lost_its_condition_is_found_through_dbt(tmp_path: Path) -> None:
    project = tmp_path / "dbt_project"
    shutil.copytree(DBT_PROJECT, project)
    (project / "seeds" / "plan_extra.csv").write_text("a,b\n1,2\n")
    rules = project / "macros" / "rules.sql"
    told = rules.read_text("utf-8")
    assert "column ~ ' is null'" in told
    rules.write_text(told.replace("column ~ ' is null'", "column ~ ' is null and false'"), "utf-8")
    alive = [result for result in try_dbt(project) if not result.killed]
    assert {result.mutant for result in alive} == {"null", "none"}
    assert {(result.suite, result.check) for result in alive if result.mutant == "none"} == {("seeds", "plan_extra")}
    assert {result.suite for result in alive} == {"sound", "seeds_are_sound", "seeds"}

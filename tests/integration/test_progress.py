"""Targets, verdicts, agencies, tasks and lineage, compared with the computation by hand."""

from __future__ import annotations

import duckdb
import pytest

from sources.contract import contracts
from tests.integration.conftest import AS_OF, SEEDS
from tests.oracle.compare_progress import all_differences
from tests.oracle.random_world import write_csv
from tests.oracle.traps import STATUSES, WORLDS
from tests.support.homes import Night, accepted_rows, put, run
from warehouse.paths import Home

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def trap_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The small worlds made to trap a verdict."""
    home = Home(tmp_path_factory.mktemp("traps"))
    for region, deliveries in WORLDS.items():
        for number, (feed, rows) in enumerate(deliveries):
            fields = {field.name: field.type for field in contracts()[feed].fields}
            write_csv(rows, fields, put(home, region, feed, f"{number:03}.csv", b""))
    night = run(home, AS_OF, judged=False)
    assert night.built.problem is None
    assert [(o.feed, o.region, o.en) for o in night.outcomes if o.status != "accepted"] == []
    return home


def _differences(home: Home, region: str) -> list[str]:
    with duckdb.connect(str(home.build_db), read_only=True) as connection:
        return all_differences(connection, region, accepted_rows(home, region), AS_OF)


@pytest.mark.parametrize("region", ["yueyang-etz", "china", "china-nbs"])
def test_demo_and_real_regions_are_judged_as_by_hand(demo_home: tuple[Home, Night], region: str) -> None:
    assert _differences(demo_home[0], region) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_random_regions_are_judged_as_by_hand(random_home: tuple[Home, Night], seed: int) -> None:
    assert _differences(random_home[0], f"random-{seed}") == []


@pytest.mark.parametrize("region", list(WORLDS))
def test_trap_worlds_are_judged_as_by_hand(trap_home: Home, region: str) -> None:
    assert _differences(trap_home, region) == []


@pytest.mark.parametrize("region", list(STATUSES))
def test_trap_worlds_have_the_status_the_method_gives(trap_home: Home, region: str) -> None:
    sql = "select indicator, target_year, level, status from marts.indicator_progress where region = ?"
    with duckdb.connect(str(trap_home.build_db), read_only=True) as connection:
        found = {tuple(row[:3]): row[3] for row in connection.execute(sql, [region]).fetchall()}
    assert {goal: found.get(goal) for goal in STATUSES[region]} == STATUSES[region]


def test_a_zero_base_has_no_eurostat_verdict_and_says_why(trap_home: Home) -> None:
    sql = """select distinct status_eurostat, eurostat_reason from marts.indicator_progress
             where region = 'trap-reports' and indicator = 'nev_machinery_share'"""
    with duckdb.connect(str(trap_home.build_db), read_only=True) as connection:
        assert connection.execute(sql).fetchall() == [(None, "zero_base")]


def test_every_clause_of_the_plan_is_listed_with_its_tasks_or_none(demo_home: tuple[Home, Night]) -> None:
    sql = "select count(*), count(*) filter (tasks = 'no task registered' and task_count = 0) from marts.clauses"
    with duckdb.connect(str(demo_home[0].build_db), read_only=True) as connection:
        rows = connection.execute("select clause, tasks, task_count from marts.clauses where plan = 'yueyang-etz'")
        clauses = rows.fetchall()
        total, without = connection.execute(sql).fetchone() or (0, 0)
    assert len({clause for clause, _, _ in clauses}) == len(clauses) == 40
    assert total >= 40 and without == sum(count == 0 for _, _, count in clauses)

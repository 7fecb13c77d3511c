"""Mutants of dbt's data tests: on tiny tables the very SQL of each test passes the good rows and stops the spoilt ones.

A test of a kind that has no maker here is a result not `killed`, so that no kind comes in unproven. dbt's unit tests
prove models on rows of their own and need no mutants.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.mutants.data_tests.compiled import DataTest, Relation, data_tests
from expectations.mutants.data_tests.maker import Maker, Spoilt
from expectations.mutants.data_tests.recorded import RECORDED
from expectations.mutants.data_tests.seeds import SEEDS_ARE_SOUND
from expectations.mutants.data_tests.sound import SOUND, by_hand
from expectations.mutants.result import MutantResult

if TYPE_CHECKING:
    import duckdb

# Every kind of data test in the dbt project: generic ones by their name, others by their own.
MAKERS: dict[str, Maker] = {"sound": SOUND, "rows_as_recorded": RECORDED, "seeds_are_sound": SEEDS_ARE_SOUND}
# the name that dbt gives the database of a build
_DATABASE = "build"


def try_dbt(project: Path | None = None) -> list[MutantResult]:
    """Good tables and mutants of every data test of the dbt project, compiled by dbt."""
    tests, seeds = data_tests(project)
    return [*_untested(seeds, tests), *_unknown(tests), *(result for test in tests for result in try_test(test))]


def try_test(test: DataTest) -> list[MutantResult]:
    """The good tables and all mutants of one data test."""
    maker = MAKERS.get(test.kind)
    if maker is None:
        return [MutantResult(test.kind, test.name, "none", False, "没有变异体 / no mutant for this kind of test")]
    spoilt = list(maker.spoil(test))
    lacking = set(maker.rules(test)) - {one.check for one in spoilt}
    with _database(test.parents.values()) as connection:
        for statement in maker.good(test):
            connection.execute(statement)
        results = [_good(connection, test), *(_tried(connection, test, one) for one in spoilt)]
    return [*results, *(_none(test, check) for check in sorted(lacking))]


def _none(test: DataTest, check: str) -> MutantResult:
    return MutantResult(test.kind, f"{test.name}: {check}", "none", False, "没有变异体 / no mutant")


@contextmanager
def _database(relations: Iterable[Relation]) -> Iterator[duckdb.DuckDBPyConnection]:
    import duckdb

    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute(f"attach ':memory:' as {_DATABASE}")
        connection.execute(f"use {_DATABASE}")
        for schema in dict.fromkeys(relation.place.partition(".")[0] for relation in relations):
            connection.execute(f"create schema if not exists {schema}")
        yield connection


def _verdict(
    connection: duckdb.DuckDBPyConnection, test: DataTest, statements: Iterable[str] = ()
) -> tuple[bool, int, str]:
    """Whether the test stops a build once the statements have spoilt the tables, the rows it shows, and its error."""
    connection.begin()
    try:
        for statement in statements:
            connection.execute(statement)
        stops, rows = connection.execute(test.verdict).fetchall()[0]
        return bool(stops) and test.severity == "error", int(rows), ""
    except Exception as error:  # a test that cannot be asked has neither found nor cleared anything
        return False, -1, str(error)
    finally:
        connection.rollback()


def _good(connection: duckdb.DuckDBPyConnection, test: DataTest) -> MutantResult:
    stops, rows, error = _verdict(connection, test)
    return MutantResult(test.kind, test.name, "good", not stops and rows == 0, error or f"{rows} rows")


def _tried(connection: duckdb.DuckDBPyConnection, test: DataTest, spoilt: Spoilt) -> MutantResult:
    stops, rows, error = _verdict(connection, test, spoilt.statements)
    killed = stops and rows == spoilt.rows
    return MutantResult(test.kind, f"{test.name}: {spoilt.check}", spoilt.label, killed, error or f"{rows} rows")


def _untested(seeds: Iterable[Relation], tests: Iterable[DataTest]) -> Iterator[MutantResult]:
    """Seeds that no test looks at: people edit them, so each needs one."""
    looked_at = {name for test in tests for name in test.parents}
    for seed in seeds:
        if seed.name not in looked_at:
            yield MutantResult("seeds", seed.name, "none", False, "没有检验 / no test looks at this seed")


def _unknown(tests: Sequence[DataTest]) -> Iterator[MutantResult]:
    """Mutants by hand whose test or condition is gone."""
    held = {test.name: set(test.arguments.get("held") or ()) for test in tests}
    for name, entry in by_hand().items():
        for condition in set(entry.get("held", {})) - held.get(name, set()):
            yield MutantResult("sound", f"{name}: {condition}", "none", False, "没有这一条件 / no such condition")

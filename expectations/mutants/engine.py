"""The engine's own proof: an empty table passes nothing, and a check that cannot be carried out is an error, no pass.

A well-known way for a gate to go blind is a check that is skipped, or that breaks, and is counted as passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from expectations import suites
from expectations.frames import fetch, to_pandas
from expectations.gate import judge
from expectations.good import load_good
from expectations.good_past import GoodPast
from expectations.mutants.result import MutantResult
from expectations.results import ERROR, PASSED, CheckResult, critical_failures
from expectations.suites import ROW_COUNT, TYPES, Check, Suite

if TYPE_CHECKING:
    from expectations.engine import Judgement

SUITE = "engine"


def try_engine() -> list[MutantResult]:
    """Every suite on an empty table and on one without its columns, and every type of check without its column."""
    results: list[MutantResult] = []
    for kind in suites.KINDS:
        for name in suites.names(kind):
            results += try_blind(suites.load(kind, name))
    return [*results, *try_types()]


def try_blind(suite: Suite) -> list[MutantResult]:
    """One suite on nothing and, for a mart, on a table without its columns."""
    import duckdb

    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        load_good(connection, suite)
        past = GoodPast(connection) if suite.kind == "deliveries" else None
        found = judge(connection, suite, "select * from good where false", past=past)
        results = [_empty(suite, found)]
        if suite.kind == "marts":
            found = judge(connection, suite, "select 1 as _row from good")
            results.append(_without_columns(suite, found))
    return results


def _empty(suite: Suite, found: list[CheckResult]) -> MutantResult:
    passed = [result.check for result in found if result.status in (PASSED, ERROR)]
    killed = not passed and bool(critical_failures(found))
    return MutantResult(SUITE, f"{suite.kind}/{suite.name}", "empty table", killed, ", ".join(passed))


def _without_columns(suite: Suite, found: list[CheckResult]) -> MutantResult:
    counts = {check.name for check in suite.checks if check.expectation == ROW_COUNT and check.frame == "rows"}
    blind = [f"{result.check}: {result.status}" for result in found if result.status != ERROR]
    killed = {name.partition(":")[0] for name in blind} <= counts
    return MutantResult(SUITE, f"{suite.kind}/{suite.name}", "no columns", killed, ", ".join(blind))


def try_types() -> list[MutantResult]:
    """A check of every type on a frame that lacks its column, judged as a frame and by witnesses."""
    return [result for kind in TYPES if TYPES[kind] for result in _try_type(kind)]


def _try_type(kind: str) -> Iterator[MutantResult]:
    import duckdb

    from expectations.engine import judge_frame
    from expectations.large import large
    from expectations.witnesses import judge_large

    found = _first(kind)
    if found is None:
        yield MutantResult(SUITE, kind, "none", False, "没有规则用到这一类型 / no check is of this type")
        return
    suite, check = found
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        load_good(connection, suite)
        frame = to_pandas(fetch(connection, suite, "rows", "select * from good")).drop(columns=list(check.columns))
        yield _erred(kind, "frame", judge_frame(frame, [check]), check)
        connection.register("lacking", frame)
        said = judge_large(large(connection, "select * from lacking"), [check], ())
        yield _erred(kind, "witnesses", {name: verdict for name, (verdict, _) in said.items()}, check)


def _first(kind: str) -> tuple[Suite, Check] | None:
    """The first check of a type that looks at columns the table itself has."""
    for of in suites.KINDS:
        for name in suites.names(of):
            suite = suites.load(of, name)
            for check in suite.checks:
                if check.expectation == kind and check.frame == "rows":
                    return suite, check
    return None


def _erred(kind: str, way: str, said: Mapping[str, Judgement], check: Check) -> MutantResult:
    verdict = said[check.name]
    killed = not verdict.passed and verdict.error is not None
    return MutantResult(SUITE, kind, f"no column: {way}", killed, str(verdict.error))

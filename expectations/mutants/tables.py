"""Mutants of the suites: every expectation of gates 2 and 3 is shown to fail on its good table spoilt.

*By rule*: from the rule alone, the smallest change of the judged frame that must break it (a null, a second key, a
value past each bound, one row too few). *By hand*: where a check reads a derived column or a frame of its own, the
suite says how to spoil the table itself (`mutant`), which proves the SQL as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from expectations import suites
from expectations.frames import fetch, joined, to_pandas
from expectations.gate import judge
from expectations.good import load_good
from expectations.good_past import GoodPast
from expectations.mutants.makers import MAKERS
from expectations.mutants.result import MutantResult
from expectations.past import Past, prepare
from expectations.results import FAILED, PASSED
from expectations.suites import OF_PAST, Check, Suite

if TYPE_CHECKING:
    import duckdb


def self_test(kind: str | None = None, name: str | None = None) -> list[MutantResult]:
    """Judge every good table and every mutant of every suite (or one kind, or one suite) on this machine.

    A good table that does not pass, a mutant that passes and a check without mutants are results not `killed`.
    """
    found: list[MutantResult] = []
    for each in suites.KINDS if kind is None else (kind,):
        for suite_name in suites.names(each) if name is None else (name,):
            found += try_suite(suites.load(each, suite_name))
    return found


def try_suite(suite: Suite) -> list[MutantResult]:
    """The good table and all mutants of one suite."""
    import duckdb

    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        try:
            load_good(connection, suite)
        except FileNotFoundError as error:
            return [MutantResult(suite.name, "*", "good", False, str(error))]
        results = [_good(connection, suite)]
        for check in suite.checks:
            mutants = [*_by_rule(connection, suite, check), *_by_hand(connection, suite, check)]
            results += mutants or [MutantResult(suite.name, check.name, "none", False, "没有变异体 / no mutant")]
        return results


def _good(connection: duckdb.DuckDBPyConnection, suite: Suite) -> MutantResult:
    said = judge(connection, suite, "select * from good", past=past_of(connection, suite))
    wrong = [f"{result.check}: {result.status} {result.observed}" for result in said if result.status != PASSED]
    return MutantResult(suite.name, "*", "good", not wrong, "; ".join(wrong))


def _by_rule(connection: duckdb.DuckDBPyConnection, suite: Suite, check: Check) -> Iterator[MutantResult]:
    from expectations.engine import judge_frame

    if suite.is_past(check.frame):
        prepare(connection, suite, "select * from good", GoodPast(connection))
    frame = to_pandas(fetch(connection, suite, check.frame, "select * from good"))
    for label, spoilt in MAKERS[check.expectation](frame, check):
        said = judge_frame(spoilt, [check], most_positions=0)[check.name]
        killed = not said.passed and said.error is None
        yield MutantResult(suite.name, check.name, f"rule: {label}", killed, said.error or str(said.observed))


def _by_hand(connection: duckdb.DuckDBPyConnection, suite: Suite, check: Check) -> Iterator[MutantResult]:
    if not check.mutant:
        if check.frame not in ("rows", "delivery") or set(check.columns) & set(suite.derive):
            yield MutantResult(suite.name, check.name, "hand", False, "没有手工变异体 / needs a mutant of the table")
        return
    past = past_of(connection, suite, check.mutant)
    [said] = judge(connection, replace(suite, checks=(check,)), spoilt_sql(check.mutant), past=past)
    yield MutantResult(suite.name, check.name, "hand", said.status == FAILED, f"{said.status} {said.observed}")


def past_of(
    connection: duckdb.DuckDBPyConnection, suite: Suite, mutant: Mapping[str, str] | None = None
) -> Past | None:
    """The past of a good table; a mutant may spoil the day of the run, the region, or when the past was and what."""
    if suite.kind != "deliveries":
        return None
    spoilt = {name: (mutant or {}).get(name) for name in OF_PAST}
    good = GoodPast(connection)
    return GoodPast(
        connection,
        as_of=date.fromisoformat(spoilt["_as_of"] or str(good.as_of)),
        today=date.fromisoformat(spoilt["_today"] or str(good.today)),
        is_registered=spoilt["_region"] is None,
        moved=int(spoilt["_past_moved"] or 0),
        kept=spoilt["_past_kept"] or "true",
    )


def spoilt_sql(mutant: dict[str, str]) -> str:
    """The good table spoilt: `keep` drops rows, the columns named are replaced where `where` holds (first row)."""
    where, keep = mutant.get("where", "_n = 1"), mutant.get("keep", "true")
    changes = {column: sql for column, sql in mutant.items() if column not in ("where", "keep", *OF_PAST)}
    replaced = ", ".join(
        f"case when {where} then {sql} else {column} end as {column}" for column, sql in changes.items()
    )
    return joined("select *", f"replace ({replaced})" if replaced else "", "from good where", keep)

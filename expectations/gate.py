"""Gates 2 and 3: a typed delivery, or the marts of a built warehouse, against their suites.

Importing this module is cheap; Great Expectations is loaded when the first frame is judged.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

from expectations import suites
from expectations.frames import days_changed, fetch, joined, needed, places, sql_of, to_pandas, windows
from expectations.results import ERROR, CheckResult, critical_failures, warnings
from expectations.suites import Check, Suite
from expectations.telling import blank, result_of

if TYPE_CHECKING:
    import duckdb
    import pandas
    import pyarrow

    from expectations.past import Past
    from expectations.telling import Said
    from sources.contract import Contract

__all__ = ["CheckResult", "critical_failures", "judge", "judge_delivery", "judge_marts", "judge_rebuilt", "warnings"]

# Beyond this many rows a frame costs more than aggregates inside DuckDB, and in the end more memory than there is.
LARGE_ROWS = 200_000
_TURN = threading.RLock()


def judge_delivery(
    table: pyarrow.Table, contract: Contract, region: str, past: Past | None = None
) -> list[CheckResult]:
    """Gate 2: the results of the feed's suite on one typed delivery (columns of the contract and the `_` columns).

    A delivery of empty scopes only is legitimate: its row floor is judged and every other check is `skipped`. So are
    comparisons where there is no past. Raises suites.SuiteError when the feed has no sound suite, never for what the
    table holds.
    """
    suite = suites.load("deliveries", contract.feed)
    with _TURN:
        cursor = _memory().cursor()
        cursor.register("delivery", table)
        try:
            headers = {field.name: field.header for field in contract.fields}
            return judge(cursor, suite, "select * from delivery", headers, past=past)
        finally:
            cursor.unregister("delivery")
            cursor.close()


def judge_marts(
    connection: duckdb.DuckDBPyConnection,
    tables: Iterable[str] | None = None,
    by_changed_days: Collection[str] = (),
) -> list[CheckResult]:
    """Gate 3: the results of the suites of `tables` (default: every mart that has a suite).

    The large marts among `by_changed_days` are judged in the days of `raw.unjudged_scopes` only, their floor on the
    whole. Only reads. Large tables are condensed by the suite's SQL inside DuckDB; a mart that is not there fails its
    checks as `error`.
    """
    results: list[CheckResult] = []
    for name in suites.names("marts") if tables is None else tables:
        suite = suites.load("marts", name)
        source = suite.source or joined("select * from", f"marts.{name}")
        part = days_changed(suite, source) if suite.by_day and name in by_changed_days else None
        cursor = connection.cursor()
        try:
            results += judge(cursor, suite, source, part=part)
        finally:
            cursor.close()
    return results


def judge_rebuilt(connection: duckdb.DuckDBPyConnection, models: Collection[str]) -> list[CheckResult]:
    """Gate 3 on what builds since the last good verdict changed: the suites of the marts among `models`, and those that
    compare with one of `models`.

    Large marts are judged in the days that changed, unless a table they are compared with changed for other reasons.
    """
    marts = [suites.load("marts", name) for name in suites.names("marts")]
    judged = [suite for suite in marts if suite.name in models or _compared(suite, models)]
    by_days = [suite.name for suite in judged if all(_keeps_days(suite, name) for name in _compared(suite, models))]
    return judge_marts(connection, [suite.name for suite in judged], by_days)


def _compared(suite: Suite, models: Collection[str]) -> list[str]:
    """The tables among `models` that a suite compares its mart with."""
    return [name for table in suite.tables if (name := table.rsplit(".", 1)[-1]) in models]


def _keeps_days(suite: Suite, name: str) -> bool:
    """Whether another mart changes in the same days of the same feeds as the suite's own."""
    return name in suites.names("marts") and suites.load("marts", name).feeds == suite.feeds


def judge(
    cursor: duckdb.DuckDBPyConnection,
    suite: Suite,
    source: str,
    headers: Mapping[str, str] | None = None,
    part: str | None = None,
    most_rows: int = LARGE_ROWS,
    past: Past | None = None,
) -> list[CheckResult]:
    """The results of a suite, in its order, on the rows that the select `source` gives on this connection.

    Examples call a column by its header in the file where `headers` gives one. `part` is a select of some of the rows:
    then only these are judged, and the floor on all. Frames of more than `most_rows` rows are judged by witnesses.
    Without a `past` nothing is compared with it: such checks are skipped.
    """
    results: dict[str, CheckResult] = {}
    by_frame: dict[str, list[Check]] = {}
    merged = _without_empty_scopes(cursor, suite, source)
    for check in suite.checks:
        by_frame.setdefault("rows" if merged and check.frame == "delivery" else check.frame, []).append(check)
    compared = [name for name in by_frame if suite.is_past(name)]
    results |= _beside_past(
        cursor, suite, {name: by_frame.pop(name) for name in compared}, source, headers or {}, past, most_rows
    )
    for name, checks in by_frame.items():
        of = source if part is None or name == "floor" else part
        judged = _judge_frame(cursor, suite, name, checks, of, headers or {}, most_rows)
        results |= {result.check: result for result in judged}
    return [results[check.name] for check in suite.checks]


def _beside_past(
    cursor: duckdb.DuckDBPyConnection,
    suite: Suite,
    by_frame: Mapping[str, Sequence[Check]],
    source: str,
    headers: Mapping[str, str],
    past: Past | None,
    most_rows: int,
) -> dict[str, CheckResult]:
    """The results of the frames that compare with the past, which is only read when there is one."""
    checks = [check for checks in by_frame.values() for check in checks]
    if past is None or not checks:
        return {check.name: result_of(suite, check, 0, None, headers) for check in checks}
    from expectations.past import prepare
    from expectations.past_frames import SCOPES, labels
    from sources.archive import Damaged

    lost: dict[str, CheckResult] = {}
    try:
        prepare(cursor, suite, source, past)
    except Damaged as error:  # how scopes stand to the timetable needs no rows
        without = [check for check in checks if check.frame != SCOPES]
        lost = {check.name: replace(blank(suite, check), status=ERROR, observed=str(error)) for check in without}
    called = {**headers, **labels(suite, headers)}
    left = {name: checks for name, checks in by_frame.items() if name == SCOPES or not lost}
    judged = [_judge_frame(cursor, suite, name, checks, source, called, most_rows) for name, checks in left.items()]
    return lost | {result.check: result for results in judged for result in results}


def _without_empty_scopes(cursor: duckdb.DuckDBPyConnection, suite: Suite, source: str) -> bool:
    """Whether the frames `delivery` and `rows` hold the same rows: then one serves for both, which saves a batch."""
    if suite.kind != "deliveries":
        return False
    found = cursor.sql(joined("select count(*) from (", source, ") where _is_empty")).fetchone()
    return found == (0,)


@cache
def _memory() -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(":memory:", config={"threads": 1, "enable_external_access": "false"})


def _judge_frame(
    cursor: duckdb.DuckDBPyConnection,
    suite: Suite,
    name: str,
    checks: Sequence[Check],
    source: str,
    headers: Mapping[str, str],
    most_rows: int,
) -> list[CheckResult]:
    import duckdb

    try:
        row_count, said = _judge_rows(cursor, suite, name, checks, source, most_rows)
    except duckdb.Error as error:
        return [replace(blank(suite, check), status=ERROR, observed=str(error)) for check in checks]
    return [result_of(suite, check, row_count, said.get(check.name), headers) for check in checks]


def _judge_rows(
    cursor: duckdb.DuckDBPyConnection, suite: Suite, name: str, checks: Sequence[Check], source: str, most_rows: int
) -> tuple[int, dict[str, Said]]:
    """The number of rows of a frame and, per check that has something to judge, its judgement with the offenders."""
    from expectations.large import large
    from expectations.witnesses import judge_large

    # the table itself is counted first; what a suite condenses it to is computed once
    is_whole = name in ("rows", "delivery")
    table = large(cursor, partial(sql_of, suite, name, source), windows(suite)) if is_whole else None
    if table is None or table.row_count <= most_rows:
        found = fetch(cursor, suite, name, source)
        checks = _judgeable(suite, name, found, checks)
        if found.num_rows <= most_rows:
            return found.num_rows, _judge_few(suite, to_pandas(found), checks)
        cursor.register("condensed", found)
        table = large(cursor, "select * from condensed")
    return table.row_count, judge_large(table, checks, sorted(needed(suite, name)), places(suite, table.types))


def _judgeable(suite: Suite, name: str, found: pyarrow.Table, checks: Sequence[Check]) -> Sequence[Check]:
    """Of a frame of the past the checks that have something to compare: where all is empty there is no past."""
    if not suite.is_past(name):
        return checks
    gaps = {column: found[column].null_count for column in found.column_names}
    return [check for check in checks if all(gaps.get(column, 0) < found.num_rows for column in check.columns)]


def _judge_few(suite: Suite, frame: pandas.DataFrame, checks: Sequence[Check]) -> dict[str, Said]:
    from expectations.engine import MOST_EXAMPLES, judge_frame

    judged = [check for check in checks if len(frame) or check.expectation == suites.ROW_COUNT]
    # what is held back follows from the places of all offenders, not of the first
    most = len(frame) if places(suite, frame.columns) else MOST_EXAMPLES
    said = judge_frame(frame, judged, most) if judged else {}
    return {name: (verdict, frame.iloc[list(verdict.positions)]) for name, verdict in said.items()}

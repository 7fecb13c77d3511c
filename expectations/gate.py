"""Gates 2 and 3: a typed delivery, or the marts of a built warehouse, against their suites.

Importing this module is cheap; Great Expectations is loaded when the first frame is judged.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from expectations import suites
from expectations.frames import fetch, joined
from expectations.results import ERROR, FAILED, PASSED, SKIPPED, CheckResult, critical_failures, warnings
from expectations.suites import Check, Suite

if TYPE_CHECKING:
    import duckdb
    import pandas
    import pyarrow

    from expectations.engine import Judgement
    from sources.contract import Contract

__all__ = ["CheckResult", "critical_failures", "judge", "judge_delivery", "judge_marts", "warnings"]

SHOWN = 5
_TURN = threading.RLock()


def judge_delivery(table: pyarrow.Table, contract: Contract, region: str) -> list[CheckResult]:
    """Gate 2: the results of the feed's suite on one typed delivery (columns of the contract and the `_` columns).

    A delivery of empty scopes only is legitimate: its row floor is judged and every other check is `skipped`.
    Raises suites.SuiteError when the feed has no sound suite, never for what the table holds.
    """
    suite = suites.load("deliveries", contract.feed)
    with _TURN:
        cursor = _memory().cursor()
        cursor.register("delivery", table)
        try:
            return judge(cursor, suite, "select * from delivery")
        finally:
            cursor.unregister("delivery")
            cursor.close()


def judge_marts(
    connection: duckdb.DuckDBPyConnection, tables: Iterable[str] | None = None, schema: str = "marts"
) -> list[CheckResult]:
    """Gate 3: the results of the suites of `tables` (default: every mart that has a suite) in `schema`.

    Only reads. Large tables are condensed by the suite's SQL inside DuckDB; a mart that is not there fails its checks
    as `error`.
    """
    results: list[CheckResult] = []
    for name in suites.names("marts") if tables is None else tables:
        suite = suites.load("marts", name)
        source = (
            suite.source.replace("{schema}", schema) if suite.source else joined("select * from", f"{schema}.{name}")
        )
        cursor = connection.cursor()
        try:
            results += judge(cursor, suite, source)
        finally:
            cursor.close()
    return results


def judge(cursor: duckdb.DuckDBPyConnection, suite: Suite, source: str) -> list[CheckResult]:
    """The results of a suite, in its order, on the rows that the select `source` gives on this connection."""
    results: dict[str, CheckResult] = {}
    for name in dict.fromkeys(check.frame for check in suite.checks):
        checks = [check for check in suite.checks if check.frame == name]
        results |= {result.check: result for result in _judge_frame(cursor, suite, name, checks, source)}
    return [results[check.name] for check in suite.checks]


@cache
def _memory() -> duckdb.DuckDBPyConnection:
    import duckdb

    return duckdb.connect(":memory:", config={"threads": 2, "enable_external_access": "false"})


def _judge_frame(
    cursor: duckdb.DuckDBPyConnection, suite: Suite, name: str, checks: Sequence[Check], source: str
) -> list[CheckResult]:
    import duckdb

    from expectations.engine import judge_frame

    try:
        frame = fetch(cursor, suite, name, source)
    except duckdb.Error as error:
        return [replace(_blank(suite, check), status=ERROR, observed=str(error)) for check in checks]
    judged = [check for check in checks if len(frame) or check.expectation == suites.ROW_COUNT]
    said = judge_frame(frame, judged) if judged else {}
    return [_result(suite, check, frame, said.get(check.name)) for check in checks]


def _blank(suite: Suite, check: Check) -> CheckResult:
    return CheckResult(
        suite=suite.name,
        check=check.name,
        severity=check.severity,
        status=SKIPPED,
        column=", ".join(check.columns) or None,
        observed=None,
        unexpected_count=None,
        row_count=None,
        examples=[],
        rows=[],
        why_zh=check.why_zh,
        why_en=check.why_en,
        domains=tuple(domain for domain in (check.domain or suite.domain,) if domain),
    )


def _result(suite: Suite, check: Check, frame: pandas.DataFrame, said: Judgement | None) -> CheckResult:
    result = replace(_blank(suite, check), row_count=len(frame))
    if said is None:
        return replace(result, severity="info", observed="没有可校验的行 / no row to judge")
    if said.error is not None:
        return replace(result, status=ERROR, observed=said.error)
    offenders = frame.iloc[list(said.positions)]
    return replace(
        result,
        status=PASSED if said.passed else FAILED,
        observed=said.observed,
        unexpected_count=said.unexpected_count,
        examples=_examples(suite, check, offenders.head(SHOWN)),
        rows=sorted({int(row) for row in offenders.get("_row", ())}),
        domains=_domains(suite, offenders) or result.domains,
    )


def _examples(suite: Suite, check: Check, offenders: pandas.DataFrame) -> list[str]:
    shown = [column for column in dict.fromkeys((*suite.identify, *check.columns)) if column in offenders.columns]
    return ["，".join(f"{column}={_text(row[column])}" for column in shown) for _, row in offenders.iterrows()]


def _text(value: object) -> str:
    if value is None or value != value:  # NaN and NaT are the values unequal to themselves
        return "空"
    text = str(value)
    return text.removesuffix(" 00:00:00")


def _domains(suite: Suite, offenders: pandas.DataFrame) -> tuple[str, ...]:
    if suite.domain_column is None or suite.domain_column not in offenders.columns:
        return ()
    return tuple(sorted({str(domain) for domain in offenders[suite.domain_column].dropna()}))

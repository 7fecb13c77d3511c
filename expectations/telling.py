"""How a judgement becomes a result: what a gate tells people and the ledger of one check."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from expectations.frames import REGION
from expectations.results import ERROR, FAILED, PASSED, SKIPPED, CheckResult
from expectations.suites import Check, Suite

if TYPE_CHECKING:
    import pandas

    from expectations.engine import Judgement

    Said = tuple[Judgement, pandas.DataFrame]

SHOWN = 5
_NO_PAST, _NO_ROW = "没有可比的过去 / no past to compare with", "没有可校验的行 / no row to judge"


def blank(suite: Suite, check: Check) -> CheckResult:
    """The result of a check that judged nothing yet."""
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


def result_of(suite: Suite, check: Check, row_count: int, said: Said | None, headers: Mapping[str, str]) -> CheckResult:
    """The result of a check on a frame of so many rows, by what was `said`; None when there was nothing to judge.

    Examples call a column by its header in the file where `headers` gives one.
    """
    result = replace(blank(suite, check), row_count=row_count)
    if said is None:
        return replace(result, severity="info", observed=_NO_PAST if suite.is_past(check.frame) else _NO_ROW)
    verdict, offenders = said
    if verdict.error is not None:
        return replace(result, status=ERROR, observed=verdict.error)
    return replace(
        result,
        status=PASSED if verdict.passed else FAILED,
        observed=verdict.observed or _counted(verdict.unexpected_count, row_count),
        unexpected_count=verdict.unexpected_count,
        examples=_examples(suite, check, offenders.head(SHOWN), headers),
        rows=sorted({int(row) for row in offenders.get("_row", ()) if row == row}),  # what is gone has none
        domains=_named(offenders, suite.domain_column) or result.domains,
        regions=_named(offenders, REGION),
    )


def _counted(unexpected: int | None, row_count: int) -> str | None:
    return None if unexpected is None else f"{unexpected} / {row_count} 行不符 / rows fail"


def _examples(suite: Suite, check: Check, offenders: pandas.DataFrame, headers: Mapping[str, str]) -> list[str]:
    from expectations.past_frames import amounts

    asked = dict.fromkeys((*suite.identify, *amounts(suite, check), *check.columns))
    shown = [column for column in asked if column in offenders.columns]
    return [
        "，".join(f"{headers.get(column, column)}={_text(row[column])}" for column in shown)
        for _, row in offenders.iterrows()
    ]


def _text(value: object) -> str:
    if value is None or value != value:  # NaN and NaT are the values unequal to themselves
        return "空"
    if isinstance(value, bool) or type(value).__name__ == "bool_":  # numpy's, which need not be loaded for that
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:.12g}"  # a double's last digits are noise, the file's own value has none of them
    return str(value).removesuffix(" 00:00:00")


def _named(offenders: pandas.DataFrame, column: str | None) -> tuple[str, ...]:
    """The different values of a column that the offenders have, sorted; none where they have no such column."""
    if column is None or column not in offenders.columns:
        return ()
    return tuple(sorted({str(value) for value in offenders[column].dropna()}))

"""Gate 3 on what a release revises: nothing moves that nothing leads to, nothing is lost, and leaps are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from expectations.results import FAILED, PASSED, WAIVED, CheckResult
from sources.dictionaries import rows
from sources.ledger import Revision
from warehouse.prediction.effects import Cause
from warehouse.revisions import Revised
from warehouse.scope_changes import CORRECTED, HELD

SUITE = "revisions"
BLAST_RADIUS, NO_VALUE_LOST, REVISION_SIZE = "blast_radius", "no_value_lost", "revision_size"
# what a person may let one delivery do; that something unrecorded moved a value is nobody's to allow
WAIVABLE = frozenset({NO_VALUE_LOST})
SHOWN = 20
# A census moves a region's accounts by a tenth to a fifth; beyond that a unit or a file is usually wrong.
LARGE = Decimal("0.2")
SEVERITY = {BLAST_RADIUS: "critical", NO_VALUE_LOST: "critical", REVISION_SIZE: "warning"}
WHY = {
    BLAST_RADIUS: (
        "变化的数值须都在预测会变的范围之内：否则有未登记的原因改动了数值",
        "values that changed must be among those predicted to change: otherwise something unrecorded moved them",
    ),
    NO_VALUE_LOST: (
        "已有数值不得因一份交付而消失；确属撤回的，用 peak release-hold --accept no_value_lost 放行该交付",
        "no delivery may take a published value away; let a rightful withdrawal through with "
        "peak release-hold --accept no_value_lost",
    ),
    REVISION_SIZE: (
        "已完整的数值修订超过五分之一，请核对",
        "a complete value was revised by more than a fifth: please look at it",
    ),
}


def revision_checks(revised: Revised, waivers: Mapping[str, set[str]]) -> list[CheckResult]:
    """The three verdicts on `revised`; `waivers` gives per delivery the checks a person has waived for it.

    A waived delivery lets every cell go that it had a part in: which of several took the value cannot be told. Where
    nothing else is lost the verdict is `waived` and names these cells.
    """
    taken = [item for item in revised.lost if takers(revised.causes.get(item.key, ()))]
    lost = [item for item in taken if is_taken(revised.causes[item.key], waivers)]
    large = [item for item in revised.revisions if _is_large(item)]
    count = len(revised.revisions)
    return [
        _result(BLAST_RADIUS, revised.unpredicted, count),
        _result(NO_VALUE_LOST, lost or taken, count, FAILED if lost else WAIVED),
        _result(REVISION_SIZE, large, count),
    ]


def is_taken(causes: Sequence[Cause], waivers: Mapping[str, set[str]]) -> bool:
    """Whether a delivery took the value away: not a person's hold or correction, nor another plan or program.

    Nor one that is waived.
    """
    found = takers(causes)
    return bool(found) and not any(
        cause.delivery_id and NO_VALUE_LOST in waivers.get(cause.delivery_id, set()) for cause in found
    )


def takers(causes: Iterable[Cause]) -> list[Cause]:
    """The causes that are deliveries which say something else, rather than one that says nothing any more."""
    return [cause for cause in causes if cause.delivery_id and cause.kind not in (HELD, CORRECTED)]


def _is_large(item: Revision) -> bool:
    if item.value is None or item.previous_value is None or not item.is_complete:
        return False
    return abs(item.value - item.previous_value) > LARGE * abs(item.previous_value)


def _result(check: str, offending: Sequence[Revision], count: int, if_any: str = FAILED) -> CheckResult:
    why_zh, why_en = WHY[check]
    return CheckResult(
        suite=SUITE,
        check=check,
        severity=SEVERITY[check],
        status=if_any if offending else PASSED,
        column="value",
        observed=f"{len(offending)} / {count}",
        unexpected_count=len(offending),
        row_count=count,
        examples=[_said(item) for item in offending[:SHOWN]],
        rows=[],
        why_zh=why_zh,
        why_en=why_en,
        domains=_domains(offending),
        regions=tuple(sorted({item.region for item in offending})),
    )


def _said(item: Revision) -> str:
    base = "" if item.base_year is None else f" {item.base_year}"
    cell = (
        f"{item.region} {item.indicator} {item.method}{base} {item.period_type} {item.period_start}…{item.period_end}"
    )
    return f"{cell}: {_number(item.previous_value)} → {_number(item.value)}（{item.cause_detail}）"


def _number(value: Decimal | None) -> str:
    return "空" if value is None else f"{value:f}"


def _domains(offending: Sequence[Revision]) -> tuple[str, ...]:
    """The plan's domains of the offending indicators: a stopped publication holds back these only."""
    domains = {row["code"]: row["domain"] for row in rows("plan_indicators")} if offending else {}
    return tuple(sorted({domains[item.indicator] for item in offending if item.indicator in domains}))

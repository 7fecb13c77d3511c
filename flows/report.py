"""What a run says about itself: one line a file, a page on the gates, a page on what was revised."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.markdown import number, table
from flows.pages import on_site
from sources.contract import contracts
from sources.dictionaries import indicator_names
from sources.documents import Link, as_markdown
from sources.privacy import shareable
from warehouse.harmless import markdown, shown_name
from warehouse.revision_summary import EVERY_VALUE, furthest_first, moved_indicators, revised_files
from warehouse.run_report import gates_document
from warehouse.words import CAUSES, CHANGES, COMPLETENESS, PERIODS

if TYPE_CHECKING:
    from expectations.results import CheckResult
    from flows.night import Night
    from sources.inbox import LeftAlone
    from sources.intake import Outcome
    from sources.ledger import Revision
    from warehouse.holding import HeldBack
    from warehouse.scope_changes import ScopeChange

WORDS = {
    "accepted": "接收 / accepted",
    "quarantined": "退回 / quarantined",
    "duplicate": "重复 / duplicate",
    "left": "留置 / left",
}
MOST_BYTES = 400_000


@dataclass(frozen=True)
class Summary:
    """How a run ended: `result` is published, unchanged, taken_in or stopped, by the checks in `stopped_by`.

    `revisions` are all values that the release changed or has for the first time, `scope_changes` what it took in
    anew, `changed_inputs` the groups of files (`plan`, `models`, …) that differ; empty unless something was published.
    `held` are the deliveries put on hold so that the rest could be published, or in vain;
    `unexplained` says why nothing could be held; `waived` are the failures that a person lets a delivery have.
    `odd` are the warnings of gate 2 on files that were taken in, each with its file.
    """

    run_id: str
    result: str
    release_id: str | None
    counts: dict[str, int]
    refused: list[Outcome]
    stopped_by: list[CheckResult]
    warned: list[CheckResult]
    revisions: list[Revision]
    scope_changes: list[ScopeChange]
    changed_inputs: tuple[str, ...]
    is_first: bool
    held: tuple[HeldBack, ...] = ()
    unexplained: str = ""
    waived: tuple[CheckResult, ...] = ()
    odd: tuple[tuple[Outcome, CheckResult], ...] = ()


def line_of(outcome: Outcome) -> str:
    """One line on one file, for whoever listens and for Prefect's log."""
    words = WORDS[outcome.status]
    return shareable(
        f"  {words}  {outcome.region}/{outcome.feed}/{shown_name(outcome.file_name)}  {outcome.zh} / {outcome.en}"
    )


def line_of_check(check: CheckResult) -> str:
    """One line on a check of gate 3 that failed or could not be carried out."""
    seen = f"（{shareable(check.observed)}）" if check.observed else ""
    return f"  未通过 / failed  {check.name}{seen}  {check.why_zh} / {check.why_en}"


def files_page(outcomes: Sequence[Outcome], left_alone: Sequence[LeftAlone] = ()) -> str:
    """Markdown for operators: each file that came and what became of it, the refused and those that stay first."""
    rows: list[tuple[object, ...]] = [
        (
            WORDS[outcome.status],
            shareable(shown_name(outcome.file_name)),
            _with_report(outcome),
            f"{outcome.feed} {contracts()[outcome.feed].title}",
            outcome.region,
            outcome.row_count,
            outcome.delivery_id,
        )
        for outcome in outcomes
    ]
    rows += [
        (WORDS["left"], shareable(shown_name(item.path.name)), f"{item.zh} / {item.en}", None, None, None, None)
        for item in left_alone
    ]
    order: list[object] = [WORDS[status] for status in ("quarantined", "left", "duplicate", "accepted")]
    rows.sort(key=lambda row: order.index(row[0]))
    columns = ("结果", "文件 file", "说明 message", "数据集 feed", "地区", "行 rows", "交付 delivery")
    return "\n".join([f"# 收件 / Deliveries: {len(outcomes)}", "", *table(columns, rows)])


def _with_report(outcome: Outcome) -> Link | str:
    """Why, and for a refused file where the site has the report that says what to mend."""
    said = shareable(f"{outcome.zh} / {outcome.en}")
    address = on_site(f"/quarantine/{outcome.delivery_id}/report.html")
    return Link(said, address) if outcome.status == "quarantined" and address else said


def gates_page(night: Night) -> str:
    """Markdown for operators: how the checks of every suite ended, each that did not pass, and what to mend in files.

    It is as long as an artifact may be, and passed around: no plate and no enterprise is in it.
    """
    return as_markdown(gates_document(night.home, night.ledger, night.run_id), MOST_BYTES)


def revisions_page(
    revisions: Sequence[Revision], scope_changes: Sequence[ScopeChange], inputs: Sequence[str], is_first: bool
) -> str:
    """Markdown for operators: what was revised, by which file, which indicators moved and why."""
    title = "首次发布 / First release" if is_first else "修订 / Revisions"
    page = [f"# {title}: {len(revisions)} 个数值 / values", ""]
    if inputs:
        page += [f"规划、参数或程序变化 / changed besides deliveries: {markdown('; '.join(inputs))}", ""]
    page += ["## 修订了什么、由哪个文件 / What was revised, by which file", "", *files_table(scope_changes), ""]
    page += ["## 哪些指标变动、为什么 / Which indicators moved, and why", "", *_indicators(revisions), ""]
    page += ["## 数值 / Values", "", *values_table(revisions), ""]
    return "\n".join([*page, f'全部数值 / every value: peak sql "{EVERY_VALUE}"'])


def files_table(scope_changes: Iterable[ScopeChange]) -> list[str]:
    """The changed scopes by file, as a Markdown table."""
    columns = ("地区", "数据集 feed", "文件 file", "变化 change", "范围数 scopes", "期间 days", "原文件 file before")
    rows = [
        (
            item.region,
            item.feed,
            shown_name(item.file_name or ""),
            CHANGES[item.kind],
            item.scopes,
            f"{item.first or '…'} – {item.last or '…'}",
            ", ".join(map(shown_name, item.previous_file_names)) or None,
        )
        for item in revised_files(scope_changes)
    ]
    return table(columns, rows)


def _indicators(revisions: Sequence[Revision]) -> list[str]:
    names = indicator_names()
    columns = ("指标 indicator", "最大变动 largest", "原因 cause", "数值 values", "地区", "说明 detail")
    rows = [
        (
            f"{item.indicator} {names.get(item.indicator, '')}",
            f"{PERIODS[item.largest.period_type]} {item.largest.period_end}: "
            f"{number(item.largest.previous_value)} → {number(item.largest.value)}",
            CAUSES[item.cause],
            item.values,
            item.region,
            item.details[0],
        )
        for item in moved_indicators(revisions)
    ]
    return table(columns, rows)


def values_table(revisions: Iterable[Revision]) -> list[str]:
    """The values that moved as a Markdown table: those that were there before first, the furthest moved on top."""
    names = indicator_names()
    columns = (
        "指标 indicator",
        "期间 period",
        "原值 before",
        "新值 after",
        "原因 cause",
        "地区",
        "口径 method",
        "完整 complete",
    )
    rows = [
        (
            f"{item.indicator} {names.get(item.indicator, '')}",
            f"{PERIODS[item.period_type]} {item.period_end}",
            number(item.previous_value),
            number(item.value),
            CAUSES[item.cause],
            item.region,
            item.method if item.base_year is None else f"{item.method} {item.base_year}",
            COMPLETENESS[item.is_complete],
        )
        for item in furthest_first(revisions)
    ]
    return table(columns, rows)

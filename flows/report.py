"""What a run says about itself: one line a file, a page on the gates, a page on what changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from expectations.results import ERROR, FAILED, CheckResult

if TYPE_CHECKING:
    from sources.intake import Outcome
    from warehouse.changes import Change

WORDS = {
    "accepted": "接收 / accepted",
    "quarantined": "退回 / quarantined",
    "duplicate": "重复 / duplicate",
    "left": "留置 / left",
}
SHOWN = 200


@dataclass(frozen=True)
class Summary:
    """How a run ended. `result` is published, unchanged or stopped; `why` says what stopped it."""

    run_id: str
    result: str
    release_id: str | None
    counts: dict[str, int]
    refused: list[Outcome]
    stopped_by: list[CheckResult]
    warned: list[CheckResult]
    changed: list[Change]
    is_first: bool


def line_of(outcome: Outcome) -> str:
    """One line on one file."""
    words = WORDS[outcome.status]
    return f"  {words}  {outcome.region}/{outcome.feed}/{outcome.file_name}  {outcome.zh} / {outcome.en}"


def gates_page(results: Sequence[CheckResult], outcomes: Sequence[Outcome]) -> str:
    """Markdown for operators: how many checks passed, and every one that did not."""
    every = [*results, *(check for outcome in outcomes for check in outcome.checks)]
    counts = Counter((check.severity, check.status) for check in every)
    page = ["# 关卡 / Gates", "", "| 级别 severity | 结果 status | 数 count |", "|---|---|---|"]
    page += [f"| {severity} | {status} | {count} |" for (severity, status), count in sorted(counts.items())]
    page += ["", "## 未通过 / Not passed", "", "| 套件 suite | 检查 check | 级别 | 结果 | 观测 observed | 原因 why |"]
    page += ["|---|---|---|---|---|---|"]
    for check in [check for check in every if check.status in (FAILED, ERROR)][:SHOWN]:
        why = f"{check.why_zh} / {check.why_en}"
        page.append(_row(check.suite, check.check, check.severity, check.status, check.observed, why))
    return "\n".join([*page, "", *_refused(outcomes)])


def _refused(outcomes: Iterable[Outcome]) -> list[str]:
    refused = [outcome for outcome in outcomes if outcome.status == "quarantined"]
    if not refused:
        return []
    head = ["## 退回的文件 / Refused files", "", "| 地区 | 数据集 | 文件 file | 原因 reason |", "|---|---|---|---|"]
    rows = [_row(o.region, o.feed, o.file_name, f"{o.zh} / {o.en}") for o in refused]
    return head + rows


def changes_page(changed: Sequence[Change], is_first: bool) -> str:
    """Markdown for operators: which values are new or differ from the release before."""
    title = "首次发布 / First release" if is_first else "数值变化 / Values that changed"
    page = [f"# {title}: {len(changed)}", ""]
    page += [
        "| 地区 | 指标 indicator | 口径 method | 期间 period | 原值 before | 新值 after |",
        "|---|---|---|---|---|---|",
    ]
    for c in changed[:SHOWN]:
        page.append(_row(c.region, c.indicator, c.method, f"{c.period_type} {c.period_end}", c.before, c.after))
    return "\n".join(page)


def _row(*cells: object) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(value: object) -> str:
    """Text that cannot break out of a Markdown table: what a file says is data."""
    if value is None:
        return "—"
    text = str(value).replace("\\", "\\\\").replace("|", "\\|").replace("\r", " ").replace("\n", " ")
    return text.replace("<", "&lt;").replace("`", "'")[:300]

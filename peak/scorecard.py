"""The end of a run on the terminal: scorecard, what changed, what was refused, where to look next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console

from peak import show
from warehouse.paths import Home

if TYPE_CHECKING:
    from expectations.results import CheckResult
    from flows.report import Summary
    from sources.intake import Outcome
    from warehouse.changes import Change

SCORECARD = """
select p.region, i.name_zh, i.name_en, i.unit, p.target_year, p.level, p.kind, p.target, p.latest_value,
    p.latest_period, p.status
from indicator_progress as p
inner join indicators as i on i.code = p.indicator
order by p.region desc, i.position, p.target_year, p.level
"""
KINDS = {"at_least": "≥", "at_most": "≤", "about": "≈", "all": "=", "before": "<"}
SHOWN = 15


def print_scorecard(console: Console, place: Home) -> None:
    """Every target of every region: latest value, target and status by shape, word and colour."""
    from warehouse.read import query

    result = query(place, SCORECARD, max_rows=2000)
    rows = [
        (
            region,
            f"{name_zh} {name_en}",
            unit,
            year or "—",
            level,
            f"{KINDS.get(kind, kind)} {_shown(target, unit)}" if target is not None else "—",
            _shown(value, unit),
            str(period or "—"),
            show.status(status),
        )
        for region, name_zh, name_en, unit, year, level, kind, target, value, period, status in result.rows
    ]
    titles = ("地区", "指标 indicator", "单位", "目标年", "类型", "目标 target", "现值 value", "期间", "状态 status")
    console.print(show.table("记分牌 / Scorecard（演示数据为合成 / demo data are synthetic）", titles, rows, (5, 6)))


def _shown(value: Any, unit: str) -> str:
    """A number for the eye; a year without thousands marks."""
    return str(int(value)) if unit == "年" and value is not None else show.number(value)


def print_changes(console: Console, changed: Sequence[Change], is_first: bool) -> None:
    """The first of the values that moved."""
    if is_first:
        console.print(f"首次发布，共 {len(changed)} 个数值 / first release, {len(changed)} values")
        return
    rows = [
        (
            c.region,
            c.indicator,
            c.method,
            f"{c.period_type} {c.period_end}",
            show.number(c.before),
            show.number(c.after),
        )
        for c in changed[:SHOWN]
    ]
    title = f"数值变化 {len(changed)} 项 / {len(changed)} values changed"
    console.print(show.table(title, ("地区", "指标", "口径", "期间", "原值 before", "新值 after"), rows, (4, 5)))
    if len(changed) > SHOWN:
        console.print(f"  … 另有 / and {len(changed) - SHOWN}")


def print_refused(console: Console, refused: Sequence[Outcome]) -> None:
    """Files sent back, with the first reason and the report's place."""
    if refused:
        rows = [(o.region, o.feed, o.file_name, f"{o.zh} / {o.en}", str(o.report or "")) for o in refused]
        title = f"退回 {len(refused)} 个文件 / {len(refused)} files refused"
        console.print(show.table(title, ("地区", "数据集", "文件 file", "原因 reason", "报告 report"), rows))


def print_checks(console: Console, stopped_by: Sequence[CheckResult], warned: Sequence[CheckResult]) -> None:
    """What stopped the publication, and warnings to look at."""
    for title, checks in (("阻止发布 / stopped by", stopped_by), ("提醒 / warnings", warned)):
        if checks:
            rows = [(c.suite, c.check, c.status, c.observed, f"{c.why_zh} / {c.why_en}") for c in checks[:SHOWN]]
            columns = ("套件 suite", "检查 check", "结果", "观测 observed", "原因 why")
            console.print(show.table(f"{title}（{len(checks)}）", columns, rows))


def print_end(console: Console, summary: Summary, place: Home) -> None:
    """One sentence on the end, and where to look next."""
    counts: dict[str, Any] = summary.counts
    told = ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "0"
    console.print(f"收件 / intake: {told}")
    if summary.result == "published":
        console.print(f"已发布 / published: {summary.release_id}")
    elif summary.result == "unchanged":
        console.print(
            f"无变化，未发布 / nothing changed, nothing published; 当前 / current: {summary.release_id or '—'}"
        )
    else:
        console.print(
            f"未过关卡，未发布 / a gate stopped the publication; 当前仍为 / still: {summary.release_id or '—'}"
        )
    console.print(f"数据库 / database: {place.current / 'warehouse.duckdb'}", soft_wrap=True)
    console.print("下一步 / next: peak status · peak sql 'from agency_scorecard' · peak sql 'from release'")

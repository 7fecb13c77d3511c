"""The end of a run on the terminal: scorecard, what changed, what was refused, where to look next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console

from peak import show
from peak.vintage_rows import completeness, method_of, period_of, value_of
from warehouse.harmless import shown_name
from warehouse.paths import Home
from warehouse.revision_summary import EVERY_VALUE, furthest_first, moved_indicators, revised_files
from warehouse.words import CAUSES, CHANGES, HELD_NEXT

if TYPE_CHECKING:
    from expectations.results import CheckResult
    from flows.report import Summary
    from sources.intake import Outcome
    from sources.ledger import Revision
    from warehouse.holding import HeldBack
    from warehouse.scope_changes import ScopeChange

SCORECARD = """
select p.region, i.name_zh, i.name_en, i.unit, p.target_year, p.level, p.kind, p.target, p.latest_value,
    p.latest_period, p.status
from indicator_progress as p
inner join indicators as i on i.code = p.indicator
order by p.region desc, i.position, p.target_year, p.level
"""
KINDS = {"at_least": "≥", "at_most": "≤", "about": "≈", "all": "=", "before": "<"}
SHOWN = 15
SHOWN_EXAMPLES = 3


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


def print_revisions(
    console: Console, revisions: Sequence[Revision], scope_changes: Sequence[ScopeChange], is_first: bool
) -> None:
    """What was revised by which file, which indicators moved and why, and the values that moved furthest."""
    if is_first:
        console.print(f"首次发布，共 {len(revisions)} 个数值 / first release, {len(revisions)} values")
        return
    _print_files(console, scope_changes)
    _print_moved(console, revisions)
    print_values(console, revisions)
    if revisions:
        console.print(f'全部数值 / every value: peak sql "{EVERY_VALUE}"', soft_wrap=True)


def _print_files(console: Console, scope_changes: Sequence[ScopeChange]) -> None:
    files = revised_files(scope_changes)
    rows = [
        (
            item.region,
            item.feed,
            shown_name(item.file_name or ""),
            CHANGES[item.kind],
            item.scopes,
            f"{item.first or '…'} – {item.last or '…'}",
            ", ".join(map(shown_name, item.previous_file_names)) or "—",
        )
        for item in files[:SHOWN]
    ]
    columns = ("地区", "数据集 feed", "文件 file", "变化 change", "范围数 scopes", "期间 days", "原文件 file before")
    if rows:
        title = f"修订的范围 {len(scope_changes)} 个 / {len(scope_changes)} scopes revised"
        console.print(show.table(title, columns, rows, (4,)))
        _print_more(console, len(files))


def _print_moved(console: Console, revisions: Sequence[Revision]) -> None:
    moved = moved_indicators(revisions)
    rows = [(m.region, m.indicator, CAUSES[m.cause], m.values, m.details[0]) for m in moved[:SHOWN]]
    columns = ("地区", "指标 indicator", "原因 cause", "数值 values", "说明 detail")
    if rows:
        console.print(show.table("变动的指标 / indicators that moved", columns, rows, (3,)))
        _print_more(console, len(moved))


def print_values(console: Console, revisions: Sequence[Revision], title: str | None = None) -> None:
    """The first values that moved: those that were there before, the furthest moved first."""
    rows = [
        (
            item.region,
            item.indicator,
            method_of(item),
            period_of(item),
            value_of(item.previous_value),
            value_of(item.value),
            completeness(item),
        )
        for item in furthest_first(revisions)[:SHOWN]
    ]
    columns = ("地区", "指标", "口径", "期间", "原值 before", "新值 after", "完整 complete")
    title = title or f"数值变化 {len(revisions)} 项 / {len(revisions)} values changed"
    if not rows:
        console.print(title)
        return
    console.print(show.table(title, columns, rows, (4, 5)))
    _print_more(console, len(revisions))


def _print_more(console: Console, count: int) -> None:
    if count > SHOWN:
        console.print(f"  … 另有 / and {count - SHOWN}")


def print_refused(console: Console, refused: Sequence[Outcome]) -> None:
    """Files sent back, with the first reason and the report's place."""
    if refused:
        rows = [(o.region, o.feed, shown_name(o.file_name), f"{o.zh} / {o.en}", str(o.report or "")) for o in refused]
        title = f"退回 {len(refused)} 个文件 / {len(refused)} files refused"
        console.print(show.table(title, ("地区", "数据集", "文件 file", "原因 reason", "报告 report"), rows))


def print_held(console: Console, held: Sequence[HeldBack], is_published: bool) -> None:
    """The domains on hold, by delivery and check, and what to do; or that holding them was in vain."""
    if not held:
        return
    domains = ", ".join(sorted({domain for item in held for domain in item.domains}))
    rows = [
        (", ".join(h.domains), h.region, h.feed, shown_name(h.file_name), h.delivery_id, ", ".join(h.checks))
        for h in held
    ]
    columns = ("领域 domain", "地区", "数据集 feed", "文件 file", "交付 delivery", "检查 check")
    if is_published:
        title = f"暂扣领域 {domains}，其余已发布 / domains on hold, the rest is published"
    else:
        title = f"暂扣 {domains} 无济于事，已收回 / held in vain, taken back"
    console.print(show.table(f"{title}（{len(held)}）", columns, rows), style="bold" if is_published else None)
    if is_published:
        console.print(HELD_NEXT, markup=False, soft_wrap=True)


def print_checks(console: Console, stopped_by: Sequence[CheckResult], warned: Sequence[CheckResult]) -> None:
    """What stopped the publication, and warnings to look at."""
    for title, checks in (("阻止发布 / stopped by", stopped_by), ("提醒 / warnings", warned)):
        if checks:
            rows = [(c.suite, c.check, c.status, _observed(c), f"{c.why_zh} / {c.why_en}") for c in checks[:SHOWN]]
            columns = ("套件 suite", "检查 check", "结果", "观测 observed", "原因 why")
            console.print(show.table(f"{title}（{len(checks)}）", columns, rows))


def _observed(check: CheckResult) -> str:
    """What was seen, and the first of what offends: a stopped night must name its cells."""
    return "\n".join([check.observed or "", *check.examples[:SHOWN_EXAMPLES]]).strip()


def print_end(console: Console, summary: Summary, place: Home) -> None:
    """One sentence on the end, and where to look next."""
    counts: dict[str, Any] = summary.counts
    told = ", ".join(f"{name} {count}" for name, count in sorted(counts.items())) or "0"
    console.print(f"收件 / intake: {told}")
    if summary.result == "published" and summary.held:
        domains = ", ".join(sorted({domain for item in summary.held for domain in item.domains}))
        told = f"已发布，暂扣领域除外 / published, except what is on hold of: {domains}: {summary.release_id}"
        console.print(told, style="magenta")
    elif summary.result == "published":
        console.print(f"已发布 / published: {summary.release_id}")
        _print_corrections(console, place)
    elif summary.result == "unchanged":
        console.print(
            f"无变化，未发布 / nothing changed, nothing published; 当前 / current: {summary.release_id or '—'}"
        )
    else:
        if summary.unexplained:
            console.print(f"未暂扣 / nothing held: {summary.unexplained}", markup=False, soft_wrap=True)
        console.print(
            f"未过关卡，未发布 / a gate stopped the publication; 当前仍为 / still: {summary.release_id or '—'}"
        )
    console.print(f"数据库 / database: {place.current / 'warehouse.duckdb'}", soft_wrap=True)
    console.print("下一步 / next: peak status · peak sql 'from agency_scorecard' · peak sql 'from release'")


def _print_corrections(console: Console, place: Home) -> None:
    from warehouse.shelf import current_release

    release = current_release(place)
    if release is not None and release.corrections:
        told = f"更正表 / known errors in the table of corrections: {release.corrections}"
        console.print(f"{told} · peak sql 'from corrections'")

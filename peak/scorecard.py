"""The scorecard and what changed in it, on the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console

from peak import show
from peak.vintage_rows import completeness, method_of, period_of, value_of
from warehouse.harmless import shown_name
from warehouse.paths import Home
from warehouse.revision_summary import EVERY_VALUE, furthest_first, moved_indicators, revised_files
from warehouse.words import CAUSES, CHANGES

if TYPE_CHECKING:
    from sources.ledger import Revision
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
        print_more(console, len(files))


def _print_moved(console: Console, revisions: Sequence[Revision]) -> None:
    moved = moved_indicators(revisions)
    rows = [(m.region, m.indicator, CAUSES[m.cause], m.values, m.details[0]) for m in moved[:SHOWN]]
    columns = ("地区", "指标 indicator", "原因 cause", "数值 values", "说明 detail")
    if rows:
        console.print(show.table("变动的指标 / indicators that moved", columns, rows, (3,)))
        print_more(console, len(moved))


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
    print_more(console, len(revisions))


def print_more(console: Console, count: int) -> None:
    """How many were left out of a table."""
    if count > SHOWN:
        console.print(f"  … 另有 / and {count - SHOWN}")

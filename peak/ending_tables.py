"""How a run ended, on the terminal: what was refused, held, stopped or odd, and where to look next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console

from peak import show
from peak.scorecard import SHOWN, print_more
from warehouse.harmless import shown_name
from warehouse.paths import Home
from warehouse.words import HELD_NEXT

if TYPE_CHECKING:
    from expectations.results import CheckResult
    from flows.report import Summary
    from sources.intake import Outcome
    from warehouse.holding import HeldBack

SHOWN_EXAMPLES = 3


def print_refused(console: Console, refused: Sequence[Outcome]) -> None:
    """Files sent back, with the first reason and the report's place."""
    if refused:
        rows = [(o.region, o.feed, shown_name(o.file_name), f"{o.zh} / {o.en}", str(o.report or "")) for o in refused]
        title = f"退回 {len(refused)} 个文件 / {len(refused)} files refused"
        console.print(show.table(title, ("地区", "数据集", "文件 file", "原因 reason", "报告 report"), rows))


def print_odd(console: Console, odd: Sequence[tuple[Outcome, CheckResult]]) -> None:
    """What is unlikely in files that were taken in all the same: somebody should look."""
    rows = [
        (o.region, o.feed, shown_name(o.file_name), c.check, _observed(c), f"{c.why_zh} / {c.why_en}")
        for o, c in odd[:SHOWN]
    ]
    if rows:
        title = f"已接收但可疑 / taken in, but odd（{len(odd)}）"
        columns = ("地区", "数据集", "文件 file", "检查 check", "观测 observed", "原因 why")
        console.print(show.table(title, columns, rows))
        print_more(console, len(odd))
        console.print("全部 / all of them: peak gates", markup=False)


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


def print_checks(console: Console, summary: Summary) -> None:
    """What stopped the publication, what would have and is waived, and warnings to look at."""
    for title, checks in (
        ("阻止发布 / stopped by", summary.stopped_by),
        ("已豁免 / waived", summary.waived),
        ("提醒 / warnings", summary.warned),
    ):
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

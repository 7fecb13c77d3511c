"""The plan of a backfill on the terminal and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import Console

from peak import scorecard, show
from peak.endings import plain_revisions, plain_scopes
from warehouse.harmless import shown_name

if TYPE_CHECKING:
    from sources.ledger import CellKey
    from sources.rereading import Reread
    from warehouse.backfill_plan import Plan

CELL = ("region", "indicator", "method", "base_year", "period_type", "period_start")
SCOPE = ("region", "feed", "scope", "delivery_id", "row_count", "period_start", "period_end")
SHOWN = 15


def as_plain(plan: Plan) -> dict[str, Any]:
    """Everything the plan found, for JSON; `seconds` are those the staged work took here."""
    revised = plan.revised
    return {
        **asdict(plan.wish),
        "as_of": plan.as_of,
        "is_good": plan.is_good,
        "refusals": plan.refusals,
        "scopes": [{name: getattr(scope, name) for name in SCOPE} for scope in plan.scopes],
        "read_again": [_reread(item) for item in plan.rereads],
        "scope_changes": plain_scopes(revised.scope_changes) if revised else [],
        "predicted_cells": [_cell(key) for key in plan.predicted],
        "revisions": plain_revisions(revised.revisions) if revised else [],
        "cost": {
            "scopes": len(plan.scopes),
            "rows": sum(scope.row_count for scope in plan.scopes),
            "files": len(plan.rereads),
            "size_bytes": plan.size_bytes,
            "seconds": {stage: round(seconds, 3) for stage, seconds in plan.seconds.items()},
        },
    }


def _cell(key: CellKey) -> dict[str, Any]:
    return dict(zip(CELL, key, strict=True))


def _reread(item: Reread) -> dict[str, Any]:
    return {
        "region": item.delivery.region,
        "delivery_id": item.delivery.delivery_id,
        "file_name": item.delivery.file_name,
        "contract_version": item.delivery.contract_version,
        "row_count": item.row_count,
        "is_same": item.is_same,
        "refusal": item.refusal,
    }


def say(console: Console, plan: Plan) -> None:
    """The plan for people: what it means, what would be read again, what would move, and what stands against it."""
    console.print(f"补算计划 / plan of a backfill: {plan.wish.said()}", markup=False)
    scopes = [(s.region, s.scope, s.delivery_id, s.row_count, s.period_start, s.period_end) for s in plan.scopes]
    columns: tuple[str, ...] = ("地区", "范围 scope", "交付 delivery", "行数 rows", "起 from", "止 to")
    _table(console, f"范围 {len(scopes)} 个 / {len(scopes)} scopes", columns, scopes, (3,))
    rereads = [(r.delivery.region, shown_name(r.delivery.file_name), r.row_count, r.said()) for r in plan.rereads]
    columns = ("地区", "文件 file", "行数 rows", "结果 result")
    _table(console, f"重新读取 {len(rereads)} 个 / {len(rereads)} files read again", columns, rereads, (2,))
    if plan.revised is not None and plan.revised.revisions:
        count = len(plan.revised.revisions)
        scorecard.print_values(console, plan.revised.revisions, f"将变化的数值 {count} 项 / {count} values would move")
    facts = [(f"{zh} / {en}", value) for zh, en, value in plan.facts()]
    console.print(show.table("代价与结果 / cost and outcome", ("项目 item", "值 value"), facts, (1,)))
    for text in plan.refusals:
        console.print(f"不能进行 / stands against it: {text}", markup=False, soft_wrap=True)
    console.print("以上为试算，数据未改动 / this was only a plan: nothing was changed")


def _table(
    console: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]], right: Sequence[int]
) -> None:
    if rows:
        console.print(show.table(title, columns, rows[:SHOWN], right))
    if len(rows) > SHOWN:
        console.print(f"  … 另有 / and {len(rows) - SHOWN}（--json 列出全部 / lists all）")

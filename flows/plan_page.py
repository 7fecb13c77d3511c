"""The plan of a backfill as a page for operators."""

from __future__ import annotations

from flows.markdown import table
from flows.report import values_table
from warehouse.backfill_plan import Plan
from warehouse.harmless import markdown, shown_name


def plan_page(plan: Plan) -> str:
    """Markdown: what would be read again, rebuilt and moved, what stands against it, and what it costs."""
    page = [f"# 补算计划 / Plan of a backfill: {markdown(plan.wish.said())}", "", *_facts(plan), ""]
    if plan.refusals:
        page += [
            "## 不能进行的原因 / What stands against it",
            "",
            *(f"- {markdown(text)}" for text in plan.refusals),
            "",
        ]
    page += ["## 范围 / Scopes", "", *_scopes(plan), ""]
    if plan.rereads:
        page += ["## 重新读取 / Read again", "", *_rereads(plan), ""]
    if plan.revised is not None:
        page += ["## 预计变化的数值 / Values that would move", "", *values_table(plan.revised.revisions)]
    return "\n".join(page)


def _facts(plan: Plan) -> list[str]:
    rows = [(f"{zh} / {en}", value) for zh, en, value in plan.facts()]
    return table(("项目 item", "值 value"), rows)


def _scopes(plan: Plan) -> list[str]:
    columns = ("地区", "范围 scope", "交付 delivery", "行数 rows", "起 from", "止 to")
    rows = [(s.region, s.scope, s.delivery_id, s.row_count, s.period_start, s.period_end) for s in plan.scopes]
    return table(columns, rows)


def _rereads(plan: Plan) -> list[str]:
    columns = ("地区", "文件 file", "行数 rows", "结果 result")
    rows = [(r.delivery.region, shown_name(r.delivery.file_name), r.row_count, r.said()) for r in plan.rereads]
    return table(columns, rows)

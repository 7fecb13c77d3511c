"""The tables of a run's report. What is in them may be passed around: no plate, no enterprise."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sources.advice import rows_said
from sources.contract import contracts
from sources.documents import Section
from sources.ledger import Delivery, GateResult, Ledger, Revision, deliveries, hold_actions
from sources.ledger.runs import MAX_ROWS
from sources.privacy import HIDDEN, enterprise_headers, shareable
from warehouse.harmless import shown_name
from warehouse.paths import Home
from warehouse.revision_summary import furthest_first, moved_indicators
from warehouse.words import CAUSES, CHECKS, HELD_NEXT, SEVERITIES

EXAMPLES = 3
GATES = {"file": "一 file", "delivery": "二 delivery", "warehouse": "三 warehouse"}
HOLD_WORDS = {"hold": "暂扣 hold", "release": "解除 release"}
STATUS_WORDS = {"accepted": "接收 accepted", "quarantined": "退回 quarantined", "duplicate": "重复 duplicate"}


def _file(entry: Delivery) -> str:
    return shareable(shown_name(entry.file_name))


def files_section(came: Iterable[Delivery]) -> Section:
    """The files that a run took in, whatever became of them."""
    columns = ("地区 region", "数据集 feed", "文件 file", "结果 status", "行数 rows", "交付 delivery")
    rows = [
        (
            e.region,
            e.feed,
            _file(e),
            STATUS_WORDS.get(e.status, e.status),
            e.row_count,
            e.delivery_id,
        )
        for e in came
    ]
    return Section("收到的文件 / What came in", columns, rows)


def refused_sections(home: Home, came: Iterable[Delivery]) -> list[Section]:
    """The refused files, and what their reports say to mend."""
    refused = [entry for entry in came if entry.status == "quarantined"]
    columns = ("地区", "数据集 feed", "文件 file", "原因 reason", "报告 report")
    rows = [
        (
            e.region,
            e.feed,
            _file(e),
            shareable(e.reason),
            f"quarantine/{e.delivery_id}/report.html",
        )
        for e in refused
    ]
    todo = [row for entry in refused for row in _todo(home, entry)]
    fixes = ("文件 file", "工作表 sheet", "行 rows", "列 column", "现值 value", "怎么改", "how to fix")
    return [
        Section("退回的文件 / Refused files", columns, rows),
        Section("退回的文件怎么改 / What to mend in them", fixes, todo),
    ]


def _todo(home: Home, entry: Delivery) -> list[tuple[object, ...]]:
    """What the bureau's own report says to do, less what must not be passed around; empty when it was deleted."""
    try:
        report = json.loads((home.quarantine / entry.delivery_id / "report.json").read_text("utf-8"))
    except (OSError, ValueError):
        return []
    contract = contracts().get(entry.feed)
    private = {field.header for field in contract.fields if field.private} if contract else set()
    return [
        (
            _file(entry),
            fix["sheet"],
            rows_said(fix["rows"], fix.get("total", 0)),
            fix["column"],
            _value(fix, private),
            shareable(fix["zh"]),
            shareable(fix["en"]),
        )
        for fix in report.get("fixes", ())
    ]


def _value(fix: dict[str, Any], private: set[str]) -> str | None:
    """The value a fix speaks of; hidden where it names an enterprise, is private, or may be a whole row of such."""
    if fix["value"] is None:
        return None
    headers = set((fix["column"] or "").split("、"))
    if headers & (private | enterprise_headers()) or (private and not fix["column"]):
        return HIDDEN
    return shareable(fix["value"])


def gate_sections(results: Sequence[GateResult], known: Iterable[Delivery]) -> list[Section]:
    """The checks that did not pass, critical ones first, and the counts of every suite; `known` gives files' names."""
    counts: dict[tuple[str, str], Counter[str]] = {}
    for result in results:
        counts.setdefault((result.gate, result.suite), Counter())[result.status] += 1
    rows = [
        (GATES.get(gate, gate), suite, *(count[status] for status in CHECKS)) for (gate, suite), count in counts.items()
    ]
    names = {entry.delivery_id: shown_name(entry.file_name) for entry in known}
    failed = sorted(
        (result for result in results if result.status in ("failed", "waived", "error")),
        key=lambda result: result.severity,
    )
    columns = ("级别 severity", "结果 result", "检查 check", "文件 file", "行 rows", "原因 why", "样例 examples",
               "观测 observed", "套件 suite", "关口 gate")  # fmt: skip
    return [
        Section("未通过的检查 / Checks not passed", columns, [_failed(result, names) for result in failed]),
        Section("各套件 / By suite", ("关口 gate", "套件 suite", *CHECKS.values()), rows),
    ]


def _failed(result: GateResult, names: dict[str, str]) -> tuple[object, ...]:
    counted = (
        f"{result.unexpected_count} / {result.row_count}" if result.row_count is not None else result.unexpected_count
    )
    listed = rows_said(result.offending_rows, None if len(result.offending_rows) == MAX_ROWS else 0)
    files = "、".join(names.get(delivery, delivery) for delivery in result.deliveries[:5])
    return (
        SEVERITIES.get(result.severity, result.severity),
        CHECKS.get(result.status, result.status),
        result.check_name,
        shareable(files) or None,
        f"{counted}：{listed}" if listed else counted,
        f"{result.why_zh or ''} / {result.why_en or ''}",
        "；".join(shareable(example) or "" for example in result.examples[:EXAMPLES]) or None,
        shareable(result.observed),
        result.suite,
        GATES.get(result.gate, result.gate),
    )


def holds_section(ledger: Ledger, run_id: str) -> Section:
    """What a run put on hold or took off it, and what to do about what stays held."""
    actions = [action for action in hold_actions(ledger) if action.run_id == run_id]
    last = {action.delivery_id: action for action in actions}
    known = {entry.delivery_id: entry for entry in deliveries(ledger) if entry.status == "accepted"} if actions else {}
    columns = ("地区", "数据集 feed", "文件 file", "交付 delivery", "操作 action", "原因 why", "怎么办 what to do")
    rows = [
        (
            *((entry.region, entry.feed, _file(entry)) if entry else (None, None, None)),
            action.delivery_id,
            HOLD_WORDS[action.action],
            shareable(action.why),
            HELD_NEXT if action.action == "hold" and action is last[action.delivery_id] else None,
        )
        for action in actions
        for entry in [known.get(action.delivery_id)]
    ]
    return Section("暂扣 / Holds", columns, rows)


def moved_sections(moved: Sequence[Revision]) -> list[Section]:
    """The indicators that moved and their values, the furthest first."""
    indicators = [
        (item.region, item.indicator, CAUSES[item.cause], item.values, item.details[0])
        for item in moved_indicators(moved)
    ]
    values = [
        (
            item.region,
            item.indicator,
            item.method,
            f"{item.period_type} {item.period_end}",
            item.previous_value,
            item.value,
        )
        for item in furthest_first(moved)
    ]
    return [
        Section(
            "变动的指标 / Indicators that moved",
            ("地区", "指标 indicator", "原因 cause", "数值 values", "说明 detail"),
            indicators,
        ),
        Section(
            "变动的数值 / Values that moved",
            ("地区", "指标 indicator", "口径", "期间 period", "原值 before", "新值 after"),
            values,
        ),
    ]

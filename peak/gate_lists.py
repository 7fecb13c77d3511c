"""How `peak gates` shows results and rules: failures first, critical before warning."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

from peak import show
from warehouse.harmless import visible

if TYPE_CHECKING:
    from rich.text import Text

    from expectations.catalogue import Rule
    from sources.ledger import GateResult

GATES = {
    "file": "一 文件 file",
    "delivery": "二 交付 delivery",
    "warehouse": "三 仓库 warehouse",
    "engine": "引擎 engine",
}
STATUS = {
    "error": ("✕", "无法判定 error", "red"),
    "failed": ("▼", "未通过 failed", "red"),
    "waived": ("◇", "已豁免 waived", "yellow"),
    "passed": ("●", "通过 passed", "green"),
    "skipped": ("–", "无可判 skipped", "dim"),
}
SEVERITY = {"critical": "严重 critical", "warning": "提示 warning", "info": "–"}
_RANK = {"critical": 0, "warning": 1}
SHOWN_ROWS, SHOWN_EXAMPLES = 10, 3
ID = 16


def has_failed(result: GateResult) -> bool:
    """Whether the check found something, or could not be carried out."""
    return result.status in ("failed", "error")


def is_told(result: GateResult) -> bool:
    """Whether the check is to be looked at: it failed, or would have but for a waiver."""
    return has_failed(result) or result.status == "waived"


def ordered(results: Iterable[GateResult]) -> list[GateResult]:
    """Failures first, then what is waived, critical before warning, the ledger's order otherwise."""

    def rank(result: GateResult) -> tuple[bool, bool, int]:
        return not has_failed(result), not is_told(result), _RANK.get(result.severity, 2)

    return sorted(results, key=rank)


def say_results(run_id: str, results: Sequence[GateResult], show_all: bool) -> None:
    """What the checks of one run said; with `show_all` those that passed, too, a line each."""
    console = show.console()
    shown = [result for result in results if is_told(result)]
    if shown:
        columns = (
            *("关卡 gate", "对象 subject", "套件 suite", "检查 check", "级别 severity", "结果 status"),
            *("观测 observed", "行 rows", "实例 examples", "原因 why"),
        )
        console.print(show.table(f"检查结果 / Checks, {run_id}", columns, map(_row, shown)))
    for result in results if show_all else ():
        if not is_told(result):
            click.echo(_line(result))  # thousands of them: a table would take seconds to lay out
    for gate, counts in _counts(results).items():
        told = " · ".join(f"{STATUS[status][0]} {STATUS[status][1]} {number}" for status, number in counts.items())
        console.print(f"{GATES.get(gate, gate)}: {told}", markup=False)
    if not any(map(is_told, results)):
        console.print(f"● 全部通过 / all passed: {run_id}", style="green", markup=False)


def _line(result: GateResult) -> str:
    shape, words, _ = STATUS.get(result.status, ("?", result.status, ""))
    where = f"{GATES.get(result.gate, result.gate)}  {_subject(result)}"
    seen = " ".join(filter(None, (result.observed, _rows(result))))
    return visible(f"{shape} {words}  {where}  {result.suite}.{result.check_name}  {seen}".rstrip())


def _counts(results: Sequence[GateResult]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for result in results:
        found.setdefault(result.gate, Counter())[result.status if result.status in STATUS else "skipped"] += 1
    return found


def _row(result: GateResult) -> tuple[object, ...]:
    return (
        GATES.get(result.gate, result.gate),
        _subject(result),
        result.suite,
        result.check_name,
        SEVERITY.get(result.severity, result.severity),
        _status(result.status),
        result.observed,
        _rows(result),
        "\n".join(result.examples[:SHOWN_EXAMPLES]),
        f"{result.why_zh or ''} / {result.why_en or ''}",
    )


def _subject(result: GateResult) -> str:
    """The delivery by region, feed and the beginning of its id; the marts by their name."""
    about = [result.region, result.feed] if result.gate != "warehouse" else []
    return " ".join(filter(None, (*about, result.subject[:ID])))


def _rows(result: GateResult) -> str:
    """The file's rows where they are known, else how many offend of how many."""
    if result.offending_rows:
        listed = ", ".join(map(str, result.offending_rows[:SHOWN_ROWS]))
        return listed + (" …" if len(result.offending_rows) > SHOWN_ROWS else "")
    return "" if result.unexpected_count is None else f"{result.unexpected_count} / {result.row_count or '?'}"


def _status(status: str) -> Text:
    from rich.text import Text

    shape, words, style = STATUS.get(status, ("?", status, "dim"))
    return Text(f"{shape} {words}", style=style)


def say_rules(rules: Sequence[Rule]) -> None:
    """Every rule, a table a suite."""
    console, columns = show.console(), ("规则 rule", "级别 severity", "判据 looks at", "原因 why")
    for (gate, suite), of_suite in groupby(rules, key=lambda rule: (rule.gate, rule.suite)):
        rows = [
            (rule.check, SEVERITY.get(rule.severity, rule.severity), rule.how, f"{rule.why_zh} / {rule.why_en}")
            for rule in of_suite
        ]
        console.print(show.table(f"{GATES[gate]} · {suite}（{len(rows)}）", columns, rows))
    critical = sum(rule.severity == "critical" for rule in rules)
    told = f"共 {len(rules)} 条规则，其中严重 {critical} 条 / {len(rules)} rules, {critical} of them critical"
    console.print(told, markup=False)

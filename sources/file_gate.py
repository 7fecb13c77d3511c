"""Gate 1 as check results: what reading by the contract looked at, and what it found, for the ledger.

A stage that was not reached is `skipped`: a file without its header was never asked for its values.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sources.contract import Contract, Rule
from sources.ledger import About, Delivery, Ledger, add_gate_results
from sources.privacy import shown_value, without_private

SHOWN = 5
NOT_REACHED = "未查到此步 / not reached"
_HEADER = {
    "no_header",
    "missing_column",
    "doubled_header",
    "refused_header",
    "ambiguous_header",
    "nameless_column",
    "unclear_header",
}
_ROWS = {"ragged_row", "second_header", "no_rows", "totals"}
_CODES = {"missing_value": "required", "duplicate_key": "keys", "empty_beside_filled": "scopes"}
_CODES |= dict.fromkeys(_HEADER, "header") | dict.fromkeys(_ROWS, "rows")
# one after another; the last ones are looked at together
_STAGES = {"readable": 0, "header": 1, "rows": 2, "values": 3, "required": 3, "keys": 3, "scopes": 3}
# under these names the ledger has what gate 1 found, whatever the rule
STAGE_WHY = {
    "readable": ("文件须能打开、解码，没有损坏", "the file can be opened and decoded and is not damaged"),
    "header": ("表头须与数据合约一致", "the header is the one of the contract"),
    "rows": ("每行的列数须与表头一致，且有数据", "every row has the cells of the header, and there are rows"),
    "values": ("每个值须符合其类型、单位、范围和代码", "every value has its type, unit, range and code"),
    "required": ("必填的值不能为空", "required values are there"),
    "keys": ("主键不能重复，否则同一数量会被重复计算", "no key occurs twice: a quantity would count twice"),
    "scopes": ("空范围须单独成行", "an empty scope stands alone"),
}


@dataclass(frozen=True)
class FileCheck:
    """A stage or rule of a contract in the shape every gate's results have."""

    suite: str
    check: str
    severity: str
    status: str
    column: str | None
    observed: str | None
    unexpected_count: int | None
    row_count: int | None
    examples: tuple[str, ...]
    rows: tuple[int, ...]
    why_zh: str
    why_en: str
    domains: tuple[str, ...] = ()


def file_checks(reading: Any, contract: Contract) -> list[FileCheck]:
    """The results of gate 1 on a reading: its stages, then the contract's rules. No private value is in them."""
    rules = {rule.name: rule for rule in contract.rules}
    found: dict[str, list[Any]] = {}
    for problem in (*reading.problems, *reading.warnings):
        found.setdefault(_check_of(problem, rules), []).append(problem)
    refusing = {_check_of(problem, rules) for problem in reading.problems}
    last = min((_STAGES.get(name, 3) for name in refusing), default=3)
    results = []
    for name in (*_STAGES, *rules):
        rule = rules.get(name)
        is_warning = rule is not None and rule.severity != "error"
        problems = found.get(name, []) if is_warning or name in refusing else []
        is_reached = _STAGES.get(name, 3) <= last and (reading.rows_read > 0 or name in ("readable", "header", "rows"))
        results.append(_result(contract, name, rule, problems, is_reached, reading, refusing == {name}))
    return results


def _check_of(problem: Any, rules: Iterable[str]) -> str:
    if problem.code in rules:
        return str(problem.code)
    if problem.code in _CODES:
        return _CODES[problem.code]
    return "values" if problem.row is not None and problem.column is not None else "readable"


def _result(
    contract: Contract,
    name: str,
    rule: Rule | None,
    problems: Sequence[Any],
    is_reached: bool,
    reading: Any,
    is_all: bool,
) -> FileCheck:
    status = "failed" if problems else "passed" if is_reached else "skipped"
    severity = "warning" if rule is not None and rule.severity != "error" else "critical"
    zh, en = (rule.description_zh, rule.description_en) if rule is not None else STAGE_WHY[name]
    count = reading.total_problems if is_all else len(problems)
    return FileCheck(
        suite=contract.feed,
        check=name,
        severity="info" if status == "skipped" else severity,
        status=status,
        column=contract.field(rule.column).header if rule is not None else _columns(problems),
        observed=_observed(problems, is_reached),
        unexpected_count=count if problems else 0 if is_reached else None,
        row_count=reading.rows_read if is_reached else None,
        examples=tuple(_said(problem, contract) for problem in problems[:SHOWN]),
        rows=tuple(sorted({problem.row for problem in problems if problem.row is not None})),
        why_zh=zh,
        why_en=en,
    )


def _observed(problems: Sequence[Any], is_reached: bool) -> str | None:
    if problems:
        return f"{problems[0].code}: {problems[0].zh} / {problems[0].en}"
    return None if is_reached else NOT_REACHED


def _columns(problems: Sequence[Any]) -> str | None:
    return ", ".join(dict.fromkeys(problem.column for problem in problems if problem.column is not None)) or None


def _said(problem: Any, contract: Contract) -> str:
    parts = (f"sheet {problem.sheet}" if problem.sheet else None, f"row {problem.row}" if problem.row else None)
    where = ", ".join(part for part in parts if part)
    value = shown_value(problem, contract)
    cell = " ".join(part for part in (problem.column, "" if value is None else f"= {value}") if part)
    return "：".join(part for part in (where, cell) if part) or str(problem.en)


def record_gates(
    ledger: Ledger, delivery: Delivery, contract: Contract, reading: Any, checks: Sequence[Any], run_id: str | None
) -> None:
    """Record what gates 1 and 2 said of a delivery, passed checks too; `reading` is None when reading itself failed."""
    sheet = None if reading is None else sheet_of(reading)
    about = About(delivery.region, delivery.feed, sheet, (delivery.delivery_id,))
    first = [_unread(contract)] if reading is None else file_checks(reading, contract)
    for gate, results in (("file", first), ("delivery", without_private(checks, contract, reading))):
        add_gate_results(ledger, results, gate=gate, subject=delivery.delivery_id, run_id=run_id, about=lambda _: about)


def sheet_of(reading: Any) -> str | None:
    """The sheet of a workbook that was read; None in other formats."""
    if reading.table is not None and "_sheet" in reading.table.column_names and reading.table.num_rows:
        return reading.table.column("_sheet")[0].as_py()
    return next((problem.sheet for problem in reading.problems if problem.sheet), None)


def _unread(contract: Contract) -> FileCheck:
    zh, en = STAGE_WHY["readable"]
    return FileCheck(
        suite=contract.feed,
        check="readable",
        severity="critical",
        status="error",
        column=None,
        observed="internal_error",
        unexpected_count=None,
        row_count=None,
        examples=(),
        rows=(),
        why_zh=zh,
        why_en=en,
    )

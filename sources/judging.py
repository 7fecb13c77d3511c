"""The verdict on archived bytes and what follows from it: accepted with their rows, or quarantined with a report.

The order of the steps makes a crash harmless: rows or report first, then the ledger.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sources import parquet
from sources.contract import Contract
from sources.file_gate import record_gates
from sources.ledger import (
    Delivery,
    ExcludedRow,
    Ledger,
    add_accepted,
    add_quarantined,
)
from sources.privacy import without_private
from sources.quarantine import write_quarantine
from sources.readings import scopes_of
from warehouse.paths import Home

Judge = Callable[[Any, Contract, str], Sequence[Any]]


@dataclass(frozen=True)
class Outcome:
    """What became of one file. `status` is accepted, quarantined, duplicate, or `left` (it stays in the inbox).

    `reason` is a code; `zh`/`en` say it to people; `report` is the folder of the quarantine report.
    """

    status: str
    region: str
    feed: str
    file_name: str
    delivery_id: str | None = None
    seq: int | None = None
    row_count: int | None = None
    reason: str | None = None
    zh: str = ""
    en: str = ""
    report: Path | None = None
    problems: list[Any] = field(default_factory=list)
    warnings: list[Any] = field(default_factory=list)
    checks: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class Verdict:
    """What reading and judging found; `reading` is None when an unexpected error stopped it (then `trace` tells)."""

    reading: Any
    checks: list[Any]
    reason: str | None
    trace: str | None = None


def outcome_of(delivery: Delivery, **more: Any) -> Outcome:
    """The outcome that an entry of the ledger stands for."""
    return Outcome(
        status=delivery.status,
        region=delivery.region,
        feed=delivery.feed,
        file_name=delivery.file_name,
        delivery_id=delivery.delivery_id,
        seq=delivery.seq,
        row_count=delivery.row_count,
        reason=delivery.reason,
        **more,
    )


def examine(delivery: Delivery, read: Callable[[], Any], contract: Contract, judge: Judge | None) -> Verdict:
    """What `read` gives and, if it gives rows, what the delivery gate says of them; never raises for what they hold."""
    reading, checks = None, []
    try:
        reading = read()
        if reading.table is None:
            return Verdict(reading, [], _reason(reading.problems[0]))
        checks = list(judge(reading, contract, delivery.region)) if judge else []
    except Exception:  # one bad file must never stop the others, whatever it does to us
        return Verdict(reading, checks, "internal_error", traceback.format_exc())
    failed = _stopping(checks)
    return Verdict(reading, checks, f"gate: {failed[0].check}" if failed else None)


def _stopping(checks: Sequence[Any]) -> list[Any]:
    return [check for check in checks if check.severity == "critical" and check.status in ("failed", "error")]


def _said(verdict: Verdict, contract: Contract) -> tuple[str, str]:
    """Why a file is refused, for people, in Chinese and English: the first problem with its place, or a check's why.

    A column is named only if the contract knows it: in a file without a header it may hold anything.
    """
    problems = verdict.reading.problems if verdict.reading is not None else []
    if problems:
        first = problems[0]
        known = {name for field in contract.fields for name in (field.header, *field.aliases)}
        column = first.column if first.column in known else None
        zh = [f"工作表 {first.sheet}" if first.sheet else "", f"第 {first.row} 行" if first.row else "", column]
        en = [f"sheet {first.sheet}" if first.sheet else "", f"row {first.row}" if first.row else "", column]
        more = verdict.reading.total_problems - 1
        zh_more, en_more = (f"，另有 {more} 处", f", and {more} more") if more > 0 else ("", "")
        return _placed(first.zh, zh, "，", "（{}）") + zh_more, _placed(first.en, en, ", ", " ({})") + en_more
    failed = _stopping(verdict.checks)
    if failed:
        return f"{failed[0].why_zh}（{failed[0].check}）", f"{failed[0].why_en} ({failed[0].check})"
    return f"未通过：{verdict.reason}", f"refused: {verdict.reason}"


def _placed(said: str, places: Sequence[str | None], between: str, around: str) -> str:
    where = between.join(place for place in places if place)
    return said + (around.format(where) if where else "")


def _reason(problem: Any) -> str:
    """The first problem in one line: `code: 中文 / English (sheet …, row …, column …)`."""
    places = [(name, getattr(problem, name)) for name in ("sheet", "row", "column")]
    where = ", ".join(f"{name} {value}" for name, value in places if value is not None)
    return f"{problem.code}: {problem.zh} / {problem.en}" + (f" ({where})" if where else "")


def settle(
    delivery: Delivery,
    contract: Contract,
    verdict: Verdict,
    home: Home,
    ledger: Ledger,
    excluded: Sequence[ExcludedRow] = (),
) -> Outcome:
    """Record a verdict and what it rests on; `excluded` are the rows that were not read."""
    record_gates(ledger, delivery, contract, verdict.reading, verdict.checks, delivery.run_id)
    if verdict.reading is not None:
        delivery = replace(
            delivery,
            format=verdict.reading.format,
            encoding=verdict.reading.encoding,
            row_count=verdict.reading.rows_read,
        )
    if verdict.reason is None:
        return _accept(delivery, contract, verdict, home, ledger, excluded)
    return _quarantine(replace(delivery, reason=verdict.reason), contract, verdict, home, ledger)


def _accept(
    delivery: Delivery,
    contract: Contract,
    verdict: Verdict,
    home: Home,
    ledger: Ledger,
    excluded: Sequence[ExcludedRow],
) -> Outcome:
    rows = parquet.with_origin(verdict.reading.table, delivery.region, delivery.delivery_id)
    file = parquet.write(rows, home.delivery(delivery.feed, delivery.region, delivery.delivery_id))
    seq = add_accepted(ledger, delivery, scopes_of(verdict.reading), file, excluded)
    zh, en = f"已接收 {delivery.row_count} 行", f"accepted {delivery.row_count} rows"
    if excluded:
        zh, en = f"{zh}，剔除 {len(excluded)} 行", f"{en}, {len(excluded)} left out"
    return outcome_of(
        replace(delivery, seq=seq, status="accepted"),
        zh=zh,
        en=en,
        warnings=list(verdict.reading.warnings),
        checks=without_private(verdict.checks, contract, verdict.reading),
    )


def _quarantine(delivery: Delivery, contract: Contract, verdict: Verdict, home: Home, ledger: Ledger) -> Outcome:
    folder = write_quarantine(delivery, contract, verdict.reading, verdict.checks, verdict.trace, home)
    seq = add_quarantined(ledger, delivery)
    problems = list(verdict.reading.problems) if verdict.reading is not None else []
    zh, en = _said(verdict, contract)
    return outcome_of(
        replace(delivery, seq=seq, status="quarantined"),
        zh=zh,
        en=en,
        report=folder,
        problems=problems,
        warnings=list(verdict.reading.warnings) if verdict.reading is not None else [],
        checks=without_private(verdict.checks, contract, verdict.reading),
    )

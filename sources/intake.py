"""Taking a waiting file in: archive, read, judge, then accept or quarantine. Whatever is interrupted is done again.

The order of the steps is what makes that safe: bytes, then rows or report, then the ledger, and last the inbox file.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from sources import parquet
from sources.archive import NotAFile, Stored, fsync_directory, identity_of, store
from sources.contract import Contract, contracts
from sources.inbox import Inbox, LeftAlone, Waiting, scan, waiting
from sources.ledger import (
    Delivery,
    Ledger,
    Scope,
    accepted,
    add_accepted,
    add_duplicate,
    add_gate_results,
    add_quarantined,
    delivery_id_of,
    last_of,
    superseded_by,
)
from sources.quarantine import write_quarantine
from warehouse.inputs import contract_sha256
from warehouse.paths import Home

__all__ = ["Inbox", "LeftAlone", "Outcome", "Waiting", "scan", "take_in", "waiting"]

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
class _Verdict:
    """What reading and judging found; `reading` is None when an unexpected error stopped it (then `trace` tells)."""

    reading: Any
    checks: list[Any]
    reason: str | None
    trace: str | None = None


def take_in(
    path: Path,
    feed: str,
    region: str,
    home: Home,
    ledger: Ledger,
    run_id: str | None = None,
    judge: Judge | None = None,
) -> Outcome:
    """Take in one inbox file for `feed` and `region`; never raises for what the file holds.

    `judge(reading, contract, region)` gives the delivery gate's check results; a critical one that failed or erred
    quarantines. OSError of the home's own disk (full, unwritable) and the ledger's errors are raised: the file waits.
    """
    contract = contracts()[feed]
    try:
        stored = store(path, home)
    except (NotAFile, FileNotFoundError, PermissionError) as error:
        return _left(path, feed, region, "not_readable", f"文件不可读，留在收件箱 / cannot be read, stays: {error}")
    if not _is_same_file(path, stored):
        return _left(
            path, feed, region, "still_written", "文件仍在写入，下次再收 / still being written, taken next time"
        )
    delivery = Delivery(
        region=region,
        feed=feed,
        file_name=_text(path.name),
        sha256=stored.sha256,
        size_bytes=stored.size_bytes,
        contract_version=contract.version,
        contract_sha256=contract_sha256(feed),
        run_id=run_id,
        identity=stored.identity,
        delivery_id=delivery_id_of(region, feed, stored.sha256),
    )
    outcome = _resumed(ledger, home, delivery) or _decide(delivery, contract, home, ledger, judge)
    _remove(path, stored)
    return outcome


def _text(name: str) -> str:
    # names come as bytes from the file system and need not be text at all
    return name.encode("utf-8", "backslashreplace").decode("utf-8")


def _left(path: Path, feed: str, region: str, reason: str, message: str) -> Outcome:
    zh, _, en = message.partition(" / ")
    return Outcome("left", region, feed, _text(path.name), reason=reason, zh=zh, en=en)


def _is_same_file(path: Path, stored: Stored) -> bool:
    try:
        return identity_of(path.lstat()) == stored.identity
    except FileNotFoundError:
        return False


def _remove(path: Path, stored: Stored) -> None:
    # a newer file of the same name is another delivery and waits for its turn
    if _is_same_file(path, stored):
        path.unlink()
        fsync_directory(path.parent)


def _resumed(ledger: Ledger, home: Home, delivery: Delivery) -> Outcome | None:
    """The recorded outcome of this very file, when a crash came between recording it and removing the file."""
    last = last_of(ledger, delivery.delivery_id)
    if last is None or last.identity != delivery.identity:
        return None
    report = home.quarantine / last.delivery_id if last.status == "quarantined" else None
    if report and not report.is_dir():
        return None
    return _outcome(last, zh="已登记，清理收件箱", en="recorded before, removed from the inbox", report=report)


def _outcome(delivery: Delivery, **more: Any) -> Outcome:
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


def _decide(delivery: Delivery, contract: Contract, home: Home, ledger: Ledger, judge: Judge | None) -> Outcome:
    before = accepted(ledger, delivery.delivery_id)
    if before is not None:
        return _duplicate(delivery, before, ledger)
    verdict = _examine(delivery, contract, home, judge)
    if verdict.checks:
        add_gate_results(ledger, verdict.checks, gate="delivery", subject=delivery.delivery_id, run_id=delivery.run_id)
    if verdict.reading is not None:
        delivery = replace(
            delivery,
            format=verdict.reading.format,
            encoding=verdict.reading.encoding,
            row_count=verdict.reading.rows_read,
        )
    if verdict.reason is None:
        return _accept(delivery, verdict, home, ledger)
    return _quarantine(replace(delivery, reason=verdict.reason), contract, verdict, home, ledger)


def _duplicate(delivery: Delivery, before: Delivery, ledger: Ledger) -> Outcome:
    later = superseded_by(ledger, before.seq)
    zh, en = f"已于 {before.received_at} 接收", f"accepted on {before.received_at}"
    if later:
        ids = ", ".join(item.delivery_id for item in later)
        zh += f"，后被 {ids} 取代；如需恢复，请搁置后者"
        en += f", superseded by {ids}; to restore it, hold the later one"
    recorded = replace(delivery, reason=en, row_count=before.row_count, status="duplicate")
    return _outcome(replace(recorded, seq=add_duplicate(ledger, recorded)), zh=zh, en=en)


def _reason(problem: Any) -> str:
    """The first problem in one line: `code: 中文 / English (sheet …, row …, column …)`."""
    places = [(name, getattr(problem, name)) for name in ("sheet", "row", "column")]
    where = ", ".join(f"{name} {value}" for name, value in places if value is not None)
    return f"{problem.code}: {problem.zh} / {problem.en}" + (f" ({where})" if where else "")


def _examine(delivery: Delivery, contract: Contract, home: Home, judge: Judge | None) -> _Verdict:
    reading, checks = None, []
    try:
        from sources.reading import read_file

        reading = read_file(home.archived(delivery.sha256), contract, delivery.file_name)
        if reading.table is None:
            return _Verdict(reading, [], _reason(reading.problems[0]))
        checks = list(judge(reading, contract, delivery.region)) if judge else []
    except Exception:  # one bad file must never stop the others, whatever it does to us
        return _Verdict(reading, checks, "internal_error", traceback.format_exc())
    failed = [check for check in checks if check.severity == "critical" and check.status in ("failed", "error")]
    return _Verdict(reading, checks, f"gate: {failed[0].check}" if failed else None)


def _accept(delivery: Delivery, verdict: _Verdict, home: Home, ledger: Ledger) -> Outcome:
    rows = parquet.with_origin(verdict.reading.table, delivery.region, delivery.delivery_id)
    file = parquet.write(rows, home.delivery(delivery.feed, delivery.region, delivery.delivery_id))
    scopes = [
        Scope(info.scope, info.rows, info.is_empty, info.period_start, info.period_end, info.member)
        for info in verdict.reading.scopes
    ]
    seq = add_accepted(ledger, delivery, scopes, file)
    recorded = replace(delivery, seq=seq, status="accepted")
    return _outcome(
        recorded,
        zh=f"已接收 {delivery.row_count} 行",
        en=f"accepted {delivery.row_count} rows",
        warnings=list(verdict.reading.warnings),
        checks=verdict.checks,
    )


def _quarantine(delivery: Delivery, contract: Contract, verdict: _Verdict, home: Home, ledger: Ledger) -> Outcome:
    folder = write_quarantine(delivery, contract, verdict.reading, verdict.checks, verdict.trace, home)
    seq = add_quarantined(ledger, delivery)
    problems = list(verdict.reading.problems) if verdict.reading is not None else []
    return _outcome(
        replace(delivery, seq=seq, status="quarantined"),
        zh=problems[0].zh if problems else f"未通过：{delivery.reason}",
        en=problems[0].en if problems else f"refused: {delivery.reason}",
        report=folder,
        problems=problems,
        warnings=list(verdict.reading.warnings) if verdict.reading is not None else [],
        checks=verdict.checks,
    )

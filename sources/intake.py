"""Taking a waiting file in: archive, judge, then accept or quarantine. Whatever is interrupted is done again.

The order of the steps is what makes that safe: bytes, then rows or report, then the ledger, and last the inbox file.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from sources.archive import Stored, fsync_directory, store
from sources.contract import Contract, contracts
from sources.inbox import REASONS, Inbox, LeftAlone, Waiting, scan, waiting
from sources.judging import Judge, Outcome, examine, outcome_of, settle
from sources.ledger import (
    Delivery,
    Ledger,
    accepted,
    add_duplicate,
    delivery_id_of,
    last_of,
    superseded_by,
)
from sources.opening import NotAFile, StillWritten, identity_of
from sources.privacy import recorded_name
from sources.settling import at_rest
from warehouse.inputs import contract_sha256
from warehouse.paths import Home

__all__ = ["Inbox", "LeftAlone", "Outcome", "Waiting", "at_rest", "scan", "take_in", "waiting"]


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
        stored: Stored | None = store(path, home)
    except (NotAFile, FileNotFoundError, PermissionError) as error:
        return _left(path, feed, region, "not_readable", f"文件不可读，留在收件箱 / cannot be read, stays: {error}")
    except StillWritten:
        stored = None
    if stored is None or not _is_same_file(path, stored):
        return _left(path, feed, region, "still_written", " / ".join(REASONS["still_written"]))
    delivery = Delivery(
        region=region,
        feed=feed,
        file_name=recorded_name(_text(path.name), contract),
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
    return outcome_of(last, zh="已登记，清理收件箱", en="recorded before, removed from the inbox", report=report)


def _decide(delivery: Delivery, contract: Contract, home: Home, ledger: Ledger, judge: Judge | None) -> Outcome:
    before = accepted(ledger, delivery.delivery_id)
    if before is not None:
        return _duplicate(delivery, before, ledger)
    verdict = examine(delivery, lambda: _read(delivery, contract, home), contract, judge)
    return settle(delivery, contract, verdict, home, ledger)


def _read(delivery: Delivery, contract: Contract, home: Home) -> Any:
    from sources.reading import read_file

    return read_file(home.archived(delivery.sha256), contract, delivery.file_name)


def _duplicate(delivery: Delivery, before: Delivery, ledger: Ledger) -> Outcome:
    later = superseded_by(ledger, before.seq)
    zh, en = f"已于 {before.received_at} 接收", f"accepted on {before.received_at}"
    if later:
        ids = ", ".join(item.delivery_id for item in later)
        zh += f"，后被 {ids} 取代；如需恢复，请暂扣后者"
        en += f", superseded by {ids}; to restore it, hold the later one"
    recorded = replace(delivery, reason=en, row_count=before.row_count, status="duplicate")
    return outcome_of(replace(recorded, seq=add_duplicate(ledger, recorded)), zh=zh, en=en)

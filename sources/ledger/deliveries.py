"""Deliveries in the ledger: what arrived, what became of it, what it speaks for and which file holds its rows."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sources.ledger.store import Ledger, insert, insert_many, utc_now


@dataclass(frozen=True)
class Delivery:
    """One entry: bytes that arrived for a feed and region, and the verdict. `seq` orders entries; 0 before recording.

    `identity` is the inbox file the entry was made from, so that a file left by a crash is known again.
    """

    region: str
    feed: str
    file_name: str
    sha256: str
    size_bytes: int
    format: str | None = None
    encoding: str | None = None
    row_count: int | None = None
    reason: str | None = None
    contract_version: str | None = None
    contract_sha256: str | None = None
    run_id: str | None = None
    identity: str | None = None
    seq: int = 0
    delivery_id: str = ""
    received_at: str = ""
    status: str = ""


@dataclass(frozen=True)
class Scope:
    """What one delivery says under one scope value. Dates are inclusive; `member` only when it is a scope field.

    `is_partial`: rows of this scope were left out of the delivery when it was accepted.
    """

    scope: str
    row_count: int
    is_empty: bool
    period_start: date | None
    period_end: date | None
    member: str | None
    is_partial: bool = False


@dataclass(frozen=True)
class ExcludedRow:
    """A row of the file that its acceptance leaves out; `sheet` is None in formats without sheets."""

    sheet: str | None
    row: int
    why: str
    who: str


@dataclass(frozen=True)
class DeliveryFile:
    """The Parquet file of an accepted delivery, as it must be found on disk."""

    sha256: str
    size_bytes: int


def delivery_id_of(region: str, feed: str, sha256: str) -> str:
    """16 hex digits that name these bytes for this feed and region."""
    return hashlib.sha256(f"{region}/{feed}/{sha256}".encode()).hexdigest()[:16]


def _delivery(row: sqlite3.Row) -> Delivery:
    return Delivery(**{key: row[key] for key in row.keys()})  # noqa: SIM118 - a Row iterates over values


def _add(connection: sqlite3.Connection, delivery: Delivery, status: str) -> int:
    values: dict[str, Any] = asdict(delivery)
    values.pop("seq")
    values["delivery_id"] = delivery_id_of(delivery.region, delivery.feed, delivery.sha256)
    values["status"] = status
    values["received_at"] = delivery.received_at or utc_now()
    return insert(connection, "deliveries", values)


def scope_values(scope: Scope) -> dict[str, Any]:
    """A scope as the columns of `delivery_scopes` and `reparse_scopes`."""
    return {
        "scope": scope.scope,
        "row_count": scope.row_count,
        "is_empty": int(scope.is_empty),
        "is_partial": int(scope.is_partial),
        "period_start": scope.period_start and scope.period_start.isoformat(),
        "period_end": scope.period_end and scope.period_end.isoformat(),
        "member": scope.member,
    }


def add_accepted(
    ledger: Ledger,
    delivery: Delivery,
    scopes: Iterable[Scope],
    file: DeliveryFile,
    excluded: Iterable[ExcludedRow] = (),
) -> int:
    """Record an acceptance with its scopes, its file and the rows left out, in one transaction. Returns the `seq`.

    sqlite3.IntegrityError when these bytes were accepted before, or a scope is given twice.
    """
    delivery_id = delivery_id_of(delivery.region, delivery.feed, delivery.sha256)
    with ledger.writing() as connection:
        seq = _add(connection, delivery, "accepted")
        insert_many(connection, "delivery_scopes", [{"seq": seq, **scope_values(scope)} for scope in scopes])
        insert_many(connection, "excluded_rows", [{"seq": seq, **asdict(row)} for row in excluded])
        insert_file(connection, delivery_id, file, "accepted")
    return seq


def excluded_rows(ledger: Ledger, seq: int) -> list[ExcludedRow]:
    """The rows that acceptance `seq` leaves out, in the order they were named."""
    rows = ledger.rows("select sheet, row, why, who from excluded_rows where seq = ? order by id", (seq,))
    return [ExcludedRow(*row) for row in rows]


def excluded_counts(ledger: Ledger) -> dict[int, int]:
    """How many rows each acceptance leaves out, by `seq`; those that leave out none are not there."""
    return dict(map(tuple, ledger.rows("select seq, count(*) from excluded_rows group by seq")))


def add_quarantined(ledger: Ledger, delivery: Delivery) -> int:
    """Record a refusal; `delivery.reason` holds the code of the first problem. Returns the `seq`."""
    with ledger.writing() as connection:
        return _add(connection, delivery, "quarantined")


def add_duplicate(ledger: Ledger, delivery: Delivery) -> int:
    """Record that bytes accepted before arrived again. Returns the `seq`."""
    with ledger.writing() as connection:
        return _add(connection, delivery, "duplicate")


def insert_file(
    connection: sqlite3.Connection, delivery_id: str, file: DeliveryFile, reason: str, reparse_id: int = 0
) -> None:
    """Add a row of `delivery_files` inside the caller's transaction."""
    values = {"delivery_id": delivery_id, **asdict(file), "written_at": utc_now(), "reason": reason}
    insert(connection, "delivery_files", {**values, "reparse_id": reparse_id})


def add_file(ledger: Ledger, delivery_id: str, file: DeliveryFile, reason: str, reparse_id: int = 0) -> None:
    """Record that the Parquet file of a delivery, or of one of its re-parses, was written again, and why."""
    with ledger.writing() as connection:
        insert_file(connection, delivery_id, file, reason, reparse_id)


def delivery_file(ledger: Ledger, delivery_id: str, reparse_id: int = 0) -> DeliveryFile | None:
    """The newest recorded file of a delivery as read by a re-parse (0: as first read); None if there never was one."""
    row = ledger.one(
        "select sha256, size_bytes from delivery_files where delivery_id = ? and reparse_id = ? "
        "order by id desc limit 1",
        (delivery_id, reparse_id),
    )
    return None if row is None else DeliveryFile(row["sha256"], row["size_bytes"])


def accepted(ledger: Ledger, delivery_id: str) -> Delivery | None:
    """The acceptance of a delivery, or None."""
    row = ledger.one("select * from deliveries where delivery_id = ? and status = 'accepted'", (delivery_id,))
    return None if row is None else _delivery(row)


def last_of(ledger: Ledger, delivery_id: str) -> Delivery | None:
    """The last entry about a delivery, whatever its status, or None."""
    row = ledger.one("select * from deliveries where delivery_id = ? order by seq desc limit 1", (delivery_id,))
    return None if row is None else _delivery(row)


def arrival_of(ledger: Ledger, delivery: Delivery) -> int:
    """The `seq` under which the delivery's very file came in: what was tried with its bytes since is no new arrival."""
    row = ledger.one(
        "select min(seq) from deliveries where delivery_id = ? and identity is ?",
        (delivery.delivery_id, delivery.identity),
    )
    return delivery.seq if row is None or row[0] is None else int(row[0])


def deliveries(ledger: Ledger, up_to: int | None = None) -> list[Delivery]:
    """All entries in order, to `seq` = `up_to` when given."""
    rows = ledger.rows("select * from deliveries where ? is null or seq <= ? order by seq", (up_to, up_to))
    return [_delivery(row) for row in rows]

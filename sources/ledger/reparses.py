"""Readings made again: the archived bytes of an acceptance under a contract that changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sources.ledger.deliveries import DeliveryFile, Scope, insert_file, scope_values
from sources.ledger.positions import Position
from sources.ledger.store import Ledger, insert, insert_many, utc_now


@dataclass(frozen=True)
class Reparse:
    """Acceptance `seq` was read again. It keeps its place in the order; its scopes and rows are those of this reading.

    `id` and `at` are given when it is recorded; the file is `<delivery_id>.r<id>.parquet`.
    """

    seq: int
    delivery_id: str
    contract_version: str | None
    contract_sha256: str
    row_count: int
    run_id: str | None
    who: str
    why: str
    id: int = 0
    at: str = ""


def next_reparse_id(ledger: Ledger) -> int:
    """The id that the next `add_reparse` gives: its file must be on disk, under that name, before it is recorded.

    Only the holder of the home's lock may rely on it.
    """
    row = ledger.one("select coalesce(max(id), 0) + 1 from reparses")
    assert row is not None
    return int(row[0])


def add_reparse(ledger: Ledger, reparse: Reparse, scopes: Iterable[Scope], file: DeliveryFile) -> int:
    """Record a reading with its scopes and its file in one transaction. Returns its id.

    ValueError when `seq` is no acceptance of that delivery.
    """
    accepted = "select 1 from deliveries where seq = ? and delivery_id = ? and status = 'accepted'"
    if not ledger.one(accepted, (reparse.seq, reparse.delivery_id)):
        raise ValueError(f"没有这份已接收的交付 / no accepted delivery {reparse.delivery_id} ({reparse.seq})")
    values = asdict(reparse)
    values.pop("id")
    values["at"] = reparse.at or utc_now()
    with ledger.writing() as connection:
        reparse_id = insert(connection, "reparses", values)
        rows = [{"reparse_id": reparse_id, **scope_values(scope)} for scope in scopes]
        insert_many(connection, "reparse_scopes", rows)
        insert_file(connection, reparse.delivery_id, file, "read again", reparse_id)
    return reparse_id


def reparses(ledger: Ledger, at: Position | None = None) -> list[Reparse]:
    """Every reading made again, in order, to a moment when given."""
    last = None if at is None else at.reparse
    rows = ledger.rows("select * from reparses where ? is null or id <= ? order by id", (last, last))
    return [Reparse(**{key: row[key] for key in row.keys()}) for row in rows]  # noqa: SIM118 - a Row is its values


def scope_rows(ledger: Ledger, seq: int, reparse_id: int = 0) -> dict[str, int]:
    """The recorded rows per scope of acceptance `seq` as one reading has them (0: the first)."""
    sql = "select scope, row_count from delivery_scopes where seq = ?"
    if reparse_id:
        sql = "select scope, row_count from reparse_scopes where reparse_id = ?"
    return {row["scope"]: row["row_count"] for row in ledger.rows(sql, (reparse_id or seq,))}

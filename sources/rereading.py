"""Reading archived bytes again under a contract that changed since; the delivery keeps its place in the order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sources import parquet
from sources.checking import stopping
from sources.contract import Contract, contracts
from sources.file_gate import record_gates
from sources.ledger import (
    Delivery,
    Ledger,
    Reparse,
    accepted,
    add_reparse,
    delivery_file,
    next_reparse_id,
    reparses,
    winners,
)
from sources.readings import RowsGone, read_archived, scopes_of
from warehouse.inputs import contract_sha256
from warehouse.paths import Home

if TYPE_CHECKING:
    import pyarrow as pa

    from sources.reading import Reading

# the last argument is the acceptance the rows come with: its past is what had been accepted before
Judge = Callable[[Any, Contract, str, int], Sequence[Any]]


@dataclass(frozen=True)
class Reread:
    """A delivery read again. `is_same`: the rows are those it had. `refusal` says why nothing was recorded, if so."""

    delivery: Delivery
    row_count: int
    is_same: bool
    refusal: str | None = None

    def said(self) -> str:
        """What came of it, in words."""
        if self.refusal is not None:
            return f"退回 / refused: {self.refusal}"
        return "行未变 / same rows" if self.is_same else "行有变 / other rows"


def outdated(ledger: Ledger, feed: str, scopes: Iterable[tuple[str, str]]) -> list[Delivery]:
    """The deliveries that speak for these (region, scope) and were read by another contract than today's.

    In order of acceptance. A delivery that is read again may give a scope up, and another one then speaks for it:
    ask until nothing is left.
    """
    wanted, today = set(scopes), contract_sha256(feed)
    read_by = {reparse.id: reparse.contract_sha256 for reparse in reparses(ledger)}
    speaking = {
        winner.seq: winner
        for winner in winners(ledger)
        if winner.feed == feed and (winner.region, winner.scope) in wanted
    }
    found = []
    for _, winner in sorted(speaking.items()):
        delivery = accepted(ledger, winner.delivery_id)
        if delivery is not None and read_by.get(winner.reparse_id, delivery.contract_sha256) != today:
            found.append(delivery)
    return found


def read_again(
    home: Home, ledger: Ledger, delivery: Delivery, *, who: str, why: str, run_id: str | None, judge: Judge | None
) -> Reread:
    """Read a delivery's archived bytes by today's contract, judge and record them; the caller holds the home's lock.

    What the bytes hold never raises: a reading that is refused leaves the one before in force. sources.archive.Damaged
    when the archive lost the bytes.
    """
    contract = contracts()[delivery.feed]
    try:
        reading = read_archived(home, ledger, delivery, contract)
    except RowsGone as error:
        return Reread(delivery, 0, False, str(error))
    checks = (
        list(judge(reading, contract, delivery.region, delivery.seq)) if judge and reading.table is not None else []
    )
    record_gates(ledger, delivery, contract, reading, checks, run_id)
    refusal = _refusal(reading, checks)
    if refusal is not None:
        return Reread(delivery, reading.rows_read, False, refusal)
    return _record(home, ledger, delivery, contract, reading, who=who, why=why, run_id=run_id)


def _refusal(reading: Reading, checks: Sequence[Any]) -> str | None:
    if reading.table is None:
        first = reading.problems[0]
        places = [(name, getattr(first, name)) for name in ("row", "column", "value")]
        where = ", ".join(f"{name} {value}" for name, value in places if value is not None)
        return f"{first.zh} / {first.en}" + (f" ({where})" if where else "")
    failed = stopping(checks)
    return f"{failed[0].check}: {failed[0].why_zh} / {failed[0].why_en}" if failed else None


def _record(
    home: Home,
    ledger: Ledger,
    delivery: Delivery,
    contract: Contract,
    reading: Reading,
    *,
    who: str,
    why: str,
    run_id: str | None,
) -> Reread:
    rows = parquet.with_origin(reading.table, delivery.region, delivery.delivery_id)
    is_same = _has_rows(home, ledger, delivery, rows)
    file = parquet.write(
        rows, home.delivery(delivery.feed, delivery.region, delivery.delivery_id, next_reparse_id(ledger))
    )
    reparse = Reparse(
        seq=delivery.seq,
        delivery_id=delivery.delivery_id,
        contract_version=contract.version,
        contract_sha256=contract_sha256(delivery.feed),
        row_count=reading.rows_read,
        run_id=run_id,
        who=who,
        why=why,
    )
    add_reparse(ledger, reparse, scopes_of(reading), file)
    return Reread(delivery, reading.rows_read, is_same)


def _has_rows(home: Home, ledger: Ledger, delivery: Delivery, rows: pa.Table) -> bool:
    """Whether the reading in force has exactly these rows and columns."""
    import pyarrow.parquet as pq

    last = ledger.one("select coalesce(max(id), 0) as id from reparses where seq = ?", (delivery.seq,))
    reparse_id = last["id"] if last else 0
    recorded = delivery_file(ledger, delivery.delivery_id, reparse_id)
    path = home.delivery(delivery.feed, delivery.region, delivery.delivery_id, reparse_id)
    # a damaged file proves nothing, and the contract it was read by is gone
    return recorded is not None and parquet.is_intact(path, recorded) and bool(rows.equals(pq.read_table(path)))

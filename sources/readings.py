"""Archived bytes read by a contract, for a delivery as the ledger has it: less the rows its acceptance leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.archive import archived
from sources.contract import Contract
from sources.ledger import Delivery, Ledger, Scope, excluded_rows
from warehouse.paths import Home

if TYPE_CHECKING:
    from sources.reading import Reading


class RowsGone(Exception):
    """Rows that an acceptance leaves out are not in the file as the contract reads it now."""


def read_archived(home: Home, ledger: Ledger, delivery: Delivery, contract: Contract) -> Reading:
    """The delivery's bytes as they read today; sources.archive.Damaged when the archive lost them.

    RowsGone when a row that was left out is no row of data under this contract any more.
    """
    from sources.reading import read_file

    path = archived(home, delivery.sha256)
    excluded = excluded_rows(ledger, delivery.seq)
    if not excluded:
        return read_file(path, contract, delivery.file_name)
    from sources.reading import Named, NoSuchRow

    try:
        return read_file(path, contract, delivery.file_name, [Named(row.row, row.row, row.sheet) for row in excluded])
    except NoSuchRow as error:
        raise RowsGone(str(error)) from None


def scopes_of(reading: Reading) -> list[Scope]:
    """The scopes of a reading as the ledger records them."""
    return [
        Scope(
            scope=info.scope,
            row_count=info.rows,
            is_empty=info.is_empty,
            period_start=info.period_start,
            period_end=info.period_end,
            member=info.member,
            is_partial=info.is_partial,
        )
        for info in reading.scopes
    ]

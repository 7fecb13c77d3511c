"""Files as a bureau sends them: the good one of a feed, from its good table and its contract, and spoilt copies."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from expectations import suites
from expectations.frames import joined
from expectations.good import good_sql
from sources.contract import Contract, Field
from sources.reading.scopes import spelling

# More rows than this show nothing new of a contract's rules.
MOST_ROWS = 8
HEADER_ROW = 1


@dataclass(frozen=True)
class Delivered:
    """A CSV file before it is written: a header and rows of cells. Row numbers are the file's own lines."""

    contract: Contract
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def place(self, field: Field) -> int:
        """The position of a field's column."""
        return self.contract.fields.index(field)

    def cell(self, field: Field, row: int = 0) -> str:
        return self.rows[row][self.place(field)]

    def with_cell(self, field: Field, text: str, row: int = 0) -> Delivered:
        changed = _changed(self.rows[row], self.place(field), text)
        return replace(self, rows=(*self.rows[:row], changed, *self.rows[row + 1 :]))

    def with_header(self, field: Field, text: str) -> Delivered:
        return replace(self, header=_changed(self.header, self.place(field), text))

    def with_row(self, cells: Sequence[str]) -> Delivered:
        return replace(self, rows=(*self.rows, tuple(cells)))

    def with_column(self, header: str, cells: Sequence[str]) -> Delivered:
        rows = tuple((*row, cell) for row, cell in zip(self.rows, cells, strict=True))
        return replace(self, header=(*self.header, header), rows=rows)

    def without_column(self, field: Field) -> Delivered:
        at = self.place(field)
        rows = tuple((*row[:at], *row[at + 1 :]) for row in self.rows)
        return replace(self, header=(*self.header[:at], *self.header[at + 1 :]), rows=rows)

    def write(self, path: Path) -> None:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([self.header, *self.rows])


def _changed(cells: tuple[str, ...], at: int, text: str) -> tuple[str, ...]:
    return (*cells[:at], text, *cells[at + 1 :])


def line(row: int) -> int:
    """The line of the file on which a row stands."""
    return row + HEADER_ROW + 1


def good_file(contract: Contract) -> Delivered:
    """The feed's good table as a file; FileNotFoundError when it has none."""
    import duckdb

    names = ", ".join(field.name for field in contract.fields)
    source = good_sql(suites.load("deliveries", contract.feed))
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        rows = connection.execute(joined("select", names, "from (", source, f") order by _row limit {MOST_ROWS}"))
        cells = [tuple(map(_written, contract.fields, row)) for row in rows.fetchall()]
    return Delivered(contract, tuple(field.header for field in contract.fields), tuple(cells))


def _written(field: Field, value: Any) -> str:
    """A value as a clerk writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime) and field.type == "ts":
        return value.isoformat(sep=" ")
    return spelling(field, value if not isinstance(value, Decimal) else value.normalize())

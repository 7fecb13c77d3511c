"""One table of a file before its values are understood: columns of strings and the file's own row numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from sources.reading.layout import Layout


@dataclass(frozen=True)
class Header:
    """The cells of a header row and where it stands; `row` is the file's own number.

    Of JSON lines, which have no such row, `first_rows` are the rows that each key first stands in.
    """

    cells: list[str]
    row: int
    first_rows: tuple[int, ...] = ()

    def row_of(self, text: str) -> int | None:
        """The row in which a header stands; None when the format has none."""
        return self.first_rows[self.cells.index(text)] if self.first_rows else self.row or None


@dataclass(frozen=True)
class Ragged:
    """A row whose number of cells is not the header's."""

    row: int
    cells: list[str]


@dataclass
class Grid:
    """Rows below a header. `columns[i]` are the cells under `header.cells[i]`, null where there is none.

    `rows` are the file's own row or line numbers. `tagged` cells carry kinds (cells.py). `places` name the columns
    as the file's program does (A, B, …) for columns without a header. `layout` is a sheet's own.
    `above` are the lines over the header.
    """

    header: Header
    rows: np.ndarray
    columns: list[pa.Array]
    places: list[str]
    sheet: str | None = None
    tagged: bool = False
    ragged: list[Ragged] = field(default_factory=list)
    layout: Layout | None = None
    above: list[tuple[int, Sequence[str | None]]] = field(default_factory=list)

    @property
    def height(self) -> int:
        return len(self.rows)

    def cells(self, index: int) -> list[str | None]:
        """The cells of the row at a position."""
        return [column[index].as_py() for column in self.columns]

    def keep(self, mask: np.ndarray) -> Grid:
        """The grid with the rows of a boolean mask; the same when all stay."""
        if mask.all():
            return self
        chosen = pa.array(mask)
        columns = [column.filter(chosen) for column in self.columns]
        return replace(self, rows=self.rows[mask], columns=columns)


def place(index: int) -> str:
    """The letters of a column counted from 0: A, B, …, Z, AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_bytes(column: pa.Array) -> bytes:
    """The bytes of all strings of an array, one after the other."""
    _, offsets, data = column.buffers()
    if data is None or not len(column):
        return b""
    bounds = np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column) + 1]
    return memoryview(data)[bounds[0] : bounds[-1]].tobytes()

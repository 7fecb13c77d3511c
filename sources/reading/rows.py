"""Which rows below a header are data: totals, blank rows and the remarks at the end are not."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sources.reading import cells
from sources.reading.grid import Grid, Ragged, column_bytes
from sources.reading.model import Findings, Problem
from sources.reading.text import header_key, is_continued, is_footer, is_missing, is_total, shown

_TOTAL_SIGN = "计"
_BLANKS = r"^[\s\v\x{00a0}\x{3000}]*$"
_WHITE = (b" ", b"\t", b"\n", b"\v", b"\f", b"\r", b"\xc2\xa0", b"\xe3\x80\x80")
_MAX_LISTED = 20
IsWhole = Callable[[Sequence[str | None]], bool]
Numbered = tuple[int, Sequence[str | None]]


def first_filled(row: Sequence[str | None], tagged: bool) -> str | None:
    """The text of the first cell that is filled, dashes for missing not counted; None when there is none."""
    for cell in row:
        if cell is not None:
            kind, text = cells.split(cell, tagged)
            if kind != cells.TEXT:
                return ""
            if not is_missing(text):
                return text
    return None


def is_blank(row: Sequence[str | None]) -> bool:
    return all(cell is None or not cell.strip() for cell in row)


def data_rows(grid: Grid, findings: Findings, is_whole: IsWhole) -> Grid:
    """The grid's data rows. Ragged rows that are data become problems, the other rows notes.

    What `is_whole` knows for a row of data is no remark, whatever it begins with.
    """
    blanks = _blanks(grid)
    end = _tail(grid, blanks, findings, is_whole)
    mask = np.ones(grid.height, dtype=bool)
    mask[_position(grid, end) :] = False
    totals = _totals(grid)
    mask[totals] = False
    mask[blanks] = False
    ragged_totals = _ragged(grid, end, findings)
    _note(findings, grid, sorted([*grid.rows[totals].tolist(), *ragged_totals]))
    return grid.keep(mask)


def _position(grid: Grid, row: int) -> int:
    """The position of the first row that stands below `row`."""
    return int(np.searchsorted(grid.rows, row, side="right"))


def _totals(grid: Grid) -> np.ndarray:
    """Positions of the rows whose first filled cell says total."""
    sign = _TOTAL_SIGN.encode()
    candidates: set[int] = set()
    for column in grid.columns:
        data = column_bytes(column)
        if not data.isascii() and sign in data:
            found = pc.match_substring(column, _TOTAL_SIGN).fill_null(False)
            candidates.update(np.flatnonzero(found.to_numpy(zero_copy_only=False)).tolist())
    chosen = [row for row in sorted(candidates) if is_total(first_filled(grid.cells(row), grid.tagged) or "")]
    return np.array(chosen, dtype=np.int64)


def _blanks(grid: Grid) -> np.ndarray:
    """Positions of the rows without any filled cell."""
    rows: np.ndarray | None = None
    for column in grid.columns:
        part = column if rows is None else column.take(pa.array(rows))
        empty = pc.match_substring_regex(part, _BLANKS) if rows is not None or _may_be_blank(part) else None
        if empty is None:
            return np.array([], dtype=np.int64)
        found = np.flatnonzero(empty.fill_null(True).to_numpy(zero_copy_only=False))
        rows = found if rows is None else rows[found]
        if not len(rows):
            break
    return rows if rows is not None else np.array([], dtype=np.int64)


def _may_be_blank(column: pa.Array) -> bool:
    """Whether any cell could be blank, told cheaply: null, empty, or some white space in the column."""
    if column.null_count or not len(column) or pc.min(pc.binary_length(column)).as_py() == 0:
        return True
    data = column_bytes(column)
    return any(sign in data for sign in _WHITE)


def _tail(grid: Grid, blanks: np.ndarray, findings: Findings, is_whole: IsWhole) -> int:
    """The file row of the last data row; below it stand only remarks, totals and blank rows."""
    below: list[tuple[int, str]] = []
    for row, values in _filled_upwards(grid, blanks):
        first = first_filled(values, grid.tagged)
        is_data = not _belongs_below(first or "", values) or (is_whole(values) and not is_total(first or ""))
        if is_data or _is_header(values, grid):
            break
        below.append((row, first or ""))
    else:
        row = grid.header.row
    return _end_of_data(row, below[::-1], findings, grid)


def _filled_upwards(grid: Grid, blanks: np.ndarray) -> Iterator[Numbered]:
    """The rows with anything in them, ragged ones too, with their numbers, from the last one upwards."""
    is_filled = np.ones(grid.height, dtype=bool)
    is_filled[blanks] = False
    regular: Iterator[Numbered] = (
        (int(grid.rows[place]), grid.cells(place)) for place in np.flatnonzero(is_filled)[::-1].tolist()
    )
    ragged: Iterator[Numbered] = ((one.row, one.cells) for one in reversed(grid.ragged))
    rows = heapq.merge(regular, ragged, key=lambda numbered: -numbered[0])
    return (numbered for numbered in rows if not is_blank(numbered[1]))


def _is_header(row: Sequence[str | None], grid: Grid) -> bool:
    """Whether a row is the header once more: a second table, whatever its first cell says."""
    texts = [cells.split(cell or "", grid.tagged)[1] for cell in row]
    return [header_key(text) for text in texts] == [header_key(text) for text in grid.header.cells]


def _belongs_below(first: str, values: Sequence[str | None]) -> bool:
    if is_total(first) or is_footer(first):
        return True
    return is_continued(first) and sum(value is not None and bool(value.strip()) for value in values) == 1


def _end_of_data(last: int, below: list[tuple[int, str]], findings: Findings, grid: Grid) -> int:
    """`last`, or further down where numbered lines are not preceded by a remark: those are rows like any other."""
    seen_remark = False
    remarks = []
    for row, first in below:
        if first and is_footer(first):
            seen_remark = True
            remarks.append(row)
        elif first and not is_total(first):
            if not seen_remark:
                last = row
            else:
                remarks.append(row)
    if remarks:
        listed = "、".join(str(row) for row in remarks[:_MAX_LISTED])
        zh, en = f"表末说明行未读入：第 {listed} 行", f"remarks below the data, not read: row {listed}"
        findings.note(Problem("remarks", zh, en, grid.sheet, remarks[0]))
    return last


def _ragged(grid: Grid, end: int, findings: Findings) -> list[int]:
    """Problems for the ragged rows that are data; the file rows of those that are totals."""
    totals: list[int] = []
    bad: list[Ragged] = []
    for one in grid.ragged:
        if is_total(first_filled(one.cells, grid.tagged) or ""):
            totals.append(one.row)
        elif one.row <= end and not is_blank(one.cells):
            bad.append(one)
    width = len(grid.header.cells)
    findings.add_many((_wrong_width(one, width) for one in bad[:1000]), len(bad))
    return totals


def _wrong_width(one: Ragged, width: int) -> Problem:
    zh = f"此行有 {len(one.cells)} 个单元格，表头有 {width} 个"
    en = f"the row has {len(one.cells)} cells, the header {width}"
    return Problem("ragged_row", zh, en, row=one.row, value=shown(" | ".join(one.cells)))


def _note(findings: Findings, grid: Grid, totals: list[int]) -> None:
    if totals:
        listed = "、".join(str(row) for row in totals[:_MAX_LISTED]) + ("…" if len(totals) > _MAX_LISTED else "")
        zh, en = f"合计行未读入：第 {listed} 行", f"total rows, not read: row {listed}"
        findings.note(Problem("totals", zh, en, grid.sheet, totals[0]))

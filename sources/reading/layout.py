"""What a sheet's layout does to its cells: merged areas that leave some without a value, rows and columns not shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from sources.reading.grid import Grid, place
from sources.reading.header import Match
from sources.reading.model import MAX_PROBLEMS, Findings, Problem
from sources.reading.strikes import PARTLY
from sources.reading.text import shown

_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,7})(?::([A-Z]{1,3})([0-9]{1,7}))?")
_MAX_LISTED = 20


@dataclass(frozen=True)
class Area:
    """A rectangle of cells: rows from 1, columns from 0, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass
class Layout:
    """Merged areas, hidden rows and hidden ranges of columns of one sheet.

    `struck` are the cells struck out, by row and column, and whether wholly or partly.
    """

    merged: list[Area] = field(default_factory=list)
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    struck: dict[tuple[int, int], str] = field(default_factory=dict)


def column_number(letters: str) -> int:
    """The column that these letters name, counted from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def area(reference: str) -> Area | None:
    """The area of a reference such as `B2:C5`; None when it is none."""
    found = _AREA.fullmatch(reference)
    if found is None:
        return None
    left, top, right, bottom = found.groups()
    return Area(int(top), column_number(left), int(bottom or top), column_number(right or left))


def check_layout(grid: Grid, layout: Layout, matches: Sequence[Match], findings: Findings) -> None:
    """Problems of the data cells that are merged, warnings of those that are hidden. `grid` holds data rows only."""
    columns = {column_number(grid.places[match.index]): match for match in matches}
    count = 0
    for one in layout.merged:
        first, end = np.searchsorted(grid.rows, [one.top, one.bottom + 1])
        inside = [column for column in columns if one.left <= column <= one.right]
        cells = int(end - first) * len(inside)
        is_own = cells == 1 and (int(grid.rows[first]), inside[0]) == (one.top, one.left)
        if cells and not is_own:
            header = shown(columns[min(inside)].text)
            rows = grid.rows[first:end][: max(0, MAX_PROBLEMS - count)].tolist()
            findings.add_many((_merged(one, row, header, grid) for row in rows), int(end - first))
            count += len(rows)
    _check_struck(grid, layout, columns, findings)
    _warn(grid, layout, columns, findings)


def _check_struck(grid: Grid, layout: Layout, columns: dict[int, Match], findings: Findings) -> None:
    """Problems of the texts struck out in part, warnings of the cells that are struck out as a whole."""
    rows = {grid.header.row, *grid.rows.tolist()} if layout.struck else set()
    for (row, column), how in layout.struck.items():
        if row not in rows or column not in columns:
            continue
        header = shown(columns[column].text)
        if how == PARTLY:
            zh, en = (
                "单元格的文字有一部分被划去，不知以何者为准",
                "a part of the text is struck out: nobody knows which counts",
            )
            findings.add(Problem("partly_struck", zh, en, grid.sheet, row, header))
        else:
            zh, en = (
                "被划去（删除线）的单元格也已读入，请核对",
                "a cell that is struck out was read as well, please check",
            )
            findings.warn(Problem("struck_cell", zh, en, grid.sheet, row, header))


def _merged(one: Area, row: int, header: str, grid: Grid) -> Problem:
    name = f"{place(one.left)}{one.top}:{place(one.right)}{one.bottom}"
    zh = f"数据单元格被合并（{name}），只有左上角有值，请取消合并并逐格填写"
    en = f"data cells are merged ({name}) and only the first has a value: unmerge and fill in each"
    return Problem("merged_cells", zh, en, grid.sheet, row, header)


def _warn(grid: Grid, layout: Layout, columns: dict[int, Match], findings: Findings) -> None:
    rows = sorted(set(layout.hidden_rows) & set(grid.rows.tolist())) if layout.hidden_rows else []
    if rows:
        listed = "、".join(map(str, rows[:_MAX_LISTED])) + ("…" if len(rows) > _MAX_LISTED else "")
        zh, en = f"隐藏或筛选掉的行也已读入：第 {listed} 行", f"hidden or filtered rows were read as well: row {listed}"
        findings.warn(Problem("hidden_rows", zh, en, grid.sheet, rows[0]))
    for column, match in sorted(columns.items()):
        if any(first <= column <= last for first, last in layout.hidden_columns):
            zh, en = "隐藏的列也已读入", "a hidden column was read as well"
            findings.warn(Problem("hidden_column", zh, en, grid.sheet, grid.header.row, shown(match.text)))

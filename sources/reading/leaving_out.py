"""Reading a file less some of its rows: the named rows are taken out before anything is checked."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from sources.contract import Contract
from sources.reading.checks import Rows, fill_defaults
from sources.reading.columns import convert
from sources.reading.delimited import find_start, read_csv
from sources.reading.formats import JSONL
from sources.reading.grid import Grid
from sources.reading.header import Names, match_header
from sources.reading.jsonl import read_jsonl
from sources.reading.model import Findings, ScopeInfo, Unreadable
from sources.reading.named import Named, NoSuchRow
from sources.reading.rows import IsWhole, data_rows
from sources.reading.scopes import Scopes


@dataclass(frozen=True)
class LeftOut:
    """The rows that were taken out, by the file's own numbers, and those of them that have cells under the header."""

    rows: list[int]
    grid: Grid

    @property
    def is_readable(self) -> bool:
        return self.grid.height == len(self.rows)


def read_text(content: bytes, format: str, names: Names, rows: Sequence[Named]) -> tuple[Grid, LeftOut | None]:
    """The table of a text in UTF-8, less the named rows where they would keep it from being read at all.

    None beside the grid when it holds them still. Raises Unreadable, and NoSuchRow as `take_out` does.
    """
    if format == JSONL:
        return _jsonl_less(content, rows) if rows else (read_jsonl(content), None)
    try:
        return read_csv(content, names), None
    except Unreadable as error:
        start = find_start(content, names)
        if not rows or start is None or error.problems[0].code != "broken_csv":
            raise
    lines = content.splitlines(keepends=True)
    chosen = _chosen(rows, [n for n, line in enumerate(lines, 1) if n > start.lines and line.strip()], None)
    grid = read_csv(_without(lines, chosen), names)
    return grid, LeftOut(chosen, grid.keep(np.zeros(grid.height, dtype=bool)))


def _jsonl_less(content: bytes, rows: Sequence[Named]) -> tuple[Grid, LeftOut]:
    """A row here brings its own keys, so it must be gone before there are columns."""
    lines = content.split(b"\n")
    ended = [line + b"\n" for line in lines]
    filled = [number for number, line in enumerate(lines, 1) if line.strip()]
    chosen = _chosen(rows, filled, None)
    grid = read_jsonl(_without(ended, chosen))
    try:
        gone = read_jsonl(_without(ended, set(filled) - set(chosen)))
    except Unreadable:
        gone = grid.keep(np.zeros(grid.height, dtype=bool))
    return grid, LeftOut(chosen, gone)


def _without(lines: Sequence[bytes], chosen: Collection[int]) -> bytes:
    """A text less some of its lines. They stay as empty ones, so that the others keep their numbers."""
    gone = set(chosen)
    return b"".join(
        line[len(line.rstrip(b"\r\n")) :] if number in gone else line for number, line in enumerate(lines, 1)
    )


def take_out(grid: Grid, rows: Sequence[Named], is_whole: IsWhole) -> tuple[Grid, LeftOut]:
    """The grid less the named rows, and these. NoSuchRow unless every name stands for one row of data at least."""
    chosen = _chosen(rows, _data(grid, is_whole), grid.sheet)
    mask = ~np.isin(grid.rows, np.array(chosen, dtype=np.int64))
    ragged = [one for one in grid.ragged if one.row not in set(chosen)]
    return replace(grid.keep(mask), ragged=ragged), LeftOut(chosen, grid.keep(~mask))


def _data(grid: Grid, is_whole: IsWhole) -> list[int]:
    """The file's numbers of all rows that are data, ragged ones too."""
    ignored = Findings()
    kept = data_rows(grid, ignored, is_whole)
    ragged = [one.row for one in ignored.problems() if one.row is not None and one.code == "ragged_row"]
    return [*kept.rows.tolist(), *ragged]


def _chosen(rows: Sequence[Named], data: Sequence[int], sheet: str | None) -> list[int]:
    """The rows of data that are named, in order."""
    there = np.array(sorted(data), dtype=np.int64)
    chosen: set[int] = set()
    for one in rows:
        first, end = np.searchsorted(there, [one.first, one.last + 1])
        if one.sheet not in (None, sheet) or first == end:
            read = f"（读取的工作表 / sheet read: {sheet}）" if sheet is not None else ""
            raise NoSuchRow(f"文件没有这样的数据行：{one} / the file has no such row of data: {one}{read}")
        chosen |= set(there[first:end].tolist())
    return sorted(chosen)


def mark_partial(scopes: list[ScopeInfo], left: LeftOut, contract: Contract) -> list[ScopeInfo]:
    """The scopes of the rows that stay, marked where they may lack one that was left out.

    What a row says of its scope counts when it can be read. When it cannot, or when it is the only one that speaks of
    a register's date, the row may belong to any scope. When nothing else is left of its scope, that is a gap of its
    own; but the row may as well have been another member's of the same period.
    """
    spoken = _scopes(left, contract)
    known = {info.scope for info in scopes}
    if spoken is None or (contract.snapshot and any(info.scope not in known for info in spoken)):
        return [replace(info, is_partial=True) for info in scopes]
    own = {info.scope for info in spoken}
    periods = {(info.period_start, info.period_end) for info in spoken if info.scope not in known}
    return [
        replace(info, is_partial=True) if info.scope in own or (info.period_start, info.period_end) in periods else info
        for info in scopes
    ]


def _scopes(left: LeftOut, contract: Contract) -> list[ScopeInfo] | None:
    """The scopes that the left-out rows name; None when one of them cannot be read."""
    if not left.is_readable:
        return None
    grid = left.grid
    matched = match_header(grid.header, Names(contract), grid.sheet)
    columns = [convert(match, grid.columns[match.index], grid.tagged) for match in matched.matches]
    rows = Rows(contract, grid, columns, Findings())
    fill_defaults(rows)
    return Scopes(rows).infos() if rows.whole(contract.scope).all() else None

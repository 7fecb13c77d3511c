"""The table of a file whose cells have types of their own: the one sheet that matches, or the columns of Parquet."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from xml.parsers.expat import ExpatError

import numpy as np
import pyarrow as pa

from sources.reading import broken, cells
from sources.reading.formats import PARQUET, XLSX, refusal
from sources.reading.grid import Grid, Header, place
from sources.reading.header import Names, find_header, match_header
from sources.reading.model import Findings, Problem, Unreadable
from sources.reading.parquet_cells import read_parquet
from sources.reading.sheet import BadWorkbook, Sheet
from sources.reading.text import shown
from sources.reading.xlsx import Workbook

_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ExpatError,
    pa.ArrowException,
    LookupError,
    ValueError,
    ArithmeticError,
    OSError,
    EOFError,
)
_WORDS = {PARQUET: "Parquet", XLSX: "XLSX"}
_UNSUPPORTED = (NotImplementedError, RuntimeError, zipfile.LargeZipFile)


def read_typed(path: Path, format: str, names: Names, findings: Findings) -> Grid:
    """The table of an XLSX or Parquet file; Unreadable when there is none to trust."""
    try:
        return _parquet_grid(str(path)) if format == PARQUET else _book_grid(str(path), names, findings)
    except BadWorkbook as error:
        raise Unreadable(Problem(error.code, error.zh, error.en, row=error.row)) from None
    except MemoryError:
        raise
    except _BROKEN as error:
        raise refusal("broken_file", *broken.of_file(_WORDS[format], error)) from None
    except _UNSUPPORTED as error:
        zh, en = "文件用了不支持的特性，请另存一份再报", "the file has a feature that is not supported: save it anew"
        raise refusal("unsupported_format", *broken.with_words(zh, en, error)) from None


def _flat(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _parquet_grid(path: str) -> Grid:
    names, table = read_parquet(path)
    columns = [_flat(column) for column in table.columns]
    rows = np.arange(1, table.num_rows + 1, dtype=np.int64)
    return Grid(Header(names, 0), rows, columns, [place(index) for index in range(len(names))], tagged=True)


def _book_grid(path: str, names: Names, findings: Findings) -> Grid:
    """The grid of the one visible sheet whose header matches."""
    book = Workbook(path)
    grids = []
    with_numbers = []
    for name, part, is_hidden in book.sheets:
        if is_hidden:
            zh, en = f"隐藏的工作表“{shown(name)}”未读取", f"the hidden sheet {shown(name)} was not read"
            findings.warn(Problem("hidden_sheet", zh, en, sheet=name))
            continue
        sheet = _sheet(book, name, part)
        if (grid := _sheet_grid(name, sheet, names)) is not None:
            grids.append(grid)
        with_numbers += [name] if _has_numbers(sheet) else []
    chosen = _choose(grids, names)
    for name in with_numbers:
        if name != chosen.sheet:
            zh, en = f"工作表“{shown(name)}”有数字，未读入", f"the sheet {shown(name)} holds numbers and was not read"
            findings.warn(Problem("sheet_not_read", zh, en, sheet=name))
    return chosen


def _has_numbers(sheet: Sheet) -> bool:
    """Whether any cell of a sheet is a number; days and times are none."""
    kinds = tuple(cells.tag(kind, "") for kind in (cells.NUMBER, cells.PERCENT, cells.OTHERWISE))
    return any(cell.startswith(kinds) for column in sheet.columns.values() for cell in column.values())


def _sheet(book: Workbook, name: str, part: str) -> Sheet:
    try:
        return book.read(part)
    except BadWorkbook as error:
        raise Unreadable(Problem(error.code, error.zh, error.en, sheet=shown(name), row=error.row)) from None


def _choose(grids: list[Grid], names: Names) -> Grid:
    whole = [grid for grid in grids if match_header(grid.header, names, grid.sheet).is_complete]
    if len(whole) > 1:
        both = "、".join(shown(grid.sheet) for grid in whole)
        zh, en = f"多个工作表的表头都符合：{both}", f"the headers of several sheets match: {both}"
        raise Unreadable(Problem("two_sheets", zh, en, sheet=whole[1].sheet, row=whole[1].header.row))
    if not grids:
        wanted = "、".join(field.header for field in names.contract.fields if field.required)
        raise refusal(
            "no_header",
            f"没有表头符合的可见工作表（应有：{wanted}）",
            f"no visible sheet has the header (expected: {wanted})",
        )
    return whole[0] if whole else max(grids, key=lambda grid: names.score(grid.header.cells))


def _sheet_grid(name: str, sheet: Sheet, names: Names) -> Grid | None:
    """The table under the header of a sheet; None when no row looks like one."""
    positions = sorted(sheet.columns)
    filled = [sheet.columns[position] for position in positions]
    top = [
        (sheet.rows[row], [_header_text(column.get(row)) for column in filled]) for row in range(len(sheet.rows))[:200]
    ]
    found = find_header(top, names)
    if found is None:
        return None
    header = Header([text or "" for text in top[found][1]], sheet.rows[found])
    below = range(found + 1, len(sheet.rows))
    columns = [pa.array([column.get(row) for row in below], pa.string()) for column in filled]
    kept = [
        index for index, column in enumerate(columns) if header.cells[index].strip() or column.null_count < len(column)
    ]
    return Grid(
        Header([header.cells[index] for index in kept], header.row),
        np.array(sheet.rows[found + 1 :], dtype=np.int64),
        [columns[index] for index in kept],
        [place(positions[index]) for index in kept],
        sheet=name,
        tagged=True,
        layout=sheet.layout,
        above=list(top[:found]),
    )


def _header_text(cell: str | None) -> str | None:
    """The text of a cell of a header; numbers and dates are none."""
    kind, text = cells.split(cell or "", True)
    return text if kind == cells.TEXT else ""

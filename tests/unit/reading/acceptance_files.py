"""Files as bureaus' tools write them: pandas, openpyxl and Excel's own CSV."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

from sources.contract import contracts
from sources.reading import Reading, read_file
from tests.unit.reading.acceptance_rows import ROWS, TYPED, Row

Rows = Sequence[Row]


def native(feed: str) -> list[Row]:
    """The feed's rows with dates, times, numbers and booleans as typed values, texts as the bureau writes them."""
    found = []
    for row, typed in zip(ROWS[feed], TYPED[feed], strict=True):
        pairs = zip(row.items(), typed.values(), strict=True)
        found.append({header: _native(cell, meant) for (header, cell), meant in pairs})
    return found


def _native(cell: Any, meant: Any) -> Any:
    if cell is None:
        return meant if isinstance(meant, bool) else None
    if isinstance(cell, str) and (cell.endswith(("%", "Z", "季度")) or "Q" in cell):
        return cell
    return meant if isinstance(meant, date | bool | Decimal | int) else cell


def _plain_text(cell: Any) -> str:
    if cell is None:
        return ""
    return f"{cell:f}" if isinstance(cell, Decimal) else str(cell)


def write_csv(rows: Rows, path: Path, encoding: str = "utf-8", delimiter: str = ",", ending: str = "\r\n") -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator=ending)
    writer.writerow(rows[0])
    writer.writerows([_plain_text(cell) for cell in row.values()] for row in rows)
    content = out.getvalue().encode(encoding)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)


def write_jsonl(rows: Rows, path: Path) -> None:
    def plain(cell: Any) -> Any:
        if isinstance(cell, Decimal):
            return int(cell) if cell == int(cell) else float(cell)
        return cell.isoformat() if isinstance(cell, date) else cell

    lines = [json.dumps({key: plain(cell) for key, cell in row.items()}, ensure_ascii=False) for row in rows]
    path.write_bytes("\r\n".join(lines).encode())


def write_parquet(rows: Rows, path: Path) -> None:
    columns = {}
    for header in rows[0]:
        cells = [row[header] for row in rows]
        filled = {type(cell) for cell in cells if cell is not None}
        if len(filled) > 1:
            cells = [None if cell is None else str(cell) for cell in cells]
        columns[header] = pa.array(cells)
    pq.write_table(pa.table(columns), path)


def write_xlsx(
    rows: Rows, path: Path, title: str | None = None, change: Callable[[Any], None] = lambda book: None
) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    if title:
        sheet.append([title])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(rows[0]))
        sheet.append(["填报单位：区产业发展局", None, "单位：见表"])
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append([float(cell) if isinstance(cell, Decimal) else cell for cell in row.values()])
    if title:
        sheet.append(["合计", None, 1])
        sheet.append(["填表人：张三", None, "负责人：李四"])
    change(book)
    book.save(path)


def read(path: Path, feed: str) -> Reading:
    return read_file(path, contracts()[feed])


def typed_rows(reading: Reading, names: Sequence[str]) -> list[Row]:
    assert reading.table is not None, [(p.code, p.row, p.column, p.value) for p in reading.problems]
    return reading.table.select(list(names)).to_pylist()

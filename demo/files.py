"""Writes a delivery as a file, the same bytes every time."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from demo.cells import FULL_WIDTH, as_cell, as_json, as_text
from demo.looks import Look
from demo.world import Delivery, Row
from sources.contract import Contract, Field

if TYPE_CHECKING:
    import pyarrow as pa

FULL_WIDTH_EVERY = 5  # one row in five was typed in full-width digits
FOOTER = (("填表人：演示", "负责人：演示"), ("备注：本表为演示数据，不是真实统计",))
MODIFIED = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
DATE_FORMATS = {"date": "yyyy/m/d", "month": 'yyyy"年"m"月"', "ts": "yyyy-mm-dd hh:mm:ss"}


def render(delivery: Delivery, contract: Contract, look: Look) -> bytes:
    """The bytes of the file; ValueError for an unknown format."""
    if delivery.payload is not None:
        return delivery.payload
    fields = _fields(delivery, contract)
    if look.format == "csv":
        body = _csv(delivery, contract, fields, look)
    elif look.format == "jsonl":
        body = _json_lines(delivery, fields, look)
    elif look.format == "parquet":
        body = _parquet(delivery, fields)
    elif look.format == "xlsx":
        body = _workbook(delivery, contract, fields, look)
    else:
        raise ValueError(look.format)
    return gzip.compress(body, 6, mtime=0) if look.gzip else body


def _fields(delivery: Delivery, contract: Contract) -> list[Field]:
    """The contract's fields that occur; an optional field that no row has is left out of the file now and then."""
    if not isinstance(delivery.rows, list):
        return list(contract.fields)
    used = {name for row in delivery.rows for name in row}
    return [f for f in contract.fields if f.required or f.name in used]


def header(delivery: Delivery, field: Field, look: Look) -> str:
    """The heading of a column: the contract's header or field name, with the bracketed unit the file is in."""
    if field.name in delivery.headers:
        return delivery.headers[field.name]
    if look.english:
        return field.name
    if field.name in delivery.units:
        return f"{field.header}({delivery.units[field.name][0]})"
    broken = (
        f"{field.header[:2]}\n{field.header[2:]}" if look.format == "xlsx" and len(field.header) > 5 else field.header
    )
    return f"{broken}（{field.unit}）" if look.dressed and field.unit and field.type == "dec" else broken


def _value(delivery: Delivery, field: Field, row: Row, look: Look) -> Any:
    value = row.get(field.name)
    if value is None or look.english or field.name not in delivery.units:
        return value
    return (value * Decimal(delivery.units[field.name][1])).normalize() + 0


def _totals(delivery: Delivery, fields: list[Field], look: Look) -> list[Any]:
    """The 合计 row: the word in the first column, sums under the decimals."""
    totals: list[Any] = ["合计"]
    for field in fields[1:]:
        values = [v for row in delivery.rows if isinstance(v := _value(delivery, field, row, look), Decimal)]
        totals.append(sum(values, Decimal(0)) if values else None)
    return totals


def _above(contract: Contract) -> tuple[str, str]:
    return f"{contract.title}（演示）", f"填报单位：{contract.owner}（演示）"


def _csv(delivery: Delivery, contract: Contract, fields: list[Field], look: Look) -> bytes:
    if not isinstance(delivery.rows, list):
        return _arrow_csv(delivery.rows)
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=look.delimiter, lineterminator="\r\n" if look.dressed else "\n")
    pad = [""] * (len(fields) - 1)
    if look.dressed:
        writer.writerows([text, *pad] for text in _above(contract))
    writer.writerow([header(delivery, f, look) for f in fields])
    for number, row in enumerate(delivery.rows):
        cells = [as_text(f, _value(delivery, f, row, look), look) for f in fields]
        if look.full_width and number % FULL_WIDTH_EVERY == 0:
            cells = [c.translate(FULL_WIDTH) if f.type != "text" else c for f, c in zip(fields, cells, strict=True)]
        writer.writerow(cells)
    if look.dressed and delivery.rows:
        totals = _totals(delivery, fields, look)
        writer.writerow([t if isinstance(t, str) else as_text(f, t, look) for f, t in zip(fields, totals, strict=True)])
        writer.writerows([*line, *pad][: len(fields)] for line in FOOTER)
    return buffer.getvalue().encode(look.encoding)


def _arrow_csv(table: pa.Table) -> bytes:
    import pyarrow.csv

    sink = io.BytesIO()
    pyarrow.csv.write_csv(table, sink)
    return sink.getvalue()


def _json_lines(delivery: Delivery, fields: list[Field], look: Look) -> bytes:
    lines = (
        json.dumps({f.name: as_json(f, row[f.name], look) for f in fields if f.name in row}, ensure_ascii=False)
        for row in delivery.rows
    )
    return "".join(f"{line}\n" for line in lines).encode()


def _parquet(delivery: Delivery, fields: list[Field]) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = delivery.rows
    if isinstance(table, list):
        text = Look(english=True)
        columns = {f.name: [_parquet_value(f, row.get(f.name), text) for row in table] for f in fields}
        table = pa.table(columns)
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def _parquet_value(field: Field, value: Any, look: Look) -> Any:
    if value is None or isinstance(value, Decimal | int | bool) or field.type in ("date", "ts"):
        return float(value) if isinstance(value, Decimal) else value
    return as_text(field, value, look)


def _workbook(delivery: Delivery, contract: Contract, fields: list[Field], look: Look) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = contract.title[:28]
    if look.dressed:
        for text in _above(contract):
            sheet.append([text])
        sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(fields))
    sheet.append([header(delivery, f, look) for f in fields])
    ticked = {f.name for f in fields if f.type == "bool" and any(row.get(f.name) for row in delivery.rows)}
    for row in delivery.rows:
        sheet.append([_book_cell(delivery, f, row, look, f.name in ticked) for f in fields])
    _number_formats(sheet, fields, len(delivery.rows))
    if look.dressed and delivery.rows:
        totals = _totals(delivery, fields, look)
        sheet.append([float(t) if isinstance(t, Decimal) else t for t in totals])
        for line in FOOTER:
            sheet.append(list(line))
    sink = io.BytesIO()
    book.save(sink)
    return _settled(sink.getvalue())


def _book_cell(delivery: Delivery, field: Field, row: Row, look: Look, ticked: bool) -> Any:
    value = _value(delivery, field, row, look)
    if ticked and look.dressed and isinstance(value, bool):
        return "√" if value else None
    return as_cell(field, value, look)


def _number_formats(sheet: Any, fields: list[Field], rows: int) -> None:
    """Dates look as people format them; the cells hold dates."""
    for column, field in enumerate(fields, 1):
        if field.type in DATE_FORMATS:
            for line in range(sheet.max_row - rows + 1, sheet.max_row + 1):
                sheet.cell(line, column).number_format = DATE_FORMATS[field.type]


def _settled(book: bytes) -> bytes:
    """The same workbook with the times of writing taken out."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            body = old.read(name)
            if name == "docProps/core.xml":
                body = MODIFIED.sub(rb"\g<1>2020-01-01T00:00:00Z", body)
            new.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), body, zipfile.ZIP_DEFLATED)
    return sink.getvalue()

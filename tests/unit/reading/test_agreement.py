"""The same rows give the same table, whatever format and dress they come in."""

from __future__ import annotations

import csv
import gzip
import io
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from sources.contract import contracts
from sources.reading import read_file

FEED = "meter_readings"
HEADER = ("日期", "表计编号", "时刻", "电量")
DAY = date(2024, 3, 1)
ROW = st.tuples(
    st.text("ABC表 甲，'_0", min_size=1, max_size=4).map(lambda text: f"M{text}".strip()),
    st.integers(0, 95).map(lambda quarter: datetime(2024, 3, 1) + timedelta(minutes=15 * quarter)),
    st.decimals(0, 10**6, places=4),
)
ROWS = st.lists(ROW, min_size=1, max_size=12, unique_by=lambda row: row[:2])
Rows = list[tuple[str, datetime, Decimal]]


def as_csv(rows: Rows, path: Path, encoding: str, delimiter: str, grouped: bool) -> None:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    writer.writerow(HEADER)
    for meter, at, kwh in rows:
        writer.writerow(
            [
                f"{at.year}年{at.month}月{at.day}日",
                meter,
                f"{at:%Y/%m/%d %H:%M}",
                f"{kwh:,f}" if grouped else f"{kwh:f}",
            ]
        )
    path.write_bytes(out.getvalue().encode(encoding))


def as_jsonl(rows: Rows, path: Path) -> None:
    lines = [json.dumps(dict(zip(HEADER, (f"{DAY}", m, at.isoformat(), float(k)), strict=True))) for m, at, k in rows]
    path.write_bytes(gzip.compress("\n".join(lines).encode()))


def as_parquet(rows: Rows, path: Path) -> None:
    meters, times, amounts = zip(*rows, strict=True)
    columns = [pa.array([DAY] * len(rows)), pa.array(meters), pa.array(times), pa.array(amounts, pa.decimal128(20, 4))]
    pq.write_table(pa.table(columns, names=HEADER), path)


def as_xlsx(rows: Rows, path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADER, *((DAY, meter, at, float(kwh)) for meter, at, kwh in rows)):
        sheet.append(row)
    for number in range(2, len(rows) + 2):  # else a reading at midnight would be shown as a day without a time
        sheet.cell(number, 3).number_format = "yyyy-mm-dd hh:mm"
    book.save(path)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=ROWS,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]),
    delimiter=st.sampled_from(",;\t"),
    grouped=st.booleans(),
)
def test_every_format_gives_the_same_table(tmp_path, rows, encoding, delimiter, grouped):
    files = [tmp_path / name for name in ("a.csv", "b.jsonl.gz", "c.parquet", "d.xlsx")]
    as_csv(rows, files[0], encoding, delimiter, grouped)
    as_jsonl(rows, files[1])
    as_parquet(rows, files[2])
    as_xlsx(rows, files[3])
    expected = [(DAY, meter, at, kwh) for meter, at, kwh in rows]
    for file in files:
        reading = read_file(file, contracts()[FEED])
        assert reading.table is not None, (file.name, reading.problems)
        found = reading.table.select(["day", "meter_id", "ts", "kwh"])
        assert [tuple(row.values()) for row in found.to_pylist()] == expected
        assert {info.scope for info in reading.scopes} == {"2024-03-01"}

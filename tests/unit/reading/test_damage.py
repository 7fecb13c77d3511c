"""Damaged files: whatever byte is changed, cut or added, reading answers with a table or with problems."""

from __future__ import annotations

import gzip
import json
import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from sources.contract import contracts
from sources.reading import read_file

HEADER = ("日期", "表计编号", "时刻", "电量")
ROWS = [(date(2024, 3, 1), f"M{n}", datetime(2024, 3, 1, n, 15), n / 10) for n in range(20)]
FORMATS = ("a.csv", "b.csv.gz", "c.jsonl", "d.parquet", "e.xlsx")


@cache
def sound(name: str) -> bytes:
    """A sound delivery of meter_readings in the format of the name."""
    lines = [",".join(str(cell) for cell in row) for row in (HEADER, *ROWS)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        if name == "d.parquet":
            pq.write_table(pa.table([pa.array(column) for column in zip(*ROWS, strict=True)], names=HEADER), path)
        elif name == "e.xlsx":
            book = Workbook()
            for row in (HEADER, *ROWS):
                book.active.append(row)  # type: ignore[union-attr]
            book.save(path)
        elif name == "c.jsonl":
            path.write_text(
                "\n".join(json.dumps(dict(zip(HEADER, row, strict=True)), default=str) for row in ROWS), "utf-8"
            )
        else:
            content = "\n".join(lines).encode()
            path.write_bytes(gzip.compress(content, mtime=0) if name == "b.csv.gz" else content)
        return path.read_bytes()


def test_the_sound_files_are_sound(tmp_path):
    for name in FORMATS:
        (tmp_path / name).write_bytes(sound(name))
        reading = read_file(tmp_path / name, contracts()["meter_readings"])
        assert reading.table is not None and reading.table.num_rows == len(ROWS), reading.problems


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), name=st.sampled_from(FORMATS))
def test_damage_never_raises(tmp_path, data, name):
    content = bytearray(sound(name))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1)) if content else 0
        piece = data.draw(
            st.binary(max_size=4) | st.sampled_from([b'"', b"\n", b"\r", b",", "合计".encode(), b"\xff", b"\0"])
        )
        content[at : at + data.draw(st.sampled_from([0, 1, len(piece), 50, 10**6]))] = piece
    path = tmp_path / name
    path.write_bytes(content)
    reading = read_file(path, contracts()["meter_readings"])
    assert (reading.table is None) == bool(reading.problems) == bool(reading.total_problems)
    for problem in reading.problems:  # a sentence for people, what a library says of it only after that
        sentence = problem.zh.partition("（技术信息：")[0]
        assert re.search("[一-鿿]{3}", sentence) and not re.search(r"Error|Invalid|BadZip|Expecting|magic", sentence)

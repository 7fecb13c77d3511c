"""Parquet: typed columns, and what they may not hold."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sources.contract import contracts
from sources.reading import Reading, read_file
from tests.unit.reading.conftest import faults, values

GOOD = {
    "day": pa.array([date(2024, 3, 1)]),
    "meter_id": pa.array(["M1"]),
    "ts": pa.array([datetime(2024, 3, 1, 0, 15)], pa.timestamp("ns")),
    "kwh": pa.array([0.1]),
}


def read(folder: Path, feed: str = "meter_readings", **columns: pa.Array) -> Reading:
    pq.write_table(pa.table({**GOOD, **columns}), folder / "delivery.parquet")
    return read_file(folder / "delivery.parquet", contracts()[feed])


def test_typed_columns_load_exactly(tmp_path):
    reading = read(tmp_path)
    expected = (date(2024, 3, 1), "M1", datetime(2024, 3, 1, 0, 15), Decimal("0.1"), "2024-03-01", False, None, 1)
    assert values(reading) == [expected]
    assert reading.format == "parquet"


@pytest.mark.parametrize(
    ("name", "column", "expected"),
    [
        ("meter_id", pa.array([17]), "17"),
        ("meter_id", pa.array(["M1"]).dictionary_encode(), "M1"),
        ("day", pa.array(["2024年3月1日"]), date(2024, 3, 1)),
        ("day", pa.array([datetime(2024, 3, 1)]), date(2024, 3, 1)),
        ("ts", pa.array([datetime(2024, 2, 29, 16, 15, tzinfo=UTC)]), datetime(2024, 3, 1, 0, 15)),
        ("kwh", pa.array([0.1 + 0.2]), Decimal("0.3")),
        ("kwh", pa.array([0.1], pa.float32()), Decimal("0.1")),
        ("kwh", pa.array([5], pa.int8()), Decimal(5)),
        ("kwh", pa.array([Decimal("1.500000000000")], pa.decimal128(38, 12)), Decimal("1.5")),
        ("kwh", pa.array(["1,234.5"]), Decimal("1234.5")),
    ],
)
def test_columns_of_other_types(tmp_path, name, column, expected):
    assert values(read(tmp_path, **{name: column}), name) == [(expected,)]


@pytest.mark.parametrize(
    ("name", "column", "code"),
    [
        ("kwh", pa.array([float("nan")]), "bad_number"),
        ("kwh", pa.array([float("-inf")]), "bad_number"),
        ("kwh", pa.array([None], pa.float64()), "missing_value"),
        ("kwh", pa.array([Decimal("1.5000000001")], pa.decimal128(38, 12)), "too_many_places"),
        ("kwh", pa.array([True]), "bad_type"),
        ("kwh", pa.array([[1]]), "unsupported_value"),
        ("meter_id", pa.array([b"x"]), "unsupported_value"),
        ("ts", pa.array([date(2024, 3, 1)]), "bad_time"),
        ("day", pa.array([datetime(2024, 3, 1, 1)]), "bad_date"),
    ],
)
def test_bad_columns(tmp_path, name, column, code):
    assert faults(read(tmp_path, **{name: column})) == [(code, 1, name)]


def test_no_rows(tmp_path):
    pq.write_table(pa.table(GOOD).slice(0, 0), tmp_path / "delivery.parquet")
    assert faults(read_file(tmp_path / "delivery.parquet", contracts()["meter_readings"])) == [("no_rows", None, None)]


def test_columns_given_twice(tmp_path):
    table = pa.table([*GOOD.values(), GOOD["kwh"]], names=[*GOOD, "kwh"])
    pq.write_table(table, tmp_path / "delivery.parquet")
    assert faults(read_file(tmp_path / "delivery.parquet", contracts()["meter_readings"])) == [
        ("doubled_header", None, "kwh")
    ]

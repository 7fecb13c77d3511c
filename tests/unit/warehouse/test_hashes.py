"""The content hash: blind to order and threads, sharp for every value."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from warehouse import hashes

SHAPE = "create table t (region varchar, period_start date, value decimal(38, 6), note varchar)"
ROWS = [
    ("a", "2024-01-01", "1.500000", ""),
    ("a", "2024-02-01", "1.500000", None),
    ("a", "2024-02-01", None, "x"),
    ("b", "2024-02-01", "99999999999999999999999999999999.000001", "中文"),
    ("b", None, "0", "|"),
    ("b", None, "0", "|"),
]


def content(rows: list, shape: str = SHAPE, threads: int = 1) -> str:
    with duckdb.connect(config={"threads": threads}) as connection:
        connection.execute(shape)
        connection.executemany("insert into t values (?, ?, ?, ?)", rows)
        return hashes.content_hashes(connection)[0]


def test_order_and_threads_do_not_matter() -> None:
    rows = ROWS * 50
    shuffled = rows[:]
    random.Random(1).shuffle(shuffled)
    assert content(rows) == content(shuffled, threads=4)


@pytest.mark.parametrize(
    ("row", "changed"),
    [
        (0, ("a", "2024-01-01", "1.500001", "")),
        (0, ("a", "2024-01-01", "1.500000", None)),
        (1, ("a", "2024-02-01", "1.500000", "")),
        (3, ("b", "2024-02-01", "99999999999999999999999999999999.000002", "中文")),
        (4, ("b", None, "0", "-")),
        (5, ("b|", None, "0", "")),
    ],
)
def test_any_value_matters(row: int, changed: tuple) -> None:
    assert content([changed if index == row else item for index, item in enumerate(ROWS)]) != content(ROWS)


def test_a_row_given_twice_is_not_a_row_given_once() -> None:
    assert content(ROWS[:-1]) != content(ROWS)


def test_columns_and_types_matter() -> None:
    assert content(ROWS, SHAPE.replace("38, 6", "38, 7").replace("decimal(38, 7)", "varchar")) != content(ROWS)
    assert content(ROWS, SHAPE.replace("note", "remark")) != content(ROWS)


def test_history_is_left_out_of_the_content_and_is_hashed_apart() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table t (a int, status_since date)")
        connection.execute("create table release (release_id varchar)")
        connection.execute("insert into t values (1, '2024-01-01')")
        before, history = hashes.content_hashes(connection)[0], hashes.history_hashes(connection)[0]
        connection.execute("update t set status_since = '2025-01-01'")
        assert hashes.content_hashes(connection)[0] == before
        middle = hashes.history_hashes(connection)[0]
        connection.execute("insert into release values ('x')")
        assert hashes.content_hashes(connection)[0] == before
        assert len({history, middle, hashes.history_hashes(connection)[0]}) == 3


def test_partitions_are_months_of_the_period() -> None:
    with duckdb.connect() as connection:
        connection.execute(SHAPE)
        connection.executemany("insert into t values (?, ?, ?, ?)", ROWS)
        partitions = hashes.content_hashes(connection)[1]["t"]
        assert {period: part.rows for period, part in partitions.items()} == {"": 2, "2024-01": 1, "2024-02": 3}


BIG = """
create table {name} as select 'r' as region, date '2020-01-01' + cast(i // 20 as int) as day, 'm' || i as meter_id,
  cast(i * 7919 % 1000003 / 7 as decimal(38, 9)) as kwh, i % 5 = 0 as is_complete, cast(i as bigint) as readings
from range(20000) as r (i)
"""


@pytest.fixture
def big() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(BIG.format(name="t"))
        yield connection


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[set[str]]:
    """The periods whose sha256 was computed, call by call."""
    seen: list[set[str]] = []
    real = hashes._sha256

    def watched(connection: Any, table: str, columns: Any, periods: Any) -> dict[str, str]:
        seen.append(set(periods))
        return real(connection, table, columns, periods)

    monkeypatch.setattr(hashes, "_sha256", watched)
    return seen


def test_known_partitions_are_not_hashed_again(big: duckdb.DuckDBPyConnection, hashed: list[set[str]]) -> None:
    first = hashes.content_hashes(big)
    assert hashes.content_hashes(big, first[1]) == first and hashed[1] == set()
    big.execute("update t set kwh = kwh + 0.000000001 where meter_id = 'm9000'")
    second = hashes.content_hashes(big, first[1])
    assert hashed[2] == {"2021-03"}
    assert second == hashes.content_hashes(big) and second[0] != first[0]


def test_the_order_of_rows_does_not_change_a_fingerprint(big: duckdb.DuckDBPyConnection) -> None:
    first = hashes.content_hashes(big)
    big.execute("create table u as select * from t order by hash(meter_id); drop table t; alter table u rename to t")
    assert hashes.content_hashes(big) == first


@pytest.mark.parametrize(
    "change",
    [
        "update t set is_complete = not is_complete where meter_id = 'm77'",
        "update t set readings = null where meter_id = 'm77'",
        "delete from t where meter_id = 'm77'",
        "insert into t select * from t where meter_id = 'm77'",
        "update t set day = day + 40 where meter_id = 'm77'",
        "alter table t alter readings type integer",
        "alter table t rename readings to records",
        "update t set meter_id = case meter_id when 'm77' then 'm78' else 'm77' end where meter_id in ('m77', 'm78')",
    ],
)
def test_no_change_escapes_the_fingerprints(big: duckdb.DuckDBPyConnection, change: str) -> None:
    first = hashes.content_hashes(big)
    big.execute(change)
    second = hashes.content_hashes(big, first[1])
    assert second == hashes.content_hashes(big) and second[0] != first[0]


@pytest.mark.parametrize("kind", ["decimal(38, 6)", "decimal(18, 6)", "hugeint", "double", "interval"])
@pytest.mark.parametrize("pair", [("0", "-1"), ("18446744073709551617", "36893488147419103234"), ("5", "5000")])
def test_values_that_duckdb_hashes_alike_have_different_fingerprints(kind: str, pair: tuple[str, str]) -> None:
    unit = {"decimal(38, 6)": "0.000001", "decimal(18, 6)": "0.000001", "interval": "interval 1 day"}.get(kind, "1")
    if len(pair[0]) > 10 and kind in ("decimal(18, 6)", "interval"):
        pytest.skip("too large for this type")

    def digits(factor: str) -> str:
        with duckdb.connect() as connection:
            connection.execute(f"create table t as select cast({factor} * {unit} as {kind}) as a")
            return hashes.content_hashes(connection)[1]["t"][""].fingerprint

    assert digits(pair[0]) != digits(pair[1])


def test_a_month_and_its_days_are_not_an_interval_alike() -> None:
    with duckdb.connect() as connection:
        connection.execute("create table t as select interval 1 month as a")
        first = hashes.content_hashes(connection)
        connection.execute("create or replace table t as select interval 30 day as a")
        assert hashes.content_hashes(connection, first[1])[0] != first[0]


@pytest.mark.parametrize("column", ["month", "year", "period"])
def test_rows_without_a_period_are_one_partition(column: str) -> None:
    values = {
        "month": "date '2024-03-31', null, date '2024-03-01'",
        "year": "2024, null, 2024",
        "period": "'', null, 'a'",
    }
    with duckdb.connect() as connection:
        connection.execute(f"create table t as select unnest([{values[column]}]) as {column}")
        found = hashes.content_hashes(connection)[1]["t"]
        assert sum(part.rows for part in found.values()) == 3 and len(found) == 2
        assert found[""].rows == (2 if column == "period" else 1)

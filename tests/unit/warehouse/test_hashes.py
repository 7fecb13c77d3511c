"""The content hash: blind to order and threads, sharp for every value."""

from __future__ import annotations

import random

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
        before, history = hashes.content_hashes(connection)[0], hashes.history_sha256(connection)
        connection.execute("update t set status_since = '2025-01-01'")
        assert hashes.content_hashes(connection)[0] == before
        middle = hashes.history_sha256(connection)
        connection.execute("insert into release values ('x')")
        assert hashes.content_hashes(connection)[0] == before
        assert len({history, middle, hashes.history_sha256(connection)}) == 3


def test_partitions_are_months_of_the_period() -> None:
    with duckdb.connect() as connection:
        connection.execute(SHAPE)
        connection.executemany("insert into t values (?, ?, ?, ?)", ROWS)
        partitions = hashes.content_hashes(connection)[1]["t"]
        assert {period: part.rows for period, part in partitions.items()} == {"": 2, "2024-01": 1, "2024-02": 3}

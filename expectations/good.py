"""Good tables: small ones that pass every check of their suite; what mutants are made from.

A CSV names each column with its type (`kwh:dec`); a SQL file is one select, for what a few rows cannot show.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.frames import joined
from expectations.suites import Suite

if TYPE_CHECKING:
    import duckdb

GOOD = Path(__file__).parent / "good"
# The types of a typed delivery; marts add `num` for rounded values.
SQL_TYPES = {
    "text": "varchar",
    "int": "bigint",
    "dec": "decimal(24, 9)",
    "num": "decimal(38, 15)",
    "bool": "boolean",
    "date": "date",
    "year": "integer",
    "ts": "timestamp",
}


def good_sql(suite: Suite) -> str:
    """A select that gives the suite's good table, with `_row`, `_scope` and `_is_empty` for a delivery.

    FileNotFoundError when the suite has none.
    """
    select = _select(GOOD / suite.kind / suite.name)
    if suite.kind == "marts":
        return select
    return joined("select *, row_number() over () as _row, '' as _scope, false as _is_empty from (", select, ")")


def load_good(connection: duckdb.DuckDBPyConnection, suite: Suite) -> None:
    """Make table `good` of a connection the suite's good table, numbered by `_n` from 1.

    For a mart also the good tables it is compared with, under their own names, and `raw.winning_scopes`, as if the
    first of its feeds had delivered just these rows.
    """
    connection.execute(joined("create table good as select *, row_number() over () as _n from (", good_sql(suite), ")"))
    for table in suite.tables:
        schema, name = table.split(".")
        connection.execute(joined("create schema if not exists", schema))
        connection.execute(joined("create table", table, "as", _select(GOOD / schema / name)))
    if suite.feeds:
        connection.execute("create schema raw")
        connection.execute(
            "create table raw.winning_scopes as select region, cast(? as varchar) as feed, count(*) as row_count,"
            " false as is_empty, date '2024-01-01' as period_start from good group by region",
            [suite.feeds[0]],
        )


def _select(stem: Path) -> str:
    sql = stem.with_suffix(".sql")
    return sql.read_text("utf-8") if sql.is_file() else _values(stem)


def _values(stem: Path) -> str:
    with stem.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    columns = [column.split(":") for column in header]
    kinds = [SQL_TYPES[kind] for _, kind in columns]
    lines = ", ".join(f"({', '.join(map(_literal, row, kinds))})" for row in rows)
    names = ", ".join(name for name, _ in columns)
    return joined("select * from (values", lines, ") as good_rows(", names, ")")


def _literal(text: str, kind: str) -> str:
    value = "null" if text == "" else "'" + text.replace("'", "''") + "'"
    return f"cast({value} as {kind})"

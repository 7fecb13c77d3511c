"""Hashes of a release's content: the same rows give the same hash, in whatever order and by however many threads."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import duckdb

HISTORY_TABLES = frozenset({"indicator_revisions", "deliveries", "quarantined", "gate_results", "release"})
# What says when something was published or accepted, not what is true; left out of the content wherever it occurs.
HISTORY_COLUMNS = frozenset(
    {"status_since", "status_cause", "release_id", "run_id", "published_at", "accepted_at", "received_at"}
)
# The first of these columns that a table has cuts it into periods; a table with none is one partition.
PERIOD_COLUMNS = ("period_start", "month", "day", "quarter", "hour", "as_of", "period", "year", "target_year")
WHOLE = ""


@dataclass(frozen=True)
class Column:
    """A column of a released table with its DuckDB type."""

    name: str
    kind: str


@dataclass(frozen=True)
class Partition:
    """One period of one table: how many rows, and the hash over them."""

    rows: int
    sha256: str


Hashes = dict[str, dict[str, Partition]]


def tables(connection: duckdb.DuckDBPyConnection, catalog: str | None = None) -> dict[str, list[Column]]:
    """The tables of schema main with their columns, both ordered by name."""
    rows = connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() "
        "where schema_name = 'main' and not internal and database_name = coalesce(?, current_database()) "
        "order by table_name, column_name",
        [catalog],
    ).fetchall()
    found: dict[str, list[Column]] = {}
    for table, name, kind in rows:
        found.setdefault(table, []).append(Column(name, kind))
    return found


def split(all_tables: Mapping[str, list[Column]]) -> tuple[dict[str, list[Column]], dict[str, list[Column]]]:
    """Content and history: the columns of each table that belong to either."""
    content, history = {}, {}
    for table, columns in all_tables.items():
        if table in HISTORY_TABLES:
            history[table] = columns
            continue
        content[table] = [column for column in columns if column.name not in HISTORY_COLUMNS]
        if len(content[table]) < len(columns):
            history[table] = columns
    return content, history


def _rendered(column: Column) -> str:
    # length first, so that no two rows can be written alike; NULL is `-`, which no length is
    text = f'cast("{column.name}" as varchar)'
    return f"coalesce(length({text}) || ':' || {text}, '-')"


def _period(columns: Iterable[Column]) -> str:
    kinds = {column.name: column.kind for column in columns}
    for name in PERIOD_COLUMNS:
        if name in kinds:
            text = f'cast("{name}" as varchar)'
            is_dated = kinds[name] == "DATE" or kinds[name].startswith("TIMESTAMP")
            return f"coalesce({f'left({text}, 7)' if is_dated else text}, '')"
    return f"'{WHOLE}'"


def hash_table(connection: duckdb.DuckDBPyConnection, table: str, columns: list[Column]) -> dict[str, Partition]:
    """The hash of every period (month of a date, else the value) of one table; `''` when it has no period.

    Text is hashed as UTF-8, numbers and dates in DuckDB's own rendering, which is exact for decimals.
    """
    row = " || '|' || ".join(_rendered(column) for column in columns) or "''"
    sql = f"""
    with hashed as (select {_period(columns)} as period, sha256({row}) as row_hash from main.{table})
    select period, count(*), sha256(string_agg(row_hash, '' order by row_hash))
    from hashed group by period order by period
    """  # noqa: S608 - names of the release's own tables
    return {period: Partition(rows, sha256) for period, rows, sha256 in connection.execute(sql).fetchall()}


def hash_tables(connection: duckdb.DuckDBPyConnection, chosen: Mapping[str, list[Column]]) -> Hashes:
    """The partitions of every chosen table."""
    return {table: hash_table(connection, table, columns) for table, columns in chosen.items()}


def combine(chosen: Mapping[str, list[Column]], hashes: Hashes) -> str:
    """One sha256 over tables, their columns and types, and their partitions."""
    digest = hashlib.sha256()
    for table in sorted(chosen):
        shape = ",".join(f"{column.name} {column.kind}" for column in chosen[table])
        digest.update(f"{table}\t{shape}\n".encode())
        for period, partition in sorted(hashes[table].items()):
            digest.update(f"\t{period}\t{partition.rows}\t{partition.sha256}\n".encode())
    return digest.hexdigest()


def content_hashes(connection: duckdb.DuckDBPyConnection) -> tuple[str, Hashes]:
    """`content_sha256` of the open release and the partitions it is made of."""
    content, _ = split(tables(connection))
    hashes = hash_tables(connection, content)
    return combine(content, hashes), hashes


def history_sha256(connection: duckdb.DuckDBPyConnection) -> str:
    """The hash over everything that `content_sha256` leaves out."""
    _, history = split(tables(connection))
    return combine(history, hash_tables(connection, history))

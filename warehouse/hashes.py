"""Hashes of a release's content: the same rows give the same hash, in whatever order and by however many threads."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import duckdb

from warehouse.fingerprints import Column, fingerprints, period_column, period_text, shape

__all__ = [
    "HISTORY_COLUMNS",
    "HISTORY_TABLES",
    "Column",
    "Hashes",
    "Partition",
    "combine",
    "content_hashes",
    "hash_table",
    "history_hashes",
    "split",
    "tables",
]

HISTORY_TABLES = frozenset(
    {
        *("indicator_revisions", "releases", "scope_changes"),
        *("deliveries", "quarantined", "gate_results", "release"),
    }
)
# What says when something was published or accepted, not what is true; left out of the content wherever it occurs.
HISTORY_COLUMNS = frozenset(
    {
        *("status_since", "status_cause", "release_id", "run_id", "published_at", "accepted_at", "received_at"),
        "signed_at",
    }
)


@dataclass(frozen=True)
class Partition:
    """One period of one table: how many rows, the hash over them, and the quick sign they are known by."""

    rows: int
    sha256: str
    fingerprint: str


Hashes = Mapping[str, Mapping[str, Partition]]


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


def _sha256(
    connection: duckdb.DuckDBPyConnection, table: str, columns: list[Column], periods: Collection[str]
) -> dict[str, str]:
    """The sha256 of some periods of one table."""
    row = " || '|' || ".join(_rendered(column) for column in columns) or "''"
    column = period_column(columns)
    period = period_text(column, f'"{column.name}"') if column else "''"
    sql = f"""
    with dated as (select {period} as hashed_period, * from main.{table}),
    hashed as (
      select hashed_period, sha256({row}) as row_hash from dated
      where hashed_period in (select unnest(cast(? as varchar[])))
    )
    select hashed_period, sha256(string_agg(row_hash, '' order by row_hash)) from hashed group by hashed_period
    """  # noqa: S608 - names of the release's own tables
    return dict(connection.execute(sql, [list(periods)]).fetchall()) if periods else {}


def hash_table(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    columns: list[Column],
    known: Mapping[str, Partition] | None = None,
) -> dict[str, Partition]:
    """The hash of every period (month of a date, else the value) of one table; `''` when it has no period.

    Text is hashed as UTF-8, numbers and dates in DuckDB's own rendering, which is exact for decimals. A period with
    the fingerprint of a `known` one keeps its sha256; all others are computed.
    """
    found = fingerprints(connection, table, columns)
    kept = {
        period: (known or {})[period].sha256
        for period, fingerprint in found.items()
        if period in (known or {}) and (known or {})[period].fingerprint == fingerprint.digits
    }
    sha256 = kept | _sha256(connection, table, columns, found.keys() - kept)
    return {period: Partition(found[period].rows, sha256[period], found[period].digits) for period in sorted(found)}


def _hash_all(
    connection: duckdb.DuckDBPyConnection, chosen: Mapping[str, list[Column]], known: Hashes | None
) -> tuple[str, Hashes]:
    hashes = {
        table: hash_table(connection, table, columns, (known or {}).get(table)) for table, columns in chosen.items()
    }
    return combine(chosen, hashes), hashes


def combine(chosen: Mapping[str, list[Column]], hashes: Hashes) -> str:
    """One sha256 over tables, their columns and types, and their partitions."""
    digest = hashlib.sha256()
    for table in sorted(chosen):
        digest.update(f"{table}\t{shape(chosen[table])}\n".encode())
        for period, partition in sorted(hashes[table].items()):
            digest.update(f"\t{period}\t{partition.rows}\t{partition.sha256}\n".encode())
    return digest.hexdigest()


def content_hashes(connection: duckdb.DuckDBPyConnection, known: Hashes | None = None) -> tuple[str, Hashes]:
    """`content_sha256` of the open release and the partitions it is made of.

    `known` are the partitions of an earlier release, whose sha256 are reused where nothing changed; without them all
    are computed afresh.
    """
    return _hash_all(connection, split(tables(connection))[0], known)


def history_hashes(connection: duckdb.DuckDBPyConnection, known: Hashes | None = None) -> tuple[str, Hashes]:
    """The same over everything that `content_sha256` leaves out."""
    return _hash_all(connection, split(tables(connection))[1], known)

"""Fingerprints: a quick 128-bit sign of a partition's rows, by which a night knows what it need not hash again.

A fingerprint decides only whether a known sha256 may be reused; the content hash is made of sha256 alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import duckdb

# The first of these columns that a table has cuts it into periods; a table with none is one partition.
PERIOD_COLUMNS = (
    *("period_start", "month", "day", "quarter", "hour", "as_of", "period", "year", "target_year"),
    *("checked_at", "received_at", "published_at"),
)
# Raised when the same rows would get another sha256 than before: known ones are then worth nothing.
FORMAT = 1
_PLAIN = frozenset({"BOOLEAN", "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DATE", "TIMESTAMP", "VARCHAR"})
_NARROW_DIGITS = 18


@dataclass(frozen=True)
class Column:
    """A column of a released table with its DuckDB type."""

    name: str
    kind: str


@dataclass(frozen=True)
class Fingerprint:
    """One period of one table: how many rows, and 32 hex digits over them, their columns and the DuckDB version."""

    rows: int
    digits: str


def _is_dated(kind: str) -> bool:
    return kind == "DATE" or kind.startswith("TIMESTAMP")


def period_column(columns: Iterable[Column]) -> Column | None:
    """The column that cuts a table with these columns into periods."""
    found = {column.name: column for column in columns}
    return next((found[name] for name in PERIOD_COLUMNS if name in found), None)


def period_text(column: Column, value: str) -> str:
    """SQL text for the period of `value`, an SQL expression of the column's type: the month of a date, else itself."""
    text = f"cast({value} as varchar)"
    return f"coalesce({f'left({text}, 7)' if _is_dated(column.kind) else text}, '')"


def shape(columns: Sequence[Column]) -> str:
    """Columns and types as one text."""
    return ",".join(f"{column.name} {column.kind}" for column in columns)


def _hashed(column: Column) -> str:
    """What DuckDB's hash() must be given so that two values of this column never get the same hash by its design."""
    name = f'"{column.name}"'
    if column.kind in _PLAIN:
        return name
    if column.kind.startswith("DECIMAL("):
        digits = int(column.kind.removeprefix("DECIMAL(").split(",")[0])
        # 128 bits are hashed as the xor of two halves: 0 and -0.000001 would be the same
        return name if digits <= _NARROW_DIGITS else f"{name}, cast({name} as double)"
    return f"cast({name} as varchar)"


def fingerprints(
    connection: duckdb.DuckDBPyConnection, table: str, columns: Sequence[Column]
) -> dict[str, Fingerprint]:
    """The fingerprint of every period of one table of schema main."""
    column = period_column(columns)
    # a month is told apart by its number, which is several times quicker than by its text
    name = f'"{column.name}"' if column else ""
    is_dated = column is not None and _is_dated(column.kind)
    period = period_text(column, f"any_value({name})" if is_dated else name) if column else "''"
    key = f"year({name}) * 100 + month({name})" if is_dated else period
    hashed = [_hashed(item) for item in columns] or ["0"]
    sql = f"""
    select {period}, count(*), sum(hash({", ".join(hashed)})), sum(hash('', {", ".join(reversed(hashed))}))
    from main.{table} group by {key}
    """  # noqa: S608 - names of the release's own tables
    found = {}
    for text, rows, first, second in connection.execute(sql).fetchall():
        what = f"{FORMAT}|{duckdb.__version__}|{shape(columns)}|{rows}|{first}|{second}"
        found[text] = Fingerprint(rows, hashlib.blake2b(what.encode(), digest_size=16).hexdigest())
    return found

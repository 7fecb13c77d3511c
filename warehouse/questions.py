"""Questions to DuckDB from commands that must start at once.

Values enter the SQL as literals: a bound parameter makes DuckDB import pandas, which takes a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

_NAME = re.compile(r"\$(\w+)")


def literal(value: Any) -> str:
    """A text, number, date, truth value or None as SQL; TypeError for anything else."""
    if value is None:
        return "null"
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    if isinstance(value, date):
        return f"date '{value.isoformat()}'"
    raise TypeError(f"no SQL for {type(value).__name__}")


def bound(sql: str, values: Mapping[str, Any]) -> str:
    """The SQL with every `$name` outside quotes replaced by its value; KeyError for a name without one."""
    parts = re.split(r"('(?:[^']|'')*')", sql)
    return "".join(
        part if position % 2 else _NAME.sub(lambda match: literal(values[match[1]]), part)
        for position, part in enumerate(parts)
    )


def ask(connection: duckdb.DuckDBPyConnection, sql: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a select; duckdb.Error when it cannot be run."""
    return connection.execute(bound(sql, values)).fetchall()


def ask_records(connection: duckdb.DuckDBPyConnection, sql: str, **values: Any) -> list[dict[str, Any]]:
    """The rows of a select as dictionaries by column."""
    cursor = connection.execute(bound(sql, values))
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@dataclass
class Asking:
    """Questions to one connection whose tables do not change meanwhile: the same question is asked once."""

    connection: duckdb.DuckDBPyConnection
    _known: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def records(self, sql: str, **values: Any) -> list[dict[str, Any]]:
        """The rows of a select as dictionaries by column, the caller's to change."""
        question = bound(sql, values)
        if question not in self._known:
            self._known[question] = ask_records(self.connection, question)
        return [dict(record) for record in self._known[question]]


def values_of(rows: Iterable[Iterable[Any]]) -> str:
    """Rows as the list of a `values` clause; never empty."""
    return ", ".join("(" + ", ".join(literal(value) for value in row) + ")" for row in rows)

"""Rows of accepted deliveries as they stand in their files, superseded ones too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import date
from typing import Any

import duckdb

from sources.contract import contracts
from sources.corrections import Correction
from sources.ledger import WinningScope
from warehouse.delivered import corrected
from warehouse.paths import Home
from warehouse.raw import literal_path

Row = dict[str, Any]
File = tuple[str, str, str, int]
Corrections = tuple[Correction, ...]


class Unreadable(Exception):
    """The file of a delivery that no longer wins is gone or damaged: nobody can say what stood in it."""


class Readings:
    """The delivered rows of a home, as their scopes have them corrected.

    Empty-scope rows are left out; days come as ISO texts.
    """

    def __init__(self, home: Home) -> None:
        self._home = home

    def rows(self, scopes: Iterable[WinningScope], columns: Sequence[str]) -> list[Row]:
        """The rows of these scopes, `_scope` among their columns; a column that a file lacks is None.

        Unreadable when a file cannot be read.
        """
        by_file: dict[tuple[File, Corrections], list[str]] = {}
        for scope in scopes:
            if not scope.is_empty:
                # the same rows before and after they were put right are two readings
                file = (scope.feed, scope.region, scope.delivery_id, scope.reparse_id)
                by_file.setdefault((file, scope.corrections), []).append(scope.scope)
        if not by_file:
            return []
        with closing(duckdb.connect()) as connection:
            return [row for read, names in by_file.items() for row in self._file(connection, *read, names, columns)]

    def _file(
        self,
        connection: duckdb.DuckDBPyConnection,
        file: File,
        corrections: Corrections,
        scopes: list[str],
        columns: Sequence[str],
    ) -> list[Row]:
        source = f"read_parquet({literal_path(self._home.delivery(*file))}, hive_partitioning = false)"
        try:
            found = {row[0] for row in connection.execute(f"describe select * from {source}").fetchall()}  # noqa: S608
            listed = ", ".join(name if name in found else f"null as {name}" for name in columns)
            rows = corrected(f"select * from {source}", found, contracts()[file[0]], corrections)  # noqa: S608
            read = connection.execute(
                f"select _scope, {listed} from ({rows}) as rows "  # noqa: S608 - columns of contracts, a literal path
                "where not _is_empty and _scope in (select unnest(?::varchar[]))",
                [scopes],
            ).fetchall()
        except duckdb.Error as error:
            raise Unreadable(str(error)) from error
        return [dict(zip(("_scope", *columns), map(_text_of_days, row), strict=True)) for row in read]

    def differing(self, old: WinningScope | None, new: WinningScope | None, columns: Sequence[str]) -> list[Row]:
        """The rows (of these columns) that only one of two readings of a register has. Unreadable as `rows`."""
        sides = [self.rows([side] if side else [], columns) for side in (old, new)]
        before, after = ({tuple(row[name] for name in columns): row for row in side} for side in sides)
        return [
            *(row for key, row in before.items() if key not in after),
            *(row for key, row in after.items() if key not in before),
        ]


def _text_of_days(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value

"""A table judged where it lies, too large for a frame: its columns, its size, and SQL that asks it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from expectations.frames import joined, to_pandas

if TYPE_CHECKING:
    import duckdb
    import pandas

_FLOATS = ("FLOAT", "DOUBLE")


@dataclass(frozen=True)
class Large:
    """A table to be judged where it lies: `select` gives the SQL of the columns asked for (None: all), or more.

    `types` are the types of all its columns by name, `sorting` the columns that cost a sort. A query calls it `large`.
    """

    cursor: duckdb.DuckDBPyConnection
    select: Callable[[Collection[str] | None], str]
    types: Mapping[str, str]
    sorting: frozenset[str] = frozenset()
    row_count: int = 0

    def frame(self, columns: Collection[str], *asked: str, params: Sequence[Any] | None = None) -> pandas.DataFrame:
        """What a query gives that looks at these columns."""
        sql = joined("with large as not materialized (", self.select(columns), ")", *asked)
        return to_pandas(self.cursor.sql(sql, params=params).to_arrow_table())

    def number(self, columns: Collection[str], *asked: str, params: Sequence[Any] | None = None) -> int:
        """The one number that a query gives."""
        found = self.frame(columns, *asked, params=params).iloc[0, 0]
        return 0 if found != found else int(found)

    def given(self, column: str) -> str:
        """The condition that a column has a value; pandas counts NaN among the gaps, and so do we."""
        is_given = f"{column} is not null"
        return f"({is_given} and not isnan({column}))" if self.types.get(column) in _FLOATS else is_given


def large(
    cursor: duckdb.DuckDBPyConnection,
    select: Callable[[Collection[str] | None], str] | str,
    sorting: Iterable[str] = (),
) -> Large:
    """A table by its select, its rows counted; raises duckdb.Error when the select cannot be run."""
    asked = (lambda _: select) if isinstance(select, str) else select
    relation = cursor.sql(asked(None))
    table = Large(cursor, asked, dict(zip(relation.columns, map(str, relation.types), strict=True)), frozenset(sorting))
    return replace(table, row_count=table.number((), "select count(*) from large"))

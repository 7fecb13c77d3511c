"""Sheets and rows of delivered files: of every scope that fed a value, and of every row of its terms.

Nothing is written: a delivery whose Parquet file is missing or damaged is read again from the archive, in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sources.archive import Damaged
from sources.contract import contracts
from sources.corrections import Correction
from sources.ledger import Ledger, accepted, delivery_file
from sources.parquet import is_intact, reread
from warehouse.delivered import corrected
from warehouse.paths import Home
from warehouse.provenance import Pick, Place, Source
from warehouse.questions import ask, literal, values_of
from warehouse.terms import Origin, Row, Rows, Term

if TYPE_CHECKING:
    import duckdb

# labels that name a thing beside its id: a name may change while the id stays
NAMES = frozenset({"name"})


class Places:
    """The delivered rows under one value, with the release's corrections, in temporary tables, one a feed."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        home: Home,
        ledger: Ledger,
        corrections: Sequence[Correction] = (),
    ) -> None:
        self._connection, self._home, self._ledger, self._corrections = connection, home, ledger, corrections
        self._columns: dict[str, set[str]] = {}

    def load(self, picks: Sequence[Pick], sources: Iterable[Source]) -> None:
        """Take in the picked scopes' rows, and tell each scope of `sources` where its rows stand."""
        if not picks:
            return
        values = values_of((number, scope.delivery_id, scope.scope) for number, scope in picks)
        self._connection.execute(f"create temp table picked as from (values {values}) as p(_window, _delivery, _scope)")
        by_feed: dict[str, list[Source]] = defaultdict(list)
        for source in sources:
            by_feed[source.feed].append(source)
        for feed, found in by_feed.items():
            self._load_feed(feed, found)
            places = self._ranges(feed, ("_delivery", "_scope"), "true", {})
            for source in found:
                for scope in source.scopes:
                    scope.places = places[source.delivery_id, scope.scope]

    def _load_feed(self, feed: str, sources: Iterable[Source]) -> None:
        files, selects = [], []
        for source in sources:
            relation = self._relation(source)
            if relation is None:
                continue
            if source.rows_from == "parquet":
                files.append(literal(relation))
            else:
                selects.append(f"from {relation}")
        if files:
            selects.append(f"select * from read_parquet([{', '.join(files)}], union_by_name = true)")  # noqa: S608
        if selects:
            rows = self._corrected(feed, " union all by name ".join(selects))
            sql = f"create temp table rows_{feed} as from ({rows}) inner join picked using (_delivery, _scope)"
            self._connection.execute(sql)
            self._columns[feed] = {row[0] for row in self._connection.execute(f"describe rows_{feed}").fetchall()}

    def _corrected(self, feed: str, rows: str) -> str:
        """A select of the delivered rows as the release counted them."""
        own = [one for one in self._corrections if one.feed == feed]
        if not own:
            return rows
        names = [row[0] for row in self._connection.execute(f"describe {rows}").fetchall()]
        return corrected(rows, names, contracts()[feed], own)

    def _relation(self, source: Source) -> str | None:
        """The Parquet file of a delivery, or the name of its rows read again from the archive; None when lost."""
        file = self._home.delivery(source.feed, source.region, source.delivery_id, source.reparse_id)
        recorded = delivery_file(self._ledger, source.delivery_id, source.reparse_id)
        if recorded and is_intact(file, recorded):
            return str(file)
        delivery = accepted(self._ledger, source.delivery_id)
        assert delivery is not None
        try:
            table = reread(self._home, self._ledger, delivery, source.reparse_id)
        except Damaged:
            source.rows_from = "lost"
            return None
        source.rows_from = "archive"
        self._connection.register(f"again_{source.delivery_id}", table)
        return f"again_{source.delivery_id}"

    def locate(self, term: Term, window: int) -> None:
        """Tell every row of a term, and of the terms below it, which rows of which files it was made from."""
        for part in term.parts:
            self.locate(part, window)
        for rows in term.selects:
            for origin in rows.origins:
                if rows.rows and origin.feed in self._columns:
                    self._locate(rows, origin, {**term.parameters, "window": window})

    def _locate(self, rows: Rows, origin: Origin, parameters: Mapping[str, Any]) -> None:
        labels = {label for row in rows.rows for label in row.labels}
        keys = tuple(sorted((labels & self._columns[origin.feed]) - NAMES))
        places = self._ranges(
            origin.feed, keys, f"_window = $window and not _is_empty and ({origin.where})", parameters
        )
        if not keys:
            rows.places += places[()]
            return
        for row in rows.rows:
            row.places += places[_key(row, keys)]

    def _ranges(
        self, feed: str, keys: Sequence[str], condition: str, parameters: Mapping[str, Any]
    ) -> dict[tuple[str, ...], list[Place]]:
        """Per value of the keys (as text) the ranges of rows that hold the condition, in order of file and row."""
        found: dict[tuple[str, ...], list[Place]] = defaultdict(list)
        if feed not in self._columns:
            return found
        columns = "".join(f"coalesce(cast({key} as varchar), '') as key_{key}, " for key in keys)
        file = "".join(f"key_{key}, " for key in keys) + "_delivery, _sheet"
        # rows that follow each other make one range; names are those of contracts and of declared terms
        sql = f"""
        with chosen as (select distinct {columns} _delivery, _sheet, _row from rows_{feed} where {condition}),
        numbered as (select *, _row - row_number() over (partition by {file} order by _row) as island from chosen)
        select {file}, min(_row), max(_row) from numbered
        group by {file}, island order by _delivery, _sheet, min(_row)
        """  # noqa: S608
        for row in ask(self._connection, sql, **parameters):
            found[row[: len(keys)]].append(Place(*row[len(keys) :]))
        return found


def _key(row: Row, keys: Sequence[str]) -> tuple[str, ...]:
    return tuple(row.labels.get(key, "") for key in keys)

"""What a delivery is compared with: what the ledger says was there before it, read from the files that hold it."""

from __future__ import annotations

import csv
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from sources import parquet
from sources.contract import Contract
from sources.ledger import Ledger, WinningScope, accepted, winners_between
from warehouse.paths import SEEDS, Home
from warehouse.timetable import today

if TYPE_CHECKING:
    import pyarrow as pa


@cache
def _regions() -> frozenset[str]:
    with (SEEDS / "plan_regions.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(row["region"] for row in csv.DictReader(file))


@dataclass(frozen=True)
class Past:
    """The past of one region's delivery on the day `as_of`, at the ledger's present position.

    With `until`, an acceptance's number, only what was accepted before that one counts: the past that a delivery read
    again had. Without a ledger nothing was delivered yet. Nothing is ever written.
    """

    home: Home
    ledger: Ledger | None
    as_of: date
    region: str
    until: int | None = None

    @property
    def today(self) -> date:
        """The day it is in Shanghai."""
        return today()

    @property
    def is_registered(self) -> bool:
        """Whether the plan's registry of regions names the region."""
        return self.region in _regions()

    def scopes(self, contract: Contract, first: date, last: date) -> Sequence[WinningScope]:
        """The scopes in force of the feed whose periods begin between two days, both included; held ones never."""
        if self.ledger is None:
            return []
        return winners_between(self.ledger, self.region, contract.feed, first, last, until=self.until)

    def rows(self, contract: Contract, scopes: Collection[WinningScope], schema: pa.Schema) -> pa.Table:
        """The rows of these scopes with the columns of `schema`; one that an older contract lacked is empty.

        sources.archive.Damaged when neither the file nor the archive has them.
        """
        import pyarrow as pa

        by_file: dict[tuple[str, int], list[str]] = {}
        for scope in scopes:
            if not scope.is_empty:
                by_file.setdefault((scope.delivery_id, scope.reparse_id), []).append(scope.scope)
        parts = [self._rows(contract, *key, held, schema) for key, held in by_file.items()]
        return pa.concat_tables(parts) if parts else schema.empty_table()

    def _rows(
        self, contract: Contract, delivery_id: str, reparse_id: int, scopes: Sequence[str], schema: pa.Schema
    ) -> pa.Table:
        import pyarrow as pa

        assert self.ledger is not None
        delivery = accepted(self.ledger, delivery_id)
        assert delivery is not None and delivery.feed == contract.feed
        found = parquet.rows_of(self.home, self.ledger, delivery, reparse_id, schema.names, scopes)
        there = set(found.column_names)
        columns = [
            found[field.name].cast(field.type) if field.name in there else pa.nulls(len(found), field.type)
            for field in schema
        ]
        return pa.table(columns, schema=schema)

"""A past for a good table: what it says now, it said in every earlier period that it can be compared with."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from expectations.frames import joined
from expectations.past import UNITS, period_sql, rest_of, rest_sql
from sources.contract import Contract

if TYPE_CHECKING:
    import duckdb
    import pyarrow

    from sources.ledger import WinningScope

# How many periods back there is a past.
_BACK = {"day": (0, 1, 7), "month": (0, 1, 12), "quarter": (0, 1, 4), "year": (0, 1)}


@dataclass(frozen=True)
class GoodPast:
    """The past of the table `good` of a connection, as `expectations.past.Past` wants it.

    `moved` moves all of it by some periods; `kept` is a condition on the rows that it has.
    """

    connection: duckdb.DuckDBPyConnection
    as_of: date = date(2030, 1, 1)
    today: date = date(2030, 1, 1)
    is_registered: bool = True
    moved: int = 0
    kept: str = "true"

    def scopes(self, contract: Contract, first: date, last: date) -> Sequence[WinningScope]:
        """The good table's scopes in their own periods and in the earlier ones."""
        from sources.ledger import WinningScope

        found = self.connection.sql(
            joined("select spelt, period, count(*) from (", self._rows(contract), ") group by all")
        ).fetchall()
        return [
            WinningScope("", contract.feed, spelt, 0, "", rows, False, str(period), None, None)
            for spelt, period, rows in found
            if first <= period <= last
        ]

    def rows(self, contract: Contract, scopes: Collection[WinningScope], schema: pyarrow.Schema) -> pyarrow.Table:
        """The good table's rows in these scopes, dated as they are."""
        wanted = {scope.scope for scope in scopes}
        table = self.connection.sql(self._rows(contract)).to_arrow_table()
        return table.filter([spelt in wanted for spelt in table["spelt"].to_pylist()]).select(schema.names).cast(schema)

    def _rows(self, contract: Contract) -> str:
        unit, first = UNITS[contract.frequency], contract.field(contract.period[0])
        dates = len(contract.scope) - len(rest_of(contract))
        dated = {first.name: "year(period)" if first.type == "year" else "period"}
        dated |= dict.fromkeys(contract.period[1:], "quarter(period)")
        replaced = ", ".join(f"{sql} as {name}" for name, sql in dated.items())
        moved = f"cast({period_sql(contract)} + ({self.moved} - back) * interval 1 {unit} as date) as period"
        backs = ", ".join(f"({back})" for back in _BACK[unit])
        return joined(
            *("select * replace (", replaced, f"), cast(period as varchar) || '{'|' * dates}' || rest as spelt from ("),
            *("select good.*, back,", moved, ",", rest_sql(contract), "as rest from good"),
            *("cross join (values", backs, ") as backs(back) where", self.kept),
            ") qualify back = min(back) over (partition by period, rest)",
        )

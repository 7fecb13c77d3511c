"""Gate 2 against the past: a delivery beside what its scopes held before, and beside earlier periods.

A comparison is a frame of one row per period and group: each measure, the same of the past (`quantity_previous`) and
their ratio (`quantity_over_previous`), as expectations/past_frames.py has it. Which scopes of the past belong to which
period is worked out here; only their rows are read. The frame `scopes` has one row per scope of the delivery: how it
stands to the timetable and to the periods that are there. Where there is no past, a column is empty and its check has
nothing to judge.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from expectations.frames import joined
from expectations.suites import PASTS, Suite
from sources.contract import Contract, Field, contracts
from warehouse.timetable import period_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow

    from sources.ledger import WinningScope

# How far around a delivery's own periods the past is looked at, in days.
_AROUND = {"daily": 40, "monthly": 460, "quarterly": 500, "yearly": 1900, "irregular": 1900}
UNITS = {"daily": "day", "monthly": "month", "quarterly": "quarter", "yearly": "year", "irregular": "month"}


class Past(Protocol):
    """What a delivery can be compared with, and the day of the run."""

    @property
    def as_of(self) -> date:
        """The day of the run."""

    @property
    def today(self) -> date:
        """The day it really is: a run may be made for an earlier one."""

    @property
    def is_registered(self) -> bool:
        """Whether the plan knows the region."""

    def scopes(self, contract: Contract, first: date, last: date) -> Sequence[WinningScope]:
        """The scopes in force whose periods begin between two days, both included."""

    def rows(self, contract: Contract, scopes: Collection[WinningScope], schema: pyarrow.Schema) -> pyarrow.Table:
        """Their rows, with the columns of `schema`."""


def period_sql(contract: Contract) -> str:
    """The first day of a row's period, from the fields that date it."""
    first = contract.field(contract.period[0])
    if first.type != "year":
        return f"cast({first.name} as date)"
    month = f"3 * cast({contract.period[1]} as integer) - 2" if len(contract.period) > 1 else "1"
    return f"make_date({first.name}, {month}, 1)"


def rest_of(contract: Contract) -> list[Field]:
    """The scope's fields that are no date: within them, one period is compared with another."""
    return [field for field in contract.scope if field.name not in contract.period]


def rest_sql(contract: Contract) -> str:
    """The scope of a row without its date, as text."""
    parts = [f"coalesce(cast({field.name} as varchar), '')" for field in rest_of(contract)]
    return " || '|' || ".join(parts) or "''"


def _rest(contract: Contract, scope: str) -> str:
    """The same, of a scope as the ledger spells it: dates come first."""
    dated = len(contract.scope) - len(rest_of(contract))
    return "|".join(scope.split("|", dated)[dated:])


def prepare(cursor: duckdb.DuckDBPyConnection, suite: Suite, source: str, past: Past) -> None:
    """Register what the frames of the past read: `run`, `past_scopes`, `past_links`, `past_rows`.

    sources.archive.Damaged when rows of the past are lost.
    """
    contract = contracts()[suite.name]
    dated = ("select distinct", period_sql(contract), "as period,", rest_sql(contract), "as rest from (", source, ")")
    spoken = cursor.sql(joined(*dated)).fetchall()
    days, around = [period for period, _ in spoken], timedelta(_AROUND[contract.frequency])
    held = past.scopes(contract, min(days) - around, max(days) + around) if days else []
    there = {(date.fromisoformat(str(scope.period_start)), _rest(contract, scope.scope)): scope for scope in held}
    links = list(_links(contract, spoken, there.keys(), pasts_of(suite)))
    wanted = {there[period, rest].scope: there[period, rest] for _, rest, _, period, is_own in links if not is_own}
    if suite.records:
        wanted |= {there[key].scope: there[key] for key in there.keys() - set(spoken) if key[0] in days}
    schema = cursor.sql(joined("select * from (", source, ") limit 0")).to_arrow_table().schema
    _register(cursor, past, there, links)
    cursor.register("past_rows", past.rows(contract, list(wanted.values()), _needed(contract, suite, schema)))


def _register(
    cursor: duckdb.DuckDBPyConnection, past: Past, there: dict[tuple[date, str], WinningScope], links: Sequence[Any]
) -> None:
    import pyarrow as pa

    texts, days, whole = pa.string(), pa.date32(), pa.int64()
    held = [(period, rest, scope.row_count) for (period, rest), scope in there.items()]
    latest = max(past.as_of, past.today)
    run = {"as_of": [past.as_of], "latest": [latest], "is_registered": [past.is_registered]}
    cursor.register("run", pa.table(run))
    cursor.register("past_scopes", _table(held, {"period": days, "rest": texts, "row_count": whole}))
    named = {"period": days, "rest": texts, "past": texts, "past_period": days, "is_own": pa.bool_()}
    cursor.register("past_links", _table(links, named))


def _table(rows: Sequence[Sequence[Any]], types: dict[str, pyarrow.DataType]) -> pyarrow.Table:
    import pyarrow as pa

    columns = list(zip(*rows, strict=True)) or [()] * len(types)
    arrays = [pa.array(column, kind) for column, kind in zip(columns, types.values(), strict=True)]
    return pa.table(arrays, names=list(types))


def _links(
    contract: Contract, spoken: Collection[tuple[date, str]], held: Collection[tuple[date, str]], pasts: Iterable[str]
) -> Iterator[tuple[date, str, str, date, bool]]:
    """Period, rest of the scope, the past it is compared with, that one's period, and whether the delivery has it.

    What the delivery itself says of an earlier period counts before what is held of it.
    """
    own = set(spoken)
    known = own | set(held)
    for period, rest in spoken:
        earlier: dict[str, date | None] = {"week_before": period - timedelta(7), "year_before": _a_year_before(period)}
        earlier["previous"] = _previous(contract, period, rest, known)
        if "before" in pasts and (period, rest) in held:
            yield period, rest, "before", period, False
        for past in earlier.keys() & set(pasts):
            if (day := earlier[past]) is not None and (day, rest) in known:
                yield period, rest, past, day, (day, rest) in own


def _a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _previous(contract: Contract, period: date, rest: str, there: Collection[tuple[date, str]]) -> date | None:
    """The first day of the period before; of registers the newest one that is older."""
    if contract.snapshot or contract.frequency == "irregular":
        return max((day for day, other in there if other == rest and day < period), default=None)
    before = period_of(contract.frequency, period - timedelta(1))
    return before.start if before else None


def pasts_of(suite: Suite) -> list[str]:
    """The kinds of past that some check or column of the suite asks for: only these are read."""
    asked = " ".join(
        [column for check in suite.checks if check.frame in suite.past for column in check.columns]
        + [sql for comparison in suite.past.values() for sql in comparison.derive.values()]
    )
    found = [past for past in PASTS if re.search(rf"_{past}\b", re.sub(r"_year_before\b|_week_before\b", " ", asked))]
    return found + [past for past in ("year_before", "week_before") if f"_{past}" in asked and past not in found]


def _needed(contract: Contract, suite: Suite, schema: pyarrow.Schema) -> pyarrow.Schema:
    """The columns of the past worth reading."""
    import pyarrow as pa

    asked = [sql for comparison in suite.past.values() for sql in (*comparison.by, *comparison.columns.values())]
    words = set(re.findall(r"\w+", " ".join(asked))) | set(suite.records)
    names = words | {field.name for field in contract.scope} | set(contract.period)
    return pa.schema([field for field in schema if field.name in names and not field.name.startswith("_")])

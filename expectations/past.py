"""Gate 2 against the past: a delivery beside what its scopes held before, and beside earlier periods.

A comparison is a frame of one row per period and group: each measure, the same of the past (`quantity_previous`) and
their ratio (`quantity_over_previous`). Which scopes of the past belong to which period is worked out here; only
their rows are read. The frame `scopes` has one row per scope of the delivery: how it stands to the timetable and to
the periods that are there. Where there is no past, a column is empty and its check has nothing to judge.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

from expectations.frames import joined
from expectations.suites import PASTS, Check, Comparison, Suite
from sources.contract import Contract, Field, contracts
from warehouse.timetable import period_of

if TYPE_CHECKING:
    import duckdb
    import pyarrow

    from sources.ledger import WinningScope

SCOPES = "scopes"
# How far around a delivery's own periods the past is looked at, in days.
_AROUND = {"daily": 40, "monthly": 460, "quarterly": 500, "yearly": 1900, "irregular": 1900}
UNITS = {"daily": "day", "monthly": "month", "quarterly": "quarter", "yearly": "year", "irregular": "month"}
_SAID = {"before": "此前", "previous": "上期", "year_before": "上年同期", "week_before": "上周同日"}
# What a clerk reads in place of the columns' names.
_CALLED = {
    "gone_previous": "上期有而这次没有",
    "gone_week_before": "上周同日有而这次没有",
    "month_jump": "与上月之比",
    "year_jump": "与上年之比",
    "revision_jump": "与此前之比",
    "is_registered": "在地区表中",
    "days_ahead": "期末距核算日天数",
    "days_until_start": "期初距核算日天数",
    "periods_missing": "缺的期数",
    "periods_behind": "比最新一期早的期数",
    "is_emptied": "原有数据撤空",
}


class Past(Protocol):
    """What a delivery can be compared with, and the day of the run."""

    @property
    def as_of(self) -> date:
        """The day of the run."""

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
    schema = cursor.sql(joined("select * from (", source, ") limit 0")).to_arrow_table().schema
    _register(cursor, past, there, links)
    cursor.register("past_rows", past.rows(contract, list(wanted.values()), _needed(contract, suite, schema)))


def _register(
    cursor: duckdb.DuckDBPyConnection, past: Past, there: dict[tuple[date, str], WinningScope], links: Sequence[Any]
) -> None:
    import pyarrow as pa

    texts, days, whole = pa.string(), pa.date32(), pa.int64()
    held = [(period, rest, scope.row_count) for (period, rest), scope in there.items()]
    cursor.register("run", pa.table({"as_of": [past.as_of], "is_registered": [past.is_registered]}))
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
    words = set(re.findall(r"\w+", " ".join(asked)))
    names = words | {field.name for field in contract.scope} | set(contract.period)
    return pa.schema([field for field in schema if field.name in names and not field.name.startswith("_")])


def past_sql(suite: Suite, frame: str, source: str) -> str:
    """The SQL of a frame of the past."""
    contract = contracts()[suite.name]
    if frame == SCOPES:
        return _scopes_sql(contract, source)
    return _compared_sql(contract, suite.past[frame], pasts_of(suite), source)


def _compared_sql(contract: Contract, comparison: Comparison, pasts: Sequence[str], source: str) -> str:
    by = [*(field.name for field in rest_of(contract)), *comparison.by]
    keys = "".join(f", {column}" for column in dict.fromkeys(by))
    dated = f"{period_sql(contract)} as period, {rest_sql(contract)} as rest{keys}"
    values = "".join(f", {sql} as {name}" for name, sql in comparison.columns.items())
    names = "".join(f", {name}" for name in comparison.columns)
    derived = "".join(f", {sql} as {name}" for name, sql in comparison.derive.items())
    return joined(
        *(
            "with told as (select",
            dated,
            values,
            ", min(_row) as _row from (",
            source,
            ") where not _is_empty group by all),",
        ),
        *("recalled as (select", dated, values, "from past_rows group by all),"),
        *("every as (select period, rest", keys, names, ", _row, 'now' as past from told union all"),
        *("select l.period, l.rest", keys, names, ", null, l.past from (select *, false as is_own from recalled"),
        *("union all select period, rest", keys, names, ", true from told) r join past_links l"),
        "on l.past_period = r.period and l.rest = r.rest and l.is_own = r.is_own),",
        *(
            "paired as (select period, rest",
            keys,
            _pasts(comparison, pasts),
            ", min(_row) as _row from every group by all),",
        ),
        *("compared as (select *", _ratios(comparison, pasts), _gone(pasts), "from paired)"),
        *("select *", derived, "from compared where", "true" if comparison.gone else "is_there"),
    )


def _pasts(comparison: Comparison, pasts: Sequence[str]) -> str:
    kinds = {"": "now", **{f"_{past}": past for past in pasts}}
    columns = [
        f"max({name}) filter (past = '{past}') as {name}{suffix}"
        for name in comparison.columns
        for suffix, past in kinds.items()
    ]
    there = ["coalesce(bool_or(past = 'now'), false) as is_there"]
    there += [f"coalesce(bool_or(past = '{past}'), false) as in_{past}" for past in pasts]
    return ", " + ", ".join(columns + there)


def _ratios(comparison: Comparison, pasts: Sequence[str]) -> str:
    """A group too small to matter on both sides is not compared."""
    return "".join(
        f", case when greatest(abs({name}), abs({name}_{past})) >= {comparison.least.get(name, 0)}"
        f" then cast({name} as double) / nullif(cast({name}_{past} as double), 0) end as {name}_over_{past}"
        for name in comparison.measures
        for past in pasts
    )


def _gone(pasts: Sequence[str]) -> str:
    """Whether a group of the past is missing now; empty where the scope has no such past at all."""
    return "".join(
        f", case when bool_or(in_{past}) over (partition by period, rest) then in_{past} and not is_there end"
        f" as gone_{past}"
        for past in pasts
    )


def _scopes_sql(contract: Contract, source: str) -> str:
    dated = f"{period_sql(contract)} as period, {rest_sql(contract)} as rest"
    fields = "".join(f", any_value({field.name}) as {field.name}" for field in contract.scope)
    unit, length = UNITS[contract.frequency], "0 day" if contract.snapshot else f"1 {UNITS[contract.frequency]}"
    end = "period" if contract.snapshot else f"period + interval {length} - interval 1 day"
    return joined(
        *("with told as (select", dated, fields, ", bool_and(_is_empty) as is_empty, min(_row) as _row from (", source),
        ") group by all), known as (select period, rest from told union select period, rest from past_scopes),",
        "ordered as (select *, lag(period) over (partition by rest order by period) as earlier from known),",
        "newest as (select rest, max(period) as newest from past_scopes group by rest)",
        f"select t.*, date_diff('day', run.as_of, cast({end} as date)) as days_ahead,",
        "date_diff('day', run.as_of, period) as days_until_start,",
        f"date_diff('{unit}', earlier, period) - 1 as periods_missing,",
        "case when s.period is not null then 0 when newest is not null",
        f"then greatest(date_diff('{unit}', period, newest), 0) end",
        "as periods_behind, case when s.period is not null then t.is_empty and s.row_count > 0 end as is_emptied,",
        "is_registered from told t cross join run join ordered using (period, rest)",
        "left join newest using (rest) left join past_scopes s using (period, rest)",
    )


def amounts(suite: Suite, check: Check) -> list[str]:
    """The columns that a check of a comparison rests on: what is now and what was."""
    comparison = suite.past.get(check.frame)
    if comparison is None:
        return []
    sql = " ".join((*check.columns, *(comparison.derive.get(column, "") for column in check.columns)))
    pairs = [(name, past) for name in comparison.columns for past in PASTS]
    found = [(name, past) for name, past in pairs if re.search(rf"\b{name}(_over)?_{past}\b", sql)]
    return [column for name, past in found for column in (name, f"{name}_{past}")]


def labels(suite: Suite, headers: Mapping[str, str]) -> dict[str, str]:
    """What the columns of comparisons are called in examples: the field's header and which past it is of."""
    found = dict(_CALLED)
    for comparison in suite.past.values():
        for name in comparison.columns:
            called = headers.get(name, name)
            for past, said in _SAID.items():
                found[f"{name}_{past}"] = f"{called}（{said}）"
                found[f"{name}_over_{past}"] = f"{called}÷{said}"
    return found

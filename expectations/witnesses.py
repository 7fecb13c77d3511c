"""Tables too large for frames: SQL finds the values that decide a rule, and Great Expectations judges these.

A rule on values holds for a whole column exactly when it holds for its witnesses: a range for the least and the
greatest value, a list for every distinct value, an order of two columns for the pair furthest the wrong way, a key for
one key that occurs twice. So each rule costs an aggregate in DuckDB and a frame of a few rows, however long the table;
the rows that offend are looked for only when a rule has failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from expectations.engine import MOST_EXAMPLES, Judgement, judge_frame
from expectations.frames import joined, to_pandas
from expectations.suites import ROW_COUNT, Check

if TYPE_CHECKING:
    import duckdb
    import pandas

    Said = tuple[Judgement, pandas.DataFrame]

_NULL = "expect_column_values_to_not_be_null"
_BETWEEN = "expect_column_values_to_be_between"
_PAIR = "expect_column_pair_values_a_to_be_greater_than_b"
_KEYS = ("expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique")
_LISTED = ("expect_column_values_to_be_in_set", "expect_column_values_to_match_regex")
_FLOATS = ("FLOAT", "DOUBLE")


@dataclass(frozen=True)
class Large:
    """A table to be judged where it lies: a select, the types of its columns by name, and its number of rows."""

    cursor: duckdb.DuckDBPyConnection
    sql: str
    types: Mapping[str, str]
    row_count: int = 0

    def frame(self, *asked: str, params: Sequence[Any] | None = None) -> pandas.DataFrame:
        """What a query gives that calls the table `large`."""
        return to_pandas(
            self.cursor.sql(joined("with large as (", self.sql, ")", *asked), params=params).to_arrow_table()
        )

    def number(self, *asked: str, params: Sequence[Any] | None = None) -> int:
        """The one number that a query gives."""
        found = self.frame(*asked, params=params).iloc[0, 0]
        return 0 if found != found else int(found)

    def given(self, column: str) -> str:
        """The condition that a column has a value; pandas counts NaN among the gaps, and so do we."""
        return (
            f"({column} is not null and not isnan({column}))"
            if self.types[column] in _FLOATS
            else f"{column} is not null"
        )


def large(cursor: duckdb.DuckDBPyConnection, sql: str) -> Large:
    """The rows that the select `sql` gives, counted; raises duckdb.Error when it cannot be run."""
    relation = cursor.sql(sql)
    table = Large(cursor, sql, dict(zip(relation.columns, map(str, relation.types), strict=True)))
    return replace(table, row_count=table.number("select count(*) from large"))


def judge_large(table: Large, checks: Sequence[Check], shown: Iterable[str]) -> dict[str, Said]:
    """Per check its judgement and the columns `shown` of its first offenders; never raises for what the table holds."""
    import duckdb

    ranged = [check for check in checks if check.expectation in (_NULL, _BETWEEN)]
    said = _judge_ranges(table, ranged)
    columns = [column for column in dict.fromkeys(shown) if column in table.types]
    for check in checks:
        try:
            verdict, witnesses = said[check.name] if check.name in said else _judge_one(table, check)
            said[check.name] = verdict, _none()
            if not verdict.passed and verdict.error is None:
                said[check.name] = _described(table, check, verdict, witnesses, columns)
        except duckdb.Error as error:
            said[check.name] = Judgement(False, error=str(error)), _none()
    return said


def _none() -> pandas.DataFrame:
    import pandas

    return pandas.DataFrame()


def _judge_ranges(table: Large, checks: Sequence[Check]) -> dict[str, Said]:
    """Rules on ranges and gaps, all in one pass: of each column the least and the greatest value, and a gap if any."""
    columns = [name for name in dict.fromkeys(check.columns[0] for check in checks) if name in table.types]
    if not columns:
        return {}
    found = ", ".join(
        f"min({name}) filter ({table.given(name)}) as least_{name}, max({name}) filter ({table.given(name)}) as "
        f"most_{name}, count(*) filter ({table.given(name)}) as given_{name}"
        for name in columns
    )
    rows = (
        ", ".join(f"least_{name} as {name}" for name in columns),
        ", ".join(f"most_{name}" for name in columns),
        ", ".join(f"case when given_{name} = {table.row_count} then least_{name} end" for name in columns),
    )
    three = " union all ".join(joined("select", row, "from found") for row in rows)
    frame = table.frame(", found as (select", found, "from large)", three)
    answered = [check for check in checks if check.columns[0] in columns]
    return {name: (verdict, frame) for name, verdict in judge_frame(frame, answered).items()}


def _judge_one(table: Large, check: Check) -> Said:
    frame = _witnesses(table, check)
    return judge_frame(frame, [check])[check.name], frame


def _witnesses(table: Large, check: Check) -> pandas.DataFrame:
    """The few rows of which the rule holds exactly when it holds of all."""
    import pandas

    columns = ", ".join(check.columns)
    if check.expectation == ROW_COUNT:
        return pandas.DataFrame(index=range(table.row_count))
    if check.expectation in _KEYS:
        twice = table.frame(_doubled(table, check), "limit 1")
        return pandas.concat([twice, twice]) if len(twice) else table.frame("select", columns, "from large limit 1")
    if check.expectation == _PAIR:
        larger, smaller = check.columns
        both = f"where {table.given(larger)} and {table.given(smaller)}"
        return table.frame("select", columns, "from large", both, "order by", _difference(table, check), "limit 1")
    return table.frame("select distinct", columns, "from large")


def _doubled(table: Large, check: Check) -> str:
    """The keys that occur twice; in a key of several columns a gap is a value, a single column's gaps are none."""
    columns = ", ".join(check.columns)
    where = "" if len(check.columns) > 1 else f"where {table.given(columns)}"
    return joined("select", columns, "from large", where, "group by", columns, "having count(*) > 1")


def _difference(table: Large, check: Check) -> str:
    larger, smaller = check.columns
    if any(table.types[column].startswith(("DATE", "TIME", "INTERVAL")) for column in check.columns):
        return f"{larger} - {smaller}"
    return f"cast({larger} as double) - cast({smaller} as double)"  # wide decimals would overflow


def _described(
    table: Large, check: Check, verdict: Judgement, witnesses: pandas.DataFrame, shown: Sequence[str]
) -> Said:
    """A failed judgement with the number of rows that offend, and the first of them."""
    if check.expectation in _KEYS:
        matched = " and ".join(f"large.{name} is not distinct from doubled.{name}" for name in check.columns)
        doubled = joined(", doubled as (", _doubled(table, check), ") select")
        offending, params = f"from large semi join doubled on {matched}", None
    else:
        where, params = _offending(table, check, verdict, witnesses)
        doubled, offending = "select", f"from large where {where}"
        if not where:
            return replace(verdict, unexpected_count=None), _none()
    columns = ", ".join(shown) or "1"
    count = table.number(doubled, "count(*)", offending, params=params)
    rows = table.frame(doubled, columns, offending, f"limit {MOST_EXAMPLES}", params=params)
    return replace(verdict, observed=None, unexpected_count=count), rows


def _offending(
    table: Large, check: Check, verdict: Judgement, witnesses: pandas.DataFrame
) -> tuple[str, list[Any] | None]:
    """The condition of the rows that broke the rule, with its parameters; "" when a rule is not about single rows."""
    column, arguments = (*check.columns, "")[0], check.arguments
    if check.expectation == _NULL:
        return f"not ({table.given(column)})", None
    if check.expectation == _PAIR:
        larger, smaller = check.columns
        return f"{larger} {'<' if arguments.get('or_equal') else '<='} {smaller}", None
    if check.expectation in _LISTED:
        wrong = [witnesses[column].iloc[at] for at in verdict.positions]
        return f"{column} in ({', '.join('?' * len(wrong))})", [
            getattr(value, "item", lambda v=value: v)() for value in wrong
        ]
    if check.expectation == _BETWEEN:
        below, above = "<=" if arguments.get("strict_min") else "<", ">=" if arguments.get("strict_max") else ">"
        bounds = [(sign, arguments.get(name)) for sign, name in ((below, "min_value"), (above, "max_value"))]
        given = [(sign, bound) for sign, bound in bounds if bound is not None]
        past = " or ".join(f"{column} {sign} ?" for sign, _ in given)
        return f"{table.given(column)} and ({past})", [bound for _, bound in given]
    return "", None

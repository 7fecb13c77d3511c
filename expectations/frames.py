"""Frames to be judged: SQL over one table in, pandas out, with only the columns that some check needs.

Decimals become float64 here, for judging only: the bounds are far coarser than a double's 15 digits, and no value
that is stored or published ever passes through a frame.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from expectations.suites import Suite

if TYPE_CHECKING:
    import duckdb
    import pandas
    import pyarrow

ROW_NUMBER = "_row"
REGION = "region"
# An empty newest scope (a register without entries) rightly leaves a mart empty, so it alone sets no floor.
_FLOOR = """
, found as (select region, count(*) as mart_rows from this group by region),
scopes as (
    select *, max(period_start) over (partition by region, feed) as newest
    from raw.winning_scopes
    where feed in ("""
_FLOOR_BY_REGION = """)
),
delivered as (
    select
        region,
        cast(coalesce(max(case when not is_empty and period_start = newest then 1 end), 0) as integer) as least_rows,
        cast(coalesce(sum(case when not is_empty then row_count end), 0) as bigint) as delivered_rows
    from scopes
    group by region
)
select delivered.*, coalesce(found.mart_rows, 0) as mart_rows from delivered left join found using (region)
"""


def joined(*parts: str) -> str:
    """SQL put together from the suites' own text; nothing of a delivery ever enters it."""
    return " ".join(parts)


def sql_of(suite: Suite, frame: str, source: str, columns: Collection[str] | None = None) -> str:
    """The SQL of a frame; `source` is a select that gives the table's rows (for deliveries, empty scopes too).

    Of the derived columns only those that `columns` need are computed, all by default: DuckDB computes a window even
    when nobody looks at it.
    """
    if suite.is_past(frame):
        from expectations.past_frames import past_sql

        return past_sql(suite, frame, source)
    if frame == "delivery":
        return joined("select _row, _scope, _is_empty from (", source, ")")
    if suite.kind == "deliveries":
        source = joined("select * from (", source, ") where not _is_empty")
    if frame == "floor":
        feeds = ", ".join(f"'{feed}'" for feed in suite.feeds)
        return joined("with this as not materialized (", source, ")", _FLOOR, feeds, _FLOOR_BY_REGION)
    derived = [f", {sql} as {name}" for name, sql in derived_for(suite, columns).items()]
    asked = "select * from checked" if frame == "rows" else suite.frames[frame]
    checked = joined("checked as not materialized (select *", *derived, "from this)")
    return joined("with this as not materialized (", source, "),", checked, asked)


def derived_for(suite: Suite, columns: Collection[str] | None) -> dict[str, str]:
    """The derived columns, in order, that `columns` need by name or through one another; all for None."""
    if columns is None:
        return suite.derive
    wanted = set(columns)
    for name, sql in reversed(suite.derive.items()):  # a column may stand on those before it
        if name in wanted:
            wanted |= set(re.findall(r"\w+", sql))
    return {name: sql for name, sql in suite.derive.items() if name in wanted}


def windows(suite: Suite) -> set[str]:
    """The derived columns that stand on a window function, at first or second hand."""
    return {
        name
        for name in suite.derive
        if any(re.search(r"\bover\s*\(", sql, re.IGNORECASE) for sql in derived_for(suite, [name]).values())
    }


def days_changed(suite: Suite, source: str) -> str:
    """The rows of a mart in the days that gate 3 has not judged since they changed."""
    feeds = ", ".join(f"'{feed}'" for feed in suite.feeds)
    days = joined("select period_start from raw.unjudged_scopes where feed in (", feeds, ")")
    return joined("select * from (", source, ") where", str(suite.by_day), "in (", days, ")")


def places(suite: Suite, columns: Iterable[str]) -> list[str]:
    """Of these columns those that say where a row belongs: its region and its domain."""
    return [column for column in columns if column in (REGION, suite.domain_column)]


def needed(suite: Suite, frame: str) -> set[str]:
    """The columns of a frame worth fetching: those a check looks at and those that tell which row is meant."""
    columns = {column for check in suite.checks if check.frame == frame for column in check.columns}
    return columns | set(suite.identify) | {ROW_NUMBER, REGION, suite.domain_column or ROW_NUMBER}


def fetch(cursor: duckdb.DuckDBPyConnection, suite: Suite, frame: str, source: str) -> pyarrow.Table:
    """One frame of a suite; raises duckdb.Error when its SQL cannot be run on this table."""
    wanted = needed(suite, frame)
    relation = cursor.sql(sql_of(suite, frame, source))
    if frame == "rows":
        relation = relation.select(*(column for column in relation.columns if column in wanted))
    return relation.to_arrow_table()


def to_pandas(table: pyarrow.Table) -> pandas.DataFrame:
    """Arrow to pandas with decimals as float64; integers with gaps become float64 as well."""
    import pyarrow as pa

    for position, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            column = table.column(position).cast(pa.float64())
            table = table.set_column(position, field.name, column)
    return table.to_pandas(date_as_object=False)

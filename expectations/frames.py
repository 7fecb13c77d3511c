"""Frames to be judged: SQL over one table in, pandas out, with only the columns that some check needs.

Decimals become float64 here, for judging only: the bounds are far coarser than a double's 15 digits, and no value
that is stored or published ever passes through a frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expectations.suites import Suite

if TYPE_CHECKING:
    import duckdb
    import pandas
    import pyarrow

ROW_NUMBER = "_row"


def sql_of(suite: Suite, frame: str, source: str) -> str:
    """The SQL of a frame; `source` is a select that gives the table's rows (for deliveries, empty scopes too)."""
    if suite.kind == "deliveries":
        source = f"select * from ({source}) where not _is_empty"
    derived = "".join(f", {sql} as {name}" for name, sql in suite.derive.items())
    ctes = f"with this as ({source}), checked as (select *{derived} from this)"
    if frame == "rows":
        return f"{ctes} select * from checked"
    return f"{ctes} {suite.frames[frame]}"


def needed(suite: Suite, frame: str) -> set[str]:
    """The columns of a frame worth fetching: those a check looks at and those that tell which row is meant."""
    columns = {column for check in suite.checks if check.frame == frame for column in check.columns}
    return columns | set(suite.identify) | {ROW_NUMBER, suite.domain_column or ROW_NUMBER}


def fetch(cursor: duckdb.DuckDBPyConnection, suite: Suite, frame: str, source: str) -> pandas.DataFrame:
    """One frame of a suite; raises duckdb.Error when its SQL cannot be run on this table."""
    if frame == "delivery":
        return to_pandas(cursor.sql(f"select {ROW_NUMBER}, _scope, _is_empty from ({source})").to_arrow_table())
    relation = cursor.sql(sql_of(suite, frame, source))
    if frame == "rows":
        wanted = needed(suite, frame)
        relation = relation.select(*(column for column in relation.columns if column in wanted))
    return to_pandas(relation.to_arrow_table())


def to_pandas(table: pyarrow.Table) -> pandas.DataFrame:
    """Arrow to pandas with decimals as float64; integers with gaps become float64 as well."""
    import pyarrow as pa

    for position, field in enumerate(table.schema):
        if pa.types.is_decimal(field.type):
            column = table.column(position).cast(pa.float64())
            table = table.set_column(position, field.name, column)
    return table.to_pandas(date_as_object=False)

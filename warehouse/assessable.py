"""What an annual assessment looks at: the value and status of every target and indicator of a year in a release."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import duckdb

from sources.ledger import AssessedValue, Ledger, Position, assessments
from warehouse.history import fill, naive

_TARGETS = """
select t.indicator, t.level, t.target_year, v.value,
       case when t.latest_period is null or year(t.latest_period) = $year then t.status end as status
from main.indicator_progress as t
left join main.indicator_values as v
  on v.region = t.region and v.indicator = t.indicator and v.method = t.method
  and v.base_year is not distinct from t.base_year
  and v.period_type = 'year' and year(v.period_start) = $year
where t.region = $region
"""
# of several methods the plain one, else the one without feedstock, which comes first by name
_OTHERS = """
select v.indicator, null, null, v.value, null
from main.indicator_values as v
where v.region = $region and v.period_type = 'year' and year(v.period_start) = $year
  and v.indicator not in (select indicator from main.indicator_progress where region = $region)
qualify row_number() over (
  partition by v.indicator order by v.method <> 'default', v.method, v.base_year nulls first
) = 1
"""


def assessable(connection: duckdb.DuckDBPyConnection, region: str, year: int) -> list[AssessedValue]:
    """The year's value and status of every target of a region, and the value of its indicators without a target.

    `connection` shows a release in schema main. The status is that of the target as it stands, given only while its
    latest value is of this very year (or there is none): later years say nothing about this one. Ordered by
    indicator, level and target year. Targets are there without a value too: a year without any has only such.
    """
    sql = f"{_TARGETS} union all {_OTHERS} order by 1, 2 nulls first, 3 nulls first"
    rows = connection.execute(sql, {"region": region, "year": year}).fetchall()
    return [AssessedValue(*row) for row in rows]


def add_assessments(connection: duckdb.DuckDBPyConnection, ledger: Ledger, at: Position) -> None:
    """Make the table assessments: what was signed to `at`, and what this release says of the same."""
    fill(connection, "assessments", list(_assessments(connection, ledger, at)))


def _assessments(connection: duckdb.DuckDBPyConnection, ledger: Ledger, at: Position) -> Iterator[Mapping[str, Any]]:
    present: dict[tuple[str, int], dict[tuple[str, str | None, int | None], AssessedValue]] = {}
    for signed in assessments(ledger, at):
        year = (signed.region, signed.year)
        if year not in present:
            present[year] = {(v.indicator, v.level, v.target_year): v for v in assessable(connection, *year)}
        now = present[year].get((signed.indicator, signed.level, signed.target_year))
        value, status = (now.value, now.status) if now else (None, None)
        yield {
            **vars(signed),
            "value": _text(signed.value),
            "signed_at": naive(signed.signed_at),
            "current_value": _text(value),
            "current_status": status,
            "is_revised": signed.value != value or (status is not None and signed.status != status),
        }


def _text(value: object) -> str | None:
    return None if value is None else f"{value:f}"

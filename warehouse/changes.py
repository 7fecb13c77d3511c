"""What a release says differently from another one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb

KEYS = "region, indicator, method, base_year, period_type, period_end"


@dataclass(frozen=True)
class Change:
    """One value that differs; `before` or `after` is None where the row was or is without a value."""

    region: str
    indicator: str
    method: str
    base_year: int | None
    period_type: str
    period_end: date
    before: Decimal | None
    after: Decimal | None


def changes(new: Path, old: Path | None) -> list[Change]:
    """Indicator values that differ between two release databases, in order of region, indicator and period.

    Without an old one, every value is a change. Large: a first release has thousands.
    """
    with duckdb.connect() as connection:
        connection.execute(f"attach '{_escaped(new)}' as fresh (read_only)")
        if old is None:
            previous = f"(select {KEYS}, value from fresh.indicator_values where false)"  # noqa: S608
        else:
            connection.execute(f"attach '{_escaped(old)}' as stale (read_only)")
            previous = "stale.indicator_values"
        keys = " and ".join(f"a.{key} is not distinct from b.{key}" for key in KEYS.split(", "))
        shown = ", ".join(f"coalesce(a.{key}, b.{key})" for key in KEYS.split(", "))
        rows = connection.execute(
            f"select {shown}, b.value, a.value from fresh.indicator_values as a "  # noqa: S608 - own names only
            f"full join {previous} as b on {keys} where a.value is distinct from b.value order by all"
        ).fetchall()
    return [Change(*row) for row in rows]


def _escaped(path: Path) -> str:
    return str(path).replace("'", "''")

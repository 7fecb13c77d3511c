"""Which value somebody means: indicator, region, period, method, base year and release, as people write them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sources.dictionaries import rows as seed_rows
from sources.ledger import Ledger, published_values, releases
from warehouse.paths import Home
from warehouse.periods import span_of
from warehouse.questions import ask, ask_records
from warehouse.read import verified_release
from warehouse.shelf import ReleaseInfo

if TYPE_CHECKING:
    import duckdb

TTM = "ttm:"
FORMS = "2024, 2024Q1, 2024-03, ttm:2024-03"
_TYPES = {12: "year", 3: "quarter", 1: "month"}


class Unexplained(Exception):
    """There is no such value; the message says what there is."""


@dataclass(frozen=True)
class Asked:
    """The value that is meant. `method` and `base_year` None: the first there is; `release_id` None: the current."""

    indicator: str
    region: str
    period_type: str
    start: date
    method: str | None = None
    base_year: int | None = None
    release_id: str | None = None


def parse_period(text: str) -> tuple[str, date]:
    """Period type and first day: `2024` year, `2024Q1` quarter, `2024-03` month, `ttm:2024-03` the twelve months
    ending with March. ValueError says how periods are written."""
    text = text.strip()
    is_ttm = text.lower().startswith(TTM)
    try:
        start, end = span_of(text[len(TTM) :] if is_ttm else text)
    except ValueError:
        raise ValueError(f"期间应写作 / a period is written {FORMS}: {text}") from None
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    if start == end or (is_ttm and months != 1):
        raise ValueError(f"期间应写作 / a period is written {FORMS}: {text}")
    if is_ttm:
        return "ttm", date(start.year - (start.month < 12), start.month % 12 + 1, 1)
    return _TYPES[months], start


def release_asked(home: Home, ledger: Ledger, asked: Asked) -> ReleaseInfo:
    """The release, proved whole. Unexplained for one that was published once and is not on disk any more."""
    if asked.release_id is None:
        return verified_release(home)
    if not home.release(asked.release_id).is_dir() and asked.release_id in {r.release_id for r in releases(ledger)}:
        told = _published(ledger, asked)
        raise Unexplained(
            f"版本 {asked.release_id} 的文件已被清理{told[0]}；"
            f"peak reproduce {asked.release_id} 可由归档与账本原样重建 / "
            f"the files of release {asked.release_id} were pruned{told[1]}; "
            f"`peak reproduce {asked.release_id}` rebuilds it from archive and ledger"
        )
    return verified_release(home, asked.release_id)


def _published(ledger: Ledger, asked: Asked) -> tuple[str, str]:
    """What the release said, as the ledger keeps it: in Chinese and in English, or nothing."""
    found = [
        revision
        for revision in published_values(ledger, asked.release_id).values()
        if (revision.region, revision.indicator) == (asked.region, asked.indicator)
        and (revision.period_type, revision.period_start) == (asked.period_type, asked.start.isoformat())
        and asked.method in (None, revision.method)
        and asked.base_year in (None, revision.base_year)
    ]
    if not found:
        return "", ""
    values = ", ".join(f"{_plain(revision.value)} {revision.unit or ''}".strip() for revision in found)
    return f"（当时数值 {values}）", f" (its value was {values})"


def _plain(value: Decimal | None) -> str:
    return "NULL" if value is None else f"{value:f}"


def indicator_of(connection: duckdb.DuckDBPyConnection, asked: Asked) -> dict[str, Any]:
    """The indicator's row in the registry; Unexplained when there is none."""
    found = ask_records(connection, "select * from indicators where code = $indicator", indicator=asked.indicator)
    if not found:
        raise Unexplained(f"没有这个指标 / no such indicator: {asked.indicator} (peak sql 'from indicators')")
    return found[0]


def find_row(connection: duckdb.DuckDBPyConnection, asked: Asked) -> dict[str, Any]:
    """The row of indicator_values; of several the first method, with the usual base year. Unexplained: none."""
    sql = """
    select * from indicator_values
    where region = $region and indicator = $indicator and period_type = $period_type and period_start = $start
      and ($method is null or method = $method) and ($base_year is null or base_year = $base_year)
    order by method, base_year
    """
    rows = ask_records(connection, sql, **vars(asked))
    if not rows:
        raise Unexplained(_what_there_is(connection, asked))
    usual = next(int(row["value"]) for row in seed_rows("ref_constants") if row["name"] == "default_base_year")
    return min(rows, key=lambda row: (row["method"], row["base_year"] != usual))


def other_rows(connection: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of the same period under other methods and base years."""
    sql = """
    select method, base_year, value from indicator_values
    where region = $region and indicator = $indicator and period_type = $period_type and period_start = $period_start
      and (method <> $method or base_year is distinct from $base_year)
    order by method, base_year
    """
    return ask_records(connection, sql, **row)


def _what_there_is(connection: duckdb.DuckDBPyConnection, asked: Asked) -> str:
    """Why nothing was found, said with what could be asked instead."""
    here = f"{asked.region} {asked.indicator}"
    sql = """
    select period_type, min(period_start), max(period_end), string_agg(distinct method, ', ' order by method),
      string_agg(distinct cast(base_year as varchar), ', ')
    from indicator_values where region = $region and indicator = $indicator
    group by period_type order by period_type
    """
    found = ask(connection, sql, **vars(asked))
    if not found:
        regions = ask(
            connection, "select distinct region from indicator_values where indicator = $indicator", **vars(asked)
        )
        names = ", ".join(sorted(region for (region,) in regions)) or "—"
        return f"没有该地区该指标的数值 / no value of {here}; 有数值的地区 / regions with values: {names}"
    there = "; ".join(
        f"{kind} {first} … {last} ({methods}{f', base {bases}' if bases else ''})"
        for kind, first, last, methods, bases in found
    )
    return f"没有该期间或口径的数值 / no such period or method of {here}; 有 / there is: {there}"

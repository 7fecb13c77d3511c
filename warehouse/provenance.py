"""From a value back to deliveries: which winning scopes fed it, who delivered them, and whether the bytes are whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from sources.archive import is_intact
from sources.dictionaries import rows as seed_rows
from sources.ledger import Ledger, Position, WinningScope, accepted, excluded_rows, winners
from warehouse.paths import Home
from warehouse.questions import ask
from warehouse.terms import Window

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class Place:
    """Rows `first` to `last` of a delivered file, as the file counts its rows or lines; `sheet` only in workbooks."""

    delivery_id: str
    sheet: str | None
    first: int
    last: int


@dataclass
class ScopeRows:
    """One scope that fed the value. `is_partial`: rows of it were left out when it was taken in."""

    scope: str
    row_count: int
    is_empty: bool
    is_partial: bool
    places: list[Place] = field(default_factory=list)


@dataclass
class Source:
    """One delivery that fed the value.

    `reparse_id` says which reading of its bytes counts (0: the first); `rows_from` is parquet, archive (read again
    in memory) or lost (its rows cannot be told any more).
    """

    delivery_id: str
    region: str
    feed: str
    file_name: str
    format: str | None
    received_at: str
    sha256: str
    size_bytes: int
    archive: str
    is_intact: bool
    reparse_id: int
    rows_from: str
    excluded_rows: list[Place]
    scopes: list[ScopeRows]


Pick = tuple[int, WinningScope]


@cache
def serving() -> dict[str, dict[str, str]]:
    """Per feed how it serves a year (ref_feeds)."""
    return {row["feed"]: row for row in seed_rows("ref_feeds")}


@cache
def _feeds() -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in seed_rows("indicator_feeds"):
        found[row["indicator"]].append(row)
    return found


def feeds_of(indicator: str, basis: str | None, needed: bool = False) -> list[str]:
    """The feeds an indicator looks at on a basis; with `needed` only those its completeness depends on."""
    return [
        row["feed"]
        for row in _feeds()[indicator]
        if row["basis"] in ("any", basis) and (row["needed"] == "true" or not needed)
    ]


def pick_scopes(
    connection: duckdb.DuckDBPyConnection, ledger: Ledger, at: Position, shown: Window, windows: Sequence[Window]
) -> list[Pick]:
    """The scopes winning at a moment of the ledger that each window looks at, as (number of the window, scope).

    `shown` is the period of the lineage that says which deliveries there are.
    """
    sql = """
    select distinct delivery_id, feed from lineage
    where region = $region and indicator = $indicator and period_type = $period_type and period_start = $start
    """
    lineage = ask(connection, sql, **shown.parameters())
    deliveries = {delivery for delivery, _ in lineage}
    found = winners(ledger, at, region=shown.region, feeds={feed for _, feed in lineage})
    known = [scope for scope in found if scope.delivery_id in deliveries]
    picks: list[Pick] = []
    for number, window in enumerate(windows):
        borrowed = {
            feed: _borrowed_years(connection, feed, window) for feed in feeds_of(window.indicator, window.basis)
        }
        picks += [
            (number, scope)
            for scope in known
            if scope.feed in borrowed and _lies_under(scope, window, borrowed[scope.feed])
        ]
    return picks


def _lies_under(scope: WinningScope, window: Window, borrowed: set[int]) -> bool:
    """Whether a window looks at a scope; of registers the lineage names only the one that serves."""
    if serving()[scope.feed]["serves"] in ("register", "dates") or scope.period_start is None:
        return True
    start = date.fromisoformat(scope.period_start)
    if scope.feed == "region_parameters":
        return start.year in borrowed
    if scope.feed == "national_accounts" and start.year in borrowed and start.month > 9:
        return True
    if scope.feed == "reported_indicators" and scope.scope.split("|")[1] != window.indicator:
        return False
    return window.start <= start <= window.end


def _borrowed_years(connection: duckdb.DuckDBPyConnection, feed: str, window: Window) -> set[int]:
    """Years whose delivery serves the window from outside it: parameters, and links between price bases."""
    if feed == "region_parameters":
        sql = """
        select distinct served_year from fct_region_parameters
        where region = $region and origin = 'delivered' and year between year($start) and year($end)
          and (parameter = 'land_area') = ($indicator = 'forest_coverage')
          and ($indicator <> 'operating_vehicle_co2_reduction' or parameter = 'grid_co2_factor')
        """
    elif feed == "national_accounts" and window.indicator != "manufacturing_va_share":
        sql = """
        select distinct link_year from fct_national_accounts
        where region = $region and year = $year and price_base <> 2020 and link_year is not null
          and value_2020_wan_yuan is not null
          and item = case $indicator when 'industrial_energy_intensity' then 'industry_above_scale' else 'gdp' end
        """
    else:
        return set()
    return {year for (year,) in ask(connection, sql, **window.parameters())}


def sources_of(home: Home, ledger: Ledger, picks: Sequence[Pick]) -> list[Source]:
    """The deliveries of the picked scopes in order of feed and arrival, each once; their rows are not located yet."""
    by_delivery: dict[str, dict[str, WinningScope]] = defaultdict(dict)
    for _, scope in picks:
        by_delivery[scope.delivery_id][scope.scope] = scope
    found = [_source(home, ledger, list(scopes.values())) for scopes in by_delivery.values()]
    return sorted(found, key=lambda source: (source.feed, source.received_at, source.delivery_id))


def _source(home: Home, ledger: Ledger, scopes: list[WinningScope]) -> Source:
    delivery = accepted(ledger, scopes[0].delivery_id)
    assert delivery is not None  # a winning scope comes from an acceptance
    left_out = excluded_rows(ledger, delivery.seq)
    return Source(
        delivery_id=delivery.delivery_id,
        region=delivery.region,
        feed=delivery.feed,
        file_name=delivery.file_name,
        format=delivery.format,
        received_at=delivery.received_at,
        sha256=delivery.sha256,
        size_bytes=delivery.size_bytes,
        archive=str(home.archived(delivery.sha256)),
        is_intact=is_intact(home, delivery.sha256),
        reparse_id=scopes[0].reparse_id,
        rows_from="parquet",
        excluded_rows=[Place(delivery.delivery_id, row.sheet, row.row, row.row) for row in left_out],
        scopes=[ScopeRows(scope.scope, scope.row_count, scope.is_empty, scope.is_partial) for scope in scopes],
    )

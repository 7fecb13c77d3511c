"""Which deliveries fed an annual value, worked out from the winning scopes."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from .facts import BY_DATE, REGISTERS, SCOPE
from .values import FEEDS, REDUCTIONS, Key, base_years, basis_of
from .world import Row, World, newest_register, serving_register

Winners = dict[str, dict[tuple[Any, ...], str]]  # feed → scope → delivery
Fed = dict[tuple[str, str], int]  # feed, delivery → scopes of it that serve


def winners(deliveries: list[tuple[str, list[Row]]]) -> Winners:
    """Which delivery holds each scope, after (feed, rows) in the order of acceptance."""
    out: Winners = defaultdict(dict)
    for feed, rows in deliveries:
        for row in rows:
            out[feed][tuple(row[name] for name in SCOPE[feed])] = row["_delivery"]
    return out


def feeds_of(w: World, code: str, year: int) -> tuple[str, ...]:
    """The feeds that the value stands on: with a balance the monthly energy feeds give nothing to it."""
    basis = basis_of(w, code, year)
    if basis is None:
        return FEEDS[code]
    monthly = ("energy_supply", "energy_enterprise", "power_generation")
    dropped = monthly if basis == "balance" else ("energy_balance",)
    return tuple(feed for feed in FEEDS[code] if feed not in dropped)


def year_of(scope: tuple[Any, ...]) -> int:
    return next(part if isinstance(part, int) else part.year for part in scope if isinstance(part, (int, date)))


def serving(w: World, held: Winners, feed: str, year: int) -> Iterator[tuple[Any, ...]]:
    """The scopes of the feed that serve the year."""
    if feed in REGISTERS:
        as_of = newest_register(w, feed) if feed in BY_DATE else serving_register(w, feed, year)
        yield from (scope for scope in held[feed] if scope[0] == as_of)
        return
    yield from (scope for scope in held[feed] if year_of(scope) == year)


def link_year(w: World, item: str, year: int) -> int | None:
    """The year that links the item's older price base to 2020 prices; None where the year needs none or has none."""
    given: dict[int, set[int]] = defaultdict(set)
    for row in w.rows["national_accounts"]:
        if (row["item"], row["quarter"]) == (item, 4) and row["value_constant"] is not None:
            given[row["price_base"]].add(row["year"])
    if year in given[2020]:
        return None
    bases = sorted((base for base, years in given.items() if year in years and years & given[2020]), reverse=True)
    return max(given[bases[0]] & given[2020]) if bases else None


def borrowed(w: World, held: Winners, code: str, year: int) -> Iterator[tuple[Any, ...]]:
    """Scopes of the accounts' fourth quarter that the year's constant prices are chained by."""
    if code == "manufacturing_va_share" or "national_accounts" not in FEEDS[code]:
        return
    item = "industry_above_scale" if code == "industrial_energy_intensity" else "gdp"
    link = link_year(w, item, year)
    yield from (scope for scope in held["national_accounts"] if link is not None and scope[:2] == (link, 4))


def fed(w: World, held: Winners, code: str, year: int) -> Fed:
    """Deliveries that a computed annual value looks at: its own year's, of a reduction also its base years'."""
    years = {year}
    if code in REDUCTIONS:
        years |= {base for base in base_years(w, code) if base < year}
    scopes = {("national_accounts", scope) for looked_at in years for scope in borrowed(w, held, code, looked_at)}
    for looked_at in years:
        for feed in feeds_of(w, code, looked_at):
            scopes |= {(feed, scope) for scope in serving(w, held, feed, looked_at)}
    return dict(Counter((feed, held[feed][scope]) for feed, scope in scopes))


def lineage(w: World, held: Winners, values: dict[Key, Any]) -> dict[tuple[str, int], Fed]:
    """(indicator, year) → what fed it, for every computed annual row but the peak, which looks at all years before."""
    pairs = {(key[0], key[4].year) for key in values if key[3] == "year"}
    return {
        (code, year): found
        for code, year in pairs
        if code in FEEDS and code != "co2_peak_year" and (found := fed(w, held, code, year))
    }

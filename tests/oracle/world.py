"""One region's world: which rows win, what was delivered when, what is missing."""

from __future__ import annotations

import re
from calendar import monthrange
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from .facts import BY_DATE, MEMBER, REGISTERS, SCOPE, products

Row = dict[str, Any]


@dataclass(frozen=True)
class Cover:
    """Coverage of one feed over one window."""

    expected: int
    present: int
    complete: bool
    absent: bool


@dataclass
class World:
    """Winning rows and scopes by feed. Rows are dicts of typed values; an empty scope is a row with `_is_empty`.

    `partial` are the scopes that rows were left out of: each of their rows says `_is_partial`.
    """

    region: str
    rows: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    scopes: dict[str, dict[tuple[Any, ...], bool]] = field(default_factory=lambda: defaultdict(dict))
    partial: dict[str, set[tuple[Any, ...]]] = field(default_factory=lambda: defaultdict(set))


def world(region: str, deliveries: list[tuple[str, list[Row]]]) -> World:
    """The world after these deliveries, (feed, rows) in the order of acceptance."""
    held: dict[str, dict[tuple[Any, ...], list[Row]]] = defaultdict(dict)
    for feed, rows in deliveries:
        fresh: dict[tuple[Any, ...], list[Row]] = defaultdict(list)
        for row in rows:
            fresh[tuple(row[name] for name in SCOPE[feed])].append(row)
        held[feed].update(fresh)
    out = World(region)
    for feed, scopes in held.items():
        for scope, rows in scopes.items():
            out.scopes[feed][scope] = any(row["_is_empty"] for row in rows)
            out.rows[feed] += [row for row in rows if not row["_is_empty"]]
            if any(row.get("_is_partial") for row in rows):
                out.partial[feed].add(scope)
    return out


# --- periods ----------------------------------------------------------------------------------------------------


def first_of(day: date) -> date:
    return day.replace(day=1)


def shift(month: date, by: int) -> date:
    index = month.year * 12 + month.month - 1 + by
    return date(index // 12, index % 12 + 1, 1)


def month_end(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def months_of(year: int) -> list[date]:
    return [date(year, number, 1) for number in range(1, 13)]


def grain(feed: str) -> str:
    scope = SCOPE[feed]
    for name in ("day", "month", "quarter", "as_of"):
        if name in scope and feed != "national_accounts":
            return name
    return "year"


def periods_of(feed: str, months: list[date]) -> list[date]:
    """The periods of a feed's own rhythm within the months."""
    if grain(feed) == "day":
        start, end = months[0], month_end(months[-1])
        return [start + timedelta(n) for n in range((end - start).days + 1)]
    if grain(feed) == "quarter":
        return [month for month in months if month.month % 3 == 1]
    return months


def register_year(as_of: date) -> int:
    return as_of.year if as_of.month >= 2 else as_of.year - 1


# --- completeness ----------------------------------------------------------------------------------------------


def delivered(w: World, feed: str) -> set[date]:
    """Periods of a day, month or quarter feed that somebody delivered."""
    at = SCOPE[feed].index(grain(feed))
    out = {scope[at] for scope in w.scopes[feed]}
    if feed == "energy_enterprise":
        out |= {shift(row["month"], -1) for row in w.rows[feed] if row["months"] == 2}
    return out


def member_periods(w: World, feed: str) -> set[tuple[str, date]]:
    member, period, scope = MEMBER[feed], grain(feed), SCOPE[feed]
    if member in scope:
        at, when = scope.index(member), scope.index(period)
        out = {(values[at], values[when]) for values in w.scopes[feed]}
    else:
        out = {(row[member], row[period]) for row in w.rows[feed]}
        everybody = {name for name, _ in out}
        # an empty period stands for every member that has begun by then; it begins nobody
        first = {name: min(when for other, when in out if other == name) for name in everybody}
        empty = [values[scope.index(period)] for values, is_empty in w.scopes[feed].items() if is_empty]
        out |= {(name, when) for when in empty for name in everybody if first[name] <= when}
    if feed == "energy_enterprise":
        out |= {(r["enterprise_id"], shift(r["month"], -1)) for r in w.rows[feed] if r["months"] == 2}
    return out


def _product_code(text: str) -> str:
    for code, row in products().items():
        if text in (code, row["name_zh"], *row["aliases"].split(";")):
            return code
    return text


def member_ends(w: World, feed: str) -> dict[str, date]:
    """The last period of members that rightly stopped, from the newest register."""
    rows = w.rows["member_ends"]
    newest = max((scope[0] for scope in w.scopes["member_ends"]), default=None)
    out = {}
    for row in rows:
        if row["as_of"] == newest and row["feed"] == feed:
            member = _product_code(row["member"]) if feed == "energy_supply" else row["member"]
            member = {"货运": "freight", "客运": "passenger"}.get(member, member)
            out[member] = period_from_text(row["last_period"])
    return out


def period_from_text(text: str) -> date:
    if "季" in text or "Q" in text.upper():
        quarter = next("一二三四1234".index(char) % 4 for char in text[4:] if char in "一二三四1234")
        return date(int(text[:4]), 3 * quarter + 1, 1)
    if text.isdigit():
        return date(int(text[:4]), int(text[4:6]), int(text[6:] or 1))
    parts = [int(part) for part in re.findall(r"\d+", text)]
    return date(*[*parts, 1, 1][:3])


def lacking(w: World, feed: str) -> dict[date, int]:
    """How many scopes of each period of a day, month or quarter feed rows were left out of."""
    at = SCOPE[feed].index(grain(feed))
    out = Counter(scope[at] for scope in w.partial[feed])
    if feed == "energy_enterprise":
        pairs = {(row["month"], row["enterprise_id"]) for row in w.rows[feed] if row["months"] == 2}
        out.update(shift(month, -1) for month, _ in pairs & w.partial[feed])
    return out


def cover(w: World, feed: str, months: list[date]) -> Cover:
    """Coverage of a feed whose rhythm is a day, month or quarter over whole months."""
    window = periods_of(feed, months)
    somebody, partial = delivered(w, feed), lacking(w, feed)
    absent = not any(period in somebody for period in window)
    if feed not in MEMBER:
        present = sum(period in somebody and period not in partial for period in window)
        return Cover(len(window), present, present == len(window), absent)
    pairs, ends = member_periods(w, feed), member_ends(w, feed)
    first: dict[str, date] = {}
    for member, period in pairs:
        first[member] = min(period, first.get(member, period))
    expected = present = 0
    for period in window:
        due = [m for m, start in first.items() if start <= period and period <= ends.get(m, date.max)]
        expected += len(due) or (0 if period in somebody and period not in partial else 1)
        present += max(sum((m, period) in pairs for m in due) - partial.get(period, 0), 0)
    complete = all(period in somebody for period in window) and present == expected
    return Cover(expected, present, complete, absent)


def serving_register(w: World, feed: str, year: int) -> date | None:
    dates = [scope[0] for scope in w.scopes[feed] if register_year(scope[0]) == year]
    return max(dates, default=None)


def newest_register(w: World, feed: str) -> date | None:
    return max((scope[0] for scope in w.scopes[feed]), default=None)


def cover_year(w: World, feed: str, year: int) -> Cover:
    """Coverage of any feed for a calendar year."""
    if feed in REGISTERS:
        if feed in BY_DATE:
            newest = newest_register(w, feed)
            complete = newest is not None and newest >= date(year, 12, 1) and (newest,) not in w.partial[feed]
            return Cover(1, int(complete), complete, newest is None)
        serves = serving_register(w, feed, year)
        complete = serves is not None and serves >= date(year, 12, 1) and (serves,) not in w.partial[feed]
        return Cover(1, int(complete), complete, serves is None)
    if feed == "national_accounts":
        quarters = {scope[1] for scope in w.scopes[feed] if scope[0] == year}
        complete = 4 in quarters and not any(scope[:2] == (year, 4) for scope in w.partial[feed])
        return Cover(1, int(complete), complete, not quarters)
    if grain(feed) == "year":
        there = any(scope[0] == year for scope in w.scopes[feed])
        complete = there and not any(scope[0] == year for scope in w.partial[feed])
        return Cover(1, int(complete), complete, not there)
    return cover(w, feed, months_of(year))


def years_opened(w: World, feed: str) -> set[int]:
    at = grain(feed)
    if at == "as_of":
        return {register_year(scope[0]) for scope in w.scopes[feed]}
    if at == "year":
        return {scope[0] for scope in w.scopes[feed]}
    return {period.year for period in delivered(w, feed)}

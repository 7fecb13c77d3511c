"""Rows that open or close: an indicator has one for every year from the first to the last delivery of its feeds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from sources.ledger import WinningScope
from warehouse.prediction.effects import Effect
from warehouse.prediction.groups import Group
from warehouse.prediction.plan import Plan
from warehouse.prediction.registers import register_year, year_days
from warehouse.scope_changes import Difference

Span = tuple[str, str]
Extents = Mapping[tuple[str, str], Span]


def span_effects(plan: Plan, moved: Difference, groups: Iterable[Group]) -> Iterator[Effect]:
    """The days by which the span of an indicator's feeds grew or shrank: in whole years, by day for twelve months."""
    before, after = extents(moved.before.values()), extents(moved.after.values())
    by_region: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        by_region[group.region].append(group)
    for region, moved_there in by_region.items():
        for feeds, indicators in _opened_together(plan).items():
            found = [group for group in moved_there if group.feed in feeds]
            if found:
                spans = [_spans(plan, region, feeds, side) for side in (before, after)]
                yield from _differences(indicators, found, *spans)


def extents(winners: Iterable[WinningScope]) -> Extents:
    """Per region and feed the first and the last day that a scope begins on."""
    found: dict[tuple[str, str], Span] = {}
    for winner in winners:
        start, key = winner.period_start, (winner.region, winner.feed)
        if start is not None:
            first, last = found.get(key, (start, start))
            found[key] = (min(first, start), max(last, start))
    return found


def _opened_together(plan: Plan) -> dict[frozenset[str], frozenset[str]]:
    """The indicators by the set of feeds that opens their rows."""
    feeds: dict[str, set[str]] = defaultdict(set)
    for feed, indicators in plan.openers.items():
        for indicator in indicators:
            feeds[indicator].add(feed)
    together: dict[frozenset[str], set[str]] = defaultdict(set)
    for indicator, found in feeds.items():
        together[frozenset(found)].add(indicator)
    return {found: frozenset(indicators) for found, indicators in together.items()}


def _spans(plan: Plan, region: str, feeds: frozenset[str], side: Extents) -> tuple[Span | None, Span | None]:
    """The span in whole years, and by day of the feeds that open trailing twelve months."""
    years, days = [], []
    for feed in feeds:
        if (region, feed) in side:
            first, last = side[(region, feed)]
            is_register = plan.feeds[feed].serves in ("register", "dates")
            years += [register_year(day) if is_register else int(day[:4]) for day in (first, last)]
            days += [first, last] if feed in plan.within_year else []
    whole = (year_days(min(years))[0], year_days(max(years))[1]) if years else None
    return whole, (min(days), max(days)) if days else None


def _differences(
    indicators: frozenset[str],
    groups: list[Group],
    before: tuple[Span | None, Span | None],
    after: tuple[Span | None, Span | None],
) -> Iterator[Effect]:
    for old, new in zip(before, after, strict=True):
        for first, last in _difference(old, new):
            for group in groups:
                near = [c for c in group.changes if (c.period_start or "") <= last and (c.period_end or "") >= first]
                for cause in {group.cause_of(change) for change in near or group.changes[:1]}:
                    yield Effect(cause, indicators, group.region, first, last)


def _difference(old: Span | None, new: Span | None) -> list[Span]:
    """The days that only one of two spans holds, the ends of both included."""
    if old == new:
        return []
    if old is None or new is None:
        return [span for span in (old, new) if span is not None]
    ends = [(min(old[side], new[side]), max(old[side], new[side])) for side in (0, 1)]
    return [(first, last) for first, last in ends if first != last]

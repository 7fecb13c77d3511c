"""Members that came or went: from its first period on, every member is expected, so later periods may lack it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from warehouse.prediction.effects import END, Effect
from warehouse.prediction.groups import Group, newest
from warehouse.prediction.plan import Plan
from warehouse.prediction.readings import Readings
from warehouse.prediction.scopes import effects
from warehouse.scope_changes import ScopeChange

ENTERPRISES = "energy_enterprise"
Touched = dict[str, dict[str, ScopeChange]]


def member_effects(plan: Plan, group: Group, readings: Readings) -> Iterator[Effect]:
    """The periods in which the number of expected members may differ: between a member's two first periods.

    Whatever scopes of a member changed, its first period before and after lies between the first of those and the
    first that did not change. Unreadable when the rows of an older delivery are gone.
    """
    feed = plan.feeds[group.feed]
    if not feed.member or feed.frequency == "yearly":
        return
    stands_for_january = _two_months(group, readings)
    for change in stands_for_january:
        yield from effects(plan, group, change, *_january(change))
    in_scopes = any(change.member for change in group.changes)
    touched = _in_scopes(group) if in_scopes else _in_rows(group, feed.member, readings)
    for change in stands_for_january:
        touched[change.member or ""].setdefault(_january(change)[0], change)
    first_known = _first_known(group, None if in_scopes else feed.member, readings) if touched else {}
    for member, periods in touched.items():
        first, known = min(periods), first_known.get(member)
        if known is None or first < known:
            yield from effects(plan, group, periods[first], first, _day_before(known) if known else END)


def end_effects(plan: Plan, group: Group, readings: Readings) -> Iterator[Effect]:
    """What another register of rightly ended members can move: the feeds it names, from the years it names on."""
    old, new = newest(group.before), newest(group.after)
    years: dict[str, set[str]] = defaultdict(set)
    for row in readings.differing(old, new, ("feed", "member", "last_period")):
        year = (row["last_period"] or "")[:4]
        # what is no period ends nobody
        if year.isdigit():
            years[row["feed"]].add(year)
    for feed, found in years.items():
        yield from effects(plan, group, group.change_of(new, old), f"{min(found)}-01-01", END, feed=feed)


def _in_scopes(group: Group) -> Touched:
    """Members whose scope says who they are: present or not as somebody speaks for the scope or not."""
    touched: Touched = defaultdict(dict)
    for change in group.changes:
        if (change.delivery_id is None) != (change.previous_delivery_id is None):
            touched[change.member or ""][change.period_start or ""] = change
    return touched


def _in_rows(group: Group, member: str, readings: Readings) -> Touched:
    """Members that only the rows name: those that one of the two readings of a scope has and the other has not."""
    before, after = (
        {
            (row["_scope"], row[member])
            for row in readings.rows([s for s in side if s.scope in group.changed], (member,))
        }
        for side in (group.before, group.after)
    )
    by_scope = {change.scope: change for change in group.changes}
    touched: Touched = defaultdict(dict)
    for scope, name in before ^ after:
        touched[name][by_scope[scope].period_start or ""] = by_scope[scope]
    return touched


def _first_known(group: Group, member: str | None, readings: Readings) -> dict[str, str]:
    """Per member the first period it has in a scope that did not change; `member` is the column when rows name it."""
    same = {scope.scope: scope for scope in group.after if scope.scope not in group.changed}
    if member is None:
        named = [(scope.member or "", scope.period_start or "") for scope in same.values()]
    else:
        rows = readings.rows(same.values(), (member,))
        named = [(row[member], same[row["_scope"]].period_start or "") for row in rows]
    first: dict[str, str] = {}
    for name, period in named:
        first[name] = min(period, first.get(name, period))
    return first


def _two_months(group: Group, readings: Readings) -> list[ScopeChange]:
    """The changed Februaries whose form stands, or stood, for January too."""
    februaries = {
        c.scope: c for c in group.changes if group.feed == ENTERPRISES and (c.period_start or "")[5:7] == "02"
    }
    if not februaries:
        return []
    scopes = [scope for side in (group.before, group.after) for scope in side if scope.scope in februaries]
    found = {row["_scope"] for row in readings.rows(scopes, ("months",)) if row["months"] == 2}
    return [februaries[scope] for scope in sorted(found)]


def _january(change: ScopeChange) -> tuple[str, str]:
    year = (change.period_start or "")[:4]
    return f"{year}-01-01", f"{year}-01-31"


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()

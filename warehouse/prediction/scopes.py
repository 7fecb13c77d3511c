"""What scopes that changed can move by their own days: the plain part of every prediction."""

from __future__ import annotations

from collections.abc import Iterator

from warehouse.prediction.effects import BEGINNING, END, Effect
from warehouse.prediction.groups import Group
from warehouse.prediction.plan import OPENER, Plan
from warehouse.scope_changes import ScopeChange

REPORTED = "reported_indicators"


def effects(
    plan: Plan, group: Group, change: ScopeChange, first: str, last: str, feed: str | None = None
) -> Iterator[Effect]:
    """Every value computed from a feed (that of the change by default) that looks at these days."""
    for basis, indicators in plan.bases.get(feed or group.feed, {}).items():
        if basis != OPENER:
            yield Effect(group.cause_of(change), indicators, group.region, first, last, basis)


def period_effects(plan: Plan, group: Group) -> Iterator[Effect]:
    """The values that look at the days a changed scope covers; of a reported indicator, its own only."""
    for change in group.changes:
        first, last = change.period_start or BEGINNING, change.period_end or END
        if group.feed == REPORTED:
            indicator = frozenset({change.scope.split("|")[1]})
            yield Effect(group.cause_of(change), indicator, group.region, first, last)
        else:
            yield from effects(plan, group, change, first, last)

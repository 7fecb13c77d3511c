"""What scopes that changed can move by their own days, and why: the plain part of every prediction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from warehouse.prediction.effects import BEGINNING, END, Cause, Effect
from warehouse.prediction.plan import OPENER, Plan
from warehouse.scope_changes import REPLACED, ScopeChange

PARAMETERS, TARGETS, REPORTED = "region_parameters", "assigned_targets", "reported_indicators"
# what a bureau sends may be a parameter or a target: then it is a change of these, not of data
_OWN_CAUSES = {PARAMETERS: "changed_parameter", TARGETS: "changed_target"}


def cause_of(change: ScopeChange) -> Cause:
    """Why a value moves that looks at this scope."""
    data = "revised_data" if change.kind == REPLACED else "new_data"
    return Cause(
        cause=_OWN_CAUSES.get(change.feed, "correction" if change.is_correction else data),
        kind=change.kind,
        subject=change.feed,
        first=change.period_start or BEGINNING,
        last=change.period_end or END,
        file_name=(change.file_name if change.caused_by == change.delivery_id else change.previous_file_name) or "",
        delivery_id=change.caused_by,
    )


def effects(plan: Plan, change: ScopeChange, first: str, last: str, cause: Cause | None = None) -> Iterator[Effect]:
    """Every value computed from the feed of the change that looks at these days."""
    for basis, indicators in plan.bases.get(change.feed, {}).items():
        if basis != OPENER:
            yield Effect(cause or cause_of(change), indicators, change.region, first, last, basis)


def period_effects(plan: Plan, changes: Iterable[ScopeChange]) -> Iterator[Effect]:
    """The values that look at the days a changed scope covers; of a reported indicator, its own only."""
    for change in changes:
        first, last = change.period_start or BEGINNING, change.period_end or END
        if change.feed == REPORTED:
            yield Effect(cause_of(change), frozenset({change.scope.split("|")[1]}), change.region, first, last)
        else:
            yield from effects(plan, change, first, last)

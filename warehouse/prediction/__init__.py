"""Which values may move before any of them is looked at: from scopes, seeds, models and parameters that changed."""

from __future__ import annotations

from collections.abc import Iterator

from sources.ledger import Ledger
from warehouse.paths import Home
from warehouse.prediction.effects import BEGINNING, Cause, Effect, Grounds, Prediction
from warehouse.prediction.groups import TARGETS, Group, groups
from warehouse.prediction.inputs import input_effects
from warehouse.prediction.members import end_effects, member_effects
from warehouse.prediction.models import Graph
from warehouse.prediction.plan import PARAMETERS, Plan, load
from warehouse.prediction.readings import Readings, Unreadable
from warehouse.prediction.registers import (
    account_effects,
    date_effects,
    parameter_effects,
    target_effects,
    year_effects,
)
from warehouse.prediction.scopes import period_effects
from warehouse.prediction.spans import span_effects
from warehouse.scope_changes import REBUILT, Difference
from warehouse.seed_changes import ChangedInputs

__all__ = ["Cause", "Effect", "Prediction", "predict"]

ENDS, BALANCE = "member_ends", "energy_balance"
RUN = "model.peak.stg_run"


def predict(
    home: Home, ledger: Ledger, moved: Difference, inputs: ChangedInputs, *, is_as_of_new: bool = True
) -> Prediction:
    """Every value that the difference between two moments, and what else a release is made of, can move.

    Looks at no value: only at who speaks for which scope, at the rows of registers and parameters, and at the plan.
    """
    plan, found = load(), groups(moved)
    effects = list(span_effects(plan, moved, found))
    for group in found:
        # with nothing before, everything is new: whose days a scope covers is all there is to tell
        effects += period_effects(plan, group) if not moved.before else _effects(plan, group, Readings(home))
    graph = Graph(home, plan.indicators, plan.reductions)
    effects += input_effects(plan, inputs, graph)
    if is_as_of_new:
        # the day of a run is an input of lateness alone, unless a model makes it one of values
        effects.append(Effect(Cause("new_data", "input", "as_of"), graph.of_nodes([RUN])))
    return Prediction(tuple(effects), _grounds(plan, moved), is_first=not moved.before)


def _effects(plan: Plan, group: Group, readings: Readings) -> list[Effect]:
    try:
        return list(_group_effects(plan, group, readings))
    except Unreadable:
        # what the rows were cannot be told any more: anything that looks at the feed may move
        return [Effect(group.cause_of(group.changes[0]), _reached(plan, group.feed), group.region)]


def _group_effects(plan: Plan, group: Group, readings: Readings) -> Iterator[Effect]:
    yield from _rebuilt_effects(plan, group)
    serves = plan.feeds[group.feed].serves
    if group.feed == ENDS:
        yield from end_effects(plan, group, readings)
    elif group.feed == TARGETS:
        yield from target_effects(plan, group, readings)
    elif group.feed == PARAMETERS:
        yield from parameter_effects(plan, group, readings)
    elif serves == "dates":
        yield from date_effects(plan, group, readings)
    elif serves == "register":
        yield from year_effects(plan, group)
    elif serves == "accounts":
        yield from account_effects(plan, group)
    else:
        yield from period_effects(plan, group)
        if group.feed in plan.bases:
            yield from member_effects(plan, group, readings)


def _rebuilt_effects(plan: Plan, group: Group) -> Iterator[Effect]:
    """Scopes that are built anew though their winner is the same: whatever a build had wrong of them may move."""
    for change in group.changes:
        if change.kind == REBUILT:
            is_timed = plan.feeds[group.feed].serves == "scope" and group.feed != PARAMETERS
            first = (change.period_start if is_timed else None) or BEGINNING
            yield Effect(group.cause_of(change), _reached(plan, group.feed), group.region, first)


def _reached(plan: Plan, feed: str) -> frozenset[str]:
    """Every indicator that anything in a feed can have to do with."""
    if feed in (ENDS, TARGETS):
        return plan.indicators
    return plan.indicators_of(feed) | plan.openers.get(feed, frozenset())


def _grounds(plan: Plan, moved: Difference) -> Grounds:
    """The years that stand on the annual balance before and after."""
    before, after = (
        {(scope.region, int((scope.period_start or "0")[:4])) for scope in side.values() if scope.feed == BALANCE}
        for side in (moved.before, moved.after)
    )
    years: dict[str, set[int]] = {}
    for region, year in before & after:
        years.setdefault(region, set()).add(year)
    return Grounds(plan.on_balance, {region: frozenset(found) for region, found in years.items()})

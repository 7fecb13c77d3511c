"""Which values may move before any of them is looked at: from scopes, seeds, models and parameters that changed."""

from __future__ import annotations

from collections.abc import Iterator

from sources.ledger import Ledger
from warehouse.paths import Home
from warehouse.prediction.effects import Cause, Effect, Grounds, Prediction
from warehouse.prediction.plan import Plan, load
from warehouse.prediction.scopes import cause_of, period_effects
from warehouse.scope_changes import Difference
from warehouse.seed_changes import ChangedInputs

__all__ = ["Cause", "Effect", "Prediction", "predict"]


def predict(
    home: Home, ledger: Ledger, moved: Difference, inputs: ChangedInputs, *, is_as_of_new: bool = True
) -> Prediction:
    """Every value that the difference between two moments, and what else a release is made of, can move."""
    plan = load()
    if not moved.before:
        return Prediction(tuple(period_effects(plan, moved.changes)), is_first=True)
    effects = [*period_effects(plan, moved.changes), *_whole_feeds(plan, moved), *_inputs(plan, inputs)]
    return Prediction(tuple(effects), Grounds())


def _whole_feeds(plan: Plan, moved: Difference) -> Iterator[Effect]:
    for change in moved.changes:
        reached = plan.indicators_of(change.feed) | plan.openers.get(change.feed, frozenset())
        if change.feed in ("assigned_targets", "member_ends"):
            reached = plan.indicators
        yield Effect(cause_of(change), reached, change.region)


def _inputs(plan: Plan, inputs: ChangedInputs) -> Iterator[Effect]:
    for group in inputs.groups if inputs.is_known else ("inputs",):
        yield Effect(Cause("changed_method", "input", group), plan.indicators)

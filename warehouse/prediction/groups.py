"""The changed scopes of one feed in one region, with all that won there before and wins now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sources.ledger import WinningScope
from warehouse.prediction.effects import BEGINNING, END, Cause
from warehouse.prediction.plan import PARAMETERS
from warehouse.scope_changes import REPLACED, Difference, ScopeChange

TARGETS = "assigned_targets"
# what a bureau sends may be a parameter or a target: then it is a change of these, not of data
_OWN_CAUSES = {PARAMETERS: "changed_parameter", TARGETS: "changed_target"}


# what makes changes alike: cause, kind, delivery and the reasons of corrections
Way = tuple[str, str, str | None, tuple[str, ...]]


@dataclass(frozen=True)
class Group:
    """At least one change, and the winners of the feed and region before and after."""

    region: str
    feed: str
    changes: tuple[ScopeChange, ...]
    before: tuple[WinningScope, ...]
    after: tuple[WinningScope, ...]

    @cached_property
    def changed(self) -> frozenset[str]:
        """The scopes that changed."""
        return frozenset(change.scope for change in self.changes)

    def change_of(self, *scopes: WinningScope | None) -> ScopeChange:
        """The change of the first of these scopes that changed; any of the group's when none did."""
        by_scope = {change.scope: change for change in self.changes}
        found = [by_scope[scope.scope] for scope in scopes if scope and scope.scope in by_scope]
        return found[0] if found else self.changes[0]

    def cause_of(self, change: ScopeChange) -> Cause:
        """Why a value moves that looks at the scope: one cause for all that one delivery changed in the same way."""
        return self._causes[_way(change)]

    @cached_property
    def _causes(self) -> dict[Way, Cause]:
        alike: dict[Way, list[ScopeChange]] = defaultdict(list)
        for change in self.changes:
            alike[_way(change)].append(change)
        return {way: _cause(changes) for way, changes in alike.items()}


def _way(change: ScopeChange) -> Way:
    data = "revised_data" if change.kind == REPLACED else "new_data"
    own = _OWN_CAUSES.get(change.feed)
    cause = own or ("correction" if change.is_correction else data)
    return cause, change.kind, change.caused_by, change.reasons


def _cause(changes: list[ScopeChange]) -> Cause:
    one = changes[0]
    cause, kind, delivery_id, _ = _way(one)
    return Cause(
        cause=cause,
        kind=kind,
        subject=one.feed,
        first=min(change.period_start or BEGINNING for change in changes),
        last=max(change.period_end or END for change in changes),
        reasons=tuple(dict.fromkeys(reason for change in changes for reason in change.reasons)),
        file_name=(one.file_name if delivery_id == one.delivery_id else one.previous_file_name) or "",
        delivery_id=delivery_id,
    )


def groups(moved: Difference) -> list[Group]:
    """The changes by region and feed, in that order."""
    changes: dict[tuple[str, str], list[ScopeChange]] = defaultdict(list)
    for change in moved.changes:
        changes[(change.region, change.feed)].append(change)
    before, after = (_of(side, changes.keys()) for side in (moved.before.values(), moved.after.values()))
    return [
        Group(region, feed, tuple(found), tuple(before[(region, feed)]), tuple(after[(region, feed)]))
        for (region, feed), found in sorted(changes.items())
    ]


def _of(scopes: Iterable[WinningScope], wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[WinningScope]]:
    found: dict[tuple[str, str], list[WinningScope]] = {key: [] for key in wanted}
    for scope in scopes:
        if (scope.region, scope.feed) in found:
            found[(scope.region, scope.feed)].append(scope)
    return found


def newest(scopes: Iterable[WinningScope]) -> WinningScope | None:
    """The register with the newest date; None when there is none."""
    return max(scopes, key=lambda scope: scope.period_start or "", default=None)

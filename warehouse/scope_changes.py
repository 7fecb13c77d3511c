"""Which scopes another delivery speaks for than before: the difference between two moments of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sources.corrections import Correction, attach
from sources.ledger import Ledger, Position, WinningScope, holds, winners

NEW, REPLACED, WITHDRAWN, HELD, RELEASED, REPARSED = "new", "replaced", "withdrawn", "held", "released", "reparsed"
REBUILT, CORRECTED = "rebuilt", "corrected"
# what a person or a contract did, rather than what a bureau sent
CORRECTIONS = frozenset({WITHDRAWN, HELD, RELEASED, REPARSED, REBUILT, CORRECTED})

ScopeKey = tuple[str, str, str]
Corrections = Sequence[Correction]


@dataclass(frozen=True)
class ScopeChange:
    """One scope whose winner differs. Dates are ISO texts, inclusive; None where the feed's scope has no period.

    `kind`: new (nobody spoke for it), replaced (a newer delivery), held (the delivery before was put on hold, whoever
    wins now), released (a delivery came back from hold), reparsed (the same bytes read again), rebuilt (a backfill
    asked for it, the winner is the same), corrected (the winner is the same, what the table of corrections puts right
    in it is not), withdrawn (the delivery before, read again, speaks for it no more).
    `delivery_id` wins now, `previous_delivery_id` won before; None where nobody does or did.
    The reparse ids say which reading of the bytes counts, 0 the first. `reasons`: of the corrections that are new or
    gone, Chinese or whatever the table says.
    """

    region: str
    feed: str
    scope: str
    member: str | None
    period_start: str | None
    period_end: str | None
    kind: str
    delivery_id: str | None
    previous_delivery_id: str | None
    file_name: str | None
    previous_file_name: str | None
    reparse_id: int = 0
    previous_reparse_id: int = 0
    is_partial: bool = False
    was_partial: bool = False
    reasons: tuple[str, ...] = ()

    @property
    def caused_by(self) -> str | None:
        """The delivery that made the difference: the one that speaks now, or the one that no longer does."""
        if self.kind in (HELD, WITHDRAWN):
            return self.previous_delivery_id
        return self.delivery_id

    @property
    def is_correction(self) -> bool:
        """Whether somebody set right what was there, rather than a bureau sending something."""
        return self.kind in CORRECTIONS or self.is_partial or bool(self.reasons)


@dataclass(frozen=True)
class Difference:
    """Two moments of the ledger: who won each scope then and wins it now, and where that differs."""

    before: dict[ScopeKey, WinningScope]
    after: dict[ScopeKey, WinningScope]
    changes: list[ScopeChange]


def difference(
    ledger: Ledger,
    before: Position | None,
    after: Position,
    corrections: tuple[Corrections, Corrections] = ((), ()),
) -> Difference:
    """Both sets of winners, with the corrections in the table then and now, and their `scope_changes`."""
    old = _by_key(attach(winners(ledger, before), corrections[0])) if before else {}
    new = _by_key(attach(winners(ledger, after), corrections[1]))
    differing = sorted(key for key in old.keys() | new.keys() if _reading(old.get(key)) != _reading(new.get(key)))
    if not differing:
        return Difference(old, new, [])
    names = _file_names(ledger)
    held = {action.delivery_id for action in holds(ledger, after)}
    changes = [_change(before, old.get(key), new.get(key), names, held) for key in differing]
    return Difference(old, new, changes)


def with_rebuilt(moved: Difference, rebuilt: Iterable[ScopeKey], ledger: Ledger) -> Difference:
    """The difference, with the scopes that a backfill rebuilds although their winner is the same."""
    known = {(change.region, change.feed, change.scope) for change in moved.changes}
    asked = [moved.after[key] for key in sorted(set(rebuilt) - known) if key in moved.after]
    names = _file_names(ledger) if asked else {}
    more = [replace(_change(None, scope, scope, names, set()), kind=REBUILT) for scope in asked]
    changes = sorted([*moved.changes, *more], key=lambda change: (change.region, change.feed, change.scope))
    return Difference(moved.before, moved.after, changes)


def scope_changes(ledger: Ledger, before: Position | None, after: Position) -> list[ScopeChange]:
    """The scopes whose winner differs between two moments, ordered by region, feed and scope.

    Without a moment before, every scope that has a winner is new.
    """
    return difference(ledger, before, after).changes


def _file_names(ledger: Ledger) -> dict[str, str]:
    sql = "select delivery_id, file_name from deliveries where status = 'accepted'"
    return {row["delivery_id"]: row["file_name"] for row in ledger.rows(sql)}


def _by_key(scopes: Iterable[WinningScope]) -> dict[ScopeKey, WinningScope]:
    return {(scope.region, scope.feed, scope.scope): scope for scope in scopes}


def _reading(winner: WinningScope | None) -> tuple[object, ...] | None:
    return (winner.delivery_id, winner.reparse_id, *_told(winner)) if winner else None


def _told(winner: WinningScope | None) -> dict[tuple[object, ...], str]:
    """What is put right in a scope, each with its reason."""
    return {one.told: one.reason for one in winner.corrections} if winner else {}


def _reasons(old: WinningScope | None, new: WinningScope | None) -> tuple[str, ...]:
    """Why something is put right that was not, or was and is no more by the same winner."""
    before, now = _told(old), _told(new)
    reasons = [now[told] for told in now if told not in before]
    if old is not None and new is not None and old.delivery_id == new.delivery_id:
        reasons += [before[told] for told in before if told not in now]
    return tuple(dict.fromkeys(reasons))


def _kind(before: Position | None, old: WinningScope | None, new: WinningScope | None, held: set[str]) -> str:
    if new is None:
        return HELD if old is not None and old.delivery_id in held else WITHDRAWN
    if old is not None and old.delivery_id == new.delivery_id:
        return CORRECTED if old.reparse_id == new.reparse_id else REPARSED
    if before is not None and new.seq <= before.seq:
        # accepted long ago and did not win: the winner stepped back, or this one came off hold or was read again
        if old is not None and old.seq > new.seq:
            return HELD if old.delivery_id in held else WITHDRAWN
        return REPARSED if new.reparse_id > before.reparse else RELEASED
    return NEW if old is None else REPLACED


def _change(
    before: Position | None,
    old: WinningScope | None,
    new: WinningScope | None,
    names: dict[str, str],
    held: set[str],
) -> ScopeChange:
    either = new or old
    if either is None:
        raise ValueError("a scope without a winner before and after has not changed")
    return ScopeChange(
        region=either.region,
        feed=either.feed,
        scope=either.scope,
        member=either.member,
        period_start=either.period_start,
        period_end=either.period_end,
        kind=_kind(before, old, new, held),
        delivery_id=new.delivery_id if new else None,
        previous_delivery_id=old.delivery_id if old else None,
        file_name=names.get(new.delivery_id) if new else None,
        previous_file_name=names.get(old.delivery_id) if old else None,
        reparse_id=new.reparse_id if new else 0,
        previous_reparse_id=old.reparse_id if old else 0,
        is_partial=bool(new and new.is_partial),
        was_partial=bool(old and old.is_partial),
        reasons=_reasons(old, new),
    )

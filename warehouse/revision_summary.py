"""What a release revised, in few lines: which file spoke for which scopes, and which indicators moved and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from sources.ledger import Revision
from warehouse.scope_changes import ScopeChange

if TYPE_CHECKING:
    from warehouse.revisions import Revised

# how to find every changed value of a release, however many there are
EVERY_VALUE = "from indicator_revisions where release_id = (select release_id from release)"
SHOWN_FILES = 3


@dataclass(frozen=True)
class RevisedFile:
    """Scopes of one feed that one file changed in one way. `first` and `last` are the ISO days they cover.

    `previous_file_names` are the files that spoke for them before.
    """

    region: str
    feed: str
    kind: str
    delivery_id: str | None
    file_name: str | None
    previous_file_names: tuple[str, ...]
    scopes: int
    first: str | None
    last: str | None


def inputs_of(revised: Revised) -> tuple[str, ...]:
    """What a release is made of besides deliveries and differs from the last one, as `group: files` or `seed: name`."""
    inputs = revised.changed_inputs
    if not inputs.is_known:
        return ("未知 / unknown",)
    groups = [(group, inputs.files[group]) for group in inputs.groups]
    files = [f"{group}: {', '.join(names[:SHOWN_FILES])}{' …' * (len(names) > SHOWN_FILES)}" for group, names in groups]
    return (*files, *(f"seed: {change.seed}" for change in inputs.seeds))


@dataclass(frozen=True)
class MovedIndicator:
    """The values of one indicator and region that moved for one cause; `largest` is the one that moved furthest."""

    region: str
    indicator: str
    cause: str
    values: int
    largest: Revision
    details: tuple[str, ...]
    deliveries: tuple[str, ...]


def revised_files(changes: Iterable[ScopeChange]) -> list[RevisedFile]:
    """The scope changes by file, in order of region, feed and days."""
    groups: dict[tuple[str, str, str, str | None], list[ScopeChange]] = {}
    for change in changes:
        key = (change.region, change.feed, change.kind, change.delivery_id or change.previous_delivery_id)
        groups.setdefault(key, []).append(change)
    found = [_file(group) for group in groups.values()]
    return sorted(found, key=lambda item: (item.region, item.feed, item.first or "", item.file_name or ""))


def _file(group: Sequence[ScopeChange]) -> RevisedFile:
    one = group[0]
    before = {change.previous_file_name for change in group if change.previous_delivery_id != change.delivery_id}
    return RevisedFile(
        region=one.region,
        feed=one.feed,
        kind=one.kind,
        delivery_id=one.delivery_id,
        file_name=one.file_name,
        previous_file_names=tuple(sorted(name for name in before if name)),
        scopes=len(group),
        first=min((change.period_start for change in group if change.period_start), default=None),
        last=max((change.period_end for change in group if change.period_end), default=None),
    )


def moved_indicators(revisions: Iterable[Revision]) -> list[MovedIndicator]:
    """The revisions by indicator and cause, in order of region and indicator."""
    groups: dict[tuple[str, str, str], list[Revision]] = {}
    for revision in revisions:
        groups.setdefault((revision.region, revision.indicator, revision.cause), []).append(revision)
    return [
        MovedIndicator(
            region=region,
            indicator=indicator,
            cause=cause,
            values=len(group),
            largest=max(group, key=moved_by),
            details=tuple(dict.fromkeys(item.cause_detail for item in group)),
            deliveries=tuple(sorted({delivery for item in group for delivery in item.deliveries})),
        )
        for (region, indicator, cause), group in sorted(groups.items())
    ]


def moved_by(revision: Revision) -> Decimal:
    """How far a value moved as a share of what it was; a value that came or went moved further than any other."""
    before, after = revision.previous_value, revision.value
    if before is None or after is None:
        return Decimal("Infinity") if before != after else Decimal(0)
    return abs(after - before) / abs(before) if before else Decimal("Infinity") if after else Decimal(0)


def furthest_first(revisions: Iterable[Revision]) -> list[Revision]:
    """Values that were there before first, the furthest moved on top: a new month is expected, a moved year is news."""
    return sorted(revisions, key=lambda item: (item.previous_value is None, -moved_by(item)))

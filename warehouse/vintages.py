"""Reading the vintages: what was published when, between two releases, and at a moment. From the ledger alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from sources.ledger import (
    CellKey,
    Ledger,
    Release,
    Revision,
    Switch,
    releases,
    revisions,
    revisions_between,
    switches,
)
from warehouse.timetable import SHANGHAI

Span = tuple[date, date]


def in_span(found: Iterable[Revision], span: Span | None) -> list[Revision]:
    """The revisions of exactly this period (first and last day), all without one."""
    if span is None:
        return list(found)
    days = (span[0].isoformat(), span[1].isoformat())
    return [item for item in found if (item.period_start, item.period_end) == days]


@dataclass(frozen=True)
class Triangle:
    """Cells down, releases that changed any of them across: the value as each release showed it, None before the first.

    A value that is gone is shown as it was published: None, with the release among the cell's `changed`.
    """

    releases: list[tuple[str, str]]  # id, published at
    rows: list[TriangleRow]


@dataclass(frozen=True)
class TriangleRow:
    """One cell: `values` in the order of the releases, `changed` the ids of those that revised it."""

    cell: Revision
    values: list[Decimal | None]
    changed: set[str]


def triangle(found: Sequence[Revision]) -> Triangle:
    """The revision triangle of these revisions, cells by type, method and period."""
    columns = list(dict.fromkeys((item.release_id, item.published_at) for item in found))
    by_cell: dict[CellKey, dict[str, Revision]] = {}
    for item in found:
        by_cell.setdefault(item.key, {})[item.release_id] = item
    rows = []
    for said in by_cell.values():
        values, last = [], None
        for release_id, _ in columns:
            last = said[release_id].value if release_id in said else last
            values.append(last)
        rows.append(TriangleRow(next(iter(said.values())), values, set(said)))
    return Triangle(columns, sorted(rows, key=lambda row: order(row.cell)))


def order(item: Revision) -> tuple[str, str, str, str, int, str]:
    """How cells are listed: region, indicator, type, method, base year, period."""
    return (item.region, item.indicator, item.period_type, item.method, item.base_year or 0, item.period_start)


@dataclass(frozen=True)
class Difference:
    """A cell that two releases show differently. `steps` are its revisions between them, in order of publication."""

    cell: Revision
    before: Decimal | None
    after: Decimal | None
    steps: list[Revision]


def differences(ledger: Ledger, first: Release, second: Release) -> list[Difference]:
    """What differs from `first` to `second`, whichever was published earlier: values, or whether they are complete."""
    known = [entry.release_id for entry in releases(ledger)]
    is_forward = known.index(first.release_id) <= known.index(second.release_id)
    older, newer = (first, second) if is_forward else (second, first)
    by_cell: dict[CellKey, list[Revision]] = {}
    for item in revisions_between(ledger, older.release_id, newer.release_id):
        by_cell.setdefault(item.key, []).append(item)
    found = []
    for steps in by_cell.values():
        if _came_back(ledger, steps, older, known):
            continue
        ends = (steps[0].previous_value, steps[-1].value)
        before, after = ends if is_forward else ends[::-1]
        found.append(Difference(steps[-1], before, after, steps))
    return sorted(found, key=lambda item: order(item.cell))


def _came_back(ledger: Ledger, steps: list[Revision], older: Release, known: list[str]) -> bool:
    """Whether a cell says in the end what it said before: it was revised there and back again."""
    if len(steps) == 1 or steps[0].previous_value != steps[-1].value:
        return False
    shown = last_of(revisions(ledger, steps[0].indicator, steps[0].region), known[: known.index(older.release_id) + 1])
    before = shown.get(steps[0].key)
    return before is not None and before.is_complete == steps[-1].is_complete


def last_of(found: Iterable[Revision], release_ids: Iterable[str]) -> dict[CellKey, Revision]:
    """The last of these revisions of each cell that came with one of the releases."""
    wanted = set(release_ids)
    return {item.key: item for item in found if item.release_id in wanted}


def end_of(text: str) -> datetime:
    """The last moment of a day written `2026-11-22`, or the moment written `2026-11-22T02:00`.

    In Shanghai, unless it says a zone. ValueError when it is neither.
    """
    try:
        moment = datetime.combine(date.fromisoformat(text), time.min) + timedelta(days=1, microseconds=-1)
    except ValueError:
        moment = datetime.fromisoformat(text)
    except OverflowError:
        raise ValueError(text) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def shown_at(ledger: Ledger, moment: datetime) -> Switch | None:
    """The switch that made what `current` showed at a moment, rollbacks counted; None before the first release."""
    done = [switch for switch in switches(ledger) if _utc(switch.at) <= moment.astimezone(UTC)]
    return done[-1] if done else None


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def values_of(ledger: Ledger, release_id: str, indicators: Sequence[str], region: str | None = None) -> list[Revision]:
    """What a release said of some indicators: the last revision of each cell up to it, without rows it did not have."""
    known = [entry.release_id for entry in releases(ledger)]
    wanted = known[: known.index(release_id) + 1]
    found: list[Revision] = []
    for indicator in indicators:
        last = last_of(revisions(ledger, indicator, region), wanted)
        found += sorted((item for item in last.values() if item.is_complete is not None), key=order)
    return found

"""The raw schema of build.duckdb: exactly what won, made from the ledger before dbt runs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from sources.corrections import NAME as CORRECTIONS
from sources.corrections import Correction, attach, load
from sources.dbt_sources import KEPT_UP
from sources.ledger import (
    Delivery,
    Ledger,
    Position,
    WinningScope,
    deliveries,
    held_scopes,
    reparses,
    winners,
)
from warehouse import build_state
from warehouse.build_state import remove_build
from warehouse.correction_matches import matches
from warehouse.delivered import columns
from warehouse.paths import SEEDS, Home
from warehouse.raw_tables import corrected_by, fill, fill_ledger
from warehouse.raw_views import Reading, create_view, create_views, literal_path, quoted, verify

__all__ = [
    "ChangedScope",
    "RawResult",
    "ScopeKey",
    "columns",
    "literal_path",
    "prepare",
    "quoted",
    "remove_build",
    "take_up",
]

# A changed register changes how rows of another feed are summed: all its scopes of that region are taken up anew.
_SUMMED_BY = {"meters": "meter_readings"}

# region, feed and scope
ScopeKey = tuple[str, str, str]


@dataclass(frozen=True)
class ChangedScope:
    """A scope that a build takes up anew: another delivery speaks for it, nobody does, or its corrections differ.

    Dates are ISO texts, inclusive. `row_count`: rows of the delivery that speaks for it now.
    """

    region: str
    feed: str
    scope: str
    period_start: str | None
    period_end: str | None
    member: str | None
    row_count: int = 0

    @property
    def key(self) -> ScopeKey:
        return (self.region, self.feed, self.scope)


@dataclass(frozen=True)
class RawResult:
    """What the raw schema was made of, and what dbt has to do with it.

    `files` per feed; `rebuilt`: deliveries whose file came back from the archive; `changed`: the scopes taken up anew;
    `sources`: the tables of raw from which models must be rebuilt, `*` for all; `is_new`: built from nothing;
    `is_settled`: the last build ended well, so that its tables can be compared with; `readings`: by feed and winner;
    `corrections`: by feed, what its view puts right.
    """

    files: dict[str, int]
    rebuilt: list[str]
    changed: list[ChangedScope]
    sources: list[str]
    is_new: bool
    is_settled: bool
    readings: dict[ScopeKey, Reading]
    corrections: dict[str, list[Correction]]


def _changed(
    connection: duckdb.DuckDBPyConnection, won: Sequence[WinningScope], forced: Collection[ScopeKey]
) -> list[ChangedScope]:
    """The scopes whose winner or corrections are not those that were built, in order; those in doubt have none."""
    built = {
        tuple(row[:3]): row[3:]
        for row in connection.execute(
            "select region, feed, scope, seq, delivery_id, reparse_id, corrected_by, "
            "cast(period_start as varchar), cast(period_end as varchar), member from raw.built_scopes"
        ).fetchall()
    }
    now = {(scope.region, scope.feed, scope.scope): scope for scope in won}
    keys = {
        key
        for key, scope in now.items()
        if key not in built or built[key][:4] != (scope.seq, scope.delivery_id, scope.reparse_id, corrected_by(scope))
    }
    keys |= {key for key in built if key not in now} | {key for key in forced if key in now or key in built}
    summed_anew = {(region, _SUMMED_BY[feed]) for region, feed, _ in keys if feed in _SUMMED_BY}
    keys |= {key for key in {**built, **now} if key[:2] in summed_anew}
    found = []
    for key in sorted(keys):
        start, end, member = built[key][4:] if key in built else (None, None, None)
        rows, scope = 0, now.get(key)
        if scope:
            start, end, member, rows = scope.period_start, scope.period_end, scope.member, scope.row_count
        found.append(ChangedScope(*key, start, end, member, rows))
    return found


def _readings(
    ledger: Ledger, at: Position | None, entries: Iterable[Delivery], won: Iterable[WinningScope]
) -> dict[ScopeKey, Reading]:
    by_seq = {entry.seq: entry for entry in entries}
    contracts = {reparse.id: reparse.contract_sha256 for reparse in reparses(ledger, at)}
    distinct = {
        (seq, again): Reading(by_seq[seq], again, contracts[again] if again else by_seq[seq].contract_sha256)
        for seq, again in {(winner.seq, winner.reparse_id) for winner in won}
    }
    return {(w.region, w.feed, w.scope): distinct[w.seq, w.reparse_id] for w in won}


def _by_feed(readings: dict[ScopeKey, Reading], changed: Iterable[ScopeKey]) -> dict[str, list[Reading]]:
    """The readings that the views of raw hold: of a large feed those that speak for a changed scope, else all."""
    taken = set(changed)
    found: dict[str, dict[int, Reading]] = defaultdict(dict)
    for key, reading in readings.items():
        if key[1] not in KEPT_UP or key in taken:
            found[key[1]][reading.delivery.seq] = reading
    return {feed: [by_seq[seq] for seq in sorted(by_seq)] for feed, by_seq in found.items()}


def _looked_at(
    by_feed: Mapping[str, Sequence[Reading]], readings: Mapping[ScopeKey, Reading], corrections: Iterable[Correction]
) -> list[Reading]:
    """Every reading that the views hold or a correction speaks of, each once."""
    chosen = [reading for some in by_feed.values() for reading in some]
    named = [readings[one.place] for one in corrections if one.place in readings]
    return list({(reading.delivery.seq, reading.reparse_id): reading for reading in (*chosen, *named)}.values())


def _of_feeds(corrections: Iterable[Correction]) -> dict[str, list[Correction]]:
    found: dict[str, list[Correction]] = defaultdict(list)
    for one in corrections:
        found[one.feed].append(one)
    return dict(found)


def prepare(
    home: Home,
    ledger: Ledger,
    as_of: date,
    at: Position | None = None,
    on_rebuilt: Callable[[str], None] | None = None,
    *,
    force_scopes: Collection[ScopeKey] = (),
    full: bool = False,
    is_lasting: bool = True,
    seeds: Path = SEEDS,
) -> RawResult:
    """Make the schema `raw` of build.duckdb hold exactly what wins at `at` (now by default), and find what is new.

    Of the large feeds only files that speak for a changed scope are looked at. Every file that may be read is verified
    first; `on_rebuilt` is told of each that came back from the archive, sources.archive.Damaged when one cannot.
    What is not `is_lasting` no later build stands on. `seeds` is the folder of the plan's tables, corrections among
    them: BadCorrections when that one cannot be used.
    """
    corrections = load(seeds / f"{CORRECTIONS}.csv")
    won, entries = attach(winners(ledger, at), corrections), deliveries(ledger, at.seq if at else None)
    readings = _readings(ledger, at, entries, won)
    connection, is_new = build_state.open_build(home, full, is_lasting)
    try:
        changed = _changed(connection, won, force_scopes)
        by_feed = _by_feed(readings, (scope.key for scope in changed))
        rebuilt = verify(home, ledger, _looked_at(by_feed, readings, corrections))
        for delivery_id in rebuilt if on_rebuilt else ():
            on_rebuilt(delivery_id)  # type: ignore[misc]
        met = matches(home, ledger, at, corrections, readings)
        by_correction = _of_feeds(corrections)
        connection.begin()
        counts = create_views(connection, home, by_feed, by_correction)
        fill_ledger(connection, ledger, entries, won, held_scopes(ledger, at), met, as_of)
        fill(connection, "changed_scopes", [vars(scope) for scope in changed])
        sources, is_settled = build_state.doubt(connection, {scope.feed for scope in changed})
        connection.commit()
    finally:
        connection.close()
    return RawResult(counts, rebuilt, changed, sources, is_new, is_settled, readings, by_correction)


def take_up(home: Home, prepared: RawResult, scopes: Sequence[ChangedScope]) -> None:
    """Let `raw.changed_scopes` and the views of the large feeds hold just these of the changed scopes."""
    by_feed = _by_feed(prepared.readings, (scope.key for scope in scopes))
    with duckdb.connect(str(home.build_db)) as connection:
        connection.begin()
        fill(connection, "changed_scopes", [vars(scope) for scope in scopes])
        for feed in KEPT_UP:
            create_view(connection, home, feed, by_feed.get(feed, []), prepared.corrections.get(feed, []))
        connection.commit()

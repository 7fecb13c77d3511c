"""The raw schema of build.duckdb: exactly what won, made from the ledger before dbt runs."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from sources.corrections import NAME as CORRECTIONS
from sources.corrections import Correction, attach, load
from sources.dbt_sources import KEPT_UP
from sources.ledger import (
    Delivery,
    HeldScope,
    Ledger,
    Position,
    WinningScope,
    deliveries,
    excluded_counts,
    held_scopes,
    reparses,
    winners,
)
from warehouse import build_state
from warehouse.build_state import remove_build
from warehouse.correction_matches import APPLIED, Match, matches
from warehouse.delivered import columns
from warehouse.inputs import code_version
from warehouse.paths import SEEDS, Home
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

_PERIOD = "period_start date, period_end date, member varchar"
_SCOPE = (
    f"region varchar, feed varchar, scope varchar, delivery_id varchar, row_count bigint, is_empty boolean, {_PERIOD}"
)
_TABLES = {
    "winning_scopes": f"{_SCOPE}, is_partial boolean, seq bigint, reparse_id bigint, "
    "corrections bigint, corrected_by varchar",
    "ledger_deliveries": "delivery_id varchar, seq bigint, region varchar, feed varchar, file_name varchar, "
    "sha256 varchar, size_bytes bigint, received_at timestamp, status varchar, reason varchar, row_count bigint, "
    "excluded_rows bigint",
    "held_scopes": f"region varchar, feed varchar, scope varchar, delivery_id varchar, {_PERIOD}",
    "changed_scopes": f"region varchar, feed varchar, scope varchar, {_PERIOD}",
    "run": "as_of date, code_version varchar",
    "corrections": "region varchar, feed varchar, scope varchar, key varchar, field varchar, wrong_value varchar, "
    "right_value varchar, reason varchar, who varchar, since varchar, source varchar, line bigint, status varchar, "
    "found_value varchar, delivery_id varchar, file_name varchar, sheet varchar, row_number bigint, "
    "broken_zh varchar, broken_en varchar",
}
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


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Make one raw table from plain rows. Through JSON: one statement for any number of rows, and no heavy import."""
    definition = _TABLES[table]
    connection.execute(f"create or replace table raw.{table} ({definition})")
    structure = {name: kind for name, kind in (item.strip().split(" ") for item in definition.split(","))}
    sql = f"insert into raw.{table} select unnest(from_json(?, ?), recursive := true)"
    for start in range(0, len(rows), 20_000):
        chunk = [{name: row[name] for name in structure} for row in rows[start : start + 20_000]]
        connection.execute(sql, [json.dumps(chunk, ensure_ascii=False), json.dumps([structure])])


def _naive(stamp: str) -> str:
    return stamp.removesuffix("Z")


def _fill_ledger(
    connection: duckdb.DuckDBPyConnection,
    ledger: Ledger,
    entries: Sequence[Delivery],
    won: Sequence[WinningScope],
    held: Sequence[HeldScope],
    met: Sequence[Match],
    as_of: date,
) -> None:
    applied = Counter(match.correction.place for match in met if match.status == APPLIED)
    winning = [
        vars(winner)
        | {"corrections": applied[winner.region, winner.feed, winner.scope], "corrected_by": _corrected_by(winner)}
        for winner in won
    ]
    _fill(connection, "winning_scopes", winning)
    _fill(connection, "held_scopes", [vars(scope) for scope in held])
    _fill(connection, "corrections", [match.record() for match in met])
    left_out = excluded_counts(ledger)
    received = [
        vars(entry) | {"received_at": _naive(entry.received_at), "excluded_rows": left_out.get(entry.seq, 0)}
        for entry in entries
    ]
    _fill(connection, "ledger_deliveries", received)
    _fill(connection, "run", [{"as_of": as_of.isoformat(), "code_version": code_version()}])


def _corrected_by(winner: WinningScope) -> str | None:
    """What is put right in a scope, as one short text; None for nothing."""
    told = json.dumps([one.told for one in winner.corrections], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest() if winner.corrections else None


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
        if key not in built or built[key][:4] != (scope.seq, scope.delivery_id, scope.reparse_id, _corrected_by(scope))
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
        _fill_ledger(connection, ledger, entries, won, held_scopes(ledger, at), met, as_of)
        _fill(connection, "changed_scopes", [vars(scope) for scope in changed])
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
        _fill(connection, "changed_scopes", [vars(scope) for scope in scopes])
        for feed in KEPT_UP:
            create_view(connection, home, feed, by_feed.get(feed, []), prepared.corrections.get(feed, []))
        connection.commit()

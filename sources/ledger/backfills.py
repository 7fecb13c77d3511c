"""Backfills in the ledger: who had which periods of a feed rebuilt, and why."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from sources.ledger.releases import last_release
from sources.ledger.store import Ledger, as_json, insert, utc_now


@dataclass(frozen=True)
class Backfill:
    """A backfill that was begun. `scopes` are the (region, scope) of its plan; periods are as they were asked for.

    `region` None means all regions; `id` and `at` are given when it is recorded.
    """

    run_id: str | None
    feed: str
    region: str | None
    period_from: str | None
    period_to: str | None
    who: str
    why: str
    scopes: tuple[tuple[str, str], ...]
    id: int = 0
    at: str = ""


def add_backfill(ledger: Ledger, backfill: Backfill) -> int:
    """Record a backfill before anything of it is done. Returns its id."""
    values = asdict(backfill) | {"at": backfill.at or utc_now(), "scopes": as_json(backfill.scopes)}
    values.pop("id")
    with ledger.writing() as connection:
        return insert(connection, "backfills", values)


def backfills(ledger: Ledger) -> list[Backfill]:
    """Every backfill, in order."""
    return [_backfill(row) for row in ledger.rows("select * from backfills order by id")]


def unfinished_backfills(ledger: Ledger) -> list[Backfill]:
    """The backfills that no release has followed yet: whichever run comes next does what is left of them."""
    last = last_release(ledger)
    # a release's time may have no fractions: as texts the two do not compare
    since = datetime.fromisoformat(last.published_at) if last else datetime.min.replace(tzinfo=UTC)
    return [entry for entry in backfills(ledger) if datetime.fromisoformat(entry.at) > since]


def _backfill(row: sqlite3.Row) -> Backfill:
    values = {key: row[key] for key in row.keys()}  # noqa: SIM118 - a Row iterates over values
    return Backfill(**{**values, "scopes": tuple((region, scope) for region, scope in json.loads(row["scopes"]))})

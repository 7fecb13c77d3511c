"""Releases in the ledger: what was published, from which moment, and which of them `current` showed when."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sources.ledger.positions import Position
from sources.ledger.store import Ledger, as_json, insert, insert_many, utc_now
from sources.ledger.vintages import Revision, revision_values


@dataclass(frozen=True)
class Release:
    """A complete release; the `last_…` are the moment of the ledger it was made from."""

    release_id: str
    run_id: str | None
    published_at: str
    as_of: str
    content_sha256: str
    last_seq: int
    last_hold: int
    last_reparse: int = 0
    last_sign_off: int = 0

    @property
    def position(self) -> Position:
        return Position(self.last_seq, self.last_hold, self.last_reparse, self.last_sign_off)


@dataclass(frozen=True)
class Switch:
    """`current` was pointed at a release: by publishing it or by rolling back to it."""

    release_id: str
    previous_release_id: str | None
    action: str
    who: str
    why: str
    at: str


def add_release(
    ledger: Ledger, release: Release, manifest: Mapping[str, Any], revisions: Iterable[Revision] = ()
) -> None:
    """Record a complete release with its release.json (less the partitions) and what it revised, in one transaction.

    sqlite3.IntegrityError when its id is known already.
    """
    kept = {name: value for name, value in manifest.items() if name != "partitions"}
    with ledger.writing() as connection:
        insert(connection, "releases", asdict(release))
        insert(connection, "release_manifests", {"release_id": release.release_id, "manifest": as_json(kept)})
        insert_many(connection, "revisions", [revision_values(release.release_id, item) for item in revisions])


_RELEASES = (
    "select release_id, run_id, published_at, as_of, content_sha256, last_seq, last_hold, last_reparse, last_sign_off "
    "from releases"
)


def releases(ledger: Ledger) -> list[Release]:
    """All releases ever published, in order."""
    return [Release(*row) for row in ledger.rows(f"{_RELEASES} order by id")]


def last_release(ledger: Ledger) -> Release | None:
    """The release that was published last, whatever `current` shows since; None before the first."""
    row = ledger.one(f"{_RELEASES} order by id desc limit 1")
    return None if row is None else Release(*row)


def release_manifest(ledger: Ledger, release_id: str) -> dict[str, Any] | None:
    """release.json of a release less its partitions, pruned or not.

    None when it is unknown, or was published before manifests were kept.
    """
    row = ledger.one("select manifest from release_manifests where release_id = ?", (release_id,))
    return None if row is None else json.loads(row["manifest"])


def add_switch(ledger: Ledger, release_id: str, previous: str | None, action: str, *, who: str, why: str) -> None:
    """Record that `current` now points at `release_id`; `action` is publish or rollback."""
    switch = Switch(release_id, previous, action, who, why, utc_now())
    with ledger.writing() as connection:
        insert(connection, "switches", asdict(switch))


def switches(ledger: Ledger) -> list[Switch]:
    """Every switch of `current`, in order."""
    rows = ledger.rows("select release_id, previous_release_id, action, who, why, at from switches order by id")
    return [Switch(*row) for row in rows]


def last_switch(ledger: Ledger) -> Switch | None:
    """The switch that made the present `current`, or None before the first release."""
    found = switches(ledger)
    return found[-1] if found else None

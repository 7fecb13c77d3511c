"""What one release is made from, fixed before anything of it is written."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sources.ledger import Ledger, Position, Revision, position, recorded, releases, runs, winners_sha256
from warehouse.inputs import file_hashes, git_commit, groups_of, seed_hashes, version_of
from warehouse.scope_changes import ScopeChange


class PublishError(Exception):
    """The release could not be made or did not prove whole; `current` is as it was."""


@dataclass(frozen=True)
class ReleasePlan:
    """One release to be: its name and place in the order, the moment it is made from, and what it revises.

    `number` counts releases in the order of publication, from 1; `previous` is the one published before, whatever
    `current` shows since. `sources` are `inputs.file_hashes`. `published_at` is UTC to the second.
    """

    release_id: str
    number: int
    previous: str | None
    as_of: date
    published_at: str
    run_id: str | None
    command: str | None
    who: str
    why: str
    at: Position
    winners_sha256: str
    sources: dict[str, dict[str, str]]
    commit: str | None
    revised: Sequence[Revision] = ()
    scope_changes: Sequence[ScopeChange] = ()
    content_sha256: str = ""

    @property
    def inputs(self) -> dict[str, str]:
        """One hash per group of `sources`."""
        return groups_of(self.sources)

    def row(self) -> dict[str, Any]:
        """The one row of the table `release`."""
        return {
            "release_id": self.release_id,
            "previous_release_id": self.previous,
            "as_of": self.as_of.isoformat(),
            "published_at": self.published_at.removesuffix("Z"),
            "run_id": self.run_id,
            "git_commit": self.commit,
            "code_version": version_of(self.inputs),
            "content_sha256": self.content_sha256,
            **recorded(self.at),
            "command": self.command,
            "who": self.who,
            "why": self.why,
        }

    def manifest(self) -> dict[str, Any]:
        """What release.json says before anything is said of its files and tables."""
        return {
            **self.row(),
            "published_at": self.published_at,
            "inputs": self.inputs,
            "sources": self.sources,
            "seeds": seed_hashes(self.sources),
            "ledger": {**recorded(self.at), "winners_sha256": self.winners_sha256},
        }


def new_release_id(now: datetime) -> str:
    """`20261122T020000Z-` and six random hex digits: a name never used before."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def _command(ledger: Ledger, run_id: str | None) -> str | None:
    found = next((run for run in runs(ledger) if run.run_id == run_id), None)
    return None if found is None else found.details.get("command")


def plan_release(
    ledger: Ledger, as_of: date, *, run_id: str | None, at: Position | None, who: str, why: str
) -> ReleasePlan:
    """A new release of the ledger at `at` (its end by default) with the project as it stands."""
    now, moment, before = datetime.now(UTC), at or position(ledger), releases(ledger)
    return ReleasePlan(
        release_id=new_release_id(now),
        number=len(before) + 1,
        previous=before[-1].release_id if before else None,
        as_of=as_of,
        published_at=now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        run_id=run_id,
        command=_command(ledger, run_id),
        who=who,
        why=why,
        at=moment,
        winners_sha256=winners_sha256(ledger, moment),
        sources=file_hashes(),
        commit=git_commit(),
    )

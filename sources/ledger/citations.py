"""Which releases must stay because something cites them, and which were pruned."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, dataclass

from sources.ledger.store import Ledger, insert, utc_now


@dataclass(frozen=True)
class Citation:
    """A release that is never pruned: who cites it, why, since when."""

    release_id: str
    who: str
    why: str
    at: str


def insert_citation(connection: sqlite3.Connection, release_id: str, who: str, why: str) -> None:
    """Add a citation inside the caller's transaction."""
    insert(connection, "citations", asdict(Citation(release_id, who, why, utc_now())))


def cite(ledger: Ledger, release_id: str, *, who: str, why: str) -> None:
    """Record that a release is cited; ValueError when it was never published, or is pruned already."""
    if not ledger.one("select 1 from releases where release_id = ?", (release_id,)):
        raise ValueError(f"没有这个版本 / no such release: {release_id}")
    if release_id in pruned(ledger):
        raise ValueError(f"版本的文件已清理 / the files of release {release_id} are pruned")
    with ledger.writing() as connection:
        insert_citation(connection, release_id, who, why)


def cited(ledger: Ledger) -> dict[str, Citation]:
    """The cited releases with the first citation of each."""
    found: dict[str, Citation] = {}
    for row in ledger.rows("select release_id, who, why, at from citations order by id"):
        found.setdefault(row["release_id"], Citation(*row))
    return found


def add_prune(ledger: Ledger, release_id: str, *, who: str) -> None:
    """Record that the files of a release are removed; ValueError when it is cited. Record first, remove after."""
    if release_id in cited(ledger):
        raise ValueError(f"版本被引用，不能清理 / release {release_id} is cited and stays")
    with ledger.writing() as connection:
        insert(connection, "prunes", {"release_id": release_id, "who": who, "at": utc_now()})


def pruned(ledger: Ledger) -> set[str]:
    """The releases whose files were removed."""
    return {row["release_id"] for row in ledger.rows("select release_id from prunes")}

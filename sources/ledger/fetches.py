"""Fetches in the ledger: what was received from which server, and how each try of a server ended."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, dataclass

from sources.ledger.store import Ledger, insert, utc_now


@dataclass(frozen=True)
class Fetch:
    """A file received (`result` fetched or same), or with no `source` a whole try (ended or failed).

    `source` is a URL, path or query without secrets; `etag` and `modified` are the server's own words for its version.
    `detail` says what came or what went wrong.
    """

    region: str
    feed: str
    server: str
    source: str | None
    result: str
    etag: str | None = None
    modified: str | None = None
    size_bytes: int | None = None
    sha256: str | None = None
    file_name: str | None = None
    detail: str | None = None
    at: str = ""
    id: int = 0


def add_fetch(ledger: Ledger, fetch: Fetch) -> int:
    """Record a file received or a try that is over. Returns its id."""
    values = asdict(fetch) | {"at": fetch.at or utc_now()}
    values.pop("id")
    with ledger.writing() as connection:
        return insert(connection, "fetches", values)


def last_received(ledger: Ledger, region: str, feed: str, server: str) -> dict[str, Fetch]:
    """The last file received from each source of a server."""
    rows = ledger.rows(
        "select *, max(id) from fetches where region = ? and feed = ? and server = ? and source is not null "
        "group by source",
        (region, feed, server),
    )
    return {row["source"]: _fetch(row) for row in rows}


def last_tries(ledger: Ledger) -> list[Fetch]:
    """The last try of each server, by region, feed and name."""
    rows = ledger.rows(
        "select *, max(id) from fetches where source is null "
        "group by region, feed, server order by region, feed, server"
    )
    return [_fetch(row) for row in rows]


def _fetch(row: sqlite3.Row) -> Fetch:
    return Fetch(**{key: row[key] for key in row.keys() if key != "max(id)"})  # noqa: SIM118 - a Row iterates over values

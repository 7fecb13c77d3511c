"""What must be true of a home: right after a kill, and at the end of the run that follows."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import closing
from typing import Any

import duckdb

from sources import parquet
from sources.archive import is_intact
from sources.inbox import waiting
from sources.ledger import (
    Delivery,
    Ledger,
    accepted_scopes,
    deliveries,
    delivery_file,
    last_switch,
    read_ledger,
    releases,
    reparses,
    revisions,
    runs,
    winners_sha256,
)
from warehouse.paths import Home
from warehouse.pending import what_is_new
from warehouse.shelf import current_release, verify_release
from warehouse.status import status

Facts = dict[str, Any]
HISTORY = ("indicator_revisions", "scope_changes", "deliveries", "quarantined", "indicator_progress", "assessments")
# names of runs and moments differ from one run to the next and say nothing about what was taken in
MOMENTS = ("run_id", "release_id", "next_release_id", "published_at", "received_at", "accepted_at", "signed_at")

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")


def wrong_after_kill(home: Home, before: str | None, may_switch: bool) -> list[str]:
    """What a reader finds wrong in a home whose run was just killed; empty when all is well.

    `before` is the release that was current; another one may be only when the switch `may` have been made.
    """
    release = current_release(home)
    if release is None:
        return ["no current release"] if before else []
    verify_release(release)
    found = [] if may_switch or release.release_id == before else [f"current is {release.release_id}"]
    with duckdb.connect(str(release.database), read_only=True) as connection:
        if connection.execute("select count(*) from indicator_values").fetchone() in (None, (0,)):
            found.append("the current release has no values")
    shown = status(home)
    if shown.problem or shown.writer or shown.runs[0].state == "running":
        found.append(f"status: {shown.problem}, {shown.writer}, {[run.state for run in shown.runs]}")
    with closing(_ledger(home)) as ledger:
        found += [f"ledger: {row[0]}" for row in ledger.rows("pragma integrity_check") if row[0] != "ok"]
    return found


def taken_in(home: Home) -> Facts:
    """What a home has taken in: an entry per file, scopes and who wins them, rows and bytes on disk, and no rest."""
    with closing(_ledger(home)) as ledger:
        entries = deliveries(ledger)
        scopes = accepted_scopes(ledger)
        return {
            "entries": _counted((e.region, e.feed, e.file_name, e.status, e.row_count) for e in entries),
            "scopes": _counted((s.scope, s.delivery_id, s.row_count, s.is_held, s.superseded_by) for s in scopes),
            "winners_sha256": winners_sha256(ledger),
            "read_again": _counted((r.delivery_id, r.row_count, r.contract_sha256) for r in reparses(ledger)),
            "damaged": sorted(_damaged(home, ledger, entries)),
            "files": sorted(path.name for path in home.deliveries.rglob("*.parquet")),
            "refused": sorted(folder.name for folder in home.quarantine.iterdir()),
            "waiting": [item.path.name for item in waiting(home)],
            "leftovers": _leftovers(home),
        }


def ended(home: Home) -> Facts:
    """Everything that must be equal at the end of a night, however often it was begun."""
    release = current_release(home)
    assert release is not None
    verify_release(release)
    with closing(_ledger(home)) as ledger:
        known = [item.release_id for item in releases(ledger)]
        switch = last_switch(ledger)
        published = {
            "releases": len(known),
            "on_disk": len(list(home.releases.iterdir())),
            "last_is_current": known[-1] == release.release_id,
            "switch_is_current": switch is not None and switch.release_id == release.release_id,
            "vintages": _counted(
                (known.index(item.release_id), item.key, item.value, item.previous_value, item.is_complete, item.cause)
                for item in revisions(ledger)
            ),
            "run": runs(ledger)[0].state,
        }
    return {
        **taken_in(home),
        **published,
        "content_sha256": release.content_sha256,
        "partitions": release.manifest["partitions"],
        "history": _history(str(release.database)),
        "still_to_do": what_is_new(home),
    }


def differences(expected: Facts, found: Facts) -> list[str]:
    """What differs, a line a fact; of lists only what is on one side."""
    lines = []
    for name in sorted(expected.keys() | found.keys()):
        was, now = expected.get(name), found.get(name)
        if was == now:
            continue
        if isinstance(was, list) and isinstance(now, list):
            lost, new = (
                (Counter(map(str, was)) - Counter(map(str, now))),
                (Counter(map(str, now)) - Counter(map(str, was))),
            )
            lines.append(f"{name}: lost {_few(lost)}, new {_few(new)}")
        elif isinstance(was, dict) and isinstance(now, dict):
            lines += [f"{name}.{line}" for line in differences(was, now)]
        else:
            lines.append(f"{name}: {str(was)[:200]} became {str(now)[:200]}")
    return lines


def _few(counted: Counter[str]) -> str:
    return f"{sum(counted.values())} {[text[:300] for text in list(counted)[:3]]}"


def _ledger(home: Home) -> Ledger:
    ledger = read_ledger(home)
    assert ledger is not None, "there is no ledger"
    return ledger


def _counted(rows: Any) -> list[str]:
    return sorted(MOMENT.sub("", repr(row)) for row in rows)


def _damaged(home: Home, ledger: Ledger, entries: list[Delivery]) -> list[str]:
    """Deliveries whose rows or bytes are not on disk as they were recorded."""
    found = [entry.delivery_id for entry in entries if not is_intact(home, entry.sha256)]
    readings = [(entry.delivery_id, 0) for entry in entries if entry.status == "accepted"]
    by_id = {entry.delivery_id: entry for entry in entries}
    for delivery_id, again in [*readings, *((reparse.delivery_id, reparse.id) for reparse in reparses(ledger))]:
        file, entry = delivery_file(ledger, delivery_id, again), by_id[delivery_id]
        if file is None or not parquet.is_intact(home.delivery(entry.feed, entry.region, delivery_id, again), file):
            found.append(f"{delivery_id} {again}")
    return found


def _leftovers(home: Home) -> list[str]:
    """Half-made things that nobody will ever finish."""
    found = [path for folder in (home.archive, home.deliveries, home.quarantine) for path in folder.rglob("*.tmp")]
    found += [*home.releases.glob(".*"), *home.root.glob(".current.*"), *home.root.glob("build.duckdb.*")]
    return sorted(str(path.relative_to(home.root)) for path in found)


def _history(database: str) -> dict[str, list[str]]:
    """The rows of the tables that tell history, without names of runs and moments."""
    left_out = ", ".join(f"'{name}'" for name in MOMENTS)
    with duckdb.connect(database, read_only=True) as connection:
        there = {row[0] for row in connection.execute("select table_name from duckdb_tables()").fetchall()}
        return {
            table: _counted(
                connection.execute(f"select columns(name -> name not in ({left_out})) from main.{table}").fetchall()
            )
            for table in HISTORY
            if table in there
        }

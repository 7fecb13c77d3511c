"""Is there anything to do? Decided from names, the ledger's end and hashes, before anything heavy is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sources.inbox import waiting
from sources.ledger import (
    Ledger,
    last_release,
    last_switch,
    position,
    read_ledger,
    release_manifest,
    unfinished_backfills,
)
from warehouse.inputs import input_hashes
from warehouse.paths import Home
from warehouse.read import verified_release
from warehouse.shelf import DamagedRelease, ReleaseInfo, current_id


def what_is_new(home: Home) -> list[str]:
    """Why a run would have something to do: `no_release`, `waiting`, `unrecorded`, `ledger`,
    `backfill` (one is owed), `code`, `contracts`, `plan`, …

    Compared with the release published last, whatever `current` shows: a rollback stands until something new comes,
    and what comes is then published with all that the ledger holds. Empty when a run would publish nothing new.
    """
    try:
        release = verified_release(home) if current_id(home) else None
    except DamagedRelease:
        return ["damaged_release"]
    if release is None:
        return ["no_release"]
    found = ["waiting"] if waiting(home) else []
    ledger = read_ledger(home)
    if ledger is None:
        return [*found, "ledger"]
    with ledger:
        return found + _since_last(ledger, release)


def _since_last(ledger: Ledger, current: ReleaseInfo) -> list[str]:
    found = []
    switch, last = last_switch(ledger), last_release(ledger)
    # a crash came between the switch and the ledger: nothing need be built, but it has to be entered
    is_recorded = switch is not None and switch.release_id == current.release_id
    if not is_recorded:
        found.append("unrecorded")
    if last is None:
        return [*found, "ledger"]
    # every acceptance, refusal, hold, reading made again and sign-off moves the ledger's end
    if position(ledger) != last.position:
        found.append("ledger")
    if unfinished_backfills(ledger):
        found.append("backfill")
    inputs = _inputs(ledger, last.release_id, current)
    return found + [name for name, sha256 in input_hashes().items() if inputs.get(name) != sha256]


def _inputs(ledger: Ledger, release_id: str, current: ReleaseInfo) -> Mapping[str, Any]:
    """The inputs of the release published last; without a record of them everything counts as new."""
    manifest = release_manifest(ledger, release_id)
    if manifest is None and current.release_id == release_id:
        manifest = current.manifest
    return (manifest or {}).get("inputs", {})


def nothing_new(home: Home) -> bool:
    """Whether a run would publish what was published last: no file waits, and ledger and inputs are the same."""
    return not what_is_new(home)

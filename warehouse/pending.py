"""Is there anything to do? Decided from names, the ledger's end and hashes, before anything heavy is loaded."""

from __future__ import annotations

from sources.inbox import waiting
from sources.ledger import last_switch, position, read_ledger
from warehouse.inputs import input_hashes
from warehouse.paths import Home
from warehouse.read import verified_release
from warehouse.shelf import DamagedRelease, current_id


def what_is_new(home: Home) -> list[str]:
    """Why a run would have something to do: `no_release`, `waiting`, `unrecorded`, `ledger`, `code`,
    `contracts`, `plan`, …

    Empty when a run would publish what is current already.
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
        now, switch = position(ledger), last_switch(ledger)
    # a crash came between the switch and the ledger: nothing need be built, but it has to be entered
    if switch is None or switch.release_id != release.release_id:
        found.append("unrecorded")
    recorded = release.manifest["ledger"]
    # every acceptance, refusal and hold moves the ledger's end; a rollback leaves it ahead of what is current
    if (now.seq, now.hold) != (recorded["last_seq"], recorded["last_hold"]):
        found.append("ledger")
    before = release.manifest["inputs"]
    return found + [name for name, sha256 in input_hashes().items() if before.get(name) != sha256]


def nothing_new(home: Home) -> bool:
    """Whether a run would publish exactly what is current: no file waits, and ledger and inputs are the same."""
    return not what_is_new(home)

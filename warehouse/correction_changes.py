"""The table of corrections as the last release had it and as it is, so that what differs can be told by scope."""

from __future__ import annotations

from dataclasses import replace

from sources.archive import Damaged, archived
from sources.corrections import NAME, BadCorrections, Correction, load, parse
from sources.ledger import Ledger, Release, release_manifest
from warehouse.paths import Home
from warehouse.seed_changes import ChangedInputs, SeedChange

Then = tuple[Correction, ...]


def then_and_now(
    home: Home, ledger: Ledger, before: Release | None, inputs: ChangedInputs
) -> tuple[tuple[Then, Then], ChangedInputs]:
    """The corrections of the release `before` and those of the table, and `inputs` saying so where the former are lost.

    BadCorrections when the table cannot be used.
    """
    now = load()
    if before is None:
        return ((), now), inputs
    if inputs.is_known and all(change.seed != NAME for change in inputs.seeds):
        return (now, now), inputs
    then = _then(home, ledger, before)
    if then is not None:
        return (then, now), inputs
    seeds = [change for change in inputs.seeds if change.seed != NAME]
    return (now, now), replace(inputs, seeds=(*seeds, SeedChange(NAME, is_known=False)))


def _then(home: Home, ledger: Ledger, before: Release) -> Then | None:
    """What the release put right; None when its table is gone, or says what today's contracts do not know."""
    sha256 = (release_manifest(ledger, before.release_id) or {}).get("seeds", {}).get(NAME)
    if sha256 is None:
        return ()
    try:
        return parse(archived(home, sha256).read_bytes())
    except (Damaged, BadCorrections):
        return None

"""What a correction that no longer matches is put down to: the very delivery that changed the row, if it is new."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

from expectations.mutants.corrections import GOOD
from sources.ledger import (
    Delivery,
    DeliveryFile,
    Ledger,
    Release,
    Scope,
    add_accepted,
    add_release,
    delivery_id_of,
    open_ledger,
    position,
)
from warehouse.build_result import BuildResult
from warehouse.correction_checks import verdicts
from warehouse.holding import Upstream, blames, verdict
from warehouse.paths import Home

MENDED = {"status": "already_right", "found_value": "12.25"}


def accept(ledger: Ledger, name: str, scope: str = "2024-02|diesel") -> str:
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    day = date(2024, 2, 1)
    entry = Delivery(GOOD["region"], GOOD["feed"], f"{name}.csv", sha256, 1)
    add_accepted(ledger, entry, [Scope(scope, 1, False, day, day, None)], DeliveryFile("f" * 64, 1))
    return delivery_id_of(entry.region, entry.feed, sha256)


def held(ledger: Ledger, delivery: str | None) -> tuple[list[str], list[str]]:
    """What is held, and which checks are nobody's, when the row of a correction is mended in a delivery."""
    failed = [check for check in verdicts([GOOD | MENDED | {"delivery_id": delivery}]) if check.status == "failed"]
    found = verdict(ledger, blames(failed, BuildResult(), None, Upstream({"parent_map": {}, "nodes": {}})))
    return [item.delivery_id for item in found.hold], [blame.check for blame in found.unexplained]


def test_only_the_new_delivery_that_changed_the_row_is_held(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with open_ledger(home) as ledger:
        old = accept(ledger, "old")
        at = position(ledger)
        release = Release("r1", None, "2026-01-01T00:00:00Z", "2026-01-01", "c", at.seq, at.hold)
        add_release(ledger, release, {"inputs": {}})
        new, beside = accept(ledger, "new"), accept(ledger, "beside", "2024-03|diesel")
        assert held(ledger, new) == ([new], [])
        assert new != beside
        # what was there before, or nobody's row: the table is wrong, and holding a delivery would not help
        nobodys = ([], ["corrections.still_match"])
        assert held(ledger, old) == held(ledger, None) == nobodys

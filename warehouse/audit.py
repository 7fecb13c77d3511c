"""Which release is proved next: one at random among those whose last proof lies furthest back."""

from __future__ import annotations

from random import Random

from sources.ledger import Ledger, Release, releases, runs
from warehouse.reproduce import Reproduction

COMMAND = "reproduce-audit"


def choose(ledger: Ledger, seed: int | str) -> Release | None:
    """A release to reproduce; None before the first. The same ledger and seed choose the same one."""
    known = releases(ledger)
    if not known:
        return None
    last = _last_proofs(ledger)
    longest_ago = min(last.get(release.release_id, "") for release in known)
    # never proved comes before proved long ago: the empty text sorts first
    return Random(str(seed)).choice([release for release in known if last.get(release.release_id, "") == longest_ago])


def _last_proofs(ledger: Ledger) -> dict[str, str]:
    """Release id -> when it was last proved or found different."""
    proofs: dict[str, str] = {}
    for run in runs(ledger, -1):
        release_id = run.details.get("audited")
        if run.details.get("command") == COMMAND and release_id and run.ended_at:
            proofs.setdefault(str(release_id), run.ended_at)
    return proofs


def has_failed(found: Reproduction) -> bool:
    """Whether the release is worse than explained: not equal, and not merely because models or code are others now."""
    return not found.is_equal and bool(found.problem or found.reread or found.inputs.is_same)


def differences(found: Reproduction) -> str:
    """In one line what came out differently; empty when nothing did."""
    if found.is_equal:
        return ""
    if found.problem:
        return found.problem
    tables = sorted({part.table for part in found.partitions})
    files = sorted({f"{item.region}/{item.feed}" for item in found.reread})
    said = [
        f"表 / tables: {', '.join(tables)}" if tables else "",
        f"指标值 / values: {len(found.cells)}" if found.cells else "",
        f"重读不同 / read differently: {', '.join(files)}" if files else "",
        f"变化 / changed since: {', '.join(found.inputs.groups)}" if not found.inputs.is_same else "",
    ]
    return "; ".join(filter(None, said))

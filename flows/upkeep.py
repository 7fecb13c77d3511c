"""Tasks of upkeep: pruning old releases, and proving that they can be made again."""

from __future__ import annotations

from flows import events, pages
from flows.audit_page import audit_page
from flows.night import Night
from flows.step import step
from sources.ledger import Release
from warehouse import audit
from warehouse.prune import prune
from warehouse.reproduce import Reproduction, reproduce
from warehouse.words import RESULTS


@step("prune old releases")
def prune_releases(night: Night, keep: int, days: int) -> list[str]:
    """The files of old releases are gone afterwards; what they published stays in the ledger."""
    gone = [item.release.release_id for item in prune(night.home, night.ledger, keep, days, who=night.who)]
    night.ending |= {"result": "pruned", "pruned": gone}
    pages.name_run([f"{RESULTS['pruned']} {len(gone)}"])
    night.tell(f"清理 / pruned: {len(gone)} 个版本 / releases")
    return gone


@step("choose a release")
def choose_release(night: Night, seed: int | None) -> Release | None:
    """One at random among those that were proved least recently; the seed is recorded."""
    used = night.run_id if seed is None else seed
    release = audit.choose(night.ledger, used)
    night.ending |= {"result": "unchanged", "seed": used}
    night.tell(f"抽中 / chosen: {release.release_id if release else '尚无版本 / no release yet'}")
    return release


@step("reproduce the release")
def reproduce_release(night: Night, release: Release) -> Reproduction:
    """Made again in a scratch home and compared; what came of it is recorded and told."""
    found = reproduce(night.home, night.ledger, release, night.tell)
    said = audit.differences(found)
    result = "reproduced" if found.is_equal else "not_reproduced" if audit.has_failed(found) else "explained"
    night.ending |= {"result": result, "audited": release.release_id, "differences": said}
    (night.warn if result == "not_reproduced" else night.tell)(f"{RESULTS[result]}: {release.release_id} {said}")
    pages.name_run([release.release_id, RESULTS[result]])
    pages.page(
        "reproduction", audit_page(found, result, str(night.ending["seed"])), "旧版本重算 / an old release again"
    )
    if result == "not_reproduced":
        events.tell_of_audit(release.release_id, said)
    return found

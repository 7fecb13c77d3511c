"""The monthly proof: a random old release is made again from archive and ledger, and must come out bit for bit."""

from __future__ import annotations

from prefect import flow
from prefect.logging import get_run_logger

from flows import upkeep
from flows.night import one_night
from flows.pages import dated
from flows.parameters import Seed
from warehouse.audit import differences, has_failed


class NotReproduced(Exception):
    """The release that was chosen did not come out as it was published, and no change of models or code explains it."""


@flow(name="reproduce-audit", flow_run_name=dated("reproduce-audit"), timeout_seconds=8 * 3600)
def reproduce_audit(seed: Seed = None) -> str | None:
    """Make a random old release again and compare; those that were proved least recently come first.

    Args:
        seed: 一个整数，决定抽中哪个版本；空则由运行号决定 / a number that decides which release; from the run's id when
            empty; recorded.

    Returns:
        The id of the release, None when nothing has been published yet.

    Raises:
        NotReproduced: It came out differently; the difference is recorded and told.
    """
    with one_night("reproduce-audit", log=get_run_logger(), who="reproduce-audit", writes=False) as night:
        release = upkeep.choose_release(night, seed)
        found = None if release is None else upkeep.reproduce_release(night, release)
    if found is None:
        return None
    if has_failed(found):
        raise NotReproduced(f"{found.release.release_id}: {differences(found)}")
    return found.release.release_id

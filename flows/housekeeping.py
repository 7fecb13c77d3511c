"""The weekly flow that keeps the shelf short."""

from __future__ import annotations

from prefect import flow
from prefect.logging import get_run_logger

from flows import tasks
from flows.night import one_night
from warehouse.prune import KEEP


@flow(name="housekeeping")
def housekeeping(keep: int = KEEP, days: int = 0, wait: float = 60.0) -> list[str]:
    """Remove the files of old releases, never the current one or one that is cited.

    Args:
        keep: How many of the newest releases stay.
        days: Releases younger than this stay too.
        wait: Seconds to wait for another run of the same home before giving up.

    Returns:
        The ids of the releases whose files were removed.
    """
    with one_night("housekeeping", wait=wait, tell=get_run_logger().info, who="housekeeping") as night:
        return tasks.prune_releases(night, keep, days)

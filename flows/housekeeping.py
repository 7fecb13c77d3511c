"""The weekly flow that keeps the shelf short."""

from __future__ import annotations

from prefect import flow
from prefect.logging import get_run_logger

from flows import upkeep
from flows.night import one_night
from flows.pages import dated
from flows.parameters import Days, Keep, Wait
from warehouse.prune import KEEP


@flow(name="housekeeping", flow_run_name=dated("housekeeping"), timeout_seconds=8 * 3600)
def housekeeping(keep: Keep = KEEP, days: Days = 0, wait: Wait = 60.0) -> list[str]:
    """Remove the files of old releases, never the current one or one that is cited.

    Args:
        keep: 保留最新的几个版本 / how many of the newest releases stay.
        days: 多少天内的版本也保留 / releases younger than this stay too.
        wait: 等待同一数据目录的其他运行，逾时即失败 / for another run of the same home, before giving up.

    Returns:
        The ids of the releases whose files were removed.
    """
    with one_night("housekeeping", wait=wait, log=get_run_logger(), who="housekeeping") as night:
        return upkeep.prune_releases(night, keep, days)

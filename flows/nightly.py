"""The nightly flow: what the schedule runs and what `peak run` runs."""

from __future__ import annotations

from prefect import flow
from prefect.logging import get_run_logger

from flows.night import one_night
from flows.pages import dated
from flows.parameters import LONGEST_S, AsOf, Region, Wait
from flows.refresh import Summary, ended_well, refresh
from flows.tasks import taken_from_inbox


@flow(name="nightly", flow_run_name=dated("nightly"), timeout_seconds=LONGEST_S)
def nightly(region: Region = None, as_of: AsOf = None, wait: Wait = 60.0) -> Summary:
    """Take in what waits, then build, gate and publish if anything changed.

    Args:
        region: 只收取该地区的文件，空为全部；发布总含全部地区 / only this region's inbox, all when empty; the release
            always holds every region.
        as_of: 用于判断及时性，如 2026-03-03；空为今天（上海） / for lateness; today in Shanghai when empty.
        wait: 等待同一数据目录的其他运行，逾时即失败 / for another run of the same home, before giving up.

    Raises:
        Stopped: A gate stopped the publication; the run is recorded and nothing was published.
    """
    with one_night("nightly", region, as_of, wait, get_run_logger()) as night:
        outcomes = taken_from_inbox(night)
        summary = refresh(night, outcomes)
    return ended_well(summary)

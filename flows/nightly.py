"""The nightly flow: what the schedule runs and what `peak run` runs."""

from __future__ import annotations

from datetime import date

from prefect import flow
from prefect.logging import get_run_logger

from flows.night import one_night
from flows.parameters import LONGEST_S, Region, Seconds
from flows.refresh import Summary, ended_well, refresh
from flows.tasks import look_into_inbox, take_in_one, tell_of_files
from warehouse.timetable import today


def _name_of_run() -> str:
    from prefect.runtime import flow_run

    given = flow_run.parameters
    return " ".join(["nightly", str(given.get("as_of") or today()), *filter(None, [given.get("region")])])


@flow(name="nightly", flow_run_name=_name_of_run, timeout_seconds=LONGEST_S)
def nightly(region: Region | None = None, as_of: date | None = None, wait: Seconds = 60.0) -> Summary:
    """Take in what waits, then build, gate and publish if anything changed.

    Args:
        region: 只收取该地区的文件，发布仍含全部地区 / only this region's inbox; the release holds every region.
        as_of: 核算日期，默认今天（上海） / the date used for freshness and lateness, today in Shanghai by default.
        wait: 等待其他运行的秒数 / seconds to wait for another run of the same home before giving up.

    Raises:
        Stopped: A gate stopped the publication; the run is recorded and nothing was published.
    """
    with one_night("nightly", region, as_of, wait, get_run_logger().info) as night:
        outcomes = [take_in_one(night, file) for file in look_into_inbox(night)]
        tell_of_files(outcomes)
        summary = refresh(night, outcomes)
    return ended_well(summary)

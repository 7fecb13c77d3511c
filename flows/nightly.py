"""The nightly flow: what the schedule runs and what `peak run` runs."""

from __future__ import annotations

from datetime import date

from prefect import flow

from flows.night import one_night, today
from flows.refresh import Summary, refresh
from flows.tasks import look_into_inbox, take_in_one


@flow(name="nightly", flow_run_name=lambda: f"nightly {today()}")
def nightly(region: str | None = None, as_of: date | None = None, wait: float = 60.0) -> Summary:
    """Take in what waits, then build, gate and publish if anything changed.

    Args:
        region: Only this region's inbox is emptied; the release always holds every region.
        as_of: The date used for freshness and lateness; today in Shanghai by default.
        wait: Seconds to wait for another run of the same home before giving up.
    """
    with one_night("nightly", region, as_of, wait) as night:
        outcomes = [take_in_one(night, file) for file in look_into_inbox(night)]
        return refresh(night, outcomes)

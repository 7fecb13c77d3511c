"""The flow that signs off a year and publishes, so that the release shows the assessed values beside its own."""

from __future__ import annotations

from datetime import date

from prefect import flow
from prefect.logging import get_run_logger

from flows import tasks
from flows.night import one_night
from flows.refresh import Summary, ended_well, refresh


@flow(name="assess", flow_run_name="assess {region} {year}")
def assess(
    year: int, region: str, signed_by: str, reason: str = "", as_of: date | None = None, wait: float = 60.0
) -> Summary:
    """Freeze the year's values and statuses of the current release, cite it, and publish.

    Args:
        year: The year that was assessed.
        region: Whose year.
        signed_by: Who signs; recorded.
        reason: Said with the sign-off; recorded.
        as_of: The date used for freshness and lateness; today in Shanghai by default.
        wait: Seconds to wait for another run of the same home before giving up.

    Raises:
        NotAssessable: The year has no value, or was signed off before; nothing was recorded.
        Stopped: A gate stopped the publication; the sign-off stays, the next release shows it.
    """
    why = reason or f"{region} {year} 年度评估签认 / sign-off of the annual assessment"
    with one_night("assess", region, as_of, wait, get_run_logger(), who=signed_by, why=why) as night:
        tasks.sign_off_year(night, year)
        summary = refresh(night)
    return ended_well(summary)

"""Signing off a year: its values and statuses in the current release are frozen, and the release is cited."""

from __future__ import annotations

import duckdb

from sources.ledger import AssessedValue, Ledger, SignOff, add_sign_off, assessments, last_release
from warehouse.assessable import assessable
from warehouse.paths import Home
from warehouse.read import verified_release
from warehouse.shelf import record_current


class NotAssessable(Exception):
    """The year cannot be signed off; nothing was recorded."""


def to_assess(home: Home, ledger: Ledger, region: str, year: int) -> tuple[str, list[AssessedValue]]:
    """The id of the current release and what it says of a region's year; only reads.

    NotAssessable when it has no value of that year, is not the one published last, or the year is signed already;
    DamagedRelease when the current release is not whole, or there is none.
    """
    for signed in assessments(ledger):
        if (signed.region, signed.year) == (region, year):
            raise NotAssessable(
                f"{region} {year} 年已由 {signed.signed_by} 于 {signed.signed_at} 签认 / "
                f"{region} {year} was signed off by {signed.signed_by} on {signed.signed_at}"
            )
    release, last = verified_release(home), last_release(ledger)
    if last is not None and last.release_id != release.release_id:
        # the release that shows the sign-off is made from all that the ledger holds: it would end the rollback
        raise NotAssessable(
            f"当前版本 {release.release_id} 是回退所至；请先暂扣有误的交付并运行 peak run，再签认 / "
            "the current release was rolled back to: hold what is wrong and `peak run` first, then sign off"
        )
    with duckdb.connect(str(release.database), read_only=True) as connection:
        values = assessable(connection, region, year)
    if all(item.value is None for item in values):
        raise NotAssessable(
            f"当前版本没有 {region} {year} 年的数值 / the current release has no value of {region} in {year}"
        )
    return release.release_id, values


def sign_off(home: Home, ledger: Ledger, region: str, year: int, *, signed_by: str, why: str) -> list[AssessedValue]:
    """Freeze what `to_assess` gives, and cite its release; the caller holds the home's lock. Raises as it does."""
    record_current(home, ledger)
    release_id, values = to_assess(home, ledger, region, year)
    add_sign_off(ledger, SignOff(region, year, release_id, signed_by, why), values)
    return values

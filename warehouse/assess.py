"""Signing off a year: its values and statuses in the current release are frozen, and the release is cited."""

from __future__ import annotations

import duckdb

from sources.ledger import AssessedValue, Ledger, SignOff, add_sign_off, assessments
from warehouse.assessable import assessable
from warehouse.paths import Home
from warehouse.read import verified_release
from warehouse.shelf import record_current


class NotAssessable(Exception):
    """The year cannot be signed off; nothing was recorded."""


def check_unsigned(ledger: Ledger, region: str, year: int) -> None:
    """NotAssessable when the region's year was signed off before: it is signed once."""
    for signed in assessments(ledger):
        if (signed.region, signed.year) == (region, year):
            raise NotAssessable(
                f"{region} {year} 年已由 {signed.signed_by} 于 {signed.signed_at} 签认 / "
                f"{region} {year} was signed off by {signed.signed_by} on {signed.signed_at}"
            )


def sign_off(home: Home, ledger: Ledger, region: str, year: int, *, signed_by: str, why: str) -> list[AssessedValue]:
    """Freeze what the current release says of a region's year, and give it; the caller holds the home's lock.

    NotAssessable when it has no value of that year, or the year is signed already; DamagedRelease when the current
    release is not whole, or there is none.
    """
    record_current(home, ledger)
    check_unsigned(ledger, region, year)
    release = verified_release(home)
    with duckdb.connect(str(release.database), read_only=True) as connection:
        values = assessable(connection, region, year)
    if all(item.value is None for item in values):
        raise NotAssessable(
            f"当前版本没有 {region} {year} 年的数值 / the current release has no value of {region} in {year}"
        )
    add_sign_off(ledger, SignOff(region, year, release.release_id, signed_by, why), values)
    return values

"""Signing off a year: what is frozen, once, and the release that is cited."""

from __future__ import annotations

from decimal import Decimal

import pytest
from release_fakes import publish, rows, write_build

from sources.ledger import AssessedValue, Ledger, assessments, cited, releases
from warehouse.assess import NotAssessable, sign_off
from warehouse.paths import Home
from warehouse.shelf import DamagedRelease, roll_back

SIGNED = {"signed_by": "张三", "why": "年度评估 / annual"}


def test_a_year_is_frozen_as_the_current_release_says_and_later_values_stand_beside_it(
    home: Home, ledger: Ledger
) -> None:
    write_build(home)
    first = publish(home, ledger)
    values = sign_off(home, ledger, "r", 2024, **SIGNED)
    assert values == [AssessedValue("x", "basic", 2025, Decimal("1.500000"), "on_track")]
    (kept,) = assessments(ledger)
    assert (kept.value, kept.status, kept.signed_by, kept.why) == (Decimal("1.5"), "on_track", *SIGNED.values())
    assert kept.release_id == first.release_id and cited(ledger)[first.release_id].who == "张三"
    write_build(home, value="1.75", status="off_track")
    second = publish(home, ledger)
    shown = "select value, status, current_value, current_status, is_revised, signed_by, release_id from assessments"
    assert rows(second, shown) == [
        (Decimal("1.5"), "on_track", Decimal("1.75"), "off_track", True, "张三", first.release_id)
    ]


def test_a_year_is_signed_once_and_only_when_it_has_values(home: Home, ledger: Ledger) -> None:
    with pytest.raises(DamagedRelease, match="peak run"):
        sign_off(home, ledger, "r", 2024, **SIGNED)
    write_build(home)
    publish(home, ledger)
    for region, year in (("r", 2023), ("elsewhere", 2024)):
        with pytest.raises(NotAssessable, match="no value"):
            sign_off(home, ledger, region, year, **SIGNED)
    assert assessments(ledger) == [] and cited(ledger) == {}
    sign_off(home, ledger, "r", 2024, **SIGNED)
    with pytest.raises(NotAssessable, match="signed off by 张三"):
        sign_off(home, ledger, "r", 2024, signed_by="李四", why="again")
    assert [item.signed_by for item in assessments(ledger)] == ["张三"] and len(releases(ledger)) == 1


def test_what_was_rolled_back_to_is_not_signed(home: Home, ledger: Ledger) -> None:
    write_build(home)
    first = publish(home, ledger)
    write_build(home, value="1.75")
    publish(home, ledger)
    roll_back(home, ledger, first.release_id, who="t", why="t")
    with pytest.raises(NotAssessable, match="rolled back"):
        sign_off(home, ledger, "r", 2024, **SIGNED)
    assert assessments(ledger) == []


def test_a_damaged_release_is_not_signed(home: Home, ledger: Ledger) -> None:
    write_build(home)
    release = publish(home, ledger)
    release.database.chmod(0o644)
    release.database.write_bytes(b"damaged")
    with pytest.raises(DamagedRelease):
        sign_off(home, ledger, "r", 2024, **SIGNED)
    assert assessments(ledger) == []

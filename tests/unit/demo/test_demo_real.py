"""The committed national series against the official results, straight from the files."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest

import demo

SHARES = {2015: "12.0", 2016: "13.0", 2017: "13.6", 2018: "14.5", 2019: "15.3"}
CHANGES = {2015: "-5.6", 2016: "-5.0", 2017: "-3.7", 2018: "-3.1"}


def _file(region: str, feed: str) -> list[dict[str, str]]:
    (path,) = [path for path in demo.real_files() if path.parts[-3:-1] == (region, feed)]
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _balance(region: str) -> dict[int, dict[str, Decimal]]:
    years: dict[int, dict[str, Decimal]] = {}
    for row in _file(region, "energy_balance"):
        item = years.setdefault(int(row["年份"]), {})
        assert row["项目"] not in item
        item[row["项目"]] = Decimal(row["数量"])
    return years


@pytest.mark.parametrize("year", SHARES)
def test_non_fossil_shares_meet_the_official_ones(year: int) -> None:
    items = _balance("china")[year]
    share = 100 * items["非化石能源"] / sum(items.values())
    assert abs(share - Decimal(SHARES[year])) <= Decimal("0.3")


@pytest.mark.parametrize("year", CHANGES)
def test_energy_intensity_falls_as_announced(year: int) -> None:
    energy = {y: sum(items.values()) for y, items in _balance("china-nbs").items()}
    gdp = {int(row["年份"]): Decimal(row["可比价"]) for row in _file("china-nbs", "national_accounts")}
    change = 100 * (energy[year] / gdp[year] / (energy[year - 1] / gdp[year - 1]) - 1)
    assert abs(change - Decimal(CHANGES[year])) <= Decimal("0.2")


def test_the_long_series_has_every_year_and_item() -> None:
    years = _balance("china")
    assert sorted(years) == list(range(1965, 2022))
    assert {len(items) for items in years.values()} == {4}


def test_numbers_fit_the_nine_places_that_are_kept() -> None:
    for region in ("china", "china-nbs"):
        for row in _file(region, "energy_balance"):
            assert len(row["数量"].partition(".")[2]) <= 9


def test_every_file_is_named_in_the_provenance() -> None:
    files = demo.real_files()
    text = (files[0].parents[2] / "PROVENANCE.md").read_text("utf-8")
    assert files
    assert [path.name for path in files if path.name not in text] == []

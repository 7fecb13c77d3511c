"""What the ordinary models compute from real national series, against results that were published by others."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import duckdb
import pytest

from tests.support.homes import Night, released
from warehouse.paths import Home

pytestmark = pytest.mark.slow

# share of non-fossil energy in consumption, %, and yearly change of energy use per GDP, %: statistical communiqués
NON_FOSSIL_SHARE = {2015: "12.0", 2016: "13.0", 2017: "13.6", 2018: "14.5", 2019: "15.3"}
INTENSITY_CHANGE = {2015: "-5.6", 2016: "-5.0", 2017: "-3.7", 2018: "-3.1"}


@pytest.fixture(scope="module")
def release(demo_home: tuple[Home, Night]) -> Iterator[duckdb.DuckDBPyConnection]:
    night = demo_home[1]
    assert night.release is not None
    with released(night.release) as connection:
        yield connection


def series(connection: duckdb.DuckDBPyConnection, region: str, indicator: str) -> dict[int, Decimal]:
    rows = connection.execute(
        "select year(period_end), value from indicator_values "
        "where region = ? and indicator = ? and period_type = 'year' and value is not null",
        [region, indicator],
    ).fetchall()
    return dict(rows)


def test_the_national_non_fossil_share_is_the_published_one(release: duckdb.DuckDBPyConnection) -> None:
    computed = series(release, "china", "non_fossil_share")
    assert min(computed) == 1965 and max(computed) == 2021
    for year, published in NON_FOSSIL_SHARE.items():
        assert abs(computed[year] - Decimal(published)) <= Decimal("0.3"), year


def test_the_yearly_change_of_energy_intensity_is_the_published_one(release: duckdb.DuckDBPyConnection) -> None:
    computed = series(release, "china-nbs", "energy_intensity")
    for year, published in INTENSITY_CHANGE.items():
        change = 100 * (computed[year] / computed[year - 1] - 1)
        assert abs(change - Decimal(published)) <= Decimal("0.2"), year


def test_the_national_plan_judges_the_national_regions(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select indicator, target_year, kind, target, base_year from indicator_targets "
        "where region = 'china' order by all"
    ).fetchall()
    assert rows == [
        ("co2_intensity_reduction", 2025, "at_least", Decimal(18), 2020),
        ("co2_intensity_reduction", 2030, "at_least", Decimal(65), 2005),
        ("energy_intensity_reduction", 2025, "at_least", Decimal("13.5"), 2020),
        ("forest_coverage", 2030, "at_least", Decimal(25), None),
        ("forest_stock", 2030, "at_least", Decimal(1_900_000), None),
        ("non_fossil_share", 2025, "about", Decimal(20), None),
        ("non_fossil_share", 2030, "about", Decimal(25), None),
    ]


def test_synthetic_regions_are_marked_in_the_release(release: duckdb.DuckDBPyConnection) -> None:
    names = release.execute("select distinct file_name from deliveries where region = 'yueyang-etz'").fetchall()
    assert names and all("演示" in name or "synthetic" in name for (name,) in names)

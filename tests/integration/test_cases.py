"""Small regions as files, built once, against numbers worked out by hand from the text of the method."""

from __future__ import annotations

import os
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from tests.integration.cases import REGIONS
from tests.integration.conftest import AS_OF
from tests.oracle.compare import differences
from tests.oracle.world import world
from tests.support.homes import Night, accepted_rows, put, released, run
from warehouse.paths import Home

pytestmark = pytest.mark.slow

EXCLUDING, PLAIN, BARE = "excluding_feedstock", "plain", "excluding_feedstock_and_nonfossil"
Case = tuple[str, str, int]
VALUES: dict[Case, tuple[str | None, bool]] = {
    # E 1440, G_nf 144, G_f 360, I 936 万千瓦时; coal 740.592, oil 174.852, gas 159.6, heat 20.472,
    # direct 72, power 3240 tce
    ("monthly", "non_fossil_share", 2024): ("36.918754", True),  # ((144 + 936 × 0.4) × 3 + 72) / 4407.516
    ("monthly", "clean_energy_share", 2024): ("40.539841", True),  # gas 159.6 more
    ("monthly", "coal_consumption", 2024): ("0.074059", True),  # coke that is made counts against the coal
    ("monthly", "oil_consumption", 2024): ("0.017485", True),
    # 2.64 × 697.734 + 2.08 × 174.852 + 1.63 × 127.68 + 0.11 × 600 + 936 × 5 t
    ("monthly", "co2_emissions", 2024): ("0.715983", True),
    ("monthly", "co2_intensity", 2024): ("0.071598", True),
    ("monthly", "energy_intensity", 2024): ("0.043327", True),  # (4407.516 − 74.778) / 100000
    ("monthly", "electrification_rate", 2024): ("66.428243", True),  # 1769.76 / (801.936 + 20.472 + 72 + 1769.76)
    ("monthly", "building_electrification", 2024): ("64.889124", True),  # 294.96 / (294.96 + 159.6)
    ("monthly", "industrial_energy_intensity", 2024): ("0.708386", True),  # 1770.966 / (2000 × 2000/1600)
    # exports of 500 万千瓦时 take 1435 tce along, half of it non-fossil; prices of 2015 are chained in 2020 by 6/5
    ("balanced", "non_fossil_share", 2020): ("15.740989", True),  # (2458 − 717.5) / (10000 + 2458 + 34.12 − 1435)
    ("balanced", "co2_emissions", 2020): ("2.651", True),  # 26400 + 110; exports add nothing
    ("balanced", "energy_intensity", 2021): ("0.012121", True),  # 8000 / 660000
    ("balanced", "energy_intensity", 2022): (None, False),
    ("balanced", "electrification_rate", 2021): (None, False),  # the balance gives it a row and no number
    ("exporting", "non_fossil_share", 2020): ("25", True),
    ("exporting", "non_fossil_share", 2021): (None, True),  # exports at an unknown share
    ("exporting", "co2_emissions", 2021): ("0", True),
    # 10 + 25 + 100 of X, 7 + 10 of Y, whose February stands for January
    ("two-months", "coal_consumption", 2024): ("0.010857", True),
    ("stopped", "oil_consumption", 2024): ("0.000883", True),
    ("reopened", "oil_consumption", 2024): ("0.000883", False),
    ("registers", "charging_piles", 2023): ("2", True),
    ("registers", "charging_piles", 2024): ("2", True),
    ("registers", "public_charging_piles", 2024): ("1", True),
    ("registers", "zero_carbon_logistics_pilots", 2024): ("75", True),  # D01-2 and D01.3, not XD01-1 or D011
    ("registers", "zero_carbon_logistics_pilots", 2025): ("100", False),  # a register of November
    ("registers", "charging_station_plan", 2024): (None, True),
    ("built", "green_standard_share", 2024): ("88.888889", True),
    ("built", "star_green_share", 2024): ("77.777778", True),
    ("built", "public_one_star_share", 2024): ("50", True),
    ("built", "prefab_housing_share", 2024): ("60", True),  # 800 m² of prefabrication on 600 m² of housing
    ("built", "decorated_housing_share", 2024): ("46", True),
    ("built", "prefab_building_share", 2024): ("17.777778", True),
    ("built", "government_prefab_share", 2024): ("20", True),
    ("built", "residential_saving_rate", 2024): ("79.5", True),
    ("built", "public_saving_rate", 2024): (None, True),
    ("built", "public_roof_pv_coverage", 2024): ("30", True),
    ("built", "new_energy_capacity", 2024): ("7", True),
    ("built", "pv_storage_share", 2024): ("37.5", True),  # retired in the year it was connected
    ("sorted", "waste_sorting_rate", 2024): ("27.777778", False),  # (1/3 + 2/9) / 2
    ("sorted", "sorting_coverage", 2024): ("50", False),
    ("sorted", "ev_stock", 2024): ("5", False),
    ("sorted", "public_fleet_nev_share", 2024): ("33.333333", False),
    ("sorted", "forest_coverage", 2024): ("25", True),  # 30 of the 120 ha that are known for 2025
    ("sorted", "manufacturing_va_share", 2024): ("70", False),
    ("ties", "forest_stock", 2023): ("0", True),
    ("ties", "forest_stock", 2024): ("0.000002", True),
    ("ties", "forest_stock", 2025): ("0.000002", True),
}
REDUCTIONS: dict[tuple[str, str, str, int, int], str | None] = {
    ("balanced", "energy_intensity_reduction", EXCLUDING, 2020, 2021): "34.225845",
    ("balanced", "energy_intensity_reduction", PLAIN, 2020, 2021): "26.004075",
    ("balanced", "energy_intensity_reduction", BARE, 2020, 2021): "21.938136",
    ("balanced", "co2_intensity_reduction", "default", 2020, 2021): "27.5745",
    ("moving", "operating_vehicle_co2_reduction", "default", 2020, 2022): None,
    ("moving", "operating_vehicle_co2_reduction", "default", 2021, 2022): "-17.653652",
}


@pytest.fixture(scope="module")
def cases_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Night]:
    home = Home(tmp_path_factory.mktemp("cases"))
    for region, files in REGIONS.items():
        for number, (feed, content) in enumerate(files):
            path = put(home, region, feed, f"{number:02}.csv", content)
            os.utime(path, (1_780_000_000 + number,) * 2)
    night = run(home, AS_OF, judged=False)
    assert [(o.feed, o.en) for o in night.outcomes if o.status != "accepted"] == []
    return home, night


@pytest.fixture(scope="module")
def release(cases_home: tuple[Home, Night]) -> Iterator[duckdb.DuckDBPyConnection]:
    night = cases_home[1]
    assert night.release is not None, night.built
    with released(night.release) as connection:
        yield connection


def one(release: duckdb.DuckDBPyConnection, where: str, *values: Any) -> tuple[Any, ...] | None:
    rows = release.execute(
        f"select value, is_complete, reason from indicator_values where period_type = 'year' and {where}", list(values)
    ).fetchall()
    assert len(rows) <= 1
    return rows[0] if rows else None


@pytest.mark.parametrize("case", VALUES, ids=str)
def test_yearly_values(release: duckdb.DuckDBPyConnection, case: Case) -> None:
    value, is_complete = VALUES[case]
    found = one(release, "region = ? and indicator = ? and year(period_end) = ?", *case)
    assert found is not None
    assert found[:2] == (None if value is None else Decimal(value), is_complete)
    assert value is not None or found[2]


@pytest.mark.parametrize("case", REDUCTIONS, ids=str)
def test_reductions(release: duckdb.DuckDBPyConnection, case: tuple[str, str, str, int, int]) -> None:
    where = "region = ? and indicator = ? and method = ? and base_year = ? and year(period_end) = ?"
    found = one(release, where, *case)
    assert found is not None
    expected = REDUCTIONS[case]
    assert found[0] == (None if expected is None else Decimal(expected))


@pytest.mark.parametrize("region", REGIONS)
def test_the_computation_by_hand_reads_the_method_the_same_way(cases_home: tuple[Home, Night], region: str) -> None:
    home, _ = cases_home
    with duckdb.connect(str(home.build_db), read_only=True) as connection:
        found = differences(connection, "marts.indicator_values", world(region, accepted_rows(home, region)))
    assert found == []


def test_month_ends_of_the_registers_years(release: duckdb.DuckDBPyConnection) -> None:
    """A register of January serves the year before: its months are shown from that year's January on."""
    months = release.execute(
        "select period_end::varchar, value, is_complete from indicator_values where region = 'registers' "
        "and indicator = 'charging_piles' and period_type = 'month' order by 1"
    ).fetchall()
    assert len(months) == 24 and all(is_complete for *_, is_complete in months)
    counts = {end[:7]: int(value) for end, value, _ in months}
    assert [counts[m] for m in ("2023-04", "2023-05", "2023-06", "2024-11", "2024-12")] == [0, 1, 2, 2, 2]


def test_shares_of_primary_energy(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select item, tce, basis from energy_balance_annual where region = 'monthly' and year = 2024"
    ).fetchall()
    assert {item: str(tce) for item, tce, _ in rows} == {
        "coal": "740.592000", "oil": "174.852000", "gas": "159.600000", "heat": "20.472000", "nonfossil": "504.000000",
        "electricity_import": "2808.000000",
    }  # fmt: skip
    assert {basis for *_, basis in rows} == {"monthly"}


def test_lineage_names_only_the_register_that_serves(release: duckdb.DuckDBPyConnection) -> None:
    rows = release.execute(
        "select distinct file_name, scope, row_count from lineage "
        "where region = 'registers' and feed = 'charging_piles'"
    ).fetchall()
    assert rows == [("02.csv", "2024-12-31", 3)]

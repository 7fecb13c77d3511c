"""Transport, buildings, waste and land by real dbt on small cases: every expected number worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.support.rawdb import RawDb
from tests.unit.dbt.sector_cases import deliver_all

DOMAINS = ("transport", "buildings", "waste", "land")

# region, indicator, year: numerator, denominator, reason
YEARS: dict[tuple[str, str, int], tuple[str | None, str | None, str | None]] = {
    # November is the last month with data
    ("fleet", "ev_stock", 2024): ("14", None, None),
    ("fleet", "public_fleet_nev_share", 2024): ("3", "8", None),
    ("no-officials", "ev_stock", 2024): ("0", None, None),
    ("no-officials", "public_fleet_nev_share", 2024): ("0", "0", "zero_denominator"),
    # the newest register tells of 2022 too; c was removed on the last day of 2024, b stands still
    ("piles", "charging_piles", 2022): ("2", None, None),
    ("piles", "charging_piles", 2024): ("2", None, None),
    ("piles", "public_charging_piles", 2022): ("1", None, None),
    ("piles", "public_charging_piles", 2024): ("2", None, None),
    ("travel", "bus_mode_share", 2024): ("3", "12", None),
    ("walkers", "bus_mode_share", 2024): ("0", "0", "zero_denominator"),
    ("travel", "road_material_recycling", 2024): ("200.5", "400", None),
    # the register of 31 January 2025 serves 2024, that of 20 January 2024 serves 2023
    ("buses", "bus_stop_coverage", 2023): ("1", "2", None),
    ("buses", "bus_stop_coverage", 2024): ("1", "2", None),
    ("buildings", "green_standard_share", 2024): ("1000", "9000", None),
    ("buildings", "star_green_share", 2024): ("5000", "9000", None),
    ("buildings", "public_one_star_share", 2024): ("1", "3", None),
    ("buildings", "residential_saving_rate", 2024): ("65500", "1000", None),
    ("buildings", "public_saving_rate", 2024): ("222000", "3000", None),  # 72 % of 1000 and 75 % of 2000
    ("buildings", "public_roof_pv_coverage", 2024): ("80", "200", None),
    ("buildings", "factory_roof_pv_coverage", 2024): ("200", "1000", None),
    ("buildings", "prefab_housing_share", 2023): ("600", "2000", None),
    ("buildings", "decorated_housing_share", 2023): ("150", "2600", None),
    ("buildings", "prefab_building_share", 2023): ("1150", "10000", None),
    ("buildings", "government_prefab_share", 2023): ("250", "2000", None),
    ("buildings", "green_standard_share", 2023): ("0", "0", "zero_denominator"),
    ("buildings", "building_renewable_rate", 2024): ("80.5", "1000", None),
    ("waste", "domestic_waste_recovery", 2024): ("600.5", "1001.5", None),
    ("waste", "kitchen_waste_recovery", 2024): ("300.5", "400.5", None),
    ("closed", "domestic_waste_recovery", 2024): ("0", "0", "zero_denominator"),
    ("waste", "waste_sorting_rate", 2024): ("1.416666666666667", "3", None),  # 1/4 + 1 + 1/6
    ("waste", "waste_bagging_rate", 2024): ("1.75", "3", None),  # 3/4 + 0 + 1
    ("waste", "sorting_coverage", 2024): ("1", "2", None),
    ("waste", "industrial_waste_utilisation", 2024): ("100", "170", None),
    # no area is known for 2022 or 2024: the nearest earlier year, then the nearest later
    ("forest", "forest_coverage", 2022): ("36", "120", None),
    ("forest", "forest_coverage", 2024): ("36", "120", None),
    ("bare-forest", "forest_coverage", 2024): ("36", "80", None),
    ("forest", "forest_stock", 2024): ("1502.5", "10000", None),
    ("parks", "park_circularity", 2024): ("2", "3", None),
    ("parks", "cleaner_production_audit_rate", 2024): ("2", "4", None),
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> RawDb:
    raw = RawDb(tmp_path_factory.mktemp("sectors") / "build.duckdb")
    deliver_all(raw)
    raw.build(*(f"+int_measures_{domain}" for domain in DOMAINS), "+int_intensities_transport", *facts())
    return raw


def facts() -> list[str]:
    return [f"+path:models/marts/{domain}" for domain in DOMAINS]


def decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def measure(raw: RawDb, region: str, indicator: str, where: str) -> tuple[Any, ...]:
    """(numerator, denominator, reason) of one period, from whichever domain has it."""
    tables = " union all ".join(f"select * from intermediate.int_measures_{domain}" for domain in DOMAINS)
    rows = raw.query(
        f"select numerator, denominator, reason from ({tables}) "
        f"where region = '{region}' and indicator = '{indicator}' and {where}"
    )
    assert len(rows) == 1, f"{region} {indicator} {where}: {rows}"
    return rows[0]


@pytest.mark.parametrize(("region", "indicator", "year"), YEARS)
def test_years(built: RawDb, region: str, indicator: str, year: int) -> None:
    numerator, denominator, reason = YEARS[region, indicator, year]
    found = measure(built, region, indicator, f"period_type = 'year' and year(period_end) = {year}")
    assert found == (decimal(numerator), decimal(denominator), reason)


def test_month_ends(built: RawDb) -> None:
    march = "period_type = 'month' and period_end = date '2024-03-31'"
    assert measure(built, "fleet", "ev_stock", march) == (Decimal(7), None, None)
    june = "period_type = 'month' and period_end = date '2023-06-30'"
    assert measure(built, "piles", "public_charging_piles", june) == (Decimal(1), None, None)
    july = "period_type = 'month' and period_end = date '2023-07-31'"
    assert measure(built, "piles", "charging_piles", july) == (Decimal(3), None, None)


def test_trailing_twelve_months(built: RawDb) -> None:
    """January 2023 has left the window that ends with January 2024."""
    december, january = (f"period_type = 'ttm' and period_end = date '{day}'" for day in ("2023-12-31", "2024-01-31"))
    assert measure(built, "trailing", "kitchen_waste_recovery", december) == (Decimal(100), Decimal(200), None)
    assert measure(built, "trailing", "domestic_waste_recovery", january) == (Decimal(100), Decimal(200), None)
    year = measure(built, "trailing", "kitchen_waste_recovery", "period_type = 'year' and year(period_end) = 2023")
    assert year == (Decimal(100), Decimal(200), None)


def test_operating_transport(built: RawDb) -> None:
    """A quarter: 12 t of diesel and 5 万千瓦时 at 5 t; 5 万吨公里, and 37 万人公里 that count a tenth."""
    rows = built.query(
        "select region, year, numerator, denominator, reason from intermediate.int_intensities_transport"
    )
    assert sorted(rows) == [
        ("three-and-empty", 2024, Decimal("94.353"), Decimal(150_000), None),
        ("three-quarters", 2024, None, None, "missing_quarter"),
        ("trucks", 2024, 4 * (12 * Decimal("3.1451") + 25), Decimal(4 * 87_000), None),
    ]


def test_days_of_charging_and_weighing(built: RawDb) -> None:
    days = built.query(
        "select pile_id, sessions, energy_kwh, connected_seconds from marts.fct_charging_daily order by pile_id"
    )
    assert days == [("a", 2, Decimal("19.75"), 3600), ("b", 1, Decimal(1), 1800)]
    weighed = built.query(
        "select stream, route, tickets, net_kg, gross_kg - tare_kg from marts.fct_waste_daily "
        "where region = 'waste' and day = date '2024-01-02' order by stream, route"
    )
    # a ticket's own net weight, where it has one, is within 1 kg of the difference
    assert weighed == [
        ("kitchen", "digestion", 1, Decimal("300.5"), Decimal(300)),
        ("kitchen", "incineration_power", 1, Decimal(100), Decimal(100)),
        ("residual", "landfill", 2, Decimal(401), Decimal(401)),
    ]


def test_no_number_plate_is_in_a_fact(built: RawDb) -> None:
    columns = built.query("select column_name from information_schema.columns where table_schema = 'marts'")
    assert ("facility",) in columns
    assert ("plate",) not in columns


def test_buildings_left_out_are_marked(built: RawDb) -> None:
    rows = built.query("select project_id from marts.fct_buildings where lacks_saving_rate order by project_id")
    assert [row[0] for row in rows] == ["dark", "shop", "unrated"]

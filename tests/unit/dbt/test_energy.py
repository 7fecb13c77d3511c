"""Energy and CO2 by real dbt on small cases: one region per case, every expected number worked out by hand.

Unless a case says otherwise the parameters are round: 3 tce and 5 t CO2 per 万千瓦时, 40 % of imports non-fossil.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.support.rawdb import RawDb
from tests.unit.dbt.energy_cases import deliver_all

Value = tuple[Decimal | None, Decimal | None, str | None]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> RawDb:
    raw = RawDb(tmp_path_factory.mktemp("energy") / "build.duckdb")
    deliver_all(raw)
    raw.build("+int_measures_energy", "+path:models/marts/energy")
    return raw


def measure(raw: RawDb, region: str, indicator: str, year: int = 2023) -> Value:
    """(numerator, denominator, reason) of a calendar year."""
    rows = raw.query(
        f"select numerator, denominator, reason from intermediate.int_measures_energy where region = '{region}' "
        f"and indicator = '{indicator}' and period_type = 'year' and year(period_end) = {year}"
    )
    assert len(rows) == 1, f"{region} {indicator} {year}: {rows}"
    return rows[0]


def same(value: Value, numerator: str, denominator: str | None, reason: str | None = None) -> None:
    expected = (Decimal(numerator), None if denominator is None else Decimal(denominator), reason)
    assert value == expected


# electricity: 1000 used, 100 solar, 200 coal power, so 700 imported
IMPORTS = {
    "non_fossil_share": ("1140", "3128.871"),  # (100 + 700 × 0.4) × 3
    "clean_energy_share": ("1140", "3128.871"),
    "coal_consumption": ("714.3", "10000"),
    "oil_consumption": ("14.571", "10000"),
    "co2_emissions": ("5227.48448", "10000"),  # 2.64 × (714.3 − 71.43) + 2.08 × 14.571 + 700 × 5
    "energy_intensity": ("3057.441", "1000"),  # the 71.43 of feedstock taken out
    "co2_intensity": ("5227.48448", "1000"),
}


@pytest.mark.parametrize("indicator", IMPORTS)
def test_imports(built: RawDb, indicator: str) -> None:
    same(measure(built, "imports", indicator), *IMPORTS[indicator])


def test_more_generation_than_use_needs_no_parameters_of_the_grid(built: RawDb) -> None:
    same(measure(built, "exports", "non_fossil_share"), "450", "450")  # max(100 − 20, 150) × 3
    same(measure(built, "exports", "co2_emissions"), "0", "10000")


def test_missing_share_with_imports(built: RawDb) -> None:
    _, _, reason = measure(built, "no-share", "non_fossil_share")
    assert reason == "missing_parameter: grid_nonfossil_share"
    assert measure(built, "no-share", "clean_energy_share")[2] == reason
    same(measure(built, "no-share", "co2_emissions"), "3500", "10000")


def test_imports_are_decided_on_the_year(built: RawDb) -> None:
    """100 imported in January, 60 exported in February: 40 in the year, not 100."""
    same(measure(built, "branch", "non_fossil_share"), "228", "300")  # (60 + 40 × 0.4) × 3, (60 + 40) × 3


def test_trailing_months_take_each_years_parameters(built: RawDb) -> None:
    """To June 2024: July to December 2023 at 3 tce, January to June 2024 at 4 tce per 万千瓦时."""
    rows = built.query(
        "select numerator, denominator, reason from intermediate.int_measures_energy where region = 'rates' "
        "and indicator = 'non_fossil_share' and period_type = 'ttm' and period_end = date '2024-06-30'"
    )
    # 10 used a month, 4 of it solar; 40 % of imports non-fossil in 2023, half in 2024
    assert rows == [(Decimal("283.2"), Decimal("420"), None)]  # 6 × ((4 + 2.4) × 3 + (4 + 3) × 4), 60 × 3 + 60 × 4


def test_december_ttm_is_the_year(built: RawDb) -> None:
    rows = built.query(
        "select y.region, y.indicator from intermediate.int_measures_energy y join intermediate.int_measures_energy t "
        "on y.region = t.region and y.indicator = t.indicator and y.period_end = t.period_end "
        "and y.period_type = 'year' and t.period_type = 'ttm' where y.basis = 'monthly' and "
        "(y.numerator is distinct from t.numerator or y.denominator is distinct from t.denominator)"
    )
    assert rows == []


def test_direct_nonfossil_and_heat(built: RawDb) -> None:
    """Biomass burnt for power is generation; enterprises' diesel is the oil company's; heat they make is taken out."""
    total = Decimal("50") * Decimal("0.6") + Decimal("700") * Decimal("0.03412") + Decimal("714.3")
    same(measure(built, "direct", "non_fossil_share"), "30", str(total))
    same(measure(built, "direct", "oil_consumption"), "0", "10000")
    same(measure(built, "direct", "co2_emissions"), "1962.752", "10000")  # 2.64 × 714.3 + 0.11 × 700


def test_electrification_takes_fuel_for_power_out(built: RawDb) -> None:
    # 1229 + 714.3 of coal − 142.86 burnt for power − 14.571 of diesel, which is taken out whoever reports its use
    same(measure(built, "power", "electrification_rate"), "1229", "1785.869")


def test_february_for_two_months_and_units(built: RawDb) -> None:
    same(measure(built, "february", "coal_consumption"), "1428.6", "10000")  # 2,000,000 kg


def test_buildings_and_industry(built: RawDb) -> None:
    same(measure(built, "sectors", "building_electrification"), "368.7", "501.7")  # 300 × 1.229; gas 10 × 13.3
    # 100 coal − 10 feedstock − 20 output at 0.7143, electricity 50 × 1.229
    same(measure(built, "sectors", "industrial_energy_intensity"), "111.451", "500")
    same(measure(built, "sectors", "industrial_energy_intensity", 2022), "0", None, "missing_value_added")


def test_empty_scope_is_not_absence(built: RawDb) -> None:
    same(measure(built, "empty", "coal_consumption"), "0", "10000")


def test_absent_feed(built: RawDb) -> None:
    for indicator in ("coal_consumption", "co2_emissions", "electrification_rate", "co2_peak_year"):
        numerator, _, reason = measure(built, "absent", indicator)
        assert (numerator, reason) == (None, "missing_feed: power_generation")


def test_balance_with_net_export(built: RawDb) -> None:
    total = "139903.412"  # 122900 + 20000 − 1000 × 3 + 100 × 0.03412
    same(measure(built, "balance", "non_fossil_share"), "18800", total)  # 20000 − 0.4 × 3000
    same(measure(built, "balance", "co2_emissions"), "324467", "10000")  # 2.64 × 122900 + 0.11 × 100, no imports
    same(measure(built, "balance", "coal_consumption"), "122900", "10000")
    same(measure(built, "balance", "electrification_rate"), "1229", "1229")  # the monthly feeds all the same
    bases = built.query(
        "select indicator, basis from intermediate.int_measures_energy where region = 'balance' "
        "and period_type = 'year' and indicator in ('co2_emissions', 'electrification_rate') order by 1"
    )
    assert bases == [("co2_emissions", "balance"), ("electrification_rate", "monthly")]


def test_balance_imports_and_shares(built: RawDb) -> None:
    same(measure(built, "balance-import", "non_fossil_share"), "1200", "3000")
    same(measure(built, "balance-import", "co2_emissions"), "5000", "10000")
    assert measure(built, "balance-no-share", "non_fossil_share")[2] == "missing_parameter: grid_nonfossil_share"
    same(measure(built, "balance-alone", "non_fossil_share"), "100", "300")
    same(measure(built, "balance-alone", "clean_energy_share"), "150", "300")


def test_balance_with_nothing_in_it(built: RawDb) -> None:
    same(measure(built, "balance-empty", "non_fossil_share"), "0", "0", "zero_denominator")


def test_annual_balance_adds_up(built: RawDb) -> None:
    rows = built.query(
        "select item, tce, share, basis from marts.energy_balance_annual where region = 'balance-alone' order by item"
    )
    percent = {"coal": "33.333333", "gas": "16.666667", "nonfossil": "33.333333", "oil": "16.666667"}
    tce = {"coal": "100", "gas": "50", "nonfossil": "100", "oil": "50"}
    for item, amount, share, basis in rows:
        assert (amount, share, basis) == (Decimal(tce.get(item, "0")), Decimal(percent.get(item, "0")), "balance")
    sums = built.query(
        "select region, year from marts.energy_balance_annual group by all having abs(sum(share) - 100) > 0.000003"
    )
    assert sums == []


CHAINED = {2018: ("96", None), 2019: ("99", None), 2020: ("120", None), 2010: (None, "no_price_base_link")}


@pytest.mark.parametrize("year", CHAINED)
def test_chained_prices(built: RawDb, year: int) -> None:
    """2018 is known in prices of 2015 only: 80 × 120 / 100, by 2020, the newest year given in both."""
    value, reason = CHAINED[year]
    _, denominator, why = measure(built, "chain", "energy_intensity", year)
    assert (denominator, why) == (None if value is None else Decimal(value), reason)


def test_missing_gdp(built: RawDb) -> None:
    same(measure(built, "chain", "co2_intensity", 2021), "264", None, "missing_gdp")  # three quarters are not a year


def test_intensities_by_method(built: RawDb) -> None:
    rows = built.query(
        "select method, numerator, denominator from intermediate.int_intensities_energy "
        "where region = 'imports' and year = 2023 order by 1"
    )
    assert rows == [
        ("default", Decimal("5227.48448"), Decimal(1000)),
        ("excluding_feedstock", Decimal("3057.441"), Decimal(1000)),
        ("excluding_feedstock_and_nonfossil", Decimal("1917.441"), Decimal(1000)),
        ("plain", Decimal("3128.871"), Decimal(1000)),
    ]


def test_co2_peak(built: RawDb) -> None:
    peaks = [measure(built, "peak", "co2_peak_year", year)[0] for year in (2019, 2020, 2021, 2022)]
    assert peaks == [2019, 2020, 2020, 2020]  # 10, 30, 30, 20: the earliest of equals
    assert measure(built, "peak", "co2_peak_year", 2018) == (None, None, "missing_feed: energy_supply")


def test_incomplete_years_have_no_peak(built: RawDb) -> None:
    assert measure(built, "imports", "co2_peak_year") == (None, None, "no_complete_year")
    assert measure(built, "rates", "co2_peak_year", 2024)[0] == 2023  # as much in both


def test_capacities(built: RawDb) -> None:
    same(measure(built, "capacity", "new_energy_capacity", 2023), "35", None)  # coal is none, one retired in December
    same(measure(built, "capacity", "rooftop_pv_capacity", 2023), "10", None)
    same(measure(built, "capacity", "agri_pv_capacity", 2023), "20", None)
    same(measure(built, "capacity", "pv_storage_share", 2023), "20", "60")  # retired since, but connected then
    months = built.query(
        "select month(period_end), numerator from intermediate.int_measures_energy where region = 'capacity' "
        "and indicator = 'new_energy_capacity' and period_type = 'month' and year(period_end) = 2023 order by 1"
    )
    assert {month: value for month, value in months if month >= 11} == {11: Decimal(65), 12: Decimal(35)}


def test_manufacturing_share(built: RawDb) -> None:
    same(measure(built, "accounts", "manufacturing_va_share", 2022), "80", "100")  # base 2020 before any other
    same(measure(built, "accounts", "manufacturing_va_share", 2023), "31", "41")  # to the third quarter, newest base
    assert measure(built, "accounts", "manufacturing_va_share", 2021)[2] == "missing_item: manufacturing"


def test_parameters(built: RawDb) -> None:
    rows = built.query(
        "select year, value, served_year, origin from marts.fct_region_parameters "
        "where region = 'yueyang-etz' and parameter = 'grid_co2_factor' order by 1"
    )
    assert rows == [
        (2018, Decimal("0.9"), 2019, "delivered"),
        (2019, Decimal("0.9"), 2019, "delivered"),
        (2020, Decimal("0.9"), 2019, "delivered"),
        (2021, Decimal("0.5138"), 2021, "region default"),
        (2022, Decimal("0.49"), 2022, "region default"),
        (2023, Decimal("0.4976"), 2023, "region default"),
        (2024, Decimal("0.4976"), 2023, "region default"),
    ]


def test_meter_facts(built: RawDb) -> None:
    days = built.query("select meter_id, sector, readings, electricity_kwh from marts.fct_electricity_daily order by 1")
    assert days == [("m1", "industry", 3, Decimal("6.5")), ("m2", None, 1, Decimal("4"))]
    hours = built.query(
        "select hour(hour_start), sector, electricity_kwh from marts.fct_electricity_hourly order by all"
    )
    assert hours == [
        (0, "industry", Decimal("3.5")),
        (1, "industry", Decimal("3")),
        (1, "unregistered", Decimal("4")),
    ]
    assert built.query("select distinct day from marts.fct_electricity_daily") == [(date(2024, 1, 2),)]


def test_no_indicator_is_forgotten(built: RawDb) -> None:
    """Every computed energy code gives rows somewhere in the cases."""
    known: set[Any] = {row[0] for row in built.query("select distinct indicator from intermediate.int_measures_energy")}
    assert known == {
        *("non_fossil_share", "energy_intensity", "co2_emissions", "co2_intensity", "co2_peak_year"),
        *("coal_consumption", "oil_consumption", "clean_energy_share", "electrification_rate"),
        *("building_electrification", "industrial_energy_intensity", "manufacturing_va_share"),
        *("new_energy_capacity", "rooftop_pv_capacity", "agri_pv_capacity", "pv_storage_share"),
    }

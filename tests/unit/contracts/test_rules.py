"""Every cross-field rule of the contracts lets the good row pass and stops the bad one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from sources.contract import contracts
from warehouse.paths import SEEDS

TYPES = {
    "text": "varchar",
    "int": "bigint",
    "dec": "decimal(24, 9)",
    "bool": "boolean",
    "year": "integer",
    "ts": "timestamp",
}

Row = dict[str, Any]
# feed, rule, rows and whether each of them holds (None: the rule does not speak of it)
CASES: list[tuple[str, str, list[Row], list[bool | None]]] = [
    (
        "energy_supply",
        "unit_converts",
        [
            {"product": "electricity", "unit": "亿千瓦时"},
            {"product": "electricity", "unit": "吨"},
            {"product": "lng", "unit": "千克"},
            {"product": "natural_gas", "unit": "吨标准煤"},
        ],
        [True, False, True, False],
    ),
    (
        "operating_transport",
        "unit_converts",
        [{"product": "diesel", "unit": "吨"}, {"product": "diesel", "unit": "立方米"}],
        [True, False],
    ),
    (
        "energy_enterprise",
        "unit_converts",
        [{"product": "heat", "unit": "兆焦"}, {"product": "heat", "unit": "吨标准煤"}],
        [True, False],
    ),
    (
        "energy_enterprise",
        "months_two_in_february",
        [
            {"month": "2024-02-01", "months": 2},
            {"month": "2024-03-01", "months": 2},
            {"month": "2024-03-01", "months": 1},
        ],
        [True, False, True],
    ),
    (
        "energy_enterprise",
        "months_same_in_scope",
        [
            {"month": "2024-02-01", "enterprise_id": "A", "months": 2},
            {"month": "2024-02-01", "enterprise_id": "A", "months": 1},
            {"month": "2024-02-01", "enterprise_id": "B", "months": 1},
        ],
        [False, False, True],
    ),
    (
        "energy_enterprise",
        "january_beside_february",
        [
            {"month": "2024-02-01", "enterprise_id": "A", "months": 2},
            {"month": "2024-01-01", "enterprise_id": "A", "months": 1},
            {"month": "2024-02-01", "enterprise_id": "B", "months": 2},
            {"month": "2023-01-01", "enterprise_id": "B", "months": 1},
            {"month": "2024-02-01", "enterprise_id": "C", "months": 1},
            {"month": "2024-01-01", "enterprise_id": "C", "months": 1},
        ],
        [False, True, True, True, True, True],
    ),
    (
        "energy_enterprise",
        "feedstock_within_consumption",
        [{"feedstock": "5", "consumption": "5"}, {"feedstock": "5.000000001", "consumption": "5"}],
        [True, False],
    ),
    (
        "energy_enterprise",
        "power_input_within_consumption",
        [{"power_input": "1", "consumption": "5"}, {"power_input": "6", "consumption": "5"}],
        [True, False],
    ),
    (
        "power_generation",
        "self_used_within_generated",
        [{"self_used": "5", "generated": "5"}, {"self_used": "6", "generated": "5"}, {"generated": "5"}],
        [True, False, None],
    ),
    (
        "generation_projects",
        "one_as_of",
        [{"as_of": "2024-12-31"}, {"as_of": "2024-12-31"}, {"as_of": "2023-12-31"}],
        [True, True, False],
    ),
    ("meters", "one_as_of", [{"as_of": "2024-12-31"}, {"as_of": "2023-12-31"}], [False, False]),
    ("bus_coverage", "one_as_of", [{"as_of": "2024-12-31"}, {}], [True, True]),
    (
        "generation_projects",
        "grid_date_given",
        [
            {"status": "operating"},
            {"status": "retired"},
            {"status": "planned"},
            {"status": "operating", "grid_date": "2024-01-01"},
        ],
        [False, False, True, True],
    ),
    (
        "generation_projects",
        "retired_date_given",
        [{"status": "retired"}, {"status": "operating"}, {"status": "retired", "retired_date": "2024-01-01"}],
        [False, True, True],
    ),
    (
        "generation_projects",
        "retired_after_grid",
        [
            {"grid_date": "2024-01-02", "retired_date": "2024-01-01"},
            {"grid_date": "2024-01-02", "retired_date": "2024-01-02"},
        ],
        [False, True],
    ),
    (
        "meter_readings",
        "on_quarter_hour",
        [{"ts": "2024-03-01 23:45:00"}, {"ts": "2024-03-01 23:50:00"}, {"ts": "2024-03-01 00:15:01"}],
        [True, False, False],
    ),
    (
        "meter_readings",
        "within_day",
        [{"day": "2024-03-01", "ts": "2024-03-01 00:00:00"}, {"day": "2024-03-01", "ts": "2024-03-02 00:00:00"}],
        [True, False],
    ),
    (
        "energy_balance",
        "quantity_not_negative",
        [
            {"item": "coal", "quantity": "-1"},
            {"item": "electricity_import", "quantity": "-1"},
            {"item": "heat_import", "quantity": "-1"},
            {"item": "coal", "quantity": "0"},
        ],
        [False, True, True, True],
    ),
    (
        "energy_balance",
        "unit_fits_item",
        [
            {"item": "coal", "unit": "万吨标准煤"},
            {"item": "nonfossil", "unit": "太瓦时"},
            {"item": "nonfossil", "unit": "亿千瓦时"},
            {"item": "electricity_import", "unit": "亿千瓦时"},
            {"item": "electricity_import", "unit": "太瓦时"},
            {"item": "electricity_import", "unit": "吨标准煤"},
            {"item": "heat_import", "unit": "吉焦"},
            {"item": "heat_import", "unit": "太瓦时"},
            {"item": "coal", "unit": "吨"},
        ],
        [True, True, False, True, True, False, True, False, False],
    ),
    (
        "charging_piles",
        "removed_on_given",
        [{"status": "removed"}, {"status": "fault"}, {"status": "removed", "removed_on": "2024-01-01"}],
        [False, True, True],
    ),
    (
        "charging_piles",
        "removed_after_commissioned",
        [{"commissioned": "2024-01-02", "removed_on": "2024-01-01"}, {"commissioned": "2024-01-02"}],
        [False, None],
    ),
    (
        "charging_sessions",
        "starts_on_day",
        [
            {"day": "2024-03-01", "started_at": "2024-03-01 23:59:59"},
            {"day": "2024-03-01", "started_at": "2024-02-29 23:59:59"},
        ],
        [True, False],
    ),
    (
        "charging_sessions",
        "ends_after_start",
        [
            {"started_at": "2024-03-01 23:00:00", "ended_at": "2024-03-02 01:00:00"},
            {"started_at": "2024-03-01 23:00:00", "ended_at": "2024-03-01 22:59:59"},
        ],
        [True, False],
    ),
    (
        "road_materials",
        "recycled_within_generated",
        [{"generated_t": "1", "recycled_t": "1"}, {"generated_t": "1", "recycled_t": "2"}],
        [True, False],
    ),
    (
        "building_projects",
        "housing_within_area",
        [{"area_m2": "1", "housing_m2": "1"}, {"area_m2": "1", "housing_m2": "2"}, {"area_m2": "1"}],
        [True, False, None],
    ),
    (
        "building_projects",
        "prefab_within_area",
        [{"area_m2": "1", "prefab_m2": "1"}, {"area_m2": "1", "prefab_m2": "2"}],
        [True, False],
    ),
    (
        "building_projects",
        "decorated_within_housing",
        [{"housing_m2": "1", "decorated_m2": "1"}, {"housing_m2": "1", "decorated_m2": "2"}],
        [True, False],
    ),
    (
        "building_projects",
        "roof_pv_within_roof",
        [{"roof_m2": "1", "roof_pv_m2": "1"}, {"roof_m2": "1", "roof_pv_m2": "2"}, {"roof_pv_m2": "2"}],
        [True, False, None],
    ),
    (
        "building_projects",
        "completed_after_start",
        [{"started_on": "2024-01-02", "completed_on": "2024-01-01"}, {"started_on": "2024-01-02"}],
        [False, None],
    ),
    (
        "building_energy",
        "renewable_within_energy",
        [{"energy_tce": "1", "renewable_tce": "1"}, {"energy_tce": "1", "renewable_tce": "2"}],
        [True, False],
    ),
    (
        "waste_weighings",
        "weighed_on_day",
        [
            {"day": "2024-03-01", "weighed_at": "2024-03-01 00:00:00"},
            {"day": "2024-03-01", "weighed_at": "2024-03-02 00:00:00"},
        ],
        [True, False],
    ),
    (
        "waste_weighings",
        "tare_below_gross",
        [{"gross_kg": "10", "tare_kg": "9"}, {"gross_kg": "10", "tare_kg": "10"}],
        [True, False],
    ),
    (
        "waste_weighings",
        "net_is_gross_less_tare",
        [
            {"gross_kg": "10", "tare_kg": "4", "net_kg": "7"},
            {"gross_kg": "10", "tare_kg": "4", "net_kg": "5"},
            {"gross_kg": "10", "tare_kg": "4", "net_kg": "7.1"},
        ],
        [True, True, False],
    ),
    (
        "waste_sorting",
        "sorted_within_households",
        [{"households": 5, "sorted_households": 5}, {"households": 5, "sorted_households": 6}],
        [True, False],
    ),
    (
        "waste_sorting",
        "bagged_within_households",
        [{"households": 5, "bagged_households": 5}, {"households": 5, "bagged_households": 6}],
        [True, False],
    ),
    (
        "industrial_waste",
        "from_stock_within_utilised",
        [{"utilised_t": "5", "utilised_from_stock_t": "5"}, {"utilised_t": "5", "utilised_from_stock_t": "6"}],
        [True, False],
    ),
    (
        "industrial_waste",
        "mass_balance",
        [
            {"generated_t": "100", "utilised_from_stock_t": "0", "utilised_t": "99"},
            {"generated_t": "100", "utilised_from_stock_t": "0", "utilised_t": "98.9"},
            {
                "generated_t": "90",
                "utilised_from_stock_t": "10",
                "utilised_t": "60",
                "disposed_t": "30",
                "stored_t": "10",
            },
            {
                "generated_t": "90",
                "utilised_from_stock_t": "10",
                "utilised_t": "60",
                "disposed_t": "30",
                "stored_t": "12",
            },
            {"generated_t": "0", "utilised_from_stock_t": "0", "utilised_t": "0"},
        ],
        [True, False, True, False, True],
    ),
    (
        "national_accounts",
        "constant_value_given",
        [
            {"item": "gdp"},
            {"item": "industry_above_scale"},
            {"item": "industry"},
            {"item": "gdp", "value_constant": "1"},
        ],
        [False, False, True, True],
    ),
    (
        "park_circularity",
        "verified_on_given",
        [{"status": "completed"}, {"status": "under_way"}, {"status": "completed", "verified_on": "2024-01-01"}],
        [False, True, True],
    ),
    (
        "assigned_targets",
        "method_fits_indicator",
        [
            {"indicator": "energy_intensity_reduction", "method": "plain"},
            {"indicator": "energy_intensity_reduction", "method": "default"},
            {"indicator": "forest_stock", "method": "default"},
            {"indicator": "forest_stock", "method": "plain"},
        ],
        [True, False, True, False],
    ),
    (
        "region_parameters",
        "share_within_one",
        [
            {"parameter": "grid_nonfossil_share", "value": "1"},
            {"parameter": "grid_nonfossil_share", "value": "1.1"},
            {"parameter": "land_area", "value": "30000"},
        ],
        [True, False, True],
    ),
    (
        "region_parameters",
        "power_rate_plausible",
        [{"parameter": "power_coal_rate", "value": "0.287"}, {"parameter": "power_coal_rate", "value": "287"}],
        [True, False],
    ),
    (
        "region_parameters",
        "co2_factor_plausible",
        [{"parameter": "grid_co2_factor", "value": "0.57"}, {"parameter": "grid_co2_factor", "value": "570"}],
        [True, False],
    ),
    (
        "member_ends",
        "last_period_of_feed",
        [
            {"feed": "energy_supply", "last_period": "2024-03"},
            {"feed": "energy_supply", "last_period": "2024年3月"},
            {"feed": "energy_supply", "last_period": "202413"},
            {"feed": "energy_supply", "last_period": "2024"},
            {"feed": "operating_transport", "last_period": "2024Q2"},
            {"feed": "operating_transport", "last_period": "2024年一季度"},
            {"feed": "operating_transport", "last_period": "2024-03"},
            {"feed": "meter_readings", "last_period": "20240301"},
            {"feed": "meter_readings", "last_period": "2024-03"},
            {"feed": "vehicle_stock", "last_period": "whenever"},
        ],
        [True, True, False, False, True, True, False, True, False, True],
    ),
    (
        "member_ends",
        "last_day_exists",
        [{"last_period": day} for day in ("2024-02-29", "2024/2/30", "20240230", "2024年2月29日", "2024-02", "2024Q2")],
        [True, False, False, True, True, True],
    ),
]
REGISTERS = {contract.feed for contract in contracts().values() if contract.snapshot}


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        for table, seed in (("units", "ref_units"), ("energy_products", "ref_energy_products")):
            con.read_csv(str(SEEDS / f"{seed}.csv"), all_varchar=True).create(table)
        yield con


def _verdicts(con: duckdb.DuckDBPyConnection, feed: str, condition: str, rows: list[Row]) -> list[bool | None]:
    fields = contracts()[feed].fields
    columns = ", ".join(f"{field.name} {TYPES.get(field.type, 'date')}" for field in fields)
    con.execute(f"create or replace temp table delivered (_row integer, {columns})")
    insert = con.table("delivered").insert
    for number, row in enumerate(rows):
        insert([number, *(row.get(field.name) for field in fields)])
    judged = con.table("delivered").set_alias("t").project(f"t._row, ({condition}) as holds")
    return [holds for _, holds in judged.order("_row").fetchall()]


@pytest.mark.parametrize(
    ("feed", "rule", "rows", "expected"), CASES, ids=[f"{feed}-{rule}" for feed, rule, _, _ in CASES]
)
def test_rule(
    connection: duckdb.DuckDBPyConnection, feed: str, rule: str, rows: list[Row], expected: list[bool | None]
) -> None:
    condition = next(r.condition for r in contracts()[feed].rules if r.name == rule)
    assert _verdicts(connection, feed, condition, rows) == expected


def test_every_rule_has_a_case() -> None:
    tried = {(feed, rule) for feed, rule, _, _ in CASES}
    tried |= {(feed, "one_as_of") for feed in REGISTERS}  # the same condition in every register
    tried |= {("energy_enterprise", "credit_code")}  # the macro belongs to the reader and is tested there
    assert tried == {(contract.feed, rule.name) for contract in contracts().values() for rule in contract.rules}


def test_registers_share_one_condition() -> None:
    conditions = {rule.condition for f in REGISTERS for rule in contracts()[f].rules if rule.name == "one_as_of"}
    assert len(conditions) == 1


def test_defaults(connection: duckdb.DuckDBPyConnection) -> None:
    defaults = {(c.feed, f.name): f.default for c in contracts().values() for f in c.fields if f.default is not None}
    method = defaults.pop(("assigned_targets", "method"))
    for indicator, expected in (("energy_intensity_reduction", "excluding_feedstock"), ("forest_stock", "default")):
        row = connection.values([indicator]).project("col0 as indicator")
        assert row.project(method).fetchone() == (expected,)
    assert defaults == {
        ("energy_enterprise", "months"): "1",
        ("energy_enterprise", "feedstock"): "0",
        ("energy_enterprise", "transformation_output"): "0",
        ("energy_enterprise", "power_input"): "0",
        ("waste_weighings", "net_kg"): "gross_kg - tare_kg",
        ("industrial_waste", "utilised_from_stock_t"): "0",
        ("national_accounts", "price_base"): "2020",
        ("assigned_targets", "base_year"): "2020",
    }

"""One fault per file, in each format: the file is refused and the report names the row and the column."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.unit.reading import acceptance_files as files
from tests.unit.reading.acceptance_rows import CODE, FIELDS, HEADERS, ROWS, TYPED

N = Decimal
LAST_WRONG = CODE[:-1] + "4"
# feed, position of the changed row, changed cells, the field that is to blame
FAULTS: list[tuple[str, int, dict[str, Any], str]] = [
    ("energy_supply", 0, {"product": "原煤"}, "product"),
    ("energy_supply", 1, {"quantity": N("-0.000000001")}, "quantity"),
    ("energy_supply", 0, {"unit": "吨"}, "unit"),
    ("energy_supply", 0, {"unit": "桶"}, "unit"),
    ("energy_supply", 0, {"sector": "农业"}, "sector"),
    ("energy_supply", 2, {"quantity": None}, "quantity"),
    ("energy_supply", 2, {"quantity": "NA"}, "quantity"),
    ("energy_supply", 2, {"quantity": "12%"}, "quantity"),
    ("energy_supply", 2, {"quantity": N("1000000000000000")}, "quantity"),
    ("energy_enterprise", 0, {"enterprise_id": LAST_WRONG}, "enterprise_id"),
    ("energy_enterprise", 0, {"enterprise_id": CODE[:-1]}, "enterprise_id"),
    ("energy_enterprise", 0, {"enterprise_id": CODE.replace("M", "O")}, "enterprise_id"),
    ("energy_enterprise", 0, {"months": 3}, "months"),
    ("energy_enterprise", 0, {"months": 0}, "months"),
    ("energy_enterprise", 0, {"month": "2024-03"}, "months"),
    ("energy_enterprise", 1, {"industry_code": "4"}, "industry_code"),
    ("energy_enterprise", 1, {"industry_code": "441"}, "industry_code"),
    ("energy_enterprise", 1, {"unit": "吨"}, "unit"),
    ("energy_enterprise", 0, {"feedstock": N("12.000000001")}, "feedstock"),
    ("energy_enterprise", 0, {"power_input": N("12.000000001")}, "power_input"),
    ("energy_enterprise", 0, {"opening_stock": N("-1")}, "opening_stock"),
    ("energy_enterprise", 0, {"consumption": None, "feedstock": None, "power_input": None}, "consumption"),
    ("power_generation", 0, {"self_used": N("10.000000001")}, "self_used"),
    ("power_generation", 1, {"source": "核电"}, "source"),
    ("generation_projects", 1, {"grid_date": None}, "grid_date"),
    ("generation_projects", 2, {"retired_date": None}, "retired_date"),
    ("generation_projects", 2, {"grid_date": None}, "grid_date"),
    ("generation_projects", 0, {"capacity_mw": 0}, "capacity_mw"),
    ("generation_projects", 1, {"as_of": "2024-06-29"}, "as_of"),
    ("generation_projects", 1, {"mounting": "墙面"}, "mounting"),
    ("meters", 0, {"rated_kw": 0}, "rated_kw"),
    ("meters", 1, {"meter_id": None}, "meter_id"),
    ("meter_readings", 1, {"ts": "2024-03-01 23:46:00"}, "ts"),
    ("meter_readings", 1, {"ts": "2024-03-01 23:45:01"}, "ts"),
    ("meter_readings", 1, {"ts": "2024-03-02 00:00:00"}, "ts"),
    ("meter_readings", 1, {"ts": "2024-03-01"}, "ts"),
    ("meter_readings", 1, {"ts": "2024-03-01 24:00:00"}, "ts"),
    ("meter_readings", 2, {"ts": "2024-03-01T16:15:00Z"}, "ts"),
    ("meter_readings", 1, {"kwh": N("-0.1")}, "kwh"),
    ("meter_readings", 1, {"day": "2024-02-30"}, "day"),
    ("meter_readings", 1, {"day": "01/03/2024"}, "day"),
    ("meter_readings", 1, {"day": "24-03-01"}, "day"),
    ("vehicle_stock", 1, {"stock": N("1.5")}, "stock"),
    ("vehicle_stock", 1, {"stock": -1}, "stock"),
    ("vehicle_stock", 1, {"month": "2024-13"}, "month"),
    ("vehicle_stock", 1, {"month": "24-03"}, "month"),
    ("charging_piles", 1, {"removed_on": None}, "removed_on"),
    ("charging_piles", 0, {"power_kw": 0}, "power_kw"),
    ("charging_piles", 0, {"commissioned": None}, "commissioned"),
    ("charging_sessions", 0, {"started_at": "2024-02-29 23:59:59"}, "started_at"),
    ("charging_sessions", 0, {"ended_at": "2024-03-01 23:59:58"}, "ended_at"),
    ("travel_survey", 1, {"mode": "地铁"}, "mode"),
    ("travel_survey", 1, {"year": "24"}, "year"),
    ("operating_transport", 0, {"quarter": "2024Q5"}, "quarter"),
    ("operating_transport", 0, {"quarter": "2024-01"}, "quarter"),
    ("operating_transport", 1, {"unit": "吨"}, "unit"),
    ("road_materials", 0, {"recycled_t": N("100.000000001")}, "recycled_t"),
    ("bus_coverage", 1, {"covered": "×"}, "covered"),
    ("bus_coverage", 1, {"covered": "Y"}, "covered"),
    ("bus_coverage", 1, {"covered": "否定"}, "covered"),
    ("building_projects", 1, {"housing_m2": N("2000.51"), "decorated_m2": None}, "housing_m2"),
    ("building_projects", 0, {"prefab_m2": N("1000.1")}, "prefab_m2"),
    ("building_projects", 1, {"decorated_m2": N("2000.500000001")}, "decorated_m2"),
    ("building_projects", 1, {"saving_rate": N("100.1")}, "saving_rate"),
    ("building_projects", 0, {"roof_pv_m2": N("300.1")}, "roof_pv_m2"),
    ("building_projects", 1, {"stars": 4}, "stars"),
    ("building_projects", 1, {"area_m2": 0, "housing_m2": None, "decorated_m2": None}, "area_m2"),
    ("building_projects", 1, {"urban": None}, "urban"),
    ("building_energy", 0, {"renewable_tce": N("50.1")}, "renewable_tce"),
    ("building_energy", 0, {"kind": "厂房"}, "kind"),
    ("waste_weighings", 0, {"net_kg": N("10001.1")}, "net_kg"),
    ("waste_weighings", 0, {"net_kg": N("8998.999999999")}, "net_kg"),
    ("waste_weighings", 1, {"tare_kg": N("12000.5")}, "tare_kg"),
    ("waste_weighings", 0, {"weighed_at": "2024-03-02 00:00:00"}, "weighed_at"),
    ("waste_weighings", 0, {"plate": None}, "plate"),
    ("waste_sorting", 0, {"sorted_households": 101}, "sorted_households"),
    ("waste_sorting", 1, {"bagged_households": 2}, "bagged_households"),
    ("waste_sorting", 1, {"households": 0, "bagged_households": 0}, "households"),
    ("industrial_waste", 0, {"disposed_t": N("48.999")}, "generated_t"),
    ("industrial_waste", 0, {"disposed_t": N("51.001")}, "generated_t"),
    ("industrial_waste", 1, {"utilised_from_stock_t": N("10.01"), "generated_t": N("89.99")}, "utilised_from_stock_t"),
    ("forest_inventory", 0, {"land_ha": 0}, "land_ha"),
    ("forest_inventory", 1, {"stock_m3": -1}, "stock_m3"),
    ("national_accounts", 0, {"value_constant": None}, "value_constant"),
    ("national_accounts", 0, {"value_current": 0}, "value_current"),
    ("national_accounts", 0, {"quarter": 5}, "quarter"),
    ("national_accounts", 1, {"item": "industry_above_scale"}, "value_constant"),
    ("park_circularity", 1, {"verified_on": None}, "verified_on"),
    ("park_circularity", 1, {"as_of": "2024-12-30"}, "as_of"),
    ("cleaner_production", 1, {"obliged": "N"}, "obliged"),
    ("assigned_targets", 1, {"indicator": "no_such_indicator"}, "indicator"),
    ("assigned_targets", 1, {"level": "最高"}, "level"),
    ("task_register", 1, {"progress": N("100.000000001")}, "progress"),
    ("task_register", 0, {"progress": -1}, "progress"),
    ("energy_balance", 0, {"quantity": -1}, "quantity"),
    ("energy_balance", 0, {"unit": "亿千瓦时"}, "unit"),
    ("energy_balance", 0, {"unit": "吨"}, "unit"),
    ("energy_balance", 2, {"unit": "万吨标准煤"}, "unit"),
    ("energy_balance", 3, {"unit": "TWh"}, "unit"),
    ("energy_balance", 3, {"unit": "tce"}, "unit"),
    ("region_parameters", 2, {"value": N("35.5")}, "value"),
    ("region_parameters", 2, {"value": "100.1%"}, "value"),
    ("region_parameters", 0, {"value": "30%"}, "value"),
    ("region_parameters", 3, {"value": 0}, "value"),
    ("reported_indicators", 0, {"indicator": "ev_stock"}, "indicator"),
    ("reported_indicators", 1, {"value": None}, "value"),
    ("member_ends", 0, {"feed": "no_such_feed"}, "feed"),
    ("member_ends", 0, {"last_period": "2024年三月"}, "last_period"),
]
# the same at the boundary, and other things that are rightly allowed
SOUND: list[tuple[str, int, dict[str, Any]]] = [
    ("energy_supply", 1, {"quantity": N("-0")}),
    ("energy_supply", 1, {"quantity": N("999999999999999")}),
    ("industrial_waste", 0, {"disposed_t": N("51")}),
    ("waste_weighings", 0, {"net_kg": N("10001")}),
    ("waste_weighings", 0, {"net_kg": N("10000.5")}),
    ("building_projects", 1, {"saving_rate": N("100")}),
    ("task_register", 0, {"progress": 0}),
    ("region_parameters", 2, {"value": "100%"}),
    ("region_parameters", 2, {"value": 1}),
    ("national_accounts", 1, {"price_base": 2020}),
    ("energy_balance", 3, {"quantity": 0}),
]
WRITERS = {
    "a.csv": files.write_csv,
    "a.jsonl": files.write_jsonl,
    "a.parquet": files.write_parquet,
    "a.xlsx": files.write_xlsx,
}
FIRST = {"a.csv": 2, "a.jsonl": 1, "a.parquet": 1, "a.xlsx": 2}


def _rows(feed: str, name: str, number: int, cells: dict[str, Any]) -> list[files.Row]:
    """Typed rows, but as bureaus type them where a format has no dates of its own."""
    rows = [dict(row) for row in ROWS[feed]] if name in ("a.csv", "a.jsonl") else files.native(feed)
    for field, cell in cells.items():
        header = HEADERS[feed][FIELDS[feed].index(field)]
        if name == "a.parquet" and isinstance(cell, str):
            for row, written in zip(rows, ROWS[feed], strict=True):
                row[header] = written[header]
        rows[number][header] = cell
    return rows


@pytest.mark.parametrize("name", WRITERS)
def test_one_fault_is_named(tmp_path, name):
    wrong = []
    for feed, number, cells, blamed in FAULTS:
        WRITERS[name](_rows(feed, name, number, cells), tmp_path / name)
        reading = files.read(tmp_path / name, feed)
        header = HEADERS[feed][FIELDS[feed].index(blamed)]
        places = [(problem.row, problem.column) for problem in reading.problems]
        is_complete = all(problem.zh and problem.en for problem in reading.problems)
        if reading.table is not None or (number + FIRST[name], header) not in places or not is_complete:
            wrong.append((feed, cells, places))
        if len(places) != 1 and blamed not in ("as_of", "months"):
            wrong.append((feed, cells, places))
    assert wrong == [], wrong


@pytest.mark.parametrize("name", WRITERS)
def test_at_the_boundary(tmp_path, name):
    for feed, number, cells in SOUND:
        WRITERS[name](_rows(feed, name, number, cells), tmp_path / name)
        reading = files.read(tmp_path / name, feed)
        assert reading.table is not None, (feed, cells, reading.problems)


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("feed", sorted(ROWS))
def test_a_row_given_twice_is_refused_with_both_places(tmp_path, name, feed):
    rows = _rows(feed, name, 0, {})
    WRITERS[name]([*rows, rows[0]], tmp_path / name)
    reading = files.read(tmp_path / name, feed)
    found = {problem.row for problem in reading.problems if problem.code == "duplicate_key"}
    breaks = sum(str(cell).count("\n") for row in rows for cell in row.values()) if name == "a.csv" else 0
    assert found == {FIRST[name], FIRST[name] + len(rows) + breaks}


@pytest.mark.parametrize("feed", sorted(ROWS))
def test_every_missing_column_is_named_or_warned_of(tmp_path, feed):
    from sources.contract import contracts

    for field in contracts()[feed].fields:
        rows = [{header: cell for header, cell in row.items() if header != field.header} for row in ROWS[feed]]
        files.write_csv(rows, tmp_path / "a.csv")
        reading = files.read(tmp_path / "a.csv", feed)
        if field.required:
            assert [(p.code, p.column) for p in reading.problems] == [("missing_column", field.header)]
        else:
            assert ("absent_column", field.header) in [(w.code, w.column) for w in reading.warnings]


@pytest.mark.parametrize("feed", sorted(ROWS))
def test_an_empty_scope_is_kept_and_not_beside_rows(tmp_path, feed):
    from sources.contract import contracts

    scope = {field.header for field in contracts()[feed].fields if field.scope}
    empty = [{header: cell if header in scope else None for header, cell in ROWS[feed][0].items()}]
    files.write_csv(empty, tmp_path / "a.csv")
    reading = files.read(tmp_path / "a.csv", feed)
    assert reading.table is not None and reading.table.column("_is_empty").to_pylist() == [True]
    assert [info.is_empty for info in reading.scopes] == [True]
    expected = {f.name: TYPED[feed][0][f.name] if f.scope else None for f in contracts()[feed].fields}
    assert files.typed_rows(reading, FIELDS[feed]) == [expected]
    files.write_csv([*ROWS[feed], *empty], tmp_path / "b.csv")
    assert "empty_beside_filled" in {problem.code for problem in files.read(tmp_path / "b.csv", feed).problems}

"""The deliveries of test_energy: one region per case."""

from __future__ import annotations

from typing import Any

from tests.support.rawdb import RawDb

Row = dict[str, Any]


def supply(month: str, product: str, sector: str, quantity: str, unit: str) -> Row:
    return {"month": month, "product": product, "sector": sector, "quantity": quantity, "unit": unit}


def electricity(month: str, quantity: str, sector: str = "industry") -> Row:
    return supply(month, "electricity", sector, quantity, "万千瓦时")


def enterprise(month: str, product: str, unit: str, consumption: str, **more: Any) -> Row:
    names = {"enterprise_id": "e1", "enterprise_name": "E", "industry_code": "26"}
    return {"month": month, **names, "product": product, "unit": unit, "consumption": consumption, **more}


def plant(month: str, source: str, generated: str) -> Row:
    return {"month": month, "plant_id": source, "plant_name": source, "source": source, "generated": generated}


def parameters(year: int, rate: str = "0.3", factor: str = "0.5", share: str | None = "0.4") -> list[Row]:
    values = {"power_coal_rate": rate, "grid_co2_factor": factor, "grid_nonfossil_share": share}
    return [{"year": year, "parameter": name, "value": value, "source": "s"} for name, value in values.items() if value]


def accounts(year: int, item: str, current: str, constant: str | None, quarter: int = 4, base: int = 2020) -> Row:
    row: Row = {"year": year, "quarter": quarter, "item": item, "price_base": base, "value_current": current}
    return row | {"value_constant": constant}


def item(year: int, name: str, quantity: str, unit: str = "吨标准煤") -> Row:
    return {"year": year, "item": name, "quantity": quantity, "unit": unit}


def monthly(raw: RawDb, region: str, used: list[Row], reports: list[Row], generation: list[Row]) -> None:
    """All three monthly feeds; a feed without rows says so for January 2023."""
    january = {"month": "2023-01"}
    raw.deliver("energy_supply", used or [january | {"product": "electricity"}], region)
    raw.deliver("energy_enterprise", reports or [january | {"enterprise_id": "e1"}], region)
    raw.deliver("power_generation", generation or [january | {"plant_id": "solar"}], region)


def deliver_electricity(raw: RawDb) -> None:
    first, second = "2023-01", "2023-02"
    coal = enterprise(first, "raw_coal", "吨", "1000", feedstock="100")
    diesel = supply(first, "diesel", "transport", "10", "吨")
    made = [plant(first, "solar", "100"), plant(first, "coal", "200")]
    monthly(raw, "imports", [electricity(first, "1000"), diesel], [coal], made)
    raw.deliver("region_parameters", parameters(2023), "imports")
    raw.deliver("national_accounts", [accounts(2023, "gdp", "1100", "1000")], "imports")

    monthly(raw, "exports", [electricity(first, "100")], [], [plant(first, "solar", "150"), plant(first, "coal", "20")])
    raw.deliver("region_parameters", parameters(2023, share=None), "exports")

    monthly(raw, "no-share", [electricity(first, "1000")], [], made)
    raw.deliver("region_parameters", parameters(2023, share=None), "no-share")

    used = [electricity(first, "150"), electricity(second, "20")]
    made = [
        plant(first, "wind", "40"),
        plant(first, "gas", "10"),
        plant(second, "wind", "20"),
        plant(second, "gas", "60"),
    ]
    monthly(raw, "branch", used, [], made)
    raw.deliver("region_parameters", parameters(2023), "branch")

    months = [f"{year}-{month:02d}" for year in (2023, 2024) for month in range(1, 13)]
    silent = [{"month": month, "enterprise_id": "e1"} for month in months]
    monthly(raw, "rates", [electricity(m, "10") for m in months], silent, [plant(m, "solar", "4") for m in months])
    raw.deliver("region_parameters", parameters(2023) + parameters(2024, rate="0.4", share="0.5"), "rates")


def deliver_fuels(raw: RawDb) -> None:
    first, second = "2023-01", "2023-02"
    reports = [
        enterprise(first, "biomass", "吨", "100", power_input="40"),
        enterprise(first, "heat", "吉焦", "1000", transformation_output="300"),
        enterprise(first, "raw_coal", "吨", "1000"),
        enterprise(first, "diesel", "吨", "10"),
    ]
    monthly(raw, "direct", [], reports, [])
    reports = [
        enterprise(first, "raw_coal", "吨", "1000", power_input="200"),
        enterprise(first, "diesel", "吨", "30", power_input="10"),
    ]
    monthly(raw, "power", [electricity(first, "1000")], reports, [])
    monthly(raw, "february", [], [enterprise(second, "raw_coal", "千克", "2000000", months=2)], [])
    monthly(raw, "empty", [electricity(first, "100")], [], [])
    raw.deliver("energy_supply", [electricity(first, "100")], "absent")
    raw.deliver("energy_enterprise", [enterprise(first, "raw_coal", "吨", "1")], "absent")


def deliver_sectors(raw: RawDb) -> None:
    first = "2023-01"
    used = [electricity(first, "100", sector) for sector in ("commerce", "public", "residential", "industry")]
    used.append(supply(first, "natural_gas", "residential", "100000", "立方米"))
    used.append(electricity("2022-06", "1"))
    reports = [
        enterprise(first, "raw_coal", "吨", "100", feedstock="10", transformation_output="20"),
        enterprise(first, "electricity", "万千瓦时", "50"),
        {"month": "2022-06", "enterprise_id": "e1"},
    ]
    monthly(raw, "sectors", used, reports, [plant(first, "solar", "1"), plant("2022-06", "solar", "1")])
    raw.deliver("national_accounts", [accounts(2023, "industry_above_scale", "600", "500")], "sectors")


def deliver_balances(raw: RawDb) -> None:
    rows = [
        item(2023, "coal", "1", "太瓦时"),
        item(2023, "nonfossil", "2", "万吨标准煤"),
        item(2023, "electricity_import", "-1000", "万千瓦时"),
        item(2023, "heat_import", "100", "吉焦"),
    ]
    raw.deliver("energy_balance", rows, "balance")
    monthly(raw, "balance", [electricity("2023-01", "1000")], [], [])
    imported = [item(2023, "electricity_import", "1000", "万千瓦时")]
    raw.deliver("energy_balance", imported, "balance-import")
    raw.deliver("energy_balance", imported, "balance-no-share")
    alone = {"coal": "100", "oil": "50", "gas": "50", "nonfossil": "100"}
    raw.deliver("energy_balance", [item(2023, name, value) for name, value in alone.items()], "balance-alone")
    raw.deliver("energy_balance", [{"year": 2023}], "balance-empty")
    for region in ("balance", "balance-import"):
        raw.deliver("region_parameters", parameters(2023), region)
    raw.deliver("region_parameters", parameters(2023, share=None), "balance-no-share")

    years = {2019: "10", 2020: "30", 2021: "30", 2022: "20"}
    raw.deliver("energy_balance", [item(year, "coal", value) for year, value in years.items()], "peak")
    raw.deliver("power_generation", [plant("2018-01", "solar", "1")], "peak")


def deliver_accounts(raw: RawDb) -> None:
    years = (2010, 2018, 2019, 2020, 2021)
    raw.deliver("energy_balance", [item(year, "coal", "100") for year in years], "chain")
    rows = [
        accounts(2010, "gdp", "50", "50", base=2010),
        accounts(2018, "gdp", "85", "80", base=2015),
        accounts(2019, "gdp", "95", "90", base=2015),
        accounts(2019, "gdp", "95", "99"),
        accounts(2020, "gdp", "120", "100", base=2015),
        accounts(2020, "gdp", "120", "120"),
        accounts(2021, "gdp", "100", "95", quarter=3),
    ]
    raw.deliver("national_accounts", rows, "chain")
    rows = [
        accounts(2021, "industry", "90", None),
        accounts(2021, "manufacturing", "60", None, quarter=3),
        accounts(2022, "industry", "100", None),
        accounts(2022, "industry", "105", None, base=2025),
        accounts(2022, "manufacturing", "80", None),
        accounts(2022, "manufacturing", "85", None, base=2025),
        accounts(2023, "industry", "40", None, quarter=3, base=2015),
        accounts(2023, "industry", "41", None, quarter=3, base=2025),
        accounts(2023, "manufacturing", "30", None, quarter=3, base=2015),
        accounts(2023, "manufacturing", "31", None, quarter=3, base=2025),
    ]
    raw.deliver("national_accounts", rows, "accounts")


def project(number: int, source: str, capacity: str, grid_date: str | None, status: str, **more: Any) -> Row:
    row: Row = {"as_of": "2023-12-31", "project_id": f"p{number}", "name": "P", "source": source, "status": status}
    return row | {"capacity_mw": capacity, "grid_date": grid_date, **more}


def deliver_registers(raw: RawDb) -> None:
    raw.deliver(
        "generation_projects", [project(1, "wind", "99", "2022-01-01", "operating", as_of="2022-12-31")], "capacity"
    )
    rows = [
        project(1, "wind", "5", "2022-01-01", "operating"),
        project(2, "solar", "10", "2023-03-01", "operating", mounting="rooftop"),
        project(3, "solar", "20", "2023-12-31", "operating", mounting="agrivoltaic", storage_mw="2"),
        project(4, "solar", "30", "2023-04-01", "retired", mounting="rooftop", retired_date="2023-12-31"),
        project(5, "solar", "40", None, "building", mounting="rooftop"),
        project(6, "coal", "600", "2020-01-01", "operating"),
        project(7, "waste", "20", "2022-01-01", "retired", retired_date="2023-12-01"),
    ]
    raw.deliver("generation_projects", rows, "capacity")

    meter = {"as_of": "2024-01-31", "meter_id": "m1", "enterprise_id": "e1", "sector": "industry"}
    raw.deliver("meters", [meter], "metered")
    readings = [("m1", "00:00", "1.5"), ("m1", "00:45", "2"), ("m1", "01:00", "3"), ("m2", "01:15", "4")]
    day = "2024-01-02"
    rows = [{"day": day, "meter_id": m, "ts": f"{day} {clock}:00", "kwh": kwh} for m, clock, kwh in readings]
    raw.deliver("meter_readings", rows, "metered")

    raw.deliver("region_parameters", [row for row in parameters(2019, factor="0.9") if "co2" in row["parameter"]])
    raw.deliver(
        "travel_survey", [{"year": year, "area": "central", "mode": "bus", "trips": "1"} for year in (2018, 2024)]
    )


def deliver_all(raw: RawDb) -> None:
    deliver_electricity(raw)
    deliver_fuels(raw)
    deliver_sectors(raw)
    deliver_balances(raw)
    deliver_accounts(raw)
    deliver_registers(raw)

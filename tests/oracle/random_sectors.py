"""Random but legal deliveries of transport, buildings, waste, land and governance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from .dice import FIRST, LAST, Row, amount, as_ofs, code18, months, some_day
from .facts import registry, rows_of

BUILDING_FLAGS = (
    "central_urban", "urban", "government_funded", "large_public", "public_institution", "green_standard",
)  # fmt: skip


def vehicle_stock(rng: Random) -> Iterator[Row]:
    for month in months(rng, rng.choice((0, 0.03))):
        for energy_type in ("bev", "phev", "fcev", "gasoline", "hev"):
            for usage in ("private", "official"):
                yield {
                    "month": month, "vehicle_type": "passenger", "energy_type": energy_type, "usage": usage,
                    "stock": rng.randrange(0, 900),
                }  # fmt: skip


def charging_piles(rng: Random) -> Iterator[Row]:
    for as_of in as_ofs(rng):
        for number in range(9):
            status = rng.choice(("in_service", "fault", "removed"))
            day = some_day(rng)
            yield {
                "as_of": as_of, "pile_id": f"C{number}", "station_name": "站", "operator": "甲",
                "access": rng.choice(("public", "dedicated", "private")), "power_kw": 60, "status": status,
                "commissioned": day,
                "removed_on": day + timedelta(rng.randrange(0, 600)) if status == "removed" else None,
            }  # fmt: skip


def travel_survey(rng: Random) -> Iterator[Row]:
    for year in range(FIRST, LAST + 1):
        if rng.random() < 0.8:
            for area in ("central", "other"):
                for mode in ("bus", "taxi", "car", "motorcycle", "ebike", "walk"):
                    yield {"year": year, "area": area, "mode": mode, "trips": amount(rng, 20)}


def operating_transport(rng: Random) -> Iterator[Row]:
    gap = rng.choice((0, 0.02))
    for year in range(FIRST, LAST + 1):
        for start in (1, 4, 7, 10):
            if rng.random() < gap:
                continue
            for carriage in ("freight", "passenger") if rng.random() < 0.98 else ("freight",):
                for product, unit in (("diesel", "吨"), ("lng", "吨"), ("electricity", "千瓦时")):
                    yield {
                        "quarter": date(year, start, 1), "carriage": carriage, "product": product, "unit": unit,
                        "fuel_used": amount(rng, 500), "turnover": amount(rng, 5000) + 1,
                    }  # fmt: skip


def road_materials(rng: Random) -> Iterator[Row]:
    for year in range(FIRST, LAST + 1):
        if rng.random() < 0.9:
            for number in range(2):
                made = amount(rng, 900) if rng.random() < 0.9 else Decimal(0)
                yield {
                    "year": year, "project_id": f"R{number}", "project_name": "路", "generated_t": made,
                    "recycled_t": made * rng.randrange(0, 101) / 100,
                }  # fmt: skip


def bus_coverage(rng: Random) -> Iterator[Row]:
    for as_of in as_ofs(rng):
        for number in range(6):
            yield {
                "as_of": as_of, "community_id": f"S{number}", "name": "社区", "kind": "residential",
                "size": rng.choice(("large", "medium", "small")), "covered": rng.random() < 0.7,
            }  # fmt: skip


def building_projects(rng: Random) -> Iterator[Row]:
    for as_of in as_ofs(rng):
        for number in range(40):
            area = amount(rng, 9000) + 10
            housing = rng.choice((None, Decimal(0), area / 2))
            roof = rng.choice((None, Decimal(0), area / 5))
            begun = some_day(rng)
            yield {
                "as_of": as_of, "project_id": f"B{number}", "name": "楼",
                "kind": rng.choice(("residential", "public", "factory")),
                **{flag: rng.random() < 0.6 for flag in BUILDING_FLAGS},
                "area_m2": area, "housing_m2": housing, "started_on": begun,
                "completed_on": rng.choice((None, begun + timedelta(rng.randrange(1, 500)))),
                "stars": rng.randrange(0, 4), "prefab_m2": rng.choice((None, area * rng.randrange(0, 101) / 100)),
                "decorated_m2": rng.choice((None, housing)) if housing else None,
                "saving_rate": rng.choice((None, Decimal(rng.randrange(600, 800)) / 10)), "roof_m2": roof,
                "roof_pv_m2": rng.choice((None, roof / 2)) if roof else None,
            }  # fmt: skip


def building_energy(rng: Random) -> Iterator[Row]:
    for year in range(FIRST, LAST + 1):
        if rng.random() < 0.8:
            for kind in ("residential", "public"):
                used = amount(rng, 90000) + 1
                yield {
                    "year": year,
                    "kind": kind,
                    "energy_tce": used,
                    "renewable_tce": used * rng.randrange(0, 20) / 100,
                }


def waste_weighings(rng: Random) -> Iterator[Row]:
    routes = ("recycling", "composting", "digestion", "incineration_power", "incineration", "landfill")
    first = date(2020, 11, 1)
    for facility in ("焚烧厂", "填埋场"):
        for offset in range(430):
            day = first + timedelta(offset)
            if facility == "填埋场" and (day < date(2021, 1, 20) or rng.random() < 0.004):
                continue
            if rng.random() < 0.02:
                yield {"day": day, "facility": facility}
                continue
            gross = amount(rng, 9000) + 3000
            tare = Decimal(2500)
            yield {
                "day": day, "facility": facility, "ticket_id": f"T{offset}", "weighed_at": f"{day} 08:30:00",
                "plate": "湘F00001", "stream": rng.choice(("kitchen", "residual", "recyclable")),
                "route": rng.choice(routes), "gross_kg": gross, "tare_kg": tare,
                "net_kg": rng.choice((None, gross - tare, gross - tare + Decimal("0.4"))),
            }  # fmt: skip


def waste_sorting(rng: Random) -> Iterator[Row]:
    gap = rng.choice((0, 0.02))
    for month in months(rng, gap):
        if rng.random() < 0.02:
            yield {"month": month}
            continue
        for number in range(4):
            if number == 3 and month < date(2020, 5, 1):
                continue
            households = rng.randrange(100, 900)
            yield {
                "month": month, "community_id": f"W{number}", "name": "社区", "households": households,
                "sorted_households": rng.choice((0, rng.randrange(0, households))),
                "bagged_households": rng.randrange(0, households),
            }  # fmt: skip


def industrial_waste(rng: Random) -> Iterator[Row]:
    enterprises = [code18(rng) for _ in range(2)]
    for year in range(FIRST, LAST + 1):
        for enterprise in enterprises:
            if rng.random() < 0.85:
                made, old = amount(rng, 900), amount(rng, 90)
                used = made / 2 + old
                yield {
                    "year": year, "enterprise_id": enterprise, "kind": "粉煤灰", "generated_t": made,
                    "utilised_t": used, "utilised_from_stock_t": old or None, "disposed_t": made / 2, "stored_t": None,
                }  # fmt: skip


def forest_inventory(rng: Random) -> Iterator[Row]:
    for year in range(FIRST, LAST + 1):
        if rng.random() < 0.85:
            for number, land in enumerate(("forest", "bamboo", "special_shrub", "other_wooded", "non_forest")):
                yield {
                    "year": year, "compartment_id": f"F{number}", "land_ha": amount(rng, 2000) + 1, "land_class": land,
                    "stock_m3": rng.choice((None, amount(rng, 90000))),
                }  # fmt: skip


def park_circularity(rng: Random) -> Iterator[Row]:
    for as_of in as_ofs(rng):
        for park in ("康王", "木里港", "临空"):
            status = rng.choice(("not_started", "under_way", "completed"))
            yield {
                "as_of": as_of, "park": park, "status": status,
                "verified_on": as_of - timedelta(30) if status == "completed" else None,
            }  # fmt: skip


def cleaner_production(rng: Random) -> Iterator[Row]:
    for year in range(FIRST, LAST + 1):
        for _ in range(3 if rng.random() < 0.9 else 0):
            yield {
                "year": year, "enterprise_id": code18(rng), "obliged": rng.random() < 0.7,
                "audited_on": rng.choice((None, date(year, 6, 1), date(year - 1, 6, 1))),
            }  # fmt: skip


def assigned_targets(rng: Random) -> Iterator[Row]:
    for code in ("energy_intensity_reduction", "co2_intensity_reduction", "operating_vehicle_co2_reduction"):
        if rng.random() < 0.6:
            yield {
                "as_of": date(2021, 12, 31), "indicator": code, "year": 2025, "level": "basic",
                "target": Decimal(rng.randrange(5, 20)), "base_year": rng.choice((None, 2019, 2021)), "method": None,
                "document": "文号", "issued_on": date(2021, 6, 1),
            }  # fmt: skip


def task_register(rng: Random) -> Iterator[Row]:
    plan_ids = sorted({row["plan_id"] for row in registry().values() if row["method"] == "register"})
    clauses = [row["clause"] for row in rows_of("plan_clauses")]
    for as_of in as_ofs(rng):
        for plan_id in rng.sample(plan_ids, len(plan_ids) - 3):
            for number in range(rng.randrange(1, 4)):
                status = rng.choice(("not_started", "in_progress", "done", "blocked"))
                yield {
                    "as_of": as_of, "item_id": f"{plan_id}-{number}", "clause": rng.choice(clauses), "name": "事项",
                    "kind": "task", "lead_agency": "区产业发展局", "due": rng.choice((None, date(2025, 12, 31))),
                    "status": status, "progress": 100 if status == "done" else rng.randrange(0, 99), "note": None,
                }  # fmt: skip


def reported_indicators(rng: Random) -> Iterator[Row]:
    codes = [code for code, row in registry().items() if row["method"] == "reported"]
    for year in range(FIRST, LAST + 1):
        for code in codes:
            if rng.random() < 0.6:
                yield {"year": year, "indicator": code, "value": amount(rng, 100, 9), "document": None}

"""Random but legal deliveries of every feed: gaps, late members, empty scopes, revisions, whatever traps a formula."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from .facts import SCOPE, products, registry, rows_of
from .world import shift

Row = dict[str, Any]
Delivery = tuple[str, list[Row]]
SECTORS = ("primary", "industry", "construction", "transport", "commerce", "public", "residential")
FIRST, LAST = 2019, 2022
BUILDING_FLAGS = (
    "central_urban", "urban", "government_funded", "large_public", "public_institution", "green_standard",
)  # fmt: skip


def amount(rng: Random, top: int = 1000, places: int = 3) -> Decimal:
    return Decimal(rng.randrange(0, top * 10**places)).scaleb(-places)


def months(rng: Random, gap: float = 0.0) -> Iterator[date]:
    """Months of the span, with gaps now and then and a random end."""
    month, last = date(FIRST, 1, 1), date(LAST, rng.choice((3, 9, 12)), 1)
    while month <= last:
        if rng.random() >= gap:
            yield month
        month = shift(month, 1)


def text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    return str(value)


def month_text(month: date) -> str:
    return f"{month:%Y-%m}"


def quarter_text(quarter: date) -> str:
    return f"{quarter.year}Q{(quarter.month + 2) // 3}"


def code18(rng: Random) -> str:
    """A valid unified social credit code (GB 32100)."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = "91430600" + "".join(rng.choice(letters) for _ in range(9))
    total = sum(letters.index(char) * 3**place % 31 for place, char in enumerate(body))
    return body + letters[(31 - total % 31) % 31]


# --- energy ------------------------------------------------------------------------------------------------------


def energy_supply(rng: Random) -> Iterator[Row]:
    units = {"吨": ("吨", "千克"), "万立方米": ("万立方米", "立方米"), "万千瓦时": ("万千瓦时", "千瓦时", "兆瓦时")}
    names = [code for code, row in products().items() if row["balance"] == "supply"]
    chosen = ["electricity", *rng.sample([n for n in names if n != "electricity"], 3)]
    gap = rng.choice((0, 0, 0.03))
    for product in chosen:
        late = rng.random() < 0.3
        for month in months(rng, gap):
            if late and month < date(2020, 7, 1):
                continue
            if rng.random() < 0.02:
                yield {"month": month, "product": product}
                continue
            for sector in rng.sample(SECTORS, 3):
                unit = rng.choice(units[products()[product]["unit"]])
                top = 900 if product == "electricity" else 300
                yield {"month": month, "product": product, "sector": sector, "quantity": amount(rng, top), "unit": unit}


def energy_enterprise(rng: Random) -> Iterator[Row]:
    for _ in range(3):
        enterprise = code18(rng)
        chosen = rng.sample(list(products()), 4)
        start, gap = rng.choice((date(FIRST, 1, 1), date(2020, 7, 1))), rng.choice((0, 0, 0.02))
        twice = {year for year in range(FIRST, LAST + 1) if rng.random() < 0.4}
        for month in months(rng, gap):
            if month < start or (month.month == 1 and month.year in twice):
                continue
            stands = 2 if month.month == 2 and month.year in twice else None
            for product in chosen:
                consumption = amount(rng, 500)
                part = consumption * rng.randrange(0, 40) / 100
                yield {
                    "month": month, "months": stands, "enterprise_id": enterprise, "enterprise_name": "某厂",
                    "industry_code": "26", "product": product, "unit": products()[product]["unit"],
                    "opening_stock": amount(rng, 50), "purchased": amount(rng, 500), "consumption": consumption,
                    "feedstock": rng.choice((None, part)), "transformation_output": rng.choice((None, part)),
                    "power_input": rng.choice((None, part)), "closing_stock": amount(rng, 50),
                }  # fmt: skip


def power_generation(rng: Random) -> Iterator[Row]:
    top = rng.choice((30, 400, 2500))  # small: imports; large: exports
    for number, source in enumerate(rng.sample(("solar", "wind", "hydro", "biomass", "waste", "gas", "coal"), 4)):
        start = rng.choice((date(FIRST, 1, 1), date(2021, 7, 1)))
        for month in months(rng, rng.choice((0, 0, 0.02))):
            if month >= start:
                made = amount(rng, top)
                yield {
                    "month": month, "plant_id": f"P{number}", "plant_name": "电站", "source": source,
                    "generated": made, "self_used": rng.choice((None, made / 2)),
                }  # fmt: skip


def as_ofs(rng: Random, step: int = 12) -> list[date]:
    """Register dates: year ends early or late, now and then one missing."""
    out = []
    for year in range(FIRST, LAST + 1, max(step // 12, 1)):
        if rng.random() < 0.85:
            out.append(rng.choice((date(year, 12, 28), date(year + 1, 1, 10), date(year, 10, 31), date(year, 12, 1))))
    return sorted(set(out)) or [date(LAST, 12, 31)]


def some_day(rng: Random, first: int = FIRST, last: int = LAST) -> date:
    return date(first, 1, 1) + timedelta(rng.randrange(0, 365 * (last - first + 1)))


def generation_projects(rng: Random) -> Iterator[Row]:
    for as_of in as_ofs(rng):
        for number in range(8):
            status = rng.choice(("planned", "building", "operating", "operating", "retired"))
            grid = some_day(rng) if status in ("operating", "retired") else None
            yield {
                "as_of": as_of, "project_id": f"G{number}", "name": "项目",
                "source": rng.choice(("solar", "solar", "wind", "gas")),
                "mounting": rng.choice((None, "rooftop", "agrivoltaic", "ground")), "site": None,
                "capacity_mw": amount(rng, 90) + 1, "storage_mw": rng.choice((None, 0, 5)), "storage_mwh": None,
                "status": status, "grid_date": grid,
                "retired_date": grid + timedelta(rng.randrange(0, 500)) if status == "retired" and grid else None,
            }  # fmt: skip


def national_accounts(rng: Random) -> Iterator[Row]:
    for year in range(FIRST, LAST + 1):
        bases = (2015, 2020) if year == 2020 else (2015,) if year < 2020 else (2020,)
        for base in bases if rng.random() < 0.7 else (2020,):
            for quarter in range(1, rng.choice((4, 4, 4, 2)) + 1):
                level = amount(rng, 90000) + 90000
                for item in ("gdp", "industry", "manufacturing", "industry_above_scale"):
                    level = (level * rng.randrange(60, 99) / 100).quantize(Decimal("0.001"))
                    yield {
                        "year": year, "quarter": quarter, "item": item, "price_base": base,
                        "value_current": level, "value_constant": level * rng.randrange(90, 110) / 100,
                    }  # fmt: skip


def energy_balance(rng: Random) -> Iterator[Row]:
    for year in rng.choice(((), (), (2021,), (2019, 2020))):
        for item in ("coal", "oil", "gas", "nonfossil", "feedstock_oil"):
            if rng.random() < 0.9:
                quantity = amount(rng, 50) + (60 if item == "oil" else 0)
                unit = rng.choice(("万吨标准煤", "太瓦时")) if item != "feedstock_oil" else "吨标准煤"
                yield {"year": year, "item": item, "quantity": quantity, "unit": unit}
        if rng.random() < 0.6:
            sign = rng.choice((-1, 1))
            yield {"year": year, "item": "electricity_import", "quantity": sign * amount(rng, 9), "unit": "亿千瓦时"}
        if rng.random() < 0.5:
            yield {"year": year, "item": "heat_import", "quantity": amount(rng, 9000) - 4000, "unit": "吉焦"}


def region_parameters(rng: Random) -> Iterator[Row]:
    for year in range(FIRST, LAST + 1):
        rows = []
        if rng.random() < 0.5:
            rows.append(("grid_nonfossil_share", Decimal(rng.randrange(100, 900)) / 1000))
        if rng.random() < 0.3:
            rows.append(("power_coal_rate", Decimal(rng.randrange(2700, 3100)) / 10000))
        if rng.random() < 0.3:
            rows.append(("grid_co2_factor", Decimal(rng.randrange(4000, 7000)) / 10000))
        if rng.random() < 0.3:
            rows.append(("land_area", Decimal(rng.randrange(5000, 9000))))
        for name, value in rows:
            yield {"year": year, "parameter": name, "value": value, "source": "试验"}


# --- the sectors --------------------------------------------------------------------------------------------------


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


FEEDS: dict[str, Callable[[Random], Iterator[Row]]] = {
    function.__name__: function
    for function in (
        energy_supply, energy_enterprise, power_generation, generation_projects, national_accounts, energy_balance,
        region_parameters, vehicle_stock, charging_piles, travel_survey, operating_transport, road_materials,
        bus_coverage, building_projects, building_energy, waste_weighings, waste_sorting, industrial_waste,
        forest_inventory, park_circularity, cleaner_production, assigned_targets, task_register, reported_indicators,
    )
}  # fmt: skip


def member_ends(rng: Random, deliveries: list[Delivery]) -> list[Row]:
    """A register that closes one enterprise and one plant before their last delivery, now and then."""
    out = []
    for feed, member in (("energy_enterprise", "enterprise_id"), ("power_generation", "plant_id")):
        names = sorted({row[member] for name, rows in deliveries if name == feed for row in rows})
        if names and rng.random() < 0.5:
            end = date(rng.choice((2020, 2021)), rng.randrange(1, 13), 1)
            out.append({"as_of": date(LAST, 12, 31), "feed": feed, "member": rng.choice(names),
                        "last_period": month_text(end), "reason": "停产"})  # fmt: skip
    return out


def random_deliveries(seed: int) -> list[Delivery]:
    """Deliveries of one region in order of arrival, some of them revisions of single scopes."""
    rng = Random(seed)
    out: list[Delivery] = []
    for feed, make in FEEDS.items():
        rows = list(make(rng)) if rng.random() < 0.93 else []
        out += [(feed, part) for part in _files(rows)]
        if rows and feed not in ("assigned_targets",) and rng.random() < 0.5:
            scope = tuple(rng.choice(rows).get(name) for name in SCOPE[feed])
            again = list(make(Random(seed + 1)))
            revised = [row for row in again if tuple(row.get(name) for name in SCOPE[feed]) == scope]
            out += [(feed, revised)] if revised else []
    ends = member_ends(rng, out)
    return out + ([("member_ends", ends)] if ends else [])


def _files(rows: list[Row]) -> list[list[Row]]:
    """A register fills a file of its own; everything else comes in one."""
    dates = sorted({row["as_of"] for row in rows if "as_of" in row})
    return [[row for row in rows if row["as_of"] == day] for day in dates] or ([rows] if rows else [])


def write_csv(rows: list[Row], fields: dict[str, str], path: Path) -> None:
    """Rows as a plain CSV with English field names; `fields` gives name → type in the contract's order."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(fields)
        for row in rows:
            writer.writerow([_cell(row.get(name), kind) for name, kind in fields.items()])


def _cell(value: Any, kind: str) -> str:
    if isinstance(value, date) and kind == "month":
        return month_text(value)
    if isinstance(value, date) and kind == "quarter":
        return quarter_text(value)
    if isinstance(value, Decimal):
        return f"{value:f}"
    return text(value)


__all__ = ["random_deliveries", "write_csv"]

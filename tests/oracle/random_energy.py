"""Random but legal deliveries of the energy feeds, the accounts and the parameters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from .dice import FIRST, LAST, Row, amount, as_ofs, code18, months, some_day
from .facts import products

SECTORS = ("primary", "industry", "construction", "transport", "commerce", "public", "residential")


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

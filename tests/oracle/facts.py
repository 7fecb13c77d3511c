"""What the method itself fixes: scopes, rhythms, members, factors. Typed here a second time on purpose."""

from __future__ import annotations

import csv
from fractions import Fraction
from functools import cache
from pathlib import Path

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"

SCOPE: dict[str, tuple[str, ...]] = {
    "energy_supply": ("month", "product"),
    "energy_enterprise": ("month", "enterprise_id"),
    "power_generation": ("month", "plant_id"),
    "generation_projects": ("as_of",),
    "meters": ("as_of",),
    "meter_readings": ("day",),
    "vehicle_stock": ("month",),
    "charging_piles": ("as_of",),
    "charging_sessions": ("day", "operator"),
    "travel_survey": ("year",),
    "operating_transport": ("quarter",),
    "road_materials": ("year",),
    "bus_coverage": ("as_of",),
    "building_projects": ("as_of",),
    "building_energy": ("year",),
    "waste_weighings": ("day", "facility"),
    "waste_sorting": ("month",),
    "industrial_waste": ("year", "enterprise_id"),
    "forest_inventory": ("year",),
    "national_accounts": ("year", "quarter", "price_base"),
    "park_circularity": ("as_of",),
    "cleaner_production": ("year",),
    "assigned_targets": ("as_of",),
    "task_register": ("as_of",),
    "energy_balance": ("year",),
    "region_parameters": ("year",),
    "reported_indicators": ("year", "indicator"),
    "member_ends": ("as_of",),
}
PERIOD = {"day": "day", "month": "month", "quarter": "quarter"}
MEMBER = {
    "energy_supply": "product",
    "energy_enterprise": "enterprise_id",
    "power_generation": "plant_id",
    "operating_transport": "carriage",
    "waste_sorting": "community_id",
    "waste_weighings": "facility",
    "charging_sessions": "operator",
    "meter_readings": "meter_id",
}
REGISTERS = {feed for feed, scope in SCOPE.items() if scope == ("as_of",)}
BY_DATE = {"generation_projects", "charging_piles", "building_projects"}

# tCO2 per tce by family and per GJ of heat: factor set `assessment`
ASSESSMENT = {"coal": Fraction("2.64"), "oil": Fraction("2.08"), "gas": Fraction("1.63")}
HEAT_CO2 = Fraction("0.11")
HEAT_TCE = Fraction("0.03412")
CALORIFIC = Fraction("1.229")  # tce per 万千瓦时


def rows_of(seed: str) -> list[dict[str, str]]:
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def products() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows_of("ref_energy_products")}


@cache
def units() -> dict[str, Fraction]:
    return {row["unit"]: Fraction(row["factor"]) for row in rows_of("ref_units")}


def in_product_unit(quantity: object, unit: str, product: str) -> Fraction:
    """A delivered quantity in the product's own unit."""
    return Fraction(quantity) * units()[unit] / units()[products()[product]["unit"]]  # type: ignore[arg-type]


def tce(product: str) -> Fraction:
    return Fraction(products()[product]["tce_per_unit"])


@cache
def published_parameters() -> dict[tuple[str, str], dict[int, Fraction]]:
    out: dict[tuple[str, str], dict[int, Fraction]] = {}
    for row in rows_of("ref_parameters"):
        out.setdefault((row["region"], row["parameter"]), {})[int(row["year"])] = Fraction(row["value"])
    return out


@cache
def registry() -> dict[str, dict[str, str]]:
    return {row["code"]: row for row in rows_of("plan_indicators")}

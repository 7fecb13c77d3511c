"""Transport, buildings, waste, land and the rest by hand. Every function gives (numerator, denominator) or a level."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from .energy import Missing, needed, parameter
from .facts import in_product_unit, products
from .world import Row, World, month_end, newest_register, serving_register

Parts = tuple[Fraction, Fraction]
ZERO = Fraction(0)


def share(rows: list[Row], part: Callable[[Row], object], whole: Callable[[Row], object]) -> Parts:
    return (
        sum((Fraction(part(row)) for row in rows), ZERO),  # type: ignore[arg-type]
        sum((Fraction(whole(row)) for row in rows), ZERO),  # type: ignore[arg-type]
    )


def of_year(w: World, feed: str, year: int) -> list[Row]:
    return [row for row in w.rows[feed] if row["year"] == year]


def of_register(w: World, feed: str, as_of: date | None) -> list[Row]:
    return [row for row in w.rows[feed] if row["as_of"] == as_of]


# --- registers read by dates ------------------------------------------------------------------------------------


def capacity(w: World, at: date, chosen: Callable[[Row], bool]) -> Fraction:
    total = ZERO
    for row in of_register(w, "generation_projects", newest_register(w, "generation_projects")):
        running = row["status"] in ("operating", "retired") and row["grid_date"] is not None and row["grid_date"] <= at
        if running and (row["retired_date"] is None or row["retired_date"] > at) and chosen(row):
            total += Fraction(row["capacity_mw"])
    return total


CAPACITIES: dict[str, Callable[[Row], bool]] = {
    "new_energy_capacity": lambda row: row["source"] in ("solar", "wind", "hydro", "biomass", "waste"),
    "rooftop_pv_capacity": lambda row: row["source"] == "solar" and row["mounting"] == "rooftop",
    "agri_pv_capacity": lambda row: row["source"] == "solar" and row["mounting"] == "agrivoltaic",
}


def pv_storage(w: World, year: int) -> Parts:
    rows = [
        row
        for row in of_register(w, "generation_projects", newest_register(w, "generation_projects"))
        if row["source"] == "solar"
        and row["status"] in ("operating", "retired")
        and row["grid_date"] is not None
        and row["grid_date"].year == year
    ]
    return share(rows, lambda r: r["capacity_mw"] if (r["storage_mw"] or 0) > 0 else 0, lambda r: r["capacity_mw"])


def piles(w: World, at: date, access: str | None) -> Fraction:
    return Fraction(
        sum(
            1
            for row in of_register(w, "charging_piles", newest_register(w, "charging_piles"))
            if row["commissioned"] <= at
            and (row["removed_on"] is None or row["removed_on"] > at)
            and access in (None, row["access"])
        )
    )


PILES = {"charging_piles": None, "public_charging_piles": "public"}

# --- transport ---------------------------------------------------------------------------------------------------


def last_stock_month(w: World, year: int) -> date:
    months = [row["month"] for row in w.rows["vehicle_stock"] if row["month"].year == year]
    if not months:
        raise Missing("vehicle_stock")
    return max(months)


def ev_stock(w: World, month: date) -> Fraction:
    rows = [row for row in w.rows["vehicle_stock"] if row["month"] == month]
    return Fraction(sum(row["stock"] for row in rows if row["energy_type"] in ("bev", "phev", "fcev")))


def public_fleet(w: World, year: int) -> Parts:
    month = last_stock_month(w, year)
    rows = [row for row in w.rows["vehicle_stock"] if row["month"] == month and row["usage"] == "official"]
    return share(rows, lambda r: r["stock"] if r["energy_type"] in ("bev", "phev", "fcev") else 0, lambda r: r["stock"])


def bus_mode(w: World, year: int) -> Parts:
    motor = ("bus", "taxi", "car", "motorcycle")
    rows = [r for r in of_year(w, "travel_survey", year) if r["area"] == "central" and r["mode"] in motor]
    return share(rows, lambda r: r["trips"] if r["mode"] == "bus" else 0, lambda r: r["trips"])


def transport_intensity(w: World, year: int) -> Fraction:
    """t CO2 per t·km of operating vehicles."""
    quarters = {scope[0].month for scope in w.scopes["operating_transport"] if scope[0].year == year}
    if quarters != {1, 4, 7, 10}:
        raise Missing("quarters of operating_transport")
    co2 = work = ZERO
    for row in w.rows["operating_transport"]:
        if row["quarter"].year != year:
            continue
        electric = row["product"] == "electricity"
        factor = (
            10 * needed(w, "grid_co2_factor", year)
            if electric
            else Fraction(products()[row["product"]]["tco2_per_unit"])
        )
        co2 += in_product_unit(row["fuel_used"], row["unit"], row["product"]) * factor
        work += Fraction(row["turnover"]) * 10**4 * (1 if row["carriage"] == "freight" else Fraction(1, 10))
    if not work:
        raise Missing("turnover")
    return co2 / work


def bus_stops(w: World, year: int) -> Parts:
    rows = of_register(w, "bus_coverage", serving_register(w, "bus_coverage", year))
    main = [row for row in rows if row["size"] in ("large", "medium")]
    return share(main, lambda r: r["covered"], lambda r: 1)


# --- buildings ---------------------------------------------------------------------------------------------------


def _building_rows(w: World) -> list[Row]:
    return of_register(w, "building_projects", newest_register(w, "building_projects"))


def new(w: World, year: int) -> list[Row]:
    return [row for row in _building_rows(w) if row["completed_on"] is not None and row["completed_on"].year == year]


def started(w: World, year: int) -> list[Row]:
    return [row for row in _building_rows(w) if row["started_on"] is not None and row["started_on"].year == year]


def buildings(w: World, code: str, year: int) -> Parts:
    fresh, begun = new(w, year), started(w, year)
    urban, begun_urban = [r for r in fresh if r["urban"]], [r for r in begun if r["urban"]]
    housing = [r for r in begun if (r["housing_m2"] or 0) > 0]
    if code == "green_standard_share":
        return share(urban, lambda r: r["area_m2"] if r["green_standard"] else 0, lambda r: r["area_m2"])
    if code == "star_green_share":
        return share(urban, lambda r: r["area_m2"] if r["stars"] >= 1 else 0, lambda r: r["area_m2"])
    if code == "public_one_star_share":
        rows = [r for r in fresh if r["kind"] == "public" and (r["government_funded"] or r["large_public"])]
        return share(rows, lambda r: r["stars"] >= 1, lambda r: 1)
    if code == "prefab_housing_share":
        rows = [r for r in housing if r["central_urban"]]
        return share(rows, lambda r: min(r["prefab_m2"] or 0, r["housing_m2"]), lambda r: r["housing_m2"])
    if code == "decorated_housing_share":
        return share(housing, lambda r: r["decorated_m2"] or 0, lambda r: r["housing_m2"])
    if code == "prefab_building_share":
        return share(begun_urban, lambda r: r["prefab_m2"] or 0, lambda r: r["area_m2"])
    if code == "government_prefab_share":
        rows = [r for r in begun if r["government_funded"]]
        return share(rows, lambda r: r["prefab_m2"] or 0, lambda r: r["area_m2"])
    if code in ("residential_saving_rate", "public_saving_rate"):
        rows = [r for r in urban if r["kind"] == code.split("_")[0] and r["saving_rate"] is not None]
        return share(rows, lambda r: Fraction(r["saving_rate"]) * Fraction(r["area_m2"]), lambda r: r["area_m2"])
    if code == "public_roof_pv_coverage":
        rows = [r for r in fresh if r["public_institution"] and r["roof_m2"] is not None]
    else:
        rows = [r for r in fresh if r["kind"] == "factory" and r["roof_m2"] is not None]
    return share(rows, lambda r: r["roof_pv_m2"] or 0, lambda r: r["roof_m2"])


# --- waste -------------------------------------------------------------------------------------------------------

RECOVERED = ("recycling", "composting", "digestion", "incineration_power")


def domestic_waste(w: World, start: date, end: date) -> Parts:
    rows = [row for row in w.rows["waste_weighings"] if start <= row["day"] <= end]
    return share(rows, lambda r: net(r) if r["route"] in RECOVERED else 0, net)


def kitchen_waste(w: World, start: date, end: date) -> Parts:
    rows = [r for r in w.rows["waste_weighings"] if start <= r["day"] <= end and r["stream"] == "kitchen"]
    return share(rows, lambda r: net(r) if r["route"] in RECOVERED[:3] else 0, net)


def net(row: Row) -> Fraction:
    return Fraction(row["gross_kg"]) - Fraction(row["tare_kg"]) if row["net_kg"] is None else Fraction(row["net_kg"])


def household_mean(w: World, column: str, start: date, end: date) -> Parts:
    monthly: list[Fraction] = []
    for month in sorted({r["month"] for r in w.rows["waste_sorting"] if start <= r["month"] <= end}):
        rows = [r for r in w.rows["waste_sorting"] if r["month"] == month]
        part, whole = share(rows, lambda r: r[column], lambda r: r["households"])
        monthly.append(part / whole)
    return sum(monthly, ZERO), Fraction(len(monthly))


def sorting_coverage(w: World, year: int) -> Parts:
    months = [row["month"] for row in w.rows["waste_sorting"] if row["month"].year == year]
    if not months:
        raise Missing("waste_sorting")
    rows = [row for row in w.rows["waste_sorting"] if row["month"] == max(months)]
    return share(rows, lambda r: r["sorted_households"] > 0, lambda r: 1)


# --- land and the rest -------------------------------------------------------------------------------------------


def forest_coverage(w: World, year: int) -> Parts:
    rows = of_year(w, "forest_inventory", year)
    part, whole = share(
        rows,
        lambda r: r["land_ha"] if r["land_class"] in ("forest", "bamboo", "special_shrub") else 0,
        lambda r: r["land_ha"],
    )
    area = parameter(w, "land_area", year)
    return part, whole if area is None else area


def manufacturing(w: World, year: int) -> Parts:
    rows = of_year(w, "national_accounts", year)
    if not rows:
        raise Missing("national_accounts")
    quarter = max(row["quarter"] for row in rows)

    def value(item: str) -> Fraction:
        bases = {r["price_base"]: r["value_current"] for r in rows if r["quarter"] == quarter and r["item"] == item}
        if not bases:
            raise Missing(item)
        return Fraction(bases[2020] if 2020 in bases else bases[max(bases)])

    return value("manufacturing"), value("industry")


def parks(w: World, year: int) -> Parts:
    rows = of_register(w, "park_circularity", serving_register(w, "park_circularity", year))
    return share(rows, lambda r: r["status"] == "completed", lambda r: 1)


def audits(w: World, year: int) -> Parts:
    rows = [r for r in of_year(w, "cleaner_production", year) if r["obliged"]]
    return share(rows, lambda r: r["audited_on"] is not None and r["audited_on"].year <= year, lambda r: 1)


def tasks(w: World, plan_id: str, year: int) -> Parts:
    rows = of_register(w, "task_register", serving_register(w, "task_register", year))
    mine = [r for r in rows if re.match(f"{plan_id}(?![0-9])", r["item_id"])]
    return share(mine, lambda r: Fraction(r["progress"]) / 100, lambda r: 1)


def year_end(year: int) -> date:
    return month_end(date(year, 12, 1))

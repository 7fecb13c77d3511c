"""Every row of indicator_values of one region, computed by hand from its world."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from . import energy, sectors
from .energy import Missing, Totals
from .facts import registry, rows_of
from .world import (
    Cover,
    World,
    cover,
    cover_year,
    delivered,
    month_end,
    months_of,
    newest_register,
    register_year,
    shift,
    years_opened,
)

ENERGY_FEEDS = ("energy_supply", "energy_enterprise", "power_generation")
GDP = "national_accounts"
FEEDS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "non_fossil_share", "coal_consumption", "oil_consumption", "co2_emissions", "co2_peak_year",
            "clean_energy_share",
        ),
        (*ENERGY_FEEDS, "energy_balance"),
    ),
    **dict.fromkeys(
        ("energy_intensity", "co2_intensity", "energy_intensity_reduction", "co2_intensity_reduction"),
        (*ENERGY_FEEDS, "energy_balance", GDP),
    ),
    **dict.fromkeys(("electrification_rate", "building_electrification"), (*ENERGY_FEEDS, "energy_balance")),
    "industrial_energy_intensity": (*ENERGY_FEEDS, "energy_balance", GDP),
    **dict.fromkeys(
        ("new_energy_capacity", "rooftop_pv_capacity", "agri_pv_capacity", "pv_storage_share"), ("generation_projects",)
    ),
    **dict.fromkeys(("ev_stock", "public_fleet_nev_share"), ("vehicle_stock",)),
    **dict.fromkeys(("charging_piles", "public_charging_piles"), ("charging_piles",)),
    "bus_mode_share": ("travel_survey",),
    "operating_vehicle_co2_reduction": ("operating_transport",),
    "road_material_recycling": ("road_materials",),
    "bus_stop_coverage": ("bus_coverage",),
    **dict.fromkeys(
        (
            "green_standard_share", "star_green_share", "public_one_star_share", "prefab_housing_share",
            "decorated_housing_share", "prefab_building_share", "government_prefab_share", "residential_saving_rate",
            "public_saving_rate", "public_roof_pv_coverage", "factory_roof_pv_coverage",
        ),
        ("building_projects",),
    ),
    "building_renewable_rate": ("building_energy",),
    **dict.fromkeys(("domestic_waste_recovery", "kitchen_waste_recovery"), ("waste_weighings",)),
    **dict.fromkeys(("waste_sorting_rate", "waste_bagging_rate", "sorting_coverage"), ("waste_sorting",)),
    "industrial_waste_utilisation": ("industrial_waste",),
    **dict.fromkeys(("forest_coverage", "forest_stock"), ("forest_inventory",)),
    "manufacturing_va_share": (GDP,),
    "park_circularity": ("park_circularity",),
    "cleaner_production_audit_rate": ("cleaner_production",),
}  # fmt: skip
REDUCTIONS = {
    "energy_intensity_reduction": ("excluding_feedstock", "plain", "excluding_feedstock_and_nonfossil"),
    "co2_intensity_reduction": ("default",),
    "operating_vehicle_co2_reduction": ("default",),
}
MONTHLY_ON_ANY_BASIS = {"electrification_rate", "building_electrification", "industrial_energy_intensity"}
Key = tuple[str, str, int | None, str, date]  # indicator, method, base year, period type, period end


@dataclass(frozen=True)
class Value:
    """One row; value None stands for NULL. Coverage is a fraction."""

    value: Decimal | None
    is_complete: bool
    coverage: Fraction | None
    basis: str | None = None


def rounded(value: Fraction) -> Decimal:
    """Half-even to 6 decimals, exactly."""
    scaled = value * 10**6
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    twice = 2 * rest
    up = twice > scaled.denominator or (twice == scaled.denominator and whole % 2 == 1)
    return Decimal(whole + up).scaleb(-6, Context(prec=60, rounding=ROUND_HALF_EVEN))


def ratio(parts: tuple[Fraction, Fraction], percent: bool) -> Fraction:
    part, whole = parts
    if not whole:
        raise Missing("zero denominator")
    return part / whole * (100 if percent else 1)


# --- yearly values ---------------------------------------------------------------------------------------------


def energy_value(w: World, code: str, t: Totals, year: int | None) -> Fraction:
    fossil, feedstock = sum(t.fuel.values(), Fraction(0)), sum(t.feedstock.values(), Fraction(0))
    if code in ("non_fossil_share", "clean_energy_share"):
        if t.nonfossil is None:
            raise Missing("grid_nonfossil_share")
        return ratio((t.nonfossil + (t.fuel["gas"] if code == "clean_energy_share" else 0), t.total), True)
    if code in ("coal_consumption", "oil_consumption"):
        return t.fuel[code.split("_")[0]] / 10**4
    if code == "co2_emissions":
        return t.co2 / 10**4
    if code == "electrification_rate":
        return ratio(energy.electrification_parts(t), True)
    assert year is not None and fossil is not None
    gdp = energy.constant_value(w, "gdp", year)
    return (t.co2 if code == "co2_intensity" else t.total - feedstock) / gdp


def intensity(w: World, code: str, method: str, year: int) -> Fraction:
    if code == "operating_vehicle_co2_reduction":
        return sectors.transport_intensity(w, year)
    t = energy.totals(w, year)
    gdp = energy.constant_value(w, "gdp", year)
    if code == "co2_intensity_reduction":
        return t.co2 / gdp
    used = t.total
    if method != "plain":
        used -= sum(t.feedstock.values(), Fraction(0))
    if method == "excluding_feedstock_and_nonfossil":
        if t.nonfossil is None:
            raise Missing("grid_nonfossil_share")
        used -= t.nonfossil
    return used / gdp


def year_value(w: World, code: str, year: int) -> Fraction:
    # a mean of rates that are percentages already is not multiplied again
    percent = registry()[code]["unit"] == "%" and not code.endswith("_saving_rate")
    start, end = date(year, 1, 1), date(year, 12, 31)
    if code == "co2_peak_year":
        return peak_year(w, year)
    if code == "building_electrification":
        return ratio(energy.building_parts(w, months_of(year)), True)
    if code == "industrial_energy_intensity":
        return energy.industrial(w, year) / energy.constant_value(w, "industry_above_scale", year)
    if code == "electrification_rate":
        return energy_value(w, code, energy.monthly(w, months_of(year)), year)
    if "energy_balance" in FEEDS[code]:
        return energy_value(w, code, energy.totals(w, year), year)
    if code in sectors.CAPACITIES:
        return sectors.capacity(w, end, sectors.CAPACITIES[code])
    if code in sectors.PILES:
        return sectors.piles(w, end, sectors.PILES[code])
    if code == "ev_stock":
        return sectors.ev_stock(w, sectors.last_stock_month(w, year))
    if code == "forest_stock":
        return (
            sum((Fraction(r["stock_m3"] or 0) for r in sectors.of_year(w, "forest_inventory", year)), Fraction(0))
            / 10**4
        )
    return ratio(_parts(w, code, year, start, end), percent)


def _parts(w: World, code: str, year: int, start: date, end: date) -> sectors.Parts:
    simple: dict[str, Callable[[], sectors.Parts]] = {
        "pv_storage_share": lambda: sectors.pv_storage(w, year),
        "public_fleet_nev_share": lambda: sectors.public_fleet(w, year),
        "bus_mode_share": lambda: sectors.bus_mode(w, year),
        "bus_stop_coverage": lambda: sectors.bus_stops(w, year),
        "road_material_recycling": lambda: sectors.share(
            sectors.of_year(w, "road_materials", year), lambda r: r["recycled_t"], lambda r: r["generated_t"]
        ),
        "building_renewable_rate": lambda: sectors.share(
            sectors.of_year(w, "building_energy", year), lambda r: r["renewable_tce"], lambda r: r["energy_tce"]
        ),
        "domestic_waste_recovery": lambda: sectors.domestic_waste(w, start, end),
        "kitchen_waste_recovery": lambda: sectors.kitchen_waste(w, start, end),
        "waste_sorting_rate": lambda: sectors.household_mean(w, "sorted_households", start, end),
        "waste_bagging_rate": lambda: sectors.household_mean(w, "bagged_households", start, end),
        "sorting_coverage": lambda: sectors.sorting_coverage(w, year),
        "industrial_waste_utilisation": lambda: sectors.share(
            sectors.of_year(w, "industrial_waste", year),
            lambda r: r["utilised_t"],
            lambda r: r["generated_t"] + (r["utilised_from_stock_t"] or 0),
        ),
        "forest_coverage": lambda: sectors.forest_coverage(w, year),
        "manufacturing_va_share": lambda: sectors.manufacturing(w, year),
        "park_circularity": lambda: sectors.parks(w, year),
        "cleaner_production_audit_rate": lambda: sectors.audits(w, year),
    }
    return simple[code]() if code in simple else sectors.buildings(w, code, year)


def peak_year(w: World, year: int) -> Fraction:
    rows = {y: annual(w, "co2_emissions", y) for y in years(w, "co2_emissions")}
    if rows[year].value is None:
        raise Missing("co2_emissions")
    complete = {y: row.value for y, row in rows.items() if y <= year and row.is_complete and row.value is not None}
    if not complete:
        raise Missing("complete years")
    highest = max(complete.values())
    return Fraction(min(y for y, value in complete.items() if value == highest))


# --- completeness of an indicator's year -----------------------------------------------------------------------


def basis_of(w: World, code: str, year: int) -> str | None:
    if code not in FEEDS or not set(ENERGY_FEEDS) <= set(FEEDS[code]):
        return None
    if code in MONTHLY_ON_ANY_BASIS:
        return "monthly"
    return "balance" if energy.on_balance(w, year) else "monthly"


def covers(w: World, code: str, year: int) -> list[Cover]:
    feeds = FEEDS[code]
    basis = basis_of(w, code, year)
    if basis == "balance":
        feeds = tuple(feed for feed in feeds if feed not in ENERGY_FEEDS)
    elif basis == "monthly":
        feeds = tuple(feed for feed in feeds if feed != "energy_balance")
    return [cover_year(w, feed, year) for feed in feeds]


def joined(parts: list[Cover]) -> tuple[bool, Fraction]:
    expected, present = sum(c.expected for c in parts), sum(c.present for c in parts)
    return all(c.complete for c in parts), Fraction(present, expected) if expected else Fraction(0)


def annual(w: World, code: str, year: int) -> Value:
    parts = covers(w, code, year)
    complete, coverage = joined(parts)
    try:
        value = None if any(c.absent for c in parts) else rounded(year_value(w, code, year))
    except Missing:
        value = None
    return Value(value, complete, coverage, basis_of(w, code, year))


def reduction(w: World, code: str, method: str, base: int, year: int) -> Value:
    parts = covers(w, code, year)
    both = parts + ([] if base == year else covers(w, code, base))
    complete, coverage = joined(both)
    if basis_of(w, code, base) != basis_of(w, code, year):
        complete = False
    try:
        if any(c.absent for c in both):
            raise Missing("feed")
        before, now = intensity(w, code, method, base), intensity(w, code, method, year)
        value = rounded(100 * (1 - now / before))
    except (Missing, ZeroDivisionError):
        value = None
    return Value(value, complete, coverage, basis_of(w, code, year))


# --- rows --------------------------------------------------------------------------------------------------------


def years(w: World, code: str) -> list[int]:
    opened = set().union(*(years_opened(w, feed) for feed in FEEDS[code]))
    return list(range(min(opened), max(opened) + 1)) if opened else []


def base_years(w: World, code: str) -> set[int]:
    plans = {row["region"]: row["plan"] for row in rows_of("plan_regions")}
    plan = plans.get(w.region, plans["*"])
    named = {
        int(r["base_year"])
        for r in rows_of("plan_targets")
        if r["plan"] == plan and r["indicator"] == code and r["base_year"]
    }
    newest = newest_register(w, "assigned_targets")
    named |= {
        r["base_year"]
        for r in w.rows["assigned_targets"]
        if r["as_of"] == newest and r["indicator"] == code and r["base_year"]
    }
    return named | {2020}


def computed_years(w: World) -> dict[Key, Value]:
    """Annual rows of the 48 computed indicators."""
    out: dict[Key, Value] = {}
    for code in FEEDS:
        for year in years(w, code):
            end = date(year, 12, 31)
            if code not in REDUCTIONS:
                out[code, "default", None, "year", end] = annual(w, code, year)
                continue
            for method in REDUCTIONS[code]:
                for base in base_years(w, code):
                    if base <= year:
                        out[code, method, base, "year", end] = reduction(w, code, method, base, year)
    return out


def governance(w: World) -> dict[Key, Value]:
    """Annual rows of the reported and the registered indicators."""
    out: dict[Key, Value] = {}
    reported, registers = years_opened(w, "reported_indicators"), years_opened(w, "task_register")
    for code, entry in registry().items():
        spread = {"reported": reported, "register": registers}.get(entry["method"])
        for year in range(min(spread), max(spread) + 1) if spread else ():
            end = date(year, 12, 31)
            if entry["method"] == "reported":
                given = [
                    r["value"] for r in w.rows["reported_indicators"] if (r["year"], r["indicator"]) == (year, code)
                ]
                value = rounded(Fraction(given[0])) if given else None
                whole = bool(given) and (year, code) not in w.partial["reported_indicators"]
                out[code, "default", None, "year", end] = Value(value, whole, None)
                continue
            covered = cover_year(w, "task_register", year)
            try:
                value = None if covered.absent else rounded(ratio(sectors.tasks(w, entry["plan_id"], year), True))
            except Missing:
                value = None
            out[code, "default", None, "year", end] = Value(value, covered.complete, None)
    return out


def within_year(w: World) -> dict[Key, Value]:
    """Month-end stocks and trailing twelve months."""
    out: dict[Key, Value] = {}
    filled = {row["month"] for row in w.rows["vehicle_stock"]}
    for (month,) in w.scopes["vehicle_stock"]:
        stock = rounded(sectors.ev_stock(w, month)) if month in filled else None
        whole = (month,) not in w.partial["vehicle_stock"]
        out["ev_stock", "default", None, "month", month_end(month)] = Value(stock, whole, None)
    for feed, codes in (("generation_projects", sectors.CAPACITIES), ("charging_piles", sectors.PILES)):
        dates = [scope[0] for scope in w.scopes[feed]]
        month = date(min(map(register_year, dates), default=1), 1, 1)
        whole = bool(dates) and (max(dates),) not in w.partial[feed]
        while dates and month <= max(dates):
            end = month_end(month)
            full = month if month.month == 12 else end
            for code in codes:
                level = (
                    sectors.capacity(w, end, sectors.CAPACITIES[code])
                    if feed == "generation_projects"
                    else sectors.piles(w, end, sectors.PILES[code])
                )
                out[code, "default", None, "month", end] = Value(rounded(level), whole and max(dates) >= full, None)
            month = shift(month, 1)
    for code, entry in registry().items():
        if entry["ttm"].lower() in ("yes", "true", "1"):
            out.update(trailing(w, code))
    return out


def trailing(w: World, code: str) -> dict[Key, Value]:
    feeds = [feed for feed in FEEDS[code] if feed != "energy_balance"]
    seen = {day.replace(day=1) for feed in feeds for day in delivered(w, feed)}
    out: dict[Key, Value] = {}
    last = shift(min(seen), 11) if seen else date.max
    while seen and last <= max(seen):
        months = [shift(last, -back) for back in range(11, -1, -1)]
        parts = [cover(w, feed, months) for feed in feeds]
        complete, coverage = joined(parts)
        try:
            value = None if any(c.absent for c in parts) else rounded(_trailing_value(w, code, months))
        except Missing:
            value = None
        basis = "monthly" if "energy_supply" in feeds else None
        out[code, "default", None, "ttm", month_end(last)] = Value(value, complete, coverage, basis)
        last = shift(last, 1)
    return out


def _trailing_value(w: World, code: str, months: list[date]) -> Fraction:
    start, end = months[0], month_end(months[-1])
    if code == "building_electrification":
        return ratio(energy.building_parts(w, months), True)
    if "energy_supply" in FEEDS[code]:
        return energy_value(w, code, energy.monthly(w, months), None)
    return ratio(_parts(w, code, 0, start, end), True)


def all_values(w: World) -> dict[Key, Value]:
    """Every row of indicator_values of the region."""
    return computed_years(w) | governance(w) | within_year(w)


__all__ = ["Value", "all_values", "register_year", "rounded"]

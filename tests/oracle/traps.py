"""Small worlds made to trap a verdict: each target with the status that the text of the method gives it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from .dice import code18
from .world import months_of

Row = dict[str, Any]
Delivery = tuple[str, list[Row]]
Goal = tuple[str, int | None, str]
Series = dict[int, str]


def reported(code: str, series: Series) -> list[Row]:
    return [{"year": y, "indicator": code, "value": Decimal(v), "document": None} for y, v in series.items()]


def assigned(goal: Goal, target: str, as_of: date = date(2021, 12, 31), **more: Any) -> Row:
    """A row of assigned_targets; base year and method missing unless given."""
    code, year, level = goal
    row = {"as_of": as_of, "indicator": code, "year": year, "level": level, "target": Decimal(target)}
    return row | {"document": f"文{as_of.year}", "issued_on": date(2021, 6, 1)} | more


def balance(series: dict[int, tuple[str, str]]) -> list[Row]:
    """Coal and non-fossil energy by year, 万吨标准煤."""
    return [
        {"year": year, "item": item, "quantity": Decimal(amount), "unit": "万吨标准煤"}
        for year, amounts in series.items()
        for item, amount in zip(("coal", "nonfossil"), amounts, strict=True)
    ]


def accounts(years: Iterable[int]) -> list[Row]:
    return [
        {
            "year": year, "quarter": 4, "item": "gdp", "price_base": 2020,
            "value_current": Decimal(100000), "value_constant": Decimal(100000),
        }
        for year in years
    ]  # fmt: skip


def monthly_energy(year: int) -> list[Delivery]:
    """One year of the three monthly feeds, complete: gas and power bought, one plant, an idle enterprise."""
    months = months_of(year)
    supply = [
        {"month": month, "product": product, "sector": "industry", "quantity": Decimal(10), "unit": unit}
        for month in months
        for product, unit in (("natural_gas", "万立方米"), ("electricity", "万千瓦时"))
    ]
    plant = {"plant_id": "P1", "plant_name": "光伏", "source": "solar", "generated": Decimal(20)}
    idle = [{"month": month, "enterprise_id": code18(Random(0))} for month in months]
    plants = [plant | {"month": month} for month in months]
    return [("energy_supply", supply), ("energy_enterprise", idle), ("power_generation", plants)]


def task(
    item: str, status: str, due: date | None, leads: str = "区产业发展局", as_of: date = date(2025, 12, 31)
) -> Row:
    return {
        "as_of": as_of, "item_id": item, "clause": "三(五)1", "name": "事项", "kind": "task", "lead_agency": leads,
        "due": due, "status": status, "progress": 100 if status == "done" else 10, "note": None,
    }  # fmt: skip


# --- worlds ------------------------------------------------------------------------------------------------------

RISING = {2020: "10", 2021: "20", 2022: "30", 2023: "40", 2024: "50"}  # ten a year; 2025 is over and not there
FALLING = {2018: "900", 2020: "160", 2021: "150", 2022: "140", 2023: "130", 2024: "120", 2025: "110"}
REPORTED: dict[str, Series] = {
    "green_procurement_share": RISING,
    "green_goods_share": {2023: "5"},
    "enterprise_led_rd_share": {2021: "4", 2025: "8"},
    "nev_machinery_share": {2020: "0", 2021: "5", 2022: "9"},
    "long_haul_road_freight": FALLING,
    "new_construction_land": {2020: "50", 2022: "60"},
    "carbon_neutral_manufacturers": {2020: "40", 2024: "28"},
    "restricted_approvals": {2024: "2", 2025: "0"},
    "two_high_efficiency": {2025: "99.999999"},
}
# goal → (number, status, base year or None)
ASSIGNED: dict[Goal, tuple[str, str, int | None]] = {
    ("green_procurement_share", 2024, "basic"): ("50", "met", None),
    ("green_procurement_share", 2024, "incentive"): ("50.000001", "missed", None),
    ("green_procurement_share", 2025, "basic"): ("45", "pending", None),  # 2024 has it, 2025 is what counts
    ("green_procurement_share", 2026, "basic"): ("50", "met", None),  # reached before its time
    ("green_procurement_share", 2027, "basic"): ("100", "at_risk", None),  # closes 30 of 50: just 60 %
    ("green_procurement_share", 2027, "incentive"): ("100.000001", "off_track", None),
    ("green_procurement_share", 2030, "basic"): ("110", "on_track", None),  # the line ends exactly there
    ("green_procurement_share", 2030, "incentive"): ("110.000001", "at_risk", None),
    ("green_goods_share", 2022, "basic"): ("1", "pending", None),  # a value, but none up to its year
    ("green_goods_share", 2030, "basic"): ("10", "no_data", None),  # one point draws no line
    ("green_goods_share", 2030, "incentive"): ("5", "met", None),
    ("enterprise_led_rd_share", 2025, "basic"): ("8", "met", None),
    ("enterprise_led_rd_share", 2029, "incentive"): ("12", "on_track", 2021),
    ("nev_machinery_share", 2026, "basic"): ("27", "on_track", None),
    ("long_haul_road_freight", 2025, "basic"): ("110", "met", None),
    ("long_haul_road_freight", 2025, "incentive"): ("109.999999", "missed", None),
    ("long_haul_road_freight", 2030, "basic"): ("60", "on_track", None),  # 2018 and 2020 are out of the last five
    ("long_haul_road_freight", 2030, "incentive"): ("26.666666", "off_track", None),
    ("new_construction_land", 2025, "basic"): ("70", "pending", None),
    ("new_construction_land", 2030, "basic"): ("55", "off_track", None),  # the base had it, the value lost it
    ("carbon_neutral_manufacturers", 2030, "basic"): ("30", "off_track", None),
    ("banned_equipment_in_use", 2024, "basic"): ("3", "no_data", None),
}
PLANNED = {  # the plan's own targets in the same world
    ("restricted_approvals", None, "plan"): "met",
    ("two_high_efficiency", None, "plan"): "open",
    ("banned_equipment_in_use", None, "plan"): "no_data",
    ("co2_intensity_reduction", 2030, "basic"): "not_quantified",
    ("co2_peak_year", 2030, "plan"): "no_data",
}


def of_reports() -> list[Delivery]:
    """Everything that a plain series can show."""
    targets = [assigned(goal, number, base_year=base) for goal, (number, _, base) in ASSIGNED.items()]
    older = [assigned(("green_goods_share", 2031, "basic"), "1", date(2020, 12, 31))]
    deliveries = [("reported_indicators", reported(code, series)) for code, series in REPORTED.items()]
    tasks = [
        task("D01-1", "blocked", date(2026, 2, 19)),
        task("D01-2", "done", date(2025, 1, 1), "区城管局、某新办，区产业发展局"),
        task("D02-1", "in_progress", date(2026, 2, 20)),
        task("X-1", "not_started", None, "某新办"),
    ]
    return [*deliveries, ("assigned_targets", targets), ("assigned_targets", older), ("task_register", tasks)]


def of_shares(last: str, peak: int, scale: int = 1) -> list[Delivery]:
    """Non-fossil share `last` % in 2025; emissions highest in `peak` unless `scale` lifts 2025; reductions assigned."""
    share = Decimal(last)
    coal = {year: str(100 - 2 * abs(year - peak)) for year in range(2020, 2025)}
    shares = {year: (coal[year], "10") for year in range(2020, 2025)} | {
        2025: (str(scale * (100 - share)), str(scale * share))
    }
    targets = [
        assigned(("co2_intensity_reduction", 2025, "basic"), "18"),
        assigned(("co2_intensity_reduction", 2030, "basic"), "3", base_year=2021),
        assigned(("energy_intensity_reduction", 2025, "basic"), "1", base_year=2021, method="plain"),
        assigned(("energy_intensity_reduction", 2025, "incentive"), "5"),
        assigned(("co2_peak_year", 2028, "basic"), "2028"),
    ]
    gdp = accounts(range(2020, 2026))
    return [("energy_balance", balance(shares)), ("national_accounts", gdp), ("assigned_targets", targets)]


def of_two_bases() -> list[Delivery]:
    """2020 stands on monthly feeds, later years on the balance: reductions since 2020 judge nothing."""
    later = balance({2022: ("80", "10"), 2023: ("70", "10"), 2025: ("60", "10")})
    targets = [
        assigned(("co2_intensity_reduction", 2025, "basic"), "1"),
        assigned(("co2_intensity_reduction", 2026, "basic"), "90"),
        assigned(("co2_intensity_reduction", 2027, "basic"), "30", base_year=2022),
    ]
    gdp = accounts((2020, 2022, 2023, 2025))
    return [
        *monthly_energy(2020), ("energy_balance", later), ("national_accounts", gdp),
        ("assigned_targets", targets),
    ]  # fmt: skip


def of_empty_registers() -> list[Delivery]:
    """Assignments and tasks that the newest, empty registers take back."""
    goal = ("green_goods_share", 2030, "basic")
    return [
        ("reported_indicators", reported("green_goods_share", RISING)),
        ("assigned_targets", [assigned(goal, "60")]),
        ("assigned_targets", [{"as_of": date(2022, 12, 31)}]),
        ("task_register", [task("D01-1", "in_progress", date(2025, 2, 1), as_of=date(2024, 12, 31))]),
        ("task_register", [{"as_of": date(2025, 12, 31)}]),
    ]


WORLDS: dict[str, list[Delivery]] = {
    "trap-reports": of_reports(),
    "trap-below": of_shares("18.999999", 2022),
    "trap-about": of_shares("19", 2025, scale=2),
    "trap-beyond": of_shares("30", 2023),
    "trap-bases": of_two_bases(),
    "trap-empty": of_empty_registers(),
}
STATUSES: dict[str, dict[Goal, str]] = {
    "trap-reports": {goal: status for goal, (_, status, _) in ASSIGNED.items()} | PLANNED,
    "trap-below": {("non_fossil_share", 2025, "plan"): "missed", ("co2_peak_year", 2030, "plan"): "met"},
    "trap-about": {("non_fossil_share", 2025, "plan"): "met", ("co2_peak_year", 2030, "plan"): "open"},
    "trap-beyond": {
        ("non_fossil_share", 2025, "plan"): "met",
        ("non_fossil_share", 2030, "plan"): "met",
        ("co2_peak_year", 2028, "basic"): "met",
    },
    "trap-bases": {
        ("co2_intensity_reduction", 2025, "basic"): "pending",
        ("co2_intensity_reduction", 2026, "basic"): "no_data",
        ("co2_intensity_reduction", 2027, "basic"): "on_track",
    },
    "trap-empty": {("two_high_efficiency", None, "plan"): "no_data"},
}

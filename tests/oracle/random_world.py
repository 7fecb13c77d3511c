"""Random but legal deliveries of every feed: gaps, late members, empty scopes, revisions, whatever traps a formula."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from . import random_energy, random_sectors
from .dice import LAST, Row
from .facts import SCOPE

Delivery = tuple[str, list[Row]]
ENERGY = (
    "energy_supply",
    "energy_enterprise",
    "power_generation",
    "generation_projects",
    "national_accounts",
    "energy_balance",
    "region_parameters",
)
OTHERS = (
    "vehicle_stock",
    "charging_piles",
    "travel_survey",
    "operating_transport",
    "road_materials",
    "bus_coverage",
    "building_projects",
    "building_energy",
    "waste_weighings",
    "waste_sorting",
    "industrial_waste",
    "forest_inventory",
    "park_circularity",
    "cleaner_production",
    "assigned_targets",
    "task_register",
    "reported_indicators",
)
FEEDS: dict[str, Callable[[Random], Iterator[Row]]] = {
    feed: getattr(home, feed) for home, feeds in ((random_energy, ENERGY), (random_sectors, OTHERS)) for feed in feeds
}


def member_ends(rng: Random, deliveries: list[Delivery]) -> list[Row]:
    """A register that closes one enterprise and one plant before their last delivery, now and then."""
    out = []
    for feed, member in (("energy_enterprise", "enterprise_id"), ("power_generation", "plant_id")):
        names = sorted({row[member] for name, rows in deliveries if name == feed for row in rows})
        if names and rng.random() < 0.5:
            end = date(rng.choice((2020, 2021)), rng.randrange(1, 13), 1)
            out.append({"as_of": date(LAST, 12, 31), "feed": feed, "member": rng.choice(names),
                        "last_period": f"{end:%Y-%m}", "reason": "停产"})  # fmt: skip
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
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date) and kind == "month":
        return f"{value:%Y-%m}"
    if isinstance(value, date) and kind == "quarter":
        return f"{value.year}Q{(value.month + 2) // 3}"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


__all__ = ["random_deliveries", "write_csv"]

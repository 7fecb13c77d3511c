"""What one region has to reach: its plan, and what was assigned to it since."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .facts import registry, rows_of
from .world import World, newest_register

DEFAULT_BASE = 2020
PEAK = "co2_peak_year"
Goal = tuple[str, int | None, str]  # indicator, target year, level


@dataclass(frozen=True)
class Target:
    """One row of indicator_targets."""

    kind: str
    target: Decimal | None
    base_year: int | None
    method: str
    source: str


def plan_of(region: str) -> str:
    plans = {row["region"]: row["plan"] for row in rows_of("plan_regions")}
    return plans.get(region, plans["*"])


def planned(region: str) -> dict[Goal, Target]:
    out: dict[Goal, Target] = {}
    for row in rows_of("plan_targets"):
        if row["plan"] == plan_of(region):
            year = int(row["target_year"]) if row["target_year"] else None
            out[row["indicator"], year, row["level"]] = Target(
                row["kind"],
                Decimal(row["target"]) if row["target"] else None,
                int(row["base_year"]) if row["base_year"] else None,
                row["method"],
                row["source"],
            )
    return out


def kind_of_new(code: str) -> str:
    if code == PEAK:
        return "before"
    return "at_most" if registry()[code]["better"] == "down" else "at_least"


def targets(w: World) -> dict[Goal, Target]:
    """The plan's targets, overridden or joined by those of the newest register of assigned targets."""
    out, newest = planned(w.region), newest_register(w, "assigned_targets")
    for row in w.rows["assigned_targets"]:
        if row["as_of"] != newest:
            continue
        code, usual = row["indicator"], "excluding_feedstock"
        goal = (code, row["year"], row["level"])
        kind = out[goal].kind if goal in out else kind_of_new(code)
        if kind == "all" and row["target"] != 100:
            kind = "at_least"
        method = row["method"] or (usual if code == "energy_intensity_reduction" else "default")
        out[goal] = Target(kind, row["target"], row["base_year"] or DEFAULT_BASE, method, row["document"])
    return out

"""Parks, audits, assigned targets, tasks and reported values."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from demo.district import ENTERPRISES, PAPER, PARKS, credit_code
from demo.world import Delivery, Row, World, along, dec, fraction_of_year

TASKS = Path(__file__).with_name("tasks.csv")
BLOCKED = "RW-03"  # this one waits for land
PARK_DONE = (date(2022, 11, 20), date(2023, 10, 12), date(2024, 9, 5), date(2025, 11, 18), date(2027, 3, 1))
OBLIGED = (1, 2, 3, 4, 5, 6, 12, 13, 15)
AUDITED = {2020: 44, 2021: 56, 2022: 67, 2023: 75, 2024: 88, 2025: 88}
# Assigned by the city: as_of, document, and (indicator, level, target).
ASSIGNED = (
    (date(2021, 9, 30), "演示〔2021〕14号", (("energy_intensity_reduction", "basic", 13.5),)),
    (
        date(2022, 6, 30),
        "演示〔2022〕9号",
        (
            ("energy_intensity_reduction", "basic", 14),
            ("energy_intensity_reduction", "incentive", 15),
            ("co2_intensity_reduction", "basic", 18),
            ("operating_vehicle_co2_reduction", "basic", 5),
        ),
    ),
)
REPORTED: dict[str, tuple[dict[int, float], int]] = {
    "carbon_neutral_manufacturers": ({2020: 0, 2022: 0, 2023: 1, 2024: 2, 2025: 3}, 0),
    "banned_equipment_in_use": ({2020: 46, 2021: 33, 2022: 21, 2023: 12, 2024: 6, 2025: 3}, 0),
    "long_haul_road_freight": ({2020: 88_400, 2025: 79_200}, 0),
    "nev_machinery_share": ({2020: 1.2, 2023: 5.5, 2025: 11.4}, 1),
    "new_construction_land": ({2020: 212, 2025: 141}, 1),
    "green_procurement_share": ({2020: 61, 2025: 84}, 1),
    "enterprise_led_rd_share": ({2020: 48, 2025: 69}, 1),
    "green_goods_share": ({2020: 17, 2025: 33}, 1),
    "restricted_approvals": ({2020: 1, 2021: 0, 2025: 0}, 0),
    "two_high_efficiency": ({2020: 80, 2022: 100, 2025: 100}, 0),
}


@cache
def task_list() -> tuple[dict[str, str], ...]:
    """The project library: tasks.csv, with the years between which a task goes from 0 to 100 %."""
    with TASKS.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def _task_row(as_of: date, task: dict[str, str]) -> Row:
    start, end = int(task["start"]), int(task["end"])
    progress = round(100 * (fraction_of_year(as_of) - start) / (end - start + 0.9))
    progress = max(0, min(100, progress - progress % 5))
    status = "done" if progress == 100 else "in_progress" if progress else "not_started"
    note = None
    if task["item_id"] == BLOCKED and progress > 0:
        progress, status, note = min(progress, 40), "blocked", "用地指标未落实（演示）"
    due = date.fromisoformat(task["due"]) if task["due"] else None
    keep = {name: task[name] for name in ("item_id", "clause", "name", "kind", "lead_agency")}
    return {"as_of": as_of, **keep, "due": due, "status": status, "progress": dec(progress, 0), "note": note}


def _park_rows(as_of: date) -> list[Row]:
    rows = []
    for park, done in zip(PARKS, PARK_DONE, strict=True):
        status = "completed" if done <= as_of else "under_way" if (done - as_of).days < 800 else "not_started"
        verified = done if done <= as_of else None
        rows.append({"as_of": as_of, "park": f"演示{park}", "status": status, "verified_on": verified})
    return rows


def _audit_rows(year: int) -> list[Row]:
    obliged = [w for w in ENTERPRISES if w.opened.year <= year <= w.closed.year]
    target = round(along(AUDITED, year) / 100 * len([w for w in obliged if w.number in OBLIGED]))
    rows: list[Row] = []
    for works in obliged:
        must = works.number in OBLIGED
        done = must and target > 0
        target -= done
        audited = date(min(year, 2020 + works.number % 6), 4 + works.number % 7, 11) if done else None
        rows.append({"year": year, "enterprise_id": works.id, "obliged": must, "audited_on": audited})
    return rows


def _assigned(world: World) -> Iterator[Delivery]:
    for as_of, document, targets in ASSIGNED:
        rows: list[Row] = [
            {
                "as_of": as_of,
                "indicator": indicator,
                "year": 2025,
                "level": level,
                "target": dec(target, 1),
                "base_year": None,
                "method": None,
                "document": document,
                "issued_on": as_of - timedelta(days=20),
            }
            for indicator, level, target in targets
        ]
        if as_of <= world.span.last:
            yield Delivery("assigned_targets", f"{as_of:%Y%m%d}", world.span.arrival(as_of + timedelta(days=3)), rows)


def _ends(world: World) -> Iterator[Delivery]:
    """member_ends: a plant that was taken down, then also the works that closed."""
    plant = {"feed": "power_generation", "member": "DZ-02", "last_period": "2021-05", "reason": "电站退役"}
    works = {"feed": "energy_enterprise", "member": credit_code(PAPER), "last_period": "2022-09", "reason": "企业关停"}
    for as_of, members in ((date(2021, 7, 31), (plant,)), (date(2022, 10, 31), (plant, works))):
        if as_of <= world.span.last:
            rows = [{"as_of": as_of, **member} for member in members]
            yield Delivery("member_ends", f"{as_of:%Y%m%d}", world.span.arrival(as_of + timedelta(days=2)), rows)


def deliveries(world: World) -> Iterator[Delivery]:
    """The registers at year-ends (the task register also at recent quarter-ends) and the yearly feeds."""
    span = world.span
    for as_of in span.year_ends(quarterly=True):
        rows = [_task_row(as_of, task) for task in task_list()]
        yield Delivery("task_register", f"{as_of:%Y%m%d}", span.arrival(as_of + timedelta(days=6)), rows)
    for as_of in span.year_ends():
        arrived = span.arrival(as_of + timedelta(days=9))
        yield Delivery("park_circularity", f"{as_of:%Y%m%d}", arrived, _park_rows(as_of))
    for year in span.years:
        yield Delivery("cleaner_production", f"{year}年", span.arrival(date(year + 1, 3, 9)), _audit_rows(year))
        rows = [
            {"year": year, "indicator": code, "value": dec(along(path, year), places), "document": "部门报送（演示）"}
            for code, (path, places) in REPORTED.items()
        ]
        yield Delivery("reported_indicators", f"{year}年", span.arrival(date(year + 1, 2, 14)), rows)
    yield from _assigned(world)
    yield from _ends(world)

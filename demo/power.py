"""Local generation and the register of projects behind it: power_generation, generation_projects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from demo.district import COMMUNITIES
from demo.span import month_end
from demo.world import Delivery, Row, World, along, dec

SUN = (0.62, 0.68, 0.85, 1.02, 1.1, 1.12, 1.42, 1.36, 1.12, 1.0, 0.88, 0.73)
WATER = (0.5, 0.6, 0.95, 1.3, 1.6, 1.6, 1.4, 1.1, 0.9, 0.8, 0.65, 0.6)
HOURS = {"solar": 81.0, "hydro": 250.0, "biomass": 445.0, "waste": 560.0, "gas": 430.0}  # full-load hours of a month
OWN_USE = {"solar": 0.62, "gas": 0.35, "waste": 0.17, "biomass": 0.1}
ROOFTOP_MW = {2019: 9, 2020: 16, 2021: 27, 2022: 43, 2023: 60, 2024: 75, 2025: 88}  # in operation at the year's end
STORAGE_SHARE = {2020: 0, 2021: 8, 2022: 25, 2023: 48, 2024: 63, 2025: 72}


@dataclass(frozen=True)
class Project:
    """One project of the register; the kWh of its plant follow from capacity, hours and season."""

    id: str
    name: str
    plant: str
    source: str
    mw: float
    grid: date
    mounting: str | None = None
    site: str | None = None
    storage_mw: float = 0.0
    retired: date | None = None

    def operates(self, day: date) -> bool:
        return self.grid <= day and (self.retired is None or self.retired > day)


FIXED = (
    Project("XN-001", "演示新塘小水电", "DZ-01", "hydro", 0.8, date(2004, 5, 1), site="新塘"),
    Project(
        "XN-002", "演示北港小水电", "DZ-02", "hydro", 0.4, date(1998, 9, 1), site="北港", retired=date(2021, 6, 30)
    ),
    Project("XN-003", "演示生物质热电联产", "DZ-03", "biomass", 12, date(2017, 11, 8), site="木里港"),
    Project("XN-004", "演示燃气分布式能源站", "DZ-04", "gas", 6, date(2018, 6, 20), site="康王"),
    Project("XN-005", "演示生活垃圾焚烧发电", "DZ-05", "waste", 18, date(2022, 7, 1), site="黄茆山"),
    Project("XN-006", "演示西塘农光互补一期", "DZ-06", "solar", 60, date(2023, 12, 1), "agrivoltaic", "西塘镇", 6),
    Project("XN-007", "演示西塘农光互补二期", "DZ-06", "solar", 40, date(2024, 9, 1), "agrivoltaic", "西塘镇", 6),
)


@cache
def projects(world: World) -> tuple[Project, ...]:
    """All projects that will ever be connected: the fixed ones and the roofs of every year."""
    roofs = [
        Project("XN-100", "演示早期屋顶光伏", "DZ-11", "solar", ROOFTOP_MW[2019], date(2019, 8, 1), "rooftop", "金凤")
    ]
    for year in range(2020, world.span.last.year + 2):
        rng = world.chance("roofs", year)
        added = along(ROOFTOP_MW, year) - along(ROOFTOP_MW, year - 1)
        weights = [rng.uniform(0.5, 1.5) for _ in range(6)]
        for n, weight in enumerate(weights):
            mw = round(added * weight / sum(weights), 2)
            day = date(year, 1, 10) + timedelta(days=55 * n + rng.randrange(40))
            stored = mw * 0.1 if (n + 0.5) / 6 < along(STORAGE_SHARE, year) / 100 else 0.0
            place = COMMUNITIES[(year * 6 + n) % len(COMMUNITIES)]
            plant = f"DZ-{11 + n % 3}"
            roofs.append(
                Project(
                    f"XN-{year}{n + 1:02d}",
                    f"演示{place}屋顶光伏{n + 1}号",
                    plant,
                    "solar",
                    mw,
                    day,
                    "rooftop",
                    place,
                    stored,
                )
            )
    return (*FIXED, *roofs)


PLANT_NAMES = {p.plant: p.name for p in FIXED} | {
    "DZ-06": "演示西塘农光互补电站",
    "DZ-11": "演示屋顶光伏（北片）",
    "DZ-12": "演示屋顶光伏（中片）",
    "DZ-13": "演示屋顶光伏（南片）",
}


def _season(source: str, month: date) -> float:
    return {"solar": SUN, "hydro": WATER}.get(source, (1.0,) * 12)[month.month - 1]


def generated(world: World, plant: str, month: date) -> tuple[str, float]:
    """The source and 万千瓦时 of a plant in the month; a project connected in the month counts from that day."""
    source, total = "", 0.0
    for project in projects(world):
        if project.plant == plant and project.grid <= month_end(month) and project.operates(month_end(month)):
            days = (month_end(month) - max(project.grid, month)).days + 1
            source, part = project.source, days / month_end(month).day
            total += project.mw * HOURS[source] * part * _season(source, month) / 10
    return source, world.near(total, 0.05, "generated", plant, month)


def month_rows(world: World, month: date) -> list[Row]:
    """A month's generation, a row per plant that stands on the grid (a plant that opens in July has none in June)."""
    rows: list[Row] = []
    for plant, name in PLANT_NAMES.items():
        source, amount = generated(world, plant, month)
        if not source:
            continue
        made = dec(amount, 4)
        own = OWN_USE.get(source, 0) if plant != "DZ-06" else 0
        used = dec(float(made) * own, 4) if own else None
        rows.append(
            {
                "month": month,
                "plant_id": plant,
                "plant_name": name,
                "source": source,
                "generated": made,
                "self_used": used,
            }
        )
    return rows


def _register(world: World, as_of: date) -> list[Row]:
    rows = []
    for p in projects(world):
        known = (p.grid - as_of).days
        if known > 300:
            continue
        retired = p.retired if p.retired and p.retired <= as_of else None
        status = "retired" if retired else "operating" if known <= 0 else "building" if known < 150 else "planned"
        rows.append(
            {
                "as_of": as_of,
                "project_id": p.id,
                "name": p.name,
                "source": p.source,
                "mounting": p.mounting,
                "site": p.site,
                "capacity_mw": dec(p.mw),
                "storage_mw": dec(p.storage_mw, 3) if p.storage_mw else None,
                "storage_mwh": dec(p.storage_mw * 2, 3) if p.storage_mw else None,
                "status": status,
                "grid_date": p.grid if known <= 0 else None,
                "retired_date": retired,
            }
        )
    return rows


def deliveries(world: World) -> Iterator[Delivery]:
    """power_generation every month, some files in kWh; generation_projects at year-ends and recent quarter-ends."""
    for number, batch in enumerate(world.span.month_batches(10)):
        rows = [row for month in batch.months for row in month_rows(world, month)]
        units = {"generated": ("千瓦时", "10000"), "self_used": ("千瓦时", "10000")} if number % 3 == 1 else {}
        yield Delivery("power_generation", batch.label, batch.arrived, rows, units)
    for as_of in world.span.year_ends(quarterly=True):
        arrived = world.span.arrival(as_of + timedelta(days=8))
        yield Delivery("generation_projects", f"{as_of:%Y%m%d}", arrived, _register(world, as_of))

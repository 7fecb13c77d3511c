"""New buildings and the energy of the old ones: building_projects, building_energy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from demo.district import COMMUNITIES
from demo.world import Delivery, Row, World, along, dec

PER_YEAR = 26
KINDS = (
    "residential",
    "residential",
    "public",
    "factory",
    "residential",
    "public",
    "factory",
    "residential",
    "public",
    "residential",
    "public",
    "factory",
    "residential",
)
# Shares in percent by the year in which the work is completed, then by the year in which it is started.
GREEN = {2018: 52, 2020: 68, 2021: 78, 2022: 88, 2023: 95, 2024: 100, 2025: 100}
STARS = {2018: 3, 2020: 8, 2021: 13, 2022: 18, 2023: 24, 2024: 28, 2025: 33}
PUBLIC_STARS = {2018: 15, 2020: 30, 2021: 45, 2022: 60, 2023: 74, 2024: 82, 2025: 88}
SAVING = {"residential": {2018: 63.6, 2020: 65, 2025: 69.0}, "public": {2018: 66, 2020: 69, 2025: 74.6}}
ROOF_PV = {"public": {2018: 4, 2020: 12, 2025: 53}, "factory": {2018: 3, 2020: 9, 2025: 38}}
PREFAB_HOUSING = {2018: 8, 2020: 18, 2025: 46.5}
DECORATED = {2018: 12, 2020: 26, 2025: 55}
PREFAB = {2018: 5, 2020: 13, 2025: 31}
GOVERNMENT_PREFAB = {2018: 10, 2020: 24, 2025: 44}
ENERGY_TCE = {"residential": (92_000, 114_000), "public": (71_000, 86_000)}
RENEWABLE = {2020: 3.9, 2021: 4.8, 2022: 5.7, 2023: 6.6, 2024: 7.5, 2025: 8.3}


@dataclass
class Building:
    """One project as it is being drawn up; `traits` are filled cohort by cohort."""

    number: str
    kind: str
    area: int
    started: date
    completed: date
    central: bool
    urban: bool
    government: bool
    large_public: bool
    housing: int | None
    traits: set[str] = field(default_factory=set)


def _draw(world: World, year: int, n: int) -> Building:
    rng = world.chance("building", year, n)
    kind = KINDS[n % len(KINDS)]
    area = rng.randrange(*{"residential": (18_000, 90_000), "public": (4000, 42_000), "factory": (9000, 60_000)}[kind])
    started = date(year, 1, 15) + timedelta(days=int(340 * n / PER_YEAR) + rng.randrange(10))
    return Building(
        number=f"JZ-{year}-{n + 1:03d}",
        kind=kind,
        area=area,
        started=started,
        completed=started + timedelta(days=rng.randrange(400, 690)),
        central=n % 5 != 3,
        urban=n % 9 != 8,
        government=(kind == "public" and n % 2 == 0) or (kind == "residential" and n % 12 == 7),
        large_public=kind == "public" and area > 20_000,
        housing=int(area * 0.86) if kind == "residential" else None,
    )


Weight = Callable[[Building], float]


def _area(building: Building) -> float:
    return building.area


def _spread(
    cohort: list[Building], share: float, weight: Weight, trait: str, among: list[Building] | None = None
) -> None:
    """Gives `trait` to buildings (of `among`) until the cohort carries `share` of its weight, as near as may be."""
    total, carried = sum(map(weight, cohort)), sum(weight(b) for b in cohort if trait in b.traits)
    for building in cohort if among is None else among:
        more = carried + weight(building)
        if trait not in building.traits and abs(more / total - share) < abs(carried / total - share):
            carried = more
            building.traits.add(trait)


def _dress_completed(cohort: list[Building], year: int) -> None:
    """Stars come first to what the public purse builds; whatever has a star has the standard."""
    urban = [b for b in cohort if b.urban]
    led = [b for b in cohort if b.kind == "public" and (b.government or b.large_public)]
    _spread(led, along(PUBLIC_STARS, year) / 100, lambda b: 1, "star")
    for building in led:
        if "star" in building.traits:
            building.traits.add("green")
    _spread(urban, along(GREEN, year) / 100, _area, "green")
    others = [b for b in urban if b not in led and "green" in b.traits]
    _spread(urban, along(STARS, year) / 100, _area, "star", others)


def _dress_started(cohort: list[Building], year: int) -> None:
    """Prefabrication is asked of central housing, then of government projects, then of all urban work."""
    housing, government = [b for b in cohort if b.housing], [b for b in cohort if b.government]
    central, urban = [b for b in housing if b.central], [b for b in cohort if b.urban]
    _spread(housing, along(DECORATED, year) / 100, _area, "decorated")
    _spread(central, along(PREFAB_HOUSING, year) / 100, _area, "prefab")
    plain = [b for b in government if b not in central]
    _spread(government, along(GOVERNMENT_PREFAB, year) / 100, _area, "prefab", plain)
    _spread(urban, along(PREFAB, year) / 100, _area, "prefab", [b for b in urban if b not in central + government])


@cache
def buildings(world: World) -> tuple[Building, ...]:
    """Every project started from 2018 on, with traits that bring each year's shares near their paths."""
    found = [_draw(world, year, n) for year in range(2018, world.span.last.year + 1) for n in range(PER_YEAR)]
    for year in range(2018, world.span.last.year + 3):
        completed = [b for b in found if b.completed.year == year]
        started = [b for b in found if b.started.year == year]
        if completed:
            _dress_completed(completed, year)
        if started:
            _dress_started(started, year)
    return tuple(found)


def _roof(world: World, building: Building, institution: bool) -> dict[str, object]:
    """Roof and panels; now and then a roof that nobody measured."""
    if building.kind == "residential" or world.chance("roof", building.number).random() < 0.05:
        return {"roof_m2": None, "roof_pv_m2": None}
    roof = building.area / (1.6 if building.kind == "factory" else 6)
    path = ROOF_PV["public" if institution else "factory"]
    share = min(0.95, along(path, building.completed.year) / 100 * world.near(1, 0.35, "panels", building.number))
    return {"roof_m2": dec(roof, 1), "roof_pv_m2": dec(roof * share, 1)}


def _row(world: World, as_of: date, b: Building) -> Row:
    star = 1 + (b.area % 3 == 0) + (b.area % 11 == 0) if "star" in b.traits else 0
    saving = SAVING.get(b.kind)
    rate = world.near(along(saving, b.completed.year), 0.02, "saving", b.number) if saving else None
    known = b.completed <= as_of
    place = COMMUNITIES[b.area % len(COMMUNITIES)]
    noun = {"residential": "住宅小区", "public": "公共建筑", "factory": "标准厂房"}[b.kind]
    institution = b.kind == "public" and b.government
    return {
        "as_of": as_of,
        "project_id": b.number,
        "name": f"演示{place}{noun}{b.number[-3:]}",
        "kind": b.kind,
        "central_urban": b.central,
        "urban": b.urban,
        "government_funded": b.government,
        "large_public": b.large_public,
        "public_institution": institution,
        "area_m2": dec(b.area, 1),
        "housing_m2": dec(b.housing, 1) if b.housing else None,
        "started_on": b.started,
        "completed_on": b.completed if known else None,
        "green_standard": "green" in b.traits,
        "stars": star,
        "prefab_m2": dec(b.area * 0.97, 1) if "prefab" in b.traits else None,
        "decorated_m2": dec(b.housing, 1) if b.housing and "decorated" in b.traits else None,
        "saving_rate": dec(rate, 1) if rate and b.area % 29 else None,
    } | _roof(world, b, institution)


def _energy(year: int) -> list[Row]:
    rows = []
    for kind, ends in ENERGY_TCE.items():
        total = along({2020: ends[0], 2025: ends[1]}, year)
        rate = along(RENEWABLE, year) / 100 * (1.15 if kind == "residential" else 0.8)
        rows.append({"year": year, "kind": kind, "energy_tce": dec(total, 1), "renewable_tce": dec(total * rate, 1)})
    return rows


def deliveries(world: World) -> Iterator[Delivery]:
    """building_projects at year-ends and recent quarter-ends; building_energy in May of the next year."""
    for as_of in world.span.year_ends(quarterly=True):
        rows = [_row(world, as_of, b) for b in buildings(world) if b.started <= as_of]
        yield Delivery("building_projects", f"{as_of:%Y%m%d}", world.span.arrival(as_of + timedelta(days=14)), rows)
    for year in world.span.years:
        yield Delivery("building_energy", f"{year}年", world.span.arrival(date(year + 1, 5, 12)), _energy(year))

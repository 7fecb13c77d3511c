"""What is thrown away and where it goes: waste_weighings, waste_sorting, industrial_waste."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from demo.district import CEMENT, COMMUNITIES, ENTERPRISES, HEAT_PLANT
from demo.world import Delivery, Row, World, along, dec, fraction_of_year, share_along

TRUCKS = {2020: 25, 2025: 34}  # a day, all facilities together
# Percent of the trucks by facility, at mid-year; the landfill takes the rest.
RECYCLED = {2019: 14, 2020: 16, 2021: 17.5, 2022: 19, 2023: 20.5, 2024: 21.5, 2025: 22.5}
KITCHEN = {2019: 6, 2020: 7, 2021: 8.5, 2022: 10, 2023: 12, 2024: 13.5, 2025: 15}
BURNT = {2019: 0, 2022: 22, 2023: 24, 2024: 25.5, 2025: 27.5}
SORTED = {2020: 9, 2021: 20, 2022: 28, 2023: 34, 2024: 39, 2025: 43}
BAGGED = {2020: 28, 2021: 36, 2022: 44, 2023: 51, 2024: 58, 2025: 63}
COVERED = {2020: 8, 2021: 10, 2022: 13, 2023: 15, 2024: 16, 2025: 18}  # communities that sort at the end of the year
UTILISED = {2020: 74, 2021: 76, 2022: 79, 2023: 81.5, 2024: 83, 2025: 85.5}
ASH = {"粉煤灰": 0.19, "炉渣": 0.08, "脱硫石膏": 0.03}  # tonnes for a tonne of coal


@dataclass(frozen=True)
class Facility:
    """A facility with a weighbridge; `turns` lists (stream, route, weight) of what its trucks bring."""

    name: str
    turns: tuple[tuple[str, str, float], ...]
    opened: date = date.min
    closed_days: tuple[date, ...] = ()


LANDFILL = Facility(
    "演示黄茆山填埋场",
    (("residual", "landfill", 0.965), ("kitchen", "landfill", 0.035)),
    closed_days=(date(2021, 2, 12), date(2024, 6, 18), date(2025, 6, 18)),
)
SORTING = Facility(
    "演示再生资源分拣中心",
    (("recyclable", "recycling", 0.97), ("hazardous", "hazardous_treatment", 0.03)),
    closed_days=(date(2020, 1, 25), date(2022, 2, 1), date(2025, 1, 29)),
)
KITCHEN_PLANT = Facility("演示厨余处理站", (("kitchen", "digestion", 0.62), ("kitchen", "composting", 0.38)))
INCINERATOR = Facility(
    "演示生活垃圾焚烧发电厂",
    (("residual", "incineration_power", 0.94), ("residual", "incineration", 0.06)),
    opened=date(2022, 7, 1),
)
FACILITIES = (LANDFILL, SORTING, KITCHEN_PLANT, INCINERATOR)


def _loads(facility: Facility, day: date) -> float:
    """The mean number of trucks at a facility on a day."""
    at = fraction_of_year(day) - 0.5
    parts = {SORTING: along(RECYCLED, at), KITCHEN_PLANT: along(KITCHEN, at)}
    parts[INCINERATOR] = along(BURNT, at) if day >= INCINERATOR.opened else 0.0
    parts[LANDFILL] = 100 - sum(parts.values())
    return along(TRUCKS, at) * parts[facility] / 100


def _ticket(world: World, facility: Facility, day: date, number: int) -> Row:
    rng = world.chance("ticket", facility.name, day, number)
    ((stream, route, _),) = rng.choices(facility.turns, [turn[2] for turn in facility.turns])
    tare = rng.randrange(820, 1260) * 10
    net = rng.randrange(780, 1180) * 10
    moment = datetime.combine(day, time(5)) + timedelta(seconds=number * 1500 + rng.randrange(1200))
    code = FACILITIES.index(facility) + 1
    return {
        "day": day,
        "facility": facility.name,
        "ticket_id": f"GB{code}-{day:%y%m%d}-{number + 1:02d}",
        "weighed_at": moment,
        "plate": f"湘F·演{rng.randrange(1000, 1060)}",
        "stream": stream,
        "route": route,
        "gross_kg": dec(tare + net, 0),
        "tare_kg": dec(tare, 0),
        "net_kg": dec(net, 0) if rng.random() < 0.9 else None,
    }


def day_rows(world: World, day: date) -> list[Row]:
    """All tickets of a day; a facility that is closed for the day sends an empty scope."""
    rows: list[Row] = []
    for facility in FACILITIES:
        if day < facility.opened:
            continue
        mean = _loads(facility, day)
        count = (
            0
            if day in facility.closed_days
            else max(1, round(mean + world.chance("trucks", facility.name, day).gauss(0, 0.9)))
        )
        rows += [_ticket(world, facility, day, n) for n in range(count)]
        if not count:
            rows.append({"day": day, "facility": facility.name})
    return rows


def sorting_rows(world: World, month: date) -> list[Row]:
    """waste_sorting of a month: the communities begin to sort one after the other."""
    at = fraction_of_year(month) - 0.45
    active = min(len(COMMUNITIES), round(along(COVERED, fraction_of_year(month) - 0.9)))
    rows, begun = [], share_along(SORTED, at) * len(COMMUNITIES) / active
    for n, place in enumerate(COMMUNITIES):
        households = 2600 + n * 731 % 4100 + 12 * (month.year - 2020)
        part = min(0.97, world.near(begun, 0.06, "sorted", n, month)) if n < active else 0.0
        bagged = min(0.98, world.near(share_along(BAGGED, at), 0.06, "bagged", n, month))
        rows.append(
            {
                "month": month,
                "community_id": f"SQ-{n + 1:03d}",
                "name": f"演示{place}社区",
                "households": households,
                "sorted_households": int(households * part),
                "bagged_households": int(households * bagged),
            }
        )
    return rows


def industrial_rows(world: World, year: int) -> list[Row]:
    """industrial_waste of a year; every row closes its mass balance to the kilogram."""
    rows: list[Row] = []
    for works in ENTERPRISES:
        if not (works.opened.year <= year <= works.closed.year):
            continue
        coal = {HEAT_PLANT: 118_000, CEMENT: 96_000}.get(works.number, works.uses.get("raw_coal", (0, 0))[0])
        kinds = {k: coal * rate for k, rate in ASH.items()} if coal else {"金属边角料": 900 + 137.0 * works.number}
        for kind, usual in kinds.items():
            made = dec(world.near(usual, 0.06, "waste", works.number, kind, year), 3)
            used = dec(
                float(made)
                * min(1.0, along(UTILISED, year) / 100 * world.near(1, 0.04, "used", works.number, kind, year)),
                3,
            )
            old = dec(float(made) * 0.02, 3) if works.number == CEMENT else None
            stored = dec(float(made - used) * 0.3, 3)
            rows.append(
                {
                    "year": year,
                    "enterprise_id": works.id,
                    "kind": kind,
                    "generated_t": made,
                    "utilised_t": used + (old or 0),
                    "utilised_from_stock_t": old,
                    "disposed_t": made - used - stored,
                    "stored_t": stored,
                }
            )
    return rows


def deliveries(world: World) -> Iterator[Delivery]:
    """waste_weighings by day, waste_sorting by month, industrial_waste in March of the next year."""
    for batch in world.span.day_batches(6):
        rows = [row for day in batch.days for row in day_rows(world, day)]
        yield Delivery("waste_weighings", batch.label, batch.arrived, rows)
    for batch in world.span.month_batches(7):
        rows = [row for month in batch.months for row in sorting_rows(world, month)]
        yield Delivery("waste_sorting", batch.label, batch.arrived, rows)
    for number, year in enumerate(world.span.years):
        units = {"generated_t": ("万吨", "0.0001"), "stored_t": ("千克", "1000")} if number % 3 == 2 else {}
        arrived = world.span.arrival(date(year + 1, 3, 18))
        yield Delivery("industrial_waste", f"{year}年", arrived, industrial_rows(world, year), units)

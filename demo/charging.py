"""Charging piles and what is charged at them: charging_piles, charging_sessions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from demo.district import COMMUNITIES, OPERATORS
from demo.world import Delivery, Row, World, along, dec, fraction_of_year

# In service at the end of the year, by access.
PILES: dict[str, dict[int, float]] = {
    "public": {2019: 62, 2020: 96, 2021: 132, 2022: 176, 2023: 224, 2024: 268, 2025: 309},
    "dedicated": {2019: 46, 2020: 70, 2021: 98, 2022: 132, 2023: 166, 2024: 196, 2025: 221},
    "private": {2019: 84, 2020: 140, 2021: 228, 2022: 345, 2023: 470, 2024: 596, 2025: 712},
}
POWER = {"public": (60, 120, 30), "dedicated": (60, 80, 30), "private": (7, 7, 11)}
SESSIONS = {2019: 2, 2020: 4, 2021: 7, 2022: 10, 2023: 13, 2024: 16, 2025: 19}  # a day and operator, at the year's end
SECOND_OPERATOR = date(2021, 5, 1)
DAY, NIGHT = 86_400, 1800  # seconds; nobody plugs in during the first half hour


@dataclass(frozen=True)
class Pile:
    """One pile; `removed` is a date when it was taken down."""

    id: str
    station: str
    operator: str
    access: str
    kw: int
    commissioned: date
    removed: date | None


@cache
def piles(world: World) -> tuple[Pile, ...]:
    """All piles of the span, in the order in which they were put into service, year by year and access by access."""
    found: list[Pile] = []
    for access, path in PILES.items():
        for year in range(2018, world.span.last.year + 1):
            rng = world.chance("piles", access, year)
            removed_then = 0 if year < 2020 else len([p for p in found if p.removed and p.removed.year == year])
            before = 0 if year == 2018 else along(path, year - 1)
            number = (
                round(along(path, year)) - round(before) + removed_then if year > 2018 else round(along(path, 2018))
            )
            for n in range(number):
                found.append(_pile(rng.randrange(10**9), access, year, n, number))
    return tuple(sorted(found, key=lambda p: (p.commissioned, p.id)))


def _pile(draw: int, access: str, year: int, number: int, of: int) -> Pile:
    day = date(year, 1, 5) + timedelta(days=int(355 * number / of))
    gone = date(year + 3, 6, 15) if draw % 41 == 0 else None
    place = COMMUNITIES[draw % len(COMMUNITIES)]
    operator = OPERATORS[draw % 2 if day >= SECOND_OPERATOR else 0] if access != "private" else "个人"
    station = f"演示{place}充电站" if access != "private" else f"演示{place}小区"
    return Pile(
        f"CDZ-{access[:2].upper()}{year % 100}{number + 1:04d}",
        station,
        operator,
        access,
        POWER[access][draw % 3],
        day,
        gone,
    )


def _register(world: World, as_of: date) -> list[Row]:
    rows = []
    for n, p in enumerate(piles(world)):
        if p.commissioned > as_of:
            continue
        removed = p.removed if p.removed and p.removed <= as_of else None
        status = "removed" if removed else "fault" if (n + as_of.year) % 53 == 0 else "in_service"
        rows.append(
            {
                "as_of": as_of,
                "pile_id": p.id,
                "station_name": p.station,
                "operator": p.operator,
                "access": p.access,
                "power_kw": dec(p.kw, 0),
                "status": status,
                "commissioned": p.commissioned,
                "removed_on": removed,
            }
        )
    return rows


@cache
def _open_piles(world: World, operator: str, month: date) -> tuple[Pile, ...]:
    return tuple(
        p
        for p in piles(world)
        if p.operator == operator and p.access == "public" and p.commissioned < month and not p.removed
    )


def _day_sessions(world: World, operator: str, day: date) -> list[Row]:
    """The day's sessions of one operator, each at another pile; a day without any is sent as an empty scope."""
    rng = world.chance("sessions", operator, day)
    mean = along(SESSIONS, fraction_of_year(day) - 1) * (0.6 if operator == OPERATORS[1] else 1.0)
    places = _open_piles(world, operator, day.replace(day=1))
    count = min(len(places), max(0, round(rng.gauss(mean, mean**0.5))))
    rows: list[Row] = []
    for n, pile in enumerate(rng.sample(places, count)):
        second = int(rng.triangular(NIGHT, DAY - 1, 70_000))
        lasting = min(rng.randrange(25 * 60, 140 * 60), DAY + NIGHT - second)  # over midnight, but not into the morning
        start = datetime.combine(day, time()) + timedelta(seconds=second)
        kwh = min(pile.kw * lasting / 3600 * 0.55, rng.uniform(12, 58))
        rows.append(
            {
                "day": day,
                "operator": operator,
                "session_id": f"{day:%Y%m%d}{OPERATORS.index(operator) + 1}{n + 1:04d}",
                "pile_id": pile.id,
                "started_at": start,
                "ended_at": start + timedelta(seconds=lasting),
                "kwh": dec(kwh, 3),
            }
        )
    return rows or [{"day": day, "operator": operator}]


def deliveries(world: World) -> Iterator[Delivery]:
    """charging_sessions of both operators; charging_piles at year-ends and recent quarter-ends."""
    for batch in world.span.day_batches(12):
        rows: list[Row] = []
        for day in batch.days:
            for operator in OPERATORS:
                if operator == OPERATORS[0] or day >= SECOND_OPERATOR:
                    rows += _day_sessions(world, operator, day)
        yield Delivery("charging_sessions", batch.label, batch.arrived, rows)
    for as_of in world.span.year_ends(quarterly=True):
        arrived = world.span.arrival(as_of + timedelta(days=7))
        yield Delivery("charging_piles", f"{as_of:%Y%m%d}", arrived, _register(world, as_of))

"""Vehicles, trips, freight, roads and bus stops."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from demo.district import COMMUNITIES
from demo.span import month_end
from demo.world import Delivery, Row, World, along, dec, fraction_of_year

# Vehicles at the end of 2020 and 2025: (type, energy, usage).
FLEET: dict[tuple[str, str, str], tuple[float, float]] = {
    ("passenger", "bev", "private"): (196, 1290),
    ("passenger", "phev", "private"): (64, 520),
    ("passenger", "hev", "private"): (110, 410),
    ("passenger", "gasoline", "private"): (61_200, 78_400),
    ("passenger", "bev", "official"): (22, 138),
    ("passenger", "phev", "official"): (9, 34),
    ("passenger", "gasoline", "official"): (488, 322),
    ("passenger", "diesel", "commercial"): (310, 240),
    ("passenger", "bev", "commercial"): (18, 120),
    ("bus", "bev", "commercial"): (86, 188),
    ("bus", "gas", "commercial"): (64, 30),
    ("bus", "diesel", "commercial"): (38, 4),
    ("taxi", "bev", "commercial"): (20, 142),
    ("taxi", "gas", "commercial"): (260, 166),
    ("freight", "diesel", "commercial"): (3900, 4120),
    ("freight", "gasoline", "private"): (1240, 1180),
    ("freight", "gas", "commercial"): (150, 260),
    ("freight", "bev", "commercial"): (12, 76),
    ("freight", "fcev", "commercial"): (0, 6),
    ("special", "diesel", "official"): (72, 60),
    ("special", "bev", "official"): (2, 14),
    ("special", "diesel", "commercial"): (205, 216),
}
# 万人次/日 in 2020 and 2025: area, mode.
TRIPS: dict[str, dict[str, tuple[float, float]]] = {
    "central": {
        "bus": (11.2, 17.1),
        "taxi": (4.4, 4.9),
        "car": (15.6, 20.6),
        "motorcycle": (5.8, 4.3),
        "ebike": (14.0, 17.5),
        "bicycle": (4.2, 3.9),
        "walk": (26.0, 25.0),
    },
    "other": {
        "bus": (3.0, 3.9),
        "taxi": (0.8, 1.0),
        "car": (7.9, 10.4),
        "motorcycle": (6.2, 5.1),
        "ebike": (8.8, 10.6),
        "bicycle": (2.4, 2.0),
        "walk": (12.5, 11.8),
    },
}
# Carriage and product: unit; fuel for 10 000 units of turnover in 2020; turnover of a quarter in 2020 and in 2025.
WORK: dict[tuple[str, str], tuple[str, float, tuple[float, float]]] = {
    ("freight", "diesel"): ("吨", 0.176, (58_000, 66_000)),
    ("freight", "lng"): ("吨", 0.151, (9_000, 13_500)),
    ("freight", "electricity"): ("千瓦时", 640.0, (60, 1900)),
    ("passenger", "diesel"): ("吨", 0.093, (7_200, 6_500)),
    ("passenger", "natural_gas"): ("立方米", 112.0, (2_600, 2_300)),
    ("passenger", "electricity"): ("千瓦时", 310.0, (1_500, 3_900)),
}
BUS_SERVED = {2020: 84, 2021: 86, 2022: 89, 2023: 92, 2024: 94, 2025: 96}
ROAD_RECYCLED = {2020: 66, 2021: 71, 2022: 78, 2023: 83, 2024: 87, 2025: 91}
TURNOVER_SEASON = (0.9, 1.02, 1.04, 1.04)


def _stock(ends: tuple[float, float], key: tuple[str, str, str], month: date) -> int:
    """Vehicles at the month's end; electric cars grow by a constant rate, the others by a constant number."""
    at = fraction_of_year(month_end(month)) - 2021
    low, high = ends
    if key[1] in ("bev", "phev") and low > 0:
        return round(low * (high / low) ** (at / 5))
    return max(0, round(low + (high - low) * at / 5))


def stock_rows(month: date) -> list[Row]:
    """vehicle_stock at the end of a month."""
    return [
        {"month": month, "vehicle_type": kind, "energy_type": energy, "usage": usage, "stock": _stock(ends, key, month)}
        for key, ends in FLEET.items()
        for kind, energy, usage in [key]
    ]


def _travel(year: int) -> list[Row]:
    return [
        {"year": year, "area": area, "mode": mode, "trips": dec(along({2020: ends[0], 2025: ends[1]}, year), 2)}
        for area, modes in TRIPS.items()
        for mode, ends in modes.items()
    ]


def work_rows(world: World, year: int, quarter: int) -> list[Row]:
    """operating_transport of a quarter: fuel burnt per turnover falls by about half a percent a year."""
    rows = []
    for (carriage, product), (unit, rate, ends) in WORK.items():
        turnover = along({2020: ends[0], 2025: ends[1]}, year) * TURNOVER_SEASON[quarter - 1]
        if (year, quarter) == (2020, 1):
            turnover *= 0.7
        turnover = world.near(turnover, 0.02, "turnover", carriage, product, year, quarter)
        fuel = world.near(turnover * rate * 0.993 ** (year - 2020), 0.01, "fuel", carriage, product, year, quarter)
        rows.append(
            {
                "quarter": date(year, quarter * 3 - 2, 1),
                "carriage": carriage,
                "product": product,
                "unit": unit,
                "fuel_used": dec(fuel),
                "turnover": dec(turnover),
            }
        )
    return rows


def _roads(world: World, year: int) -> list[Row]:
    rows = []
    for n in range(1, 7):
        made = world.chance("road", year, n).uniform(2500, 14_000)
        used = made * min(1.0, along(ROAD_RECYCLED, year) / 100 * world.near(1, 0.03, "recycled", year, n))
        rows.append(
            {
                "year": year,
                "project_id": f"LM-{year}-{n:02d}",
                "project_name": f"演示{COMMUNITIES[n * 2]}路大修{n}标",
                "generated_t": dec(made, 1),
                "recycled_t": dec(used, 1),
            }
        )
    return rows


def _bus(as_of: date) -> list[Row]:
    """50 communities; those of size small come last, so that the target's share is that of the first 40."""
    served = round(40 * along(BUS_SERVED, as_of.year) / 100)
    rows = []
    for n in range(50):
        name = f"演示{COMMUNITIES[n % 20]}社区" + ("", "二区", "三区")[n // 20]
        size = "small" if n >= 40 else "large" if n % 3 == 0 else "medium"
        covered = (n * 7) % 40 < served if n < 40 else n % 2 == 0
        rows.append(
            {
                "as_of": as_of,
                "community_id": f"SQ-{n + 1:03d}",
                "name": name,
                "size": size,
                "covered": covered,
                "kind": "business" if n % 5 == 4 else "residential",
            }
        )
    return rows


def deliveries(world: World) -> Iterator[Delivery]:
    """vehicle_stock, operating_transport, travel_survey, road_materials and bus_coverage."""
    span = world.span
    for batch in span.month_batches(8):
        rows = [row for month in batch.months for row in stock_rows(month)]
        yield Delivery("vehicle_stock", batch.label, batch.arrived, rows)
    yield from _work(world)
    for year in span.years:
        arrived = span.arrival(date(year + 1, 2, 20))
        yield Delivery("travel_survey", f"{year}年", arrived, _travel(year))
        yield Delivery("road_materials", f"{year}年", span.arrival(date(year + 1, 2, 25)), _roads(world, year))
    for as_of in span.year_ends():
        yield Delivery("bus_coverage", f"{as_of:%Y%m%d}", span.arrival(as_of + timedelta(days=12)), _bus(as_of))


def _work(world: World) -> Iterator[Delivery]:
    recent = [q for q in world.span.quarters if date(q[0], q[1] * 3, 1) >= world.span.recent]
    early = [q for q in world.span.quarters if q not in recent]
    groups = [[q for q in early if q[0] == year] for year in sorted({q[0] for q in early})] + [[q] for q in recent]
    for group in groups:
        year, quarter = group[-1]
        label = f"{year}年" if len(group) > 1 else f"{year}年第{quarter}季度"
        arrived = world.span.after(month_end(date(year, quarter * 3, 1)), 25)
        rows = [row for y, q in group for row in work_rows(world, y, q)]
        yield Delivery("operating_transport", label, arrived, rows)

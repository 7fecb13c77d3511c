"""What the grid, gas and oil companies sell, by sector: energy_supply."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from demo.industry import EPIDEMIC
from demo.span import Batch
from demo.world import Delivery, Row, World, dec

# Sector: consumption in 2020 in the product's unit, and yearly growth in percent.
SALES: dict[str, dict[str, tuple[float, float]]] = {
    "electricity": {
        "primary": (2500, 2),
        "industry": (122_000, 4.7),
        "construction": (4500, 1),
        "transport": (3000, 17),
        "commerce": (32_000, 6.6),
        "public": (12_000, 3),
        "residential": (48_000, 6.0),
    },
    "natural_gas": {
        "industry": (6900, 4.5),
        "transport": (700, 2),
        "commerce": (1500, 4),
        "public": (300, 2),
        "residential": (2900, 5),
    },
    "lng": {"industry": (2400, 3), "transport": (9800, 7)},
    "gasoline": {
        "primary": (700, 0),
        "industry": (1500, -2),
        "construction": (900, -1),
        "transport": (14_000, 1),
        "commerce": (7000, 2),
        "public": (1900, -4),
        "residential": (40_000, 2.6),
    },
    "diesel": {
        "primary": (4600, 1),
        "industry": (5200, -3),
        "construction": (9800, -1),
        "transport": (73_000, 1),
        "commerce": (3200, 0),
        "public": (500, -4),
    },
    "kerosene": {"transport": (18_000, 4)},
    "lpg": {"industry": (4600, 1), "commerce": (5200, -2), "residential": (6400, -4)},
}
UNITS = {"electricity": "万千瓦时", "natural_gas": "万立方米"}
# Companies: products, and the unit and factor in which each writes (all convert to the product's own).
COMPANIES: tuple[tuple[str, dict[str, tuple[str, Decimal]]], ...] = (
    ("供电公司", {"electricity": ("万千瓦时", Decimal(1))}),
    ("燃气公司", {"natural_gas": ("立方米", Decimal(10000)), "lng": ("吨", Decimal(1))}),
    (
        "油品企业",
        {
            "gasoline": ("吨", Decimal(1)),
            "diesel": ("万吨", Decimal("0.0001")),
            "kerosene": ("公斤", Decimal(1000)),
            "lpg": ("吨", Decimal(1)),
        },
    ),
)
SUMMER = (0.99, 0.86, 0.9, 0.87, 0.92, 1.02, 1.26, 1.29, 1.07, 0.91, 0.91, 1.0)
WINTER = (1.3, 1.2, 1.05, 0.9, 0.85, 0.8, 0.8, 0.82, 0.86, 0.95, 1.15, 1.32)
EVEN = (0.97, 0.86, 1.0, 1.0, 1.01, 1.0, 1.02, 1.03, 1.02, 1.03, 1.02, 1.04)
REVISED = date(2024, 3, 1)  # the grid company corrected this month after it was closed
REVISION = 1.018


def _season(product: str, sector: str, month: date) -> float:
    if product == "electricity" and sector in ("residential", "commerce", "public"):
        return SUMMER[month.month - 1]
    if product == "natural_gas" and sector in ("residential", "commerce"):
        return WINTER[month.month - 1]
    return EVEN[month.month - 1]


def sold(world: World, product: str, sector: str, month: date) -> float:
    """The sales of a month in the product's own unit."""
    base, growth = SALES[product][sector]
    level = base / 12 * (1 + growth / 100) ** (month.year - 2020) * _season(product, sector, month)
    dip = EPIDEMIC.get(month, 1.0) if sector != "residential" else 1.0
    return world.near(level * (0.4 + 0.6 * dip), 0.02, "supply", product, sector, month)


def _row(
    world: World, product: str, sector: str, month: date, written: tuple[str, Decimal], factor: float = 1.0
) -> Row:
    unit, per_own = written
    quantity = dec(sold(world, product, sector, month) * factor) * per_own
    return {"month": month, "product": product, "sector": sector, "quantity": quantity.normalize() + 0, "unit": unit}


def month_rows(world: World, company: int, month: date, factor: float = 1.0) -> list[Row]:
    """One company's month: a row per product and sector, in the company's units."""
    products = COMPANIES[company][1]
    return [
        _row(world, product, sector, month, products[product], factor)
        for product in products
        for sector in SALES[product]
    ]


def deliveries(world: World) -> Iterator[Delivery]:
    """energy_supply: a file per company; a closed month is corrected, and one file comes twice under two names."""
    for company, (name, _) in enumerate(COMPANIES):
        for batch in world.span.month_batches(12 + company):
            yield _delivery(world, company, name, batch)
    if world.span.first <= REVISED <= world.span.last:
        rows = month_rows(world, 0, REVISED, REVISION)
        yield Delivery("energy_supply", f"供电公司_{REVISED:%Y%m}更正", world.span.arrival(date(2025, 2, 20)), rows)


def _delivery(world: World, company: int, name: str, batch: Batch) -> Delivery:
    rows = [row for month in batch.months for row in month_rows(world, company, month)]
    return Delivery("energy_supply", f"{name}_{batch.label}", batch.arrived, rows)

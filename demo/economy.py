"""Land, accounts and accounting parameters: forest_inventory, national_accounts, region_parameters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from demo.district import LAND_HA
from demo.span import month_end
from demo.world import Delivery, Row, World, along, dec

COMPARTMENTS = 120
FOREST_SHARE = {2020: 29.92, 2021: 30.0, 2022: 30.08, 2023: 30.17, 2024: 30.27, 2025: 30.36}
FOREST_STOCK = {2020: 496_000, 2021: 519_000, 2022: 542_500, 2023: 568_000, 2024: 594_000, 2025: 619_500}
CLASSES = ("forest",) * 7 + ("bamboo",) * 2 + ("special_shrub",) + ("other_wooded", "non_forest")
NONFOSSIL_IMPORTED = {2020: 0.246, 2021: 0.251, 2022: 0.262, 2023: 0.266, 2024: 0.273, 2025: 0.278}
GROWTH = {2021: 8.8, 2022: 5.6, 2023: 5.9, 2024: 6.0, 2025: 5.6}  # percent a year, constant prices; later years as 2025
PRICES = {2021: 3.4, 2022: 1.9, 2023: -0.4, 2024: 0.2, 2025: 0.6}
GDP_2020 = 4_260_000.0  # 万元
QUARTER_PART = (0.218, 0.462, 0.715, 1.0)
INDUSTRY = {2020: 46.6, 2025: 44.8}  # percent of GDP
MANUFACTURING = {2020: 84.6, 2021: 85.1, 2022: 85.6, 2023: 86.1, 2024: 86.5, 2025: 86.9}  # percent of industry
ABOVE_SCALE = {2020: 88.5, 2025: 90.4}  # percent of industry
OLD_BASE = 0.937  # constant prices of 2015 against those of 2020
CENSUS = {2021: 1.004, 2022: 1.007, 2023: 1.011}  # what the fifth economic census added
CENSUS_ARRIVES = date(2024, 12, 27)


def _forest(world: World, year: int) -> list[Row]:
    """The compartments of the one-map; forest classes are scaled to the year's coverage, the rest stays."""
    rng = world.chance("forest")
    drawn = [(rng.uniform(35, 130), CLASSES[n % len(CLASSES)]) for n in range(COMPARTMENTS)]
    wooded = sum(area for area, kind in drawn if kind not in ("other_wooded", "non_forest"))
    scale = LAND_HA * along(FOREST_SHARE, year) / 100 / wooded
    trees = sum(area for area, kind in drawn if kind in ("forest", "bamboo"))
    rows: list[Row] = []
    for n, (area, kind) in enumerate(drawn):
        hectares = area * scale if kind not in ("other_wooded", "non_forest") else area
        stock = along(FOREST_STOCK, year) * area / trees if kind in ("forest", "bamboo") else None
        rows.append(
            {
                "year": year,
                "compartment_id": f"XB{n // 20 + 1:02d}-{n % 20 + 1:03d}",
                "land_ha": dec(hectares),
                "land_class": kind,
                "stock_m3": dec(stock, 1) if stock is not None else None,
            }
        )
    return rows


def gdp_constant(year: int) -> float:
    """万元 at prices of 2020."""
    level = GDP_2020
    for y in range(2021, year + 1):
        level *= 1 + GROWTH.get(y, GROWTH[2025]) / 100
    return level


def _deflator(year: int) -> float:
    level = 1.0
    for y in range(2021, year + 1):
        level *= 1 + PRICES.get(y, PRICES[2025]) / 100
    return level


def account_rows(year: int, quarter: int, base: int | None = None, factor: float = 1.0) -> list[Row]:
    """The four items of a quarter, cumulative from January; `base` 2015 gives the older constant prices."""
    industry, above = along(INDUSTRY, year) / 100, along(ABOVE_SCALE, year) / 100
    shares = {
        "gdp": 1.0,
        "industry": industry,
        "manufacturing": industry * along(MANUFACTURING, year) / 100,
        "industry_above_scale": industry * above,
    }
    constant = gdp_constant(year) * QUARTER_PART[quarter - 1] * (0.93 if (year, quarter) == (2020, 1) else 1.0) * factor
    rows = []
    for item, share in shares.items():
        value = constant * share * (OLD_BASE if base == 2015 else 1.0)
        given = item in ("gdp", "industry_above_scale")
        rows.append(
            {
                "year": year,
                "quarter": quarter,
                "item": item,
                "price_base": base,
                "value_current": dec(constant * share * _deflator(year), 0),
                "value_constant": dec(value, 0) if given else None,
            }
        )
    return rows


def later_level(world: World, year: int) -> float:
    """Years after the census are published at the level that it found, once it is out."""
    return CENSUS[max(CENSUS)] if year > max(CENSUS) and world.span.as_of > CENSUS_ARRIVES else 1.0


def _accounts(world: World) -> Iterator[Delivery]:
    span, feed = world.span, "national_accounts"
    early = [q for q in span.quarters if date(q[0], q[1] * 3, 1) < span.recent]
    for year in sorted({y for y, _ in early}):
        quarters, level = [q for y, q in early if y == year], later_level(world, year)
        arrived = span.after(date(year, quarters[-1] * 3, 28), 24)
        if year == 2020:
            old = [row for q in quarters for row in account_rows(year, q, 2015)]
            yield Delivery(feed, f"{year}年_2015年价", arrived, old)
        yield Delivery(
            feed, f"{year}年", arrived, [row for q in quarters for row in account_rows(year, q, 2020, level)]
        )
    for year, quarter in span.quarters:
        if (year, quarter) not in early:
            arrived = span.after(month_end(date(year, quarter * 3, 1)), 24)
            yield Delivery(
                feed, f"{year}年1-{quarter}季度", arrived, account_rows(year, quarter, None, later_level(world, year))
            )
    revised = {y: f for y, f in CENSUS.items() if y in span.years}
    if revised and span.as_of > CENSUS_ARRIVES:
        rows = [row for y, f in revised.items() for q in (1, 2, 3, 4) for row in account_rows(y, q, 2020, f)]
        yield Delivery(feed, "五经普修订", span.arrival(CENSUS_ARRIVES), rows)


def _parameters(year: int) -> list[Row]:
    source = "演示参数，非实测"
    share = along(NONFOSSIL_IMPORTED, year)
    value = f"{share * 100:.2f}%" if year % 2 else dec(share, 4)  # written either way
    return [
        {"year": year, "parameter": "grid_nonfossil_share", "value": value, "source": source},
        {"year": year, "parameter": "land_area", "value": dec(LAND_HA, 0), "source": source},
    ]


def deliveries(world: World) -> Iterator[Delivery]:
    """national_accounts by quarter with a price-base change and a census revision; the two yearly feeds."""
    yield from _accounts(world)
    for year in world.span.years:
        arrived = world.span.arrival(date(year + 1, 4, 2))
        yield Delivery("forest_inventory", f"{year}年", arrived, _forest(world, year))
        yield Delivery("region_parameters", f"{year}年", world.span.arrival(date(year + 1, 1, 22)), _parameters(year))

"""What the enterprises above scale buy, burn and keep: energy_enterprise, and the electricity the meters must match."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from demo.district import (
    BIOMASS_PLANT,
    CEMENT,
    DRINKS,
    ENTERPRISES,
    GAS_PLANT,
    HEAT_PLANT,
    PUMPS,
    Enterprise,
)
from demo.span import Batch, add_months
from demo.world import Delivery, Row, World, dec

UNITS = {"electricity": "万千瓦时", "natural_gas": "万立方米", "heat": "吉焦"}
STOCKED = ("raw_coal", "washed_coal", "coke", "fuel_oil", "diesel", "biomass")
SEASON = (0.98, 0.78, 1.02, 1.0, 1.0, 1.02, 1.05, 1.05, 1.01, 1.0, 1.03, 1.06)
HEAT_SEASON = (1.15, 0.95, 1.05, 1.0, 0.95, 0.9, 0.88, 0.88, 0.93, 1.0, 1.1, 1.21)
EPIDEMIC = {date(2020, 2, 1): 0.52, date(2020, 3, 1): 0.84, date(2020, 4, 1): 0.95}
GJ_PER_TONNE_OF_COAL = 20.908 * 0.86  # net calorific value times boiler efficiency
OWN_HEAT = 0.93  # of the heat used in the district, the rest is bought from outside
JANUARY_JOINS_FROM = 2021  # until then January was reported on its own
HALTED = date(2023, 7, 1)  # the drinks works stood still this month


@dataclass(frozen=True)
class Use:
    """A month's figures of one product, in the product's unit."""

    consumption: float
    output: float = 0.0
    feedstock: float = 0.0
    power_input: float = 0.0


def _plain_use(world: World, works: Enterprise, product: str, month: date) -> float:
    base, growth = works.uses[product]
    season = (HEAT_SEASON if product == "heat" else SEASON)[month.month - 1]
    level = base / 12 * (1 + growth / 100) ** (month.year - 2020) * season * EPIDEMIC.get(month, 1.0)
    if works.number == PUMPS and month == date(2023, 11, 1):
        level *= 3.6  # a jump that verification has to flag
    return world.near(level, 0.03, "industry", works.number, product, month)


@cache
def uses(world: World, month: date) -> dict[tuple[int, str], Use]:
    """Every running enterprise's use of every product in the month, heat plants' output included."""
    found: dict[tuple[int, str], Use] = {}
    for works in ENTERPRISES:
        if not works.runs(month) or (works.number == DRINKS and month == HALTED):
            continue
        for product in works.uses:
            amount = _plain_use(world, works, product, month)
            feed, power = works.feedstock.get(product, 0), works.power.get(product, 0)
            found[works.number, product] = Use(amount, 0.0, amount * feed, amount * power)
    return found | _heat_supply(found)


def _heat_supply(found: dict[tuple[int, str], Use]) -> dict[tuple[int, str], Use]:
    """The heat plants cover most of what the others use; the coal of the big one follows from its output."""
    demand = sum(use.consumption for (_, product), use in found.items() if product == "heat")
    biomass, gas = demand * 0.045, demand * 0.03
    main = demand * OWN_HEAT - biomass - gas
    return {
        (HEAT_PLANT, "heat"): Use(found[HEAT_PLANT, "heat"].consumption, main),
        (HEAT_PLANT, "raw_coal"): Use(main / GJ_PER_TONNE_OF_COAL),
        (BIOMASS_PLANT, "heat"): Use(biomass * 0.02, biomass),
        (GAS_PLANT, "heat"): Use(gas * 0.02, gas),
    }


def electricity(world: World, number: int, month: date) -> float:
    """What enterprise `number` uses in the month, 万千瓦时; 0 when it does not run."""
    use = uses(world, month).get((number, "electricity"))
    return use.consumption if use else 0.0


def _closing(world: World, works: Enterprise, product: str, month: date) -> float:
    use = uses(world, month).get((works.number, product))
    return world.near(0.3 * use.consumption, 0.2, "stock", works.number, product, month) if use else 0.0


def _row(world: World, works: Enterprise, product: str, month: date, months: int) -> Row:
    span = [add_months(month, -n) for n in range(months)]
    found = [use for m in span if (use := uses(world, m).get((works.number, product)))]
    total = {name: sum(getattr(use, name) for use in found) for name in ("consumption", "output")}
    consumption, output = dec(total["consumption"]), dec(total["output"])
    row: Row = {
        "month": month,
        "months": months if months > 1 else None,
        "enterprise_id": works.id,
        "enterprise_name": works.name,
        "industry_code": works.industry,
        "product": product,
        "unit": UNITS.get(product, "吨"),
        "opening_stock": None,
        "closing_stock": None,
    }
    bought = max(consumption - output, dec(0))
    if product in STOCKED:
        opening = dec(_closing(world, works, product, add_months(month, -months)))
        closing = dec(_closing(world, works, product, month))
        row |= {"opening_stock": opening, "closing_stock": closing}
        bought = max(consumption + closing - opening, dec(0))
        if works.number == CEMENT and month.year == 2024:
            bought = (bought * dec(1.06)).quantize(dec(1))  # a stock balance that verification has to flag
    feedstock, power = (dec(sum(getattr(use, name) for use in found)) for name in ("feedstock", "power_input"))
    return row | {
        "purchased": bought,
        "consumption": consumption,
        "feedstock": feedstock or None,
        "transformation_output": output or None,
        "power_input": power or None,
    }


def month_rows(world: World, month: date) -> list[Row]:
    """A month's form of all enterprises; an enterprise that stood still sends an empty scope."""
    joins = month.year >= JANUARY_JOINS_FROM
    if joins and month.month == 1:
        return []
    months = 2 if joins and month.month == 2 else 1
    rows: list[Row] = []
    for works in ENTERPRISES:
        if not works.runs(month):
            continue
        products = [product for number, product in uses(world, month) if number == works.number]
        rows += [_row(world, works, product, month, months) for product in products]
        if not products:
            rows.append({"month": month, "enterprise_id": works.id})
    return rows


def _batches(world: World) -> Iterator[Batch]:
    """The monthly batches; a January that is not reported on its own has no file."""
    for batch in world.span.month_batches(20):
        if any(m.month != 1 or m.year < JANUARY_JOINS_FROM for m in batch.months):
            yield batch


def deliveries(world: World) -> Iterator[Delivery]:
    """energy_enterprise: all works in one file, from 2021 with January inside February."""
    for batch in _batches(world):
        rows = [row for month in batch.months for row in month_rows(world, month)]
        yield Delivery("energy_enterprise", batch.label, batch.arrived, rows)

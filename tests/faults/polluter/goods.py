"""Random correct content of feeds: typed values first, then how a bureau types them. What a load must equal."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa

from demo.district import credit_code
from sources.contract import Contract, Field, contracts
from tests.faults.polluter.model import Good

TYPES = {
    "text": pa.string(),
    "int": pa.int64(),
    "dec": pa.decimal128(24, 9),
    "bool": pa.bool_(),
    "date": pa.date32(),
    "month": pa.date32(),
    "quarter": pa.date32(),
    "year": pa.int32(),
    "ts": pa.timestamp("us"),
}
PRODUCTS = {"gasoline": "汽油", "diesel": "柴油", "lpg": "液化石油气"}
NAMES = (
    "岳阳兴长石化",
    "巴陵石化（云溪）",
    "康王工业园,一分厂",
    '"湘江"纸业',
    "金凤桥建材",
    "临港热电 2号",
    "Yueyang Paper",
)


@dataclass(frozen=True)
class Default:
    """A value that the contract fills in: the bureau's cell is blank."""

    value: Any


Row = dict[str, Any]


def _amount(random: Random, most: int = 100_000, least: int = 1) -> Decimal:
    places = random.choice((0, 1, 2, 3))
    return Decimal(random.randint(least * 10**places, most * 10**places)).scaleb(-places)


def _month(random: Random) -> date:
    return date(random.randint(2019, 2025), random.randint(1, 12), 1)


def _day(random: Random) -> date:
    return date(2021, 1, 1) + timedelta(random.randint(0, 1_700))


def _some(random: Random, choices: Iterable[Any], least: int, most: int) -> list[Any]:
    """Between `least` and `most` of the choices, in their order."""
    pool = list(choices)
    count = random.randint(least, min(most, len(pool)))
    return [pool[index] for index in sorted(random.sample(range(len(pool)), count))]


def _codes(feed: str, name: str) -> list[str]:
    return list(contracts()[feed].field(name).codes or ())


def _energy_supply(random: Random) -> list[Row]:
    keys = [
        (date(2024, month, 1), product, sector)
        for month in range(1, 7)
        for product in PRODUCTS
        for sector in _codes("energy_supply", "sector")
    ]
    return [
        {"month": month, "product": product, "sector": sector, "quantity": _amount(random, least=0), "unit": "吨"}
        for month, product, sector in _some(random, keys, 3, 40)
    ]


def _energy_enterprise(random: Random) -> list[Row]:
    month, rows = _month(random), []
    keys = [(number, product) for number in range(1, 20) for product in ("raw_coal", "diesel", "gasoline")]
    for number, product in _some(random, keys, 3, 30):
        used = _amount(random, least=10)
        feedstock = random.choice((Default(Decimal(0)), Decimal(1), used))
        rows.append(
            {
                "month": month,
                "months": Default(1),
                "enterprise_id": credit_code(number),
                "enterprise_name": NAMES[number % len(NAMES)],
                "industry_code": f"{random.randint(6, 46):02d}",
                "product": product,
                "unit": "吨",
                "opening_stock": random.choice((None, _amount(random, least=0))),
                "purchased": random.choice((None, _amount(random, least=0))),
                "consumption": used,
                "feedstock": feedstock,
                "transformation_output": Default(Decimal(0)),
                "power_input": random.choice((Default(Decimal(0)), Decimal(2))),
                "closing_stock": _amount(random, least=0),
            }
        )
    return rows


def _meter_readings(random: Random) -> list[Row]:
    day = _day(random)
    moments = [datetime(day.year, day.month, day.day) + timedelta(minutes=15 * slot) for slot in range(96)]
    keys = [(f"{number:012d}", ts) for number in range(430601, 430613) for ts in moments]
    # long columns are read in another way than short ones
    least, most = (700, 1_000) if random.random() < 0.2 else (3, 60)
    return [
        {"day": day, "meter_id": meter, "ts": ts, "kwh": _amount(random, 900, 0)}
        for meter, ts in _some(random, keys, least, most)
    ]


def _vehicle_stock(random: Random) -> list[Row]:
    feed, month = "vehicle_stock", _month(random)
    names = ("month", "vehicle_type", "energy_type", "usage", "stock")
    keys = [
        (kind, energy, usage)
        for kind in _codes(feed, "vehicle_type")
        for energy in _codes(feed, "energy_type")
        for usage in _codes(feed, "usage")
    ]
    return [
        dict(zip(names, (month, *key, random.randint(0, 99_999)), strict=True)) for key in _some(random, keys, 3, 40)
    ]


def _charging_sessions(random: Random) -> list[Row]:
    day, rows = _day(random), []
    for number in range(random.randint(3, 40)):
        start = datetime(day.year, day.month, day.day) + timedelta(seconds=random.randint(0, 86_399))
        rows.append(
            {
                "day": day,
                "operator": random.choice(("演示充电一公司", "演示充电二公司")),
                "session_id": f"{random.randint(0, 10**13):013d}{number:03d}",
                "pile_id": f"P-{random.randint(1, 30):04d}",
                "started_at": start,
                "ended_at": start + timedelta(seconds=random.randint(0, 20_000)),
                "kwh": _amount(random, 120, 0),
            }
        )
    return rows


def _waste_weighings(random: Random) -> list[Row]:
    feed, day, rows = "waste_weighings", _day(random), []
    for number in range(random.randint(3, 40)):
        tare = _amount(random, 9_000, 2_000)
        net = _amount(random, 9_000)
        rows.append(
            {
                "day": day,
                "facility": random.choice(("一号焚烧厂", "餐厨处理中心,东区")),
                "ticket_id": f"T{number:05d}",
                "weighed_at": datetime(day.year, day.month, day.day) + timedelta(seconds=random.randint(0, 86_399)),
                "plate": f"湘F·{random.randint(10_000, 99_999)}",
                "stream": random.choice(_codes(feed, "stream")),
                "route": random.choice(_codes(feed, "route")),
                "gross_kg": tare + net,
                "tare_kg": tare,
                "net_kg": random.choice((net, Default(net))),
            }
        )
    return rows


def _forest_inventory(random: Random) -> list[Row]:
    year, classes = random.randint(2018, 2025), _codes("forest_inventory", "land_class")
    return [
        {
            "year": year,
            "compartment_id": f"{number:03d}-{random.randint(1, 99):02d}",
            "land_ha": _amount(random, 90),
            "land_class": random.choice(classes),
            "stock_m3": random.choice((None, _amount(random, 9_000, 0))),
        }
        for number in range(random.randint(3, 40))
    ]


def _task_register(random: Random) -> list[Row]:
    feed, as_of = "task_register", _day(random)
    return [
        {
            "as_of": as_of,
            "item_id": f"X{number:03d}",
            "clause": f"三({'一二三四五六'[number % 6]}){number % 9 + 1}",
            "name": random.choice(("屋顶光伏", "公交电动化，二期", '"零碳"园区', "LED 路灯, 改造", "绿色建筑"))
            + str(number),
            "kind": random.choice(_codes(feed, "kind")),
            "lead_agency": random.choice(("区发改局", "区住建局", "区城管局")),
            "due": random.choice((None, _day(random))),
            "status": random.choice(_codes(feed, "status")),
            "progress": _amount(random, 100, 0),
            "note": random.choice((None, "按计划推进", "资金已到位, 待开工", "见《方案》“附件”")),
        }
        for number in range(random.randint(3, 30))
    ]


def _cleaner_production(random: Random) -> list[Row]:
    year = random.randint(2018, 2025)
    return [
        {
            "year": year,
            "enterprise_id": credit_code(number),
            "obliged": random.random() < 0.6,
            "audited_on": random.choice((None, _day(random))),
        }
        for number in _some(random, range(1, 60), 3, 30)
    ]


MAKERS: dict[str, Callable[[Random], list[Row]]] = {
    "energy_supply": _energy_supply,
    "energy_enterprise": _energy_enterprise,
    "meter_readings": _meter_readings,
    "vehicle_stock": _vehicle_stock,
    "charging_sessions": _charging_sessions,
    "waste_weighings": _waste_weighings,
    "forest_inventory": _forest_inventory,
    "task_register": _task_register,
    "cleaner_production": _cleaner_production,
}
_DATES = ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日")
_MONTHS = ("%Y-%m", "%Y/%m", "%Y%m", "%Y年%m月")
_MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")


@dataclass(frozen=True)
class Style:
    """How one bureau types: dates, months, times, and whether it knows codes or Chinese names."""

    date: str
    month: str
    moment: str
    coded: bool

    def spell(self, field: Field, value: Any) -> str:
        """A value as this bureau types it."""
        if value is None or isinstance(value, Default):
            return ""
        if field.codes and not self.coded:
            return field.codes[value].split("/")[0]
        if field.name == "product" and not self.coded:
            return {**PRODUCTS, "raw_coal": "原煤"}[value]
        patterns = {"date": self.date, "month": self.month, "ts": self.moment}
        if field.type in patterns:
            return value.strftime(patterns[field.type])
        if field.type == "bool":
            return "是" if value else "否"
        return f"{value:f}" if isinstance(value, Decimal) else str(value)


def good(seed: int, feed: str | None = None) -> Good:
    """The correct content that a seed stands for, of one feed when it is given."""
    random = Random(f"good {seed}")
    chosen = random.choice(list(MAKERS))
    feed = feed or chosen
    contract, rows = contracts()[feed], MAKERS[feed](random)
    style = Style(random.choice(_DATES), random.choice(_MONTHS), random.choice(_MOMENTS), random.random() < 0.3)
    cells = tuple(tuple(style.spell(field, row[field.name]) for field in contract.fields) for row in rows)
    values = tuple({name: meaning(value) for name, value in row.items()} for row in rows)
    header = tuple(field.header for field in contract.fields)
    return Good(feed, f"r{seed}", header, cells, values, truth(contract, values))


def meaning(value: Any) -> Any:
    return value.value if isinstance(value, Default) else value


def truth(contract: Contract, values: Sequence[Row], rows: Sequence[int] | None = None) -> pa.Table:
    """The table that rows of these values load as; `rows` are their numbers in the file, from 2 by default."""
    numbers = list(rows) if rows is not None else list(range(2, len(values) + 2))
    columns = {
        field.name: pa.array([row[field.name] for row in values], TYPES[field.type]) for field in contract.fields
    }
    scopes = ["|".join(_scope_text(field, row[field.name]) for field in contract.scope) for row in values]
    return pa.table(
        {
            **columns,
            "_scope": pa.array(scopes, pa.string()),
            "_is_empty": pa.array([False] * len(values)),
            "_sheet": pa.nulls(len(values), pa.string()),
            "_row": pa.array(numbers, pa.int64()),
        }
    )


def _scope_text(field: Field, value: Any) -> str:
    return f"{value:%Y-%m}" if field.type == "month" else str(value)


def changed(good: Good, row: int, column: int, value: Any) -> pa.Table:
    """The truth with one value another one; `row` counts data rows from 0."""
    name = good.fields[column].name
    values = [{**one, name: value} if number == row else one for number, one in enumerate(good.values)]
    return truth(good.contract, values)


def less(good: Good, *gone: int) -> Good:
    """The content without some of its rows, counted from 0."""
    kept = [number for number in range(len(good.rows)) if number not in gone]
    values = tuple(good.values[number] for number in kept)
    rows = tuple(good.rows[number] for number in kept)
    return replace(good, rows=rows, values=values, table=truth(good.contract, values))

"""Deliveries that are wrong on purpose, one for each way in which files are refused."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from demo.industry import month_rows
from demo.power import month_rows as generation_rows
from demo.transport import stock_rows
from demo.waste import day_rows, industrial_rows, sorting_rows
from demo.world import Delivery, Row, World

CUMULATIVE = "消费量（1—本月累计）"
NOT_A_WORKBOOK = b"PK\x03\x04" + "演示：这个工作簿在传输中损坏".encode()


def _enterprise_rows(world: World, month: date) -> list[Row]:
    """The newest form that exists: January has none where February speaks for it."""
    return month_rows(world, month) or month_rows(world, month - timedelta(days=1))


def _bad_code(rows: list[Row]) -> list[Row]:
    """The check digit of the first enterprise is another one."""
    code = str(rows[0]["enterprise_id"])
    spoilt = code[:-1] + ("0" if code[-1] != "0" else "1")
    return [row | {"enterprise_id": spoilt} if row["enterprise_id"] == code else row for row in rows]


def deliveries(world: World) -> Iterator[Delivery]:
    """Eight files that have to end in quarantine."""
    month, day, year = (
        world.span.last.replace(day=1),
        world.span.last,
        (world.span.years or [world.span.first.year])[-1],
    )
    enterprise = _enterprise_rows(world, month)
    heavy = [
        row | {"tare_kg": row["gross_kg"] + 500, "net_kg": None} if n == 1 else row
        for n, row in enumerate(day_rows(world, day))
    ]
    waste = [
        row | {"stored_t": row["generated_t"] * 2} if n == 2 else row
        for n, row in enumerate(industrial_rows(world, year))
    ]
    stock = stock_rows(month)
    cases: tuple[tuple[str, str, list[Row], dict[str, str]], ...] = (
        ("energy_enterprise", "信用代码校验位", _bad_code(enterprise), {}),
        ("energy_enterprise", "累计值列", enterprise, {"consumption": CUMULATIVE}),
        ("power_generation", "单位不可换算", generation_rows(world, month), {"generated": "发电量(吨)"}),
        ("vehicle_stock", "主键重复", [*stock, stock[3]], {}),
        ("industrial_waste", "物料不平衡", waste, {}),
        ("waste_weighings", "皮重大于毛重", heavy, {}),
        ("waste_sorting", "没有数据行", sorting_rows(world, month)[:0], {}),
    )
    arrived = world.span.arrival(world.span.as_of, 10)
    for feed, label, rows, headers in cases:
        yield Delivery(feed, label, arrived, rows, headers=headers, wrong=True)
    yield Delivery("charging_piles", "工作簿损坏", arrived, [], payload=NOT_A_WORKBOOK, wrong=True)

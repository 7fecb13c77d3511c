"""A few small deliveries that make a whole release quickly: good ones, a correction, and two that are refused."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date

from demo import real_files
from tests.support.homes import put
from warehouse.paths import REAL_DELIVERIES, Home

AS_OF = date(2026, 2, 20)
REGION = "small-district"
PLATES = ("湘F·测0A12", "湘F·测0B34")
ENERGY_HEADER = "统计月份,能源品种,用能部门,消费量,计量单位\n"
WASTE_HEADER = "日期,设施名称,磅单号,过磅时间,车牌号,垃圾类别,处置方式,毛重,皮重,净重\n"

File = tuple[str, str, str, bytes]

FIRST = (
    ENERGY_HEADER
    + "2024-01,柴油,交通运输,12.5,吨\n2024-01,柴油,工业,3,吨\n2024-02,柴油,交通运输,11.5,吨\n2024-02,柴油,工业,2.5,吨\n"
)
CORRECTION = ENERGY_HEADER + "2024-02,柴油,交通运输,14.25,吨\n2024-02,柴油,工业,2.5,吨\n"
UNREADABLE = ENERGY_HEADER + "2024-03,柴油,交通运输,10,吨\n2024-03,柴油,工业,约三吨,吨\n"
WASTE = (
    WASTE_HEADER
    + f"2024-01-05,一号焚烧厂,T1,2024-01-05 07:30:00,{PLATES[0]},其他垃圾,焚烧发电,15200,9100,6100\n"
    + f"2024-01-05,一号焚烧厂,T2,2024-01-05 07:30:20,{PLATES[0]},其他垃圾,焚烧发电,14800,9000,5800\n"
)
# half a thousand tonnes on a lorry: read without a problem, refused by the delivery gate
IMPOSSIBLE = (
    WASTE_HEADER + f"2024-01-06,一号焚烧厂,T3,2024-01-06 08:00:00,{PLATES[1]},其他垃圾,焚烧发电,500000,9000,491000\n"
)


def _real(region: str) -> list[File]:
    found = [path for path in real_files() if path.relative_to(REAL_DELIVERIES).parts[0] == region]
    return [(region, path.parent.name, path.name, path.read_bytes()) for path in found]


def files() -> list[File]:
    """The first night's deliveries, as (region, feed, name, bytes), in order of arrival."""
    return [
        *_real("china-nbs"),
        (REGION, "energy_supply", "能源_一月二月_演示.csv", FIRST.encode()),
        (REGION, "waste_weighings", "磅单.csv", WASTE.encode()),
        (REGION, "energy_supply", "能源_三月.csv", UNREADABLE.encode()),
        (REGION, "waste_weighings", "磅单_超重.csv", IMPOSSIBLE.encode()),
    ]


def correction() -> File:
    """The delivery that replaces February."""
    return (REGION, "energy_supply", "能源_二月_更正.csv", CORRECTION.encode())


def deliver(home: Home, given: Iterable[File]) -> None:
    """The files in the inbox, arriving in this order."""
    for number, (region, feed, name, content) in enumerate(given):
        path = put(home, region, feed, name, content)
        os.utime(path, (1_780_000_000 + number, 1_780_000_000 + number))

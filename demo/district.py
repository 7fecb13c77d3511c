"""The make-believe district: enterprises, sectors, plants, places. No name or code here belongs to anyone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LAND_HA = 25_300
COMMUNITIES = (
    "金凤",
    "白石",
    "北港",
    "新塘",
    "枫桥",
    "长岭",
    "梅溪",
    "湖滨",
    "望岳",
    "奇石",
    "通达",
    "学府",
    "康宁",
    "滨江",
    "西湖",
    "东城",
    "松林",
    "书院",
    "云港",
    "太平",
)
PARKS = ("康王片区", "木里港片区", "临空片区", "通海路片区", "金凤桥片区")
OPERATORS = ("演示充电一公司", "演示充电二公司")


def organisation_code(body: str) -> str:
    """Nine characters: the eight of `body` and the check character of GB 11714."""
    total = sum(int(c, 36) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return body + "0123456789X0"[11 - total % 11]


def credit_code(number: int) -> str:
    """A unified social credit code that passes GB 32100, in an area code (430699) that is not assigned."""
    body = "91430699" + organisation_code(f"DEM{number:05d}")
    total = sum(CODE_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return body + CODE_ALPHABET[-total % 31]


@dataclass(frozen=True)
class Enterprise:
    """An enterprise above scale. `uses` is its consumption in 2020 by product and the yearly growth of it in percent;
    `feedstock` and `power` are the shares of a product's consumption used as feedstock and to make electricity."""

    number: int
    name: str
    industry: str
    uses: Mapping[str, tuple[float, float]]
    feedstock: Mapping[str, float] = field(default_factory=dict)
    power: Mapping[str, float] = field(default_factory=dict)
    opened: date = date.min
    closed: date = date.max

    @property
    def id(self) -> str:
        return credit_code(self.number)

    def runs(self, month: date) -> bool:
        return self.opened <= month <= self.closed


HEAT_PLANT, CEMENT, PUMPS, PAPER, BIOMASS_PLANT, GAS_PLANT, DRINKS = 1, 2, 10, 12, 13, 15, 16
ENTERPRISES = (
    Enterprise(HEAT_PLANT, "演示热力有限公司", "44", {"electricity": (2500, 1), "heat": (110_000, -1)}),
    Enterprise(
        CEMENT,
        "演示建材有限公司",
        "30",
        {"raw_coal": (104_000, -2), "electricity": (9000, 1), "diesel": (500, -3), "fuel_oil": (8000, -4)},
    ),
    Enterprise(
        3, "演示铸造有限公司", "31", {"coke": (24_000, -1), "washed_coal": (15_000, -1), "electricity": (14_000, 4)}
    ),
    Enterprise(
        4,
        "演示化工新材料有限公司",
        "26",
        {
            "natural_gas": (2400, 4),
            "lpg": (3000, 2),
            "heat": (1_100_000, 1),
            "raw_coal": (34_000, -8),
            "electricity": (8000, 5),
        },
        feedstock={"natural_gas": 0.38, "lpg": 0.8},
    ),
    Enterprise(
        5,
        "演示制药一厂有限公司",
        "27",
        {"heat": (600_000, 2), "electricity": (6500, 6), "natural_gas": (300, 6), "biomass": (9000, 5)},
    ),
    Enterprise(
        6, "演示制药二厂有限公司", "27", {"heat": (260_000, 3), "electricity": (4000, 7)}, opened=date(2022, 3, 1)
    ),
    Enterprise(
        7,
        "演示食品有限公司",
        "14",
        {"biomass": (14_000, 4), "electricity": (3600, 5), "natural_gas": (250, 5), "diesel": (120, -2)},
    ),
    Enterprise(8, "演示电磁装备有限公司", "38", {"electricity": (7500, 8), "natural_gas": (180, 5)}),
    Enterprise(9, "演示炉窑有限公司", "35", {"electricity": (3200, 5), "natural_gas": (220, 6)}),
    Enterprise(PUMPS, "演示泵业有限公司", "34", {"electricity": (2600, 4), "diesel": (90, -2)}),
    Enterprise(
        11, "演示专用汽车有限公司", "36", {"electricity": (3000, 6), "gasoline": (150, -2), "diesel": (300, -3)}
    ),
    Enterprise(
        PAPER,
        "演示纸业有限公司",
        "22",
        {"raw_coal": (40_000, -2), "heat": (340_000, 0), "electricity": (5000, 0)},
        closed=date(2022, 9, 1),
    ),
    Enterprise(
        BIOMASS_PLANT,
        "演示生物质热电有限公司",
        "44",
        {"biomass": (75_000, 1), "electricity": (400, 0)},
        power={"biomass": 0.88},
    ),
    Enterprise(14, "演示电子信息有限公司", "39", {"electricity": (6800, 9), "heat": (60_000, 2)}),
    Enterprise(
        GAS_PLANT,
        "演示燃气分布式能源有限公司",
        "44",
        {"natural_gas": (800, 2), "electricity": (120, 0)},
        power={"natural_gas": 0.75},
    ),
    Enterprise(
        DRINKS, "演示饮料有限公司", "15", {"heat": (190_000, 1), "electricity": (1500, 3), "natural_gas": (60, 4)}
    ),
)

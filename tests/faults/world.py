"""The two nights that the harness kills: what is published before, and what arrives then."""

from __future__ import annotations

from contextlib import closing

from sources.ledger import add_hold, deliveries, open_ledger
from tests.support import small
from tests.support.small import ENERGY_HEADER, PLATES, REGION, WASTE_HEADER, File, correction, files
from warehouse.backfill import Wish, chosen, record
from warehouse.paths import Home

METERS_HEADER = "统计日期,表计编号,统一社会信用代码,用能部门,额定容量\n"
READINGS_HEADER = "日期,表计编号,时刻,电量\n"
SESSIONS_HEADER = "日期,运营商,订单号,充电桩编号,开始时间,结束时间,充电量\n"
ENTERPRISE = "91430600MA4L000034"
DAY = "2024-01-05"


def _meters() -> str:
    return METERS_HEADER + "".join(f"2023-12-31,M{number},{ENTERPRISE},industry,800\n" for number in (1, 2))


def _readings(day: str, kwh: int) -> str:
    """A day of two meters; every interval has another value, as of meters that work."""
    return READINGS_HEADER + "".join(
        f"{day},M{meter},{day} {quarter // 4:02}:{quarter % 4 * 15:02}:00,{kwh + meter + quarter % 7}\n"
        for meter in (1, 2)
        for quarter in range(96)
    )


def _weighed(*tickets: tuple[str, int]) -> str:
    """Weighings of the first facility; (ticket, net weight in kg)."""
    return WASTE_HEADER + "".join(
        f"{DAY},一号焚烧厂,{ticket},{DAY} 0{number + 7}:30:00,{PLATES[0]},其他垃圾,焚烧发电,{net + 9000},9000,{net}\n"
        for number, (ticket, net) in enumerate(tickets)
    )


def _sessions(*orders: tuple[str, int]) -> str:
    return SESSIONS_HEADER + "".join(
        f"{DAY},一号运营商,{order},P1,{DAY} {number + 8:02}:00:00,{DAY} {number + 8:02}:40:00,{kwh}\n"
        for number, (order, kwh) in enumerate(orders)
    )


OUTDATED = "energy_supply"
# another figure for coal than the one published
BALANCE = (
    "年份,项目,数量,计量单位\n2017,煤炭,271000,万吨标准煤\n2017,石油,84323.45,万吨标准煤\n"
    "2017,天然气,31397.03,万吨标准煤\n2017,非化石能源,61897.14,万吨标准煤\n"
)
MISTAKEN = ENERGY_HEADER + "2024-01,汽油,交通运输,777,吨\n"


def first_night() -> list[File]:
    """What is published before anything is killed."""
    return [
        *files(),
        (REGION, "meters", "表计.csv", _meters().encode()),
        (REGION, "meter_readings", f"读数_{DAY}.csv", _readings(DAY, 20).encode()),
        (REGION, "charging_sessions", f"订单_{DAY}.csv", _sessions(("A1", 20), ("A2", 31)).encode()),
        (REGION, "energy_supply", "能源_误报.csv", MISTAKEN.encode()),
    ]


def second_night() -> list[File]:
    """Revisions of closed days, a new day, rows taken back, bytes known already (twice), and two that are refused."""
    first, month = first_night(), correction()
    again = next(content for _, feed, name, content in first if feed == "energy_supply" and "误报" not in name)
    return [
        month,
        (REGION, "energy_supply", "能源_再报.csv", again),
        (REGION, "energy_supply", "能源_三月_仍误.csv", (ENERGY_HEADER + "2024-03,柴油,工业,约三吨,吨\n").encode()),
        (REGION, "waste_weighings", "磅单_更正.csv", _weighed(("T1", 6100)).encode()),
        (REGION, "meter_readings", f"读数_{DAY}_补.csv", _readings(DAY, 30).encode()),
        (REGION, "meter_readings", "读数_2024-01-06.csv", _readings("2024-01-06", 25).encode()),
        (REGION, "charging_sessions", f"订单_{DAY}_补.csv", _sessions(("A1", 20), ("A2", 35), ("A3", 9)).encode()),
        (REGION, "waste_weighings", "磅单_不可能.csv", _weighed(("T9", 491_000)).encode()),
        ("china-nbs", "energy_balance", "能源平衡_2017_更正.csv", BALANCE.encode()),
        (REGION, "energy_supply", "能源_二月_重发.csv", month[3]),
    ]


def hold_mistake(home: Home) -> None:
    """Put the delivery that somebody reported by mistake on hold, after it was published."""
    with closing(open_ledger(home)) as ledger:
        mistaken = next(entry for entry in deliveries(ledger) if entry.file_name == "能源_误报.csv")
        add_hold(ledger, mistaken.delivery_id, "hold", who="tester", why="reported by mistake")


def owe_backfill(home: Home) -> None:
    """A backfill that was written down and not begun: what speaks for January was read by an older contract."""
    wish = Wish(OUTDATED, REGION, "2024-01", "2024-01")
    with closing(open_ledger(home)) as ledger:
        record(ledger, wish, chosen(ledger, wish), run_id=None, who="tester", why="the contract changed")


def deliver(home: Home, night: list[File]) -> None:
    """The files of a night in the inbox, in order."""
    small.deliver(home, night)

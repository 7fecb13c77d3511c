"""Hostile names and cells through a whole night: they stay data, and neither plates nor enterprises get about."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import openpyxl
import pytest

from flows.report import Summary
from tests.support import small
from tests.support.flows import Flows, plain_flows
from tests.support.homes import put
from tests.unit.harm.test_pages import check
from warehouse.paths import Home

pytestmark = pytest.mark.slow

SQL = "'; drop table deliveries; --"
SCRIPT = "<script>alert(1)</script>"
NAME, CODE = "岳阳某某化工有限公司", "91430600MA4L16JQ97"
FILE = f"](javascript:alert(1)) {SQL} `x` | <img src=x>\u202e\x1b[31m.csv"
WASTE = (
    small.WASTE_HEADER
    + f'2024-01-05,"{SQL}",{SCRIPT},2024-01-05 07:30:00,{small.PLATES[0]},其他垃圾,焚烧发电,15200,9100,6100\n'
    + f'2024-01-05,"{SQL}",T2,2024-01-05 07:30:20,{small.PLATES[0]},其他垃圾,焚烧发电,14800,9000,5800\n'
)
BAD_WASTE = (
    small.WASTE_HEADER + f"2024-01-07,{SCRIPT},T9,2024-01-07 07:30:00,湘FD12345,{small.PLATES[1]},湘FD12345,1,2,x\n"
)
ENTERPRISES = (
    "统计月份,覆盖月数,统一社会信用代码,单位名称,行业代码,能源品种,计量单位,期初库存,购进量,消费量合计,期末库存\n"
    f"2024-02,1,{CODE},{NAME},26,一般烟煤,吨,0,10,10,0\n"
)
BAD_ENTERPRISES = ENTERPRISES.replace("10,10,0", "10,约十吨,0").replace(CODE, CODE[:-1] + "?")
PLANTS = [
    ("统计月份", "电站编号", "电站名称", "发电类型", "发电量(kWh)", "自发自用电量"),
    ("2024-03", "P1", "=cmd|' /C calc'!A0", "光伏", 10000, None),
    ("2024-03", SQL, SCRIPT, "光伏", 10000, None),
]


@dataclass
class World:
    """A home after a night in which everything above came in."""

    home: Home
    flows: Flows
    summary: Summary


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home = Home(tmp_path_factory.mktemp("harm"))
    small.deliver(home, small.files())
    folder = "waste_weighings"
    put(home, small.REGION, folder, FILE, WASTE)
    put(home, small.REGION, folder, f"坏的 {small.PLATES[1]}.csv", BAD_WASTE)
    put(home, small.REGION, "energy_enterprise", "企业.csv", ENTERPRISES)
    put(home, small.REGION, "energy_enterprise", "企业_错.csv", BAD_ENTERPRISES)
    _book(put(home, small.REGION, "power_generation", "电站.xlsx", b""))
    outside = home.root.parent / "outside"
    outside.mkdir()
    (outside / "a.csv").write_text(small.CORRECTION)
    (home.inbox / "linked").symlink_to(outside)
    (home.inbox / small.REGION / "energy_supply" / "passwd.csv").symlink_to("/etc/passwd")
    os.mkfifo(home.inbox / small.REGION / "energy_supply" / "pipe.csv")
    with plain_flows(home) as flows:
        yield World(home, flows, flows.nightly(as_of=small.AS_OF))


def _book(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "'); drop table x; --"
    for row in PLANTS:
        sheet.append(row)
    sheet["C2"].data_type = "s"  # the bureau means text
    book.save(path)


@pytest.fixture(scope="module")
def texts(world: World) -> Iterator[dict[str, str]]:
    """Every table of the release as text."""
    with duckdb.connect(str(world.home.current / "warehouse.duckdb"), read_only=True) as connection:
        names = [name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()]
        assert {"deliveries", "quarantined", "gate_results", "lineage"} <= set(names)
        yield {name: str(connection.execute(f"from {name}").fetchall()) for name in names}


def test_names_that_hold_sql_and_script_are_loaded_as_they_are(world: World, texts: dict[str, str]) -> None:
    assert world.summary.result == "published", world.summary.stopped_by
    assert repr(SQL)[1:-1] in texts["fct_waste_daily"] and repr(FILE)[1:-1] in texts["deliveries"]
    accepted = list((world.home.deliveries / "waste_weighings" / small.REGION).iterdir())
    assert {len(path.stem) for path in accepted} == {16}
    assert SCRIPT in texts["fct_generation"] and "=cmd" in texts["fct_generation"]


def test_links_and_pipes_were_never_opened(world: World, texts: dict[str, str]) -> None:
    left = "\n".join(line for line in world.flows.told if "left" in line)
    assert all(name in left for name in ("passwd.csv", "pipe.csv", "linked"))
    assert not any(b"root:" in path.read_bytes() for path in world.home.archive.rglob("*") if path.is_file())


def public(world: World) -> dict[str, str]:
    """Everything that is passed around: pages in Prefect, progress and logs, reports of runs, the run's end."""
    reports = {path.name: path.read_text("utf-8") for path in world.home.runs.rglob("report.*")}
    assert set(reports) == {"report.html", "report.md"}
    return {**world.flows.pages, **reports, "told": "\n".join(world.flows.told), "ending": _ending(world)}


def _ending(world: World) -> str:
    from peak.endings import as_plain

    return str(as_plain(world.summary)["stopped_by"]) + str([c.examples for c in world.summary.warned])


def test_plates_stay_in_deliveries_and_quarantine(world: World, texts: dict[str, str]) -> None:
    signs = (*small.PLATES, "测0A12", "测0B34", "湘FD12345")
    for name, text in {**texts, **public(world)}.items():
        assert not [sign for sign in signs if sign in text], name
    ledger = world.home.ledger.read_bytes()
    assert "湘FD12345".encode() not in ledger and "测0A12".encode() not in ledger
    assert "坏的 ***.csv" in texts["quarantined"]


def test_enterprises_are_in_the_warehouse_only(world: World, texts: dict[str, str]) -> None:
    assert CODE in texts["fct_energy_enterprise"]
    for name, text in public(world).items():
        assert NAME not in text and CODE not in text and CODE[:-1] not in text, name


def test_pages_hold_text_only(world: World) -> None:
    pages = public(world)
    check(pages["report.html"])
    for name in ("gates", "revisions", "report.md", "told"):
        text = pages[name]
        assert not set("\x1b\u202e") & set(text), name
        if name != "told":
            assert "<script" not in text and "<img" not in text
            assert "](" not in text.replace("\\](", "")


def test_every_gate_of_every_file_is_in_the_release(world: World) -> None:
    with duckdb.connect(str(world.home.current / "warehouse.duckdb"), read_only=True) as connection:
        gates = dict(connection.execute("select gate, count(distinct subject) from gate_results group by 1").fetchall())
        (files,) = connection.execute("select count(*) from deliveries").fetchone()
        assert gates["file"] == files and gates["warehouse"] == 1 and 0 < gates["delivery"] < files
        refused = connection.execute(
            "select g.feed, g.region, g.offending_rows, g.observed from gate_results as g "
            "inner join quarantined as q on q.delivery_id = g.subject "
            "where g.status = 'failed' and g.severity = 'critical' and q.file_name = '能源_三月.csv'"
        ).fetchall()
    assert [row[:3] for row in refused] == [("energy_supply", small.REGION, "[3]")] and "bad_number" in refused[0][3]

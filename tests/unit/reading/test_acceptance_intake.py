"""Files dropped into an inbox, from the bureau's side: what is taken, in which order, what the sender is told."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

import warehouse.inputs
from sources import contract, dictionaries, intake, templates
from sources.ledger import Ledger, open_ledger, winners
from tests.unit.reading import acceptance_files as files
from tests.unit.reading.acceptance_rows import ROWS
from warehouse.paths import Home

HEADER = "统计月份,电站编号,电站名称,发电类型,发电量(kWh),自发自用电量\n"
GOOD = HEADER + "2024-03,P1,甲,光伏,10000,\n"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def ledger(home: Home) -> Ledger:
    return open_ledger(home)


def drop(
    home: Home, text: str, name: str = "a.csv", region: str = "r-1", feed: str = "power_generation", at: int = 10**9
) -> Path:
    path = home.inbox / region / feed / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    os.utime(path, (at, at))
    return path


def take(home: Home, ledger: Ledger, path: Path, feed: str = "power_generation") -> intake.Outcome:
    return intake.take_in(path, feed, "r-1", home, ledger)


def test_a_then_b_then_a_again(home, ledger):
    first = take(home, ledger, drop(home, GOOD))
    second = take(home, ledger, drop(home, GOOD.replace("10000", "20000"), "b.csv"))
    again = take(home, ledger, drop(home, GOOD, "c.csv"))
    assert (first.status, second.status, again.status) == ("accepted", "accepted", "duplicate")
    assert again.en.startswith("accepted on 2") and again.en.endswith(
        f", superseded by {second.delivery_id}; to restore it, hold the later one"
    )
    assert [scope.delivery_id for scope in winners(ledger)] == [second.delivery_id]
    other = intake.take_in(drop(home, GOOD, region="r-2"), "power_generation", "r-2", home, ledger)
    assert other.status == "accepted"


def test_every_bad_row_is_in_both_reports(home, ledger):
    rows = files.native("bus_coverage")
    rows = [
        row | {"社区编号": f"C{number}", "是否覆盖": "Y" if number % 2 else "是"}
        for number in range(6)
        for row in rows[:1]
    ]
    path = drop(home, "", "七月 <b>|表.xlsx", feed="bus_coverage")
    files.write_xlsx(rows, path, title="公交")
    outcome = take(home, ledger, path, "bus_coverage")
    assert outcome.status == "quarantined" and outcome.report is not None and not path.exists()
    report = json.loads((outcome.report / "report.json").read_text("utf-8"))
    assert (report["file_name"], report["total_problems"], report["verdict"]) == (path.name, 3, "quarantined")
    text = (outcome.report / "report.md").read_text("utf-8")
    for problem, row in zip(report["problems"], (5, 7, 9), strict=True):
        assert (problem["sheet"], problem["row"], problem["column"], problem["value"]) == (
            "Sheet",
            row,
            "是否覆盖",
            "Y",
        )
        assert problem["zh"] in text and problem["en"] in text
        assert f"| Sheet | {row} | 是否覆盖 | Y |" in text
    assert "<b>" not in text


def test_files_wait_by_time_then_name_and_odd_ones_stay(home):
    names = [("b.csv", 2), ("a.csv", 2), ("z.csv", 1), ("~$x.xlsx", 0), (".hidden", 0), ("x.csv.part", 0)]
    for name, at in names:
        drop(home, GOOD, name, at=at)
    folder = home.inbox / "r-1" / "power_generation"
    (folder / "link.csv").symlink_to(folder / "a.csv")
    os.mkfifo(folder / "pipe.csv")
    (folder / "folder.csv").mkdir()
    drop(home, GOOD, region="Bad_Region")
    drop(home, GOOD, region="x" * 33)
    drop(home, GOOD, region="0-" + "x" * 30, at=9)
    drop(home, GOOD, feed="no_feed")
    found = intake.scan(home)
    assert [waiting.path.name for waiting in found.waiting] == ["z.csv", "a.csv", "b.csv", "a.csv"]
    assert sorted(left.path.name for left in found.left_alone) == sorted(
        ["link.csv", "pipe.csv", "folder.csv", "~$x.xlsx", ".hidden", "x.csv.part", "Bad_Region", "x" * 33, "no_feed"]
    )
    assert all(left.zh and left.en for left in found.left_alone)


NEW = """
apiVersion: v3.1.0
kind: DataContract
id: urn:peak:contract:ship_calls
name: ship_calls
version: 1.0.0
status: active
domain: harbour
description: {purpose: 船舶靠港 / Calls of ships.}
team: {name: 港务局}
schema:
- name: ship_calls
  businessName: 船舶靠港
  logicalType: object
  physicalType: table
  description: 每行为一艘船一个季度 / One row per ship and quarter.
  properties:
  - {name: quarter, businessName: 季度, logicalType: date, physicalType: quarter, required: true, primaryKey: true,
     description: 季度 / Quarter., customProperties: [{property: scope, value: true}]}
  - {name: ship, businessName: 船名, logicalType: string, physicalType: text, required: true, primaryKey: true,
     description: 船名 / Ship., customProperties: [{property: aliases, value: [船舶名称]}]}
  - {name: kind, businessName: 船型, logicalType: string, physicalType: text, required: true, description: 船型 / Kind.,
     customProperties: [{property: codes, value: {bulk: 散货船, tanker: 油轮}}]}
  - {name: shore_kwh, businessName: 岸电用量, logicalType: number, physicalType: dec, description: 岸电 / Shore power.,
     logicalTypeOptions: {minimum: 0},
     customProperties: [{property: unit, value: 千瓦时}, {property: default, value: '0'}]}
  - {name: calls, businessName: 靠港次数, logicalType: integer, physicalType: int, required: true,
     description: 次数 / Calls., logicalTypeOptions: {exclusiveMinimum: 0}}
  quality:
  - {name: tankers_call_rarely, type: custom, engine: duckdb, severity: error, description: 油轮过多 / too many tankers,
     implementation: "t.kind <> 'tanker' or t.calls < 10", customProperties: [{property: column, value: calls}]}
slaProperties: [{property: frequency, value: quarterly}, {property: dueDay, value: 20}]
customProperties: [{property: period, value: [quarter]}, {property: member, value: ship}]
"""


def _forget() -> None:
    contract.contracts.cache_clear()
    dictionaries.dictionary.cache_clear()
    dictionaries.names.cache_clear()


@pytest.fixture
def harbour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of contracts that holds one feed nobody has written any Python for."""
    folder = tmp_path / "contracts"
    (folder / "harbour").mkdir(parents=True)
    (folder / "harbour" / "ship_calls.odcs.yaml").write_text(NEW, "utf-8")
    monkeypatch.setattr(contract, "CONTRACTS", folder)
    monkeypatch.setattr(warehouse.inputs, "CONTRACTS", folder)
    _forget()
    yield folder
    monkeypatch.undo()
    _forget()


def test_a_new_feed_needs_a_contract_and_no_python(harbour, home, ledger, tmp_path):
    text = (
        "船舶靠港情况\n季度,船舶名称,船型,岸电用量（MWh）,靠港次数\n2024年二季度,甲,散货船,1.5,3\n2024Q2,乙,tanker,,9\n"
    )
    assert [w.feed for w in intake.waiting(home)] == []
    path = drop(home, text, feed="ship_calls")
    assert [w.feed for w in intake.waiting(home)] == ["ship_calls"]
    outcome = take(home, ledger, path, "ship_calls")
    assert outcome.status == "accepted", outcome.problems
    table = pq.read_table(home.delivery("ship_calls", "r-1", outcome.delivery_id or "")).to_pylist()
    assert [(row["ship"], row["kind"], row["shore_kwh"], row["calls"], row["_scope"]) for row in table] == [
        ("甲", "bulk", Decimal(1500), 3, "2024Q2"),
        ("乙", "tanker", Decimal(0), 9, "2024Q2"),
    ]
    templates.write_template(contract.contracts()["ship_calls"], tmp_path / "template.xlsx")
    filled = openpyxl.load_workbook(tmp_path / "template.xlsx")
    filled.worksheets[0].append(["2024Q3", "丙", "油轮", None, 1])
    filled.save(tmp_path / "filled.xlsx")
    assert files.read(tmp_path / "filled.xlsx", "ship_calls").problems == []
    bad = take(home, ledger, drop(home, text.replace(",9\n", ",10\n"), feed="ship_calls"), "ship_calls")
    assert [(p.code, p.row, p.column) for p in bad.problems] == [("tankers_call_rarely", 4, "靠港次数")]


def test_every_feed_that_is_taken_in_speaks_for_its_scopes(home, ledger):
    for feed in sorted(ROWS):
        path = drop(home, "", f"{feed}.csv", feed=feed)
        files.write_csv(ROWS[feed], path, "gb18030")
        assert take(home, ledger, path, feed).status == "accepted", feed
    found = {}
    for scope in winners(ledger):
        found.setdefault(scope.feed, []).append(scope.scope)
    assert found["national_accounts"] == ["2024|1|2015", "2024|1|2020"]
    assert found["operating_transport"] == ["2024Q1"]
    assert found["waste_weighings"] == ["2024-03-01|填埋场", "2024-03-01|焚烧厂"]
    assert found["meters"] == ["2024-01-31"]
    assert found["energy_enterprise"] == ["2024-02|91350100M000100Y43", "2024-02|91430600MA4L16JQ97"]
    assert set(found) == set(ROWS)

"""The report of a run: from the ledger alone, deleted and written again the same, without plates and enterprises."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from sources import ledger as book
from sources.intake import take_in
from sources.ledger import Ledger, open_ledger
from sources.privacy import enterprise_headers, shareable
from tests.support.homes import put
from tests.support.small import CORRECTION, PLATES, UNREADABLE, WASTE, WASTE_HEADER
from warehouse import run_report
from warehouse.behind import behind
from warehouse.build_result import BuildResult
from warehouse.paths import Home
from warehouse.run_report import NoSuchRun, gates_document, keep_run_reports, run_document, write_run_report
from warehouse.words import HELD_NEXT

RUN = "20260101T000000Z-aaaaaa"
CODE, NAME = "91430600MA4L16JQ97", "岳阳某某化工有限公司"


def result(**more: Any) -> SimpleNamespace:
    given = {
        "suite": "fct_energy_supply", "check": "stock_balance", "severity": "critical", "status": "failed",
        "column": "quantity", "observed": "3 of 9", "unexpected_count": 3, "row_count": 9, "rows": [],
        "examples": ["region=r，quantity=7"], "why_zh": "库存不平", "why_en": "stocks do not balance",
        "domains": ("energy",), "regions": (), "feeds": (),
    }  # fmt: skip
    return SimpleNamespace(**{**given, **more})


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def ledger(home: Home) -> Ledger:
    """A run that took in one good and two bad files and that the marts stopped."""
    ledger = open_ledger(home)
    book.start_run(ledger, RUN, {"command": "nightly", "as_of": "2024-04-01"})
    bad_waste = WASTE_HEADER + f"2024-01-06,一号焚烧厂,T3,,{PLATES[1]},其他垃圾,焚烧发电,9,8,1\n湘FD12345,坏行\n"
    files = [
        ("energy_supply", "二月.csv", CORRECTION),
        ("energy_supply", "三月.csv", UNREADABLE),
        ("waste_weighings", f"磅单 {PLATES[0]}.csv", bad_waste),
        ("waste_weighings", "磅单.csv", WASTE),
    ]
    for feed, name, text in files:
        take_in(put(home, "r", feed, name, text), feed, "r", home, ledger, RUN)
    named = result(
        suite="fct_energy_enterprise",
        examples=[f"enterprise_id={CODE}，enterprise_name={NAME}，岳阳，month=2024-01"],
        observed=f"Got 1; enterprise_name={NAME}, x=1; 统一社会信用代码={CODE}",
    )
    passed = result(check="rows", status="passed", examples=[], unexpected_count=0)
    book.add_gate_results(
        ledger,
        [result(), named, passed],
        gate="warehouse",
        subject="marts",
        run_id=RUN,
        about=behind(home, ledger, BuildResult(), None),
    )
    book.end_run(ledger, RUN, {"result": "stopped", "stopped_by": ["fct_energy_supply.stock_balance"]})
    return ledger


def test_it_tells_what_came_what_to_mend_and_what_the_gates_said(home, ledger):
    document = run_document(home, ledger, RUN)
    assert not document.is_good and ("结果 / result", "未过关卡 stopped") in document.facts
    sections = {section.title.split(" / ")[1]: section for section in document.told}
    assert list(sections) == [
        "What came in", "Refused files", "What to mend in them", "Checks not passed", "By suite"
    ]  # fmt: skip
    assert [row[3] for row in sections["What came in"].rows].count("退回 quarantined") == 2
    (fix,) = (row for row in sections["What to mend in them"].rows if row[0] == "三月.csv")
    assert fix[1:5] == (None, "3", "消费量", "约三吨") and "应填小数" in str(fix[5])
    (balance,) = (
        row for row in sections["Checks not passed"].rows if row[2] == "stock_balance" and row[8] == "fct_energy_supply"
    )
    assert (balance[4], *balance[6:8]) == ("3 / 9", "region=r，quantity=7", "3 of 9") and "二月.csv" in balance[3]
    suites = {row[:2]: row[2:] for row in sections["By suite"].rows}
    assert suites["三 warehouse", "fct_energy_supply"][:2] == (1, 1)
    assert suites["一 file", "waste_weighings"][1] > 0


def test_a_held_delivery_is_named_with_what_to_do_about_it(home, ledger):
    entry = next(e for e in book.deliveries(ledger) if e.file_name == "二月.csv")
    for action, run_id in (("hold", "before"), ("release", RUN), ("hold", RUN)):
        why = f"库存不平 / stocks do not balance: 统一社会信用代码={CODE}"
        book.add_hold(ledger, entry.delivery_id, action, who="run", why=why, run_id=run_id)
    (holds,) = (section for section in run_document(home, ledger, RUN).told if section.title.endswith("Holds"))
    assert [row[:5] for row in holds.rows] == [
        ("r", "energy_supply", "二月.csv", entry.delivery_id, "解除 release"),
        ("r", "energy_supply", "二月.csv", entry.delivery_id, "暂扣 hold"),
    ]
    assert "stocks do not balance" in str(holds.rows[1][5]) and CODE not in str(holds.rows)
    assert [row[6] for row in holds.rows] == [None, HELD_NEXT], "only what is held at the end is to be mended"


def test_the_page_of_the_gates_is_the_same_without_the_rest(home, ledger):
    document = gates_document(home, ledger, RUN)
    assert [section.title for section in document.told if "not passed" in section.title]
    assert not document.is_good and dict(document.facts)["未通过 failed"] >= 4
    assert gates_document(home, ledger, "none").is_good


def test_a_delivery_of_an_earlier_night_is_told_by_its_file(home, ledger):
    about = behind(home, ledger, BuildResult(), None)
    book.add_gate_results(ledger, [result()], gate="warehouse", subject="marts", run_id="next", about=about)
    told = gates_document(home, ledger, "next").told
    (failed,) = next(section for section in told if "not passed" in section.title).rows
    assert failed[3] == "二月.csv"


def test_no_plate_and_no_enterprise_is_passed_around(home, ledger):
    page = write_run_report(home, ledger, RUN)
    texts = [page.read_text("utf-8"), page.with_suffix(".md").read_text("utf-8")]
    for text in texts:
        assert CODE not in text and NAME not in text and "湘F" not in text and "0A12" not in text
        assert "磅单" in text and "坏行" not in text
    assert enterprise_headers() >= {"统一社会信用代码", "enterprise_name"}
    assert shareable("能耗 9143 2024-01 12345678901234567890") == "能耗 9143 2024-01 12345678901234567890"
    own = home.quarantine / book.last_of(ledger, _refused(ledger, "waste_weighings")).delivery_id / "report.html"
    assert "湘FD12345" in own.read_text("utf-8")


def _refused(ledger: Ledger, feed: str) -> str:
    return next(e.delivery_id for e in book.deliveries(ledger) if e.status == "quarantined" and e.feed == feed)


def test_deleted_it_comes_back_the_same_and_without_the_quarantine_it_still_comes(home, ledger):
    page = write_run_report(home, ledger, RUN)
    before = page.read_bytes()
    shutil.rmtree(home.runs)
    assert write_run_report(home, ledger, RUN).read_bytes() == before
    shutil.rmtree(home.quarantine)
    text = write_run_report(home, ledger, RUN).read_text("utf-8")
    assert "bad_number" in text and "怎么改" not in text


def test_reports_of_the_last_runs_come_back_and_older_ones_go(home, ledger, monkeypatch):
    monkeypatch.setattr(run_report, "KEPT", 2)
    for number in range(3):
        book.start_run(ledger, f"later-{number}")
        write_run_report(home, ledger, f"later-{number}")
        book.end_run(ledger, f"later-{number}", {"result": "unchanged"})
    write_run_report(home, ledger, RUN)
    shutil.rmtree(home.runs / "later-2")
    keep_run_reports(home, ledger)
    assert sorted(path.name for path in home.runs.iterdir()) == ["later-1", "later-2"]


def test_there_is_no_report_of_a_run_that_is_not_in_the_ledger(home, ledger):
    with pytest.raises(NoSuchRun):
        run_document(home, ledger, "../../etc")


def test_what_is_behind_a_failure_of_the_marts_is_the_new_deliveries_of_its_feeds(ledger):
    found = {item.check_name: item for item in book.gate_results(ledger, RUN) if item.suite == "fct_energy_supply"}
    accepted = {e.file_name: e.delivery_id for e in book.deliveries(ledger) if e.status == "accepted"}
    assert found["stock_balance"].deliveries == [accepted["二月.csv"]]
    assert re.search("energy_supply", str(found["stock_balance"].feed))
    assert found["stock_balance"].domains == ["energy"]
    assert (found["rows"].deliveries, found["rows"].feed) == ([], None)

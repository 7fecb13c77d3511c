"""The operator's page: the current release, the last runs and what was refused, each with its report."""

from __future__ import annotations

from collections.abc import Iterator

from sources.documents import Document, Link, Section, as_html
from sources.ledger import Delivery, Ledger, Run, deliveries, read_ledger, runs
from warehouse.harmless import shown_name
from warehouse.paths import Home
from warehouse.shelf import DamagedRelease, current_release
from warehouse.timetable import clock
from warehouse.words import RESULTS

RUNS, REFUSED = 60, 200


def operations_page(home: Home) -> str:
    """The page as HTML, written from the ledger as it is now."""
    facts = [("当前版本 / current release", _current(home)), ("时间 / times", "上海 / Shanghai")]
    return as_html(Document("运行情况 / Operations", facts, list(_sections(home))))


def _current(home: Home) -> str:
    try:
        current = current_release(home)
    except DamagedRelease as damaged:
        return str(damaged)
    return current.release_id if current else "尚无 / none yet"


def _sections(home: Home) -> Iterator[Section]:
    reading = read_ledger(home)
    if reading is None:
        return
    with reading as ledger:
        yield _runs(home, ledger)
        yield _refused(home, ledger)


def _runs(home: Home, ledger: Ledger) -> Section:
    columns = ["运行 / run", "命令 / command", "结果 / result", "开始 / started", "结束 / ended"]
    rows = [
        [_report(home, run), run.details.get("command"), _result(run), clock(run.started_at), clock(run.ended_at)]
        for run in runs(ledger, RUNS)
    ]
    return Section("运行 / Runs", columns, rows)


def _report(home: Home, run: Run) -> Link | str:
    has_one = (home.runs / run.run_id / "report.html").is_file()
    return Link(run.run_id, f"/runs/{run.run_id}/report.html") if has_one else run.run_id


def _result(run: Run) -> str:
    result = str(run.details.get("result") or run.state)
    return RESULTS.get(result, result)


def _refused(home: Home, ledger: Ledger) -> Section:
    found = [item for item in reversed(deliveries(ledger)) if item.status == "quarantined"]
    rows = [
        [_refusal(home, item), item.region, item.feed, shown_name(item.file_name), clock(item.received_at)]
        for item in found[:REFUSED]
    ]
    columns = ["退件 / refused", "地区 / region", "数据集 / feed", "文件 / file", "收到 / received"]
    return Section("退件及其报告 / Refused files and their reports", columns, rows, len(found))


def _refusal(home: Home, item: Delivery) -> Link | str:
    has_one = (home.quarantine / item.delivery_id / "report.html").is_file()
    return Link(item.delivery_id, f"/quarantine/{item.delivery_id}/report.html") if has_one else item.delivery_id

"""Taking files in: verdicts, duplicates, and a crash between any two steps."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest
from warehouse_fakes import put, supply

from sources import archive, intake, judging, parquet, quarantine
from sources import ledger as book
from sources.ledger import Ledger
from warehouse.paths import Home

MARCH = supply(("2024-03", "coal", "5"), ("2024-03", "gas", "7.25"))


def take(home: Home, ledger: Ledger, path: Path, judge: Any = None) -> intake.Outcome:
    return intake.take_in(path, "energy_supply", "r", home, ledger, "run1", judge)


@pytest.mark.usefixtures("reader")
def test_an_accepted_file_leaves_rows_bytes_and_an_entry(home: Home, ledger: Ledger) -> None:
    path = put(home, MARCH)
    outcome = take(home, ledger, path)
    assert (outcome.status, outcome.row_count, path.exists()) == ("accepted", 2, False)
    table = pq.read_table(home.delivery("energy_supply", "r", outcome.delivery_id or ""))
    assert set(table["_delivery"].to_pylist()) == {outcome.delivery_id}
    assert set(table["_region"].to_pylist()) == {"r"}
    entry = book.deliveries(ledger)[0]
    assert archive.archived(home, entry.sha256).read_text() == MARCH
    assert oct(home.archived(entry.sha256).stat().st_mode)[-3:] == "444"
    assert entry.contract_sha256 and entry.contract_version and entry.run_id == "run1"
    assert [item.scope for item in book.winners(ledger)] == ["2024-03|coal", "2024-03|gas"]


@pytest.mark.usefixtures("reader")
def test_the_same_bytes_again_change_nothing_and_the_sender_is_told(home: Home, ledger: Ledger) -> None:
    first = take(home, ledger, put(home, MARCH))
    between = take(home, ledger, put(home, supply(("2024-03", "coal", "6")), "b.csv"))
    before = book.winners(ledger)
    again = take(home, ledger, put(home, MARCH, "again.csv"))
    assert again.status == "duplicate"
    assert between.delivery_id and f"superseded by {between.delivery_id}" in again.en
    assert first.delivery_id == again.delivery_id
    assert book.winners(ledger) == before


@pytest.mark.usefixtures("reader")
def test_a_refused_file_is_quarantined_with_its_report_and_checked_anew(
    home: Home, ledger: Ledger, reader: Any
) -> None:
    bad = supply(("2024-03", "coal", "x"))
    outcome = take(home, ledger, put(home, bad, "../三月 表.csv".replace("/", "")))
    assert (outcome.status, outcome.reason) == ("quarantined", "bad_number: 不是数字 / not a number (row 2)")
    assert (outcome.zh, outcome.en) == ("不是数字（第 2 行）", "not a number (row 2)")
    assert outcome.report is not None
    files = {file.name for file in outcome.report.iterdir()}
    assert {"report.json", "report.md", "report.html"} < files and len(files) == 4
    report = json.loads((outcome.report / "report.json").read_text("utf-8"))
    assert report["problems"][0]["row"] == 2 and report["file_name"] == "..三月 表.csv"
    reader.read_file = lambda *_: (_ for _ in ()).throw(MemoryError())
    assert take(home, ledger, put(home, bad)).reason == "internal_error"
    assert [item.status for item in book.deliveries(ledger)] == ["quarantined", "quarantined"]


@pytest.mark.usefixtures("reader")
def test_an_error_of_our_own_quarantines_and_keeps_the_traceback(home: Home, ledger: Ledger) -> None:
    outcome = take(home, ledger, put(home, "boom"))
    assert (outcome.status, outcome.reason) == ("quarantined", "internal_error")
    assert outcome.report and "RuntimeError: boom" in (outcome.report / "report.json").read_text("utf-8")


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize(
    ("severity", "status", "verdict"),
    [
        ("critical", "failed", "quarantined"),
        ("critical", "error", "quarantined"),
        ("critical", "passed", "accepted"),
        ("warning", "failed", "accepted"),
    ],
)
def test_the_delivery_gate_decides(home: Home, ledger: Ledger, severity: str, status: str, verdict: str) -> None:
    check = SimpleNamespace(
        suite="energy_supply", check="jump", severity=severity, status=status, column="quantity", observed=None,
        unexpected_count=1, row_count=2, examples=[], rows=[2], why_zh="因", why_en="because",
    )  # fmt: skip
    outcome = take(home, ledger, put(home, MARCH), lambda *_: [check])
    assert outcome.status == verdict
    assert ((outcome.zh, outcome.en) == ("因（jump）", "because (jump)")) == (verdict == "quarantined"), (
        "people hear the check's why"
    )
    found = book.gate_results(ledger, "run1")
    assert [result.check_name for result in found if result.gate == "delivery"] == ["jump"]
    assert {result.status for result in found if result.gate == "file"} == {"passed"}


class Crash(BaseException):
    """The machine stops here."""


def _before(target: Any, name: str) -> Callable[[pytest.MonkeyPatch], None]:
    def plant(patch: pytest.MonkeyPatch) -> None:
        def crash(*_: Any, **__: Any) -> None:
            raise Crash

        patch.setattr(target, name, crash)

    return plant


def _after(target: Any, name: str) -> Callable[[pytest.MonkeyPatch], None]:
    def plant(patch: pytest.MonkeyPatch) -> None:
        real = getattr(target, name)

        def crash(*args: Any, **kwargs: Any) -> None:
            real(*args, **kwargs)
            raise Crash

        patch.setattr(target, name, crash)

    return plant


POINTS = {
    "before the archive": _before(intake, "store"),
    "while copying": _after(archive, "_copy"),
    "after the archive": _after(intake, "store"),
    "before reading": _before(intake, "examine"),
    "after reading": _after(intake, "examine"),
    "before the rows": _before(parquet, "write"),
    "after the rows": _after(parquet, "write"),
    "before the report": _before(quarantine, "write_durably"),
    "after the report": _after(judging, "write_quarantine"),
    "before the entry": _before(judging, "add_accepted"),
    "after the entry": _after(judging, "add_accepted"),
    "after the refusal": _after(judging, "add_quarantined"),
    "before the file goes": _before(intake, "_remove"),
}


@pytest.mark.usefixtures("reader")
@pytest.mark.parametrize("text", [MARCH, supply(("2024-03", "coal", "x"))], ids=["good", "bad"])
@pytest.mark.parametrize("point", POINTS)
def test_a_crash_anywhere_is_simply_done_again(home: Home, ledger: Ledger, point: str, text: str) -> None:
    path = put(home, text)
    with pytest.MonkeyPatch.context() as patch:
        POINTS[point](patch)
        try:
            take(home, ledger, path)
            crashed = False
        except Crash:
            crashed = True
    assert path.exists() == crashed
    outcome = take(home, ledger, path) if crashed else None
    expected = "accepted" if text == MARCH else "quarantined"
    assert outcome is None or outcome.status == expected
    assert [item.status for item in book.deliveries(ledger)] == [expected]
    assert not path.exists()
    assert len(book.winners(ledger)) == (2 if text == MARCH else 0)


def test_what_a_killed_run_left_half_written_is_swept(home: Home) -> None:
    half = [
        home.archive / ".0a1b.tmp",
        home.deliveries / "energy_supply" / "r" / ".0a1b.tmp",
        home.quarantine / ".0a1b.tmp" / "report.json",
    ]
    whole = [home.archived("0a" * 32), home.delivery("energy_supply", "r", "0a1b"), home.quarantine / "0a1b" / "x.tmp"]
    for path in (*half, *whole):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    archive.sweep(home)
    assert [path.exists() for path in (*half, *whole)] == [False, False, False, True, True, True]
    assert not half[2].parent.exists()


def test_links_pipes_and_temporary_files_stay_and_are_reported(home: Home) -> None:
    path = put(home, MARCH)
    folder = path.parent
    (folder / "link.csv").symlink_to(path)
    os.mkfifo(folder / "pipe.csv")
    (folder / "sub").mkdir()
    for name in ("~$book.xlsx", ".hidden", "x.tmp", "x.part", "x.crdownload"):
        (folder / name).write_text("x")
    put(home, MARCH, region="Bad_Region")
    put(home, MARCH, feed="no_such_feed")
    (home.inbox / "stray.csv").write_text("x")
    found = intake.scan(home)
    assert [item.path for item in found.waiting] == [path]
    codes = {item.path.name: item.code for item in found.left_alone}
    assert codes["link.csv"] == codes["pipe.csv"] == codes["sub"] == "not_a_file"
    assert {codes[name] for name in ("~$book.xlsx", ".hidden", "x.tmp", "x.part", "x.crdownload")} == {"temporary"}
    assert (codes["Bad_Region"], codes["no_such_feed"], codes["stray.csv"]) == (
        "bad_region",
        "unknown_feed",
        "misplaced",
    )


def test_files_wait_in_order_of_mtime_then_name(home: Home) -> None:
    paths = [put(home, MARCH, name) for name in ("c.csv", "b.csv", "a.csv")]
    for path, moment in zip(paths, (5, 9, 9), strict=True):
        os.utime(path, (moment, moment))
    assert [item.path.name for item in intake.waiting(home)] == ["c.csv", "a.csv", "b.csv"]
    assert intake.waiting(home, "other") == []


@pytest.mark.usefixtures("reader")
def test_a_link_put_in_the_files_place_is_not_followed(home: Home, ledger: Ledger, tmp_path: Path) -> None:
    path = put(home, MARCH)
    path.unlink()
    (tmp_path / "secret").write_text(MARCH)
    path.symlink_to(tmp_path / "secret")
    assert take(home, ledger, path).status == "left"
    assert book.deliveries(ledger) == [] and path.is_symlink()


@pytest.mark.usefixtures("reader")
def test_a_file_still_being_written_waits(home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(home, MARCH)
    real = archive._copy

    def grow(*args: Any) -> Any:
        copied = real(*args)
        path.write_text(MARCH + "more")
        return copied

    monkeypatch.setattr(archive, "_copy", grow)
    assert take(home, ledger, path).reason == "still_written"
    assert path.exists() and book.deliveries(ledger) == []


@pytest.mark.parametrize("name", ["../x", "..", ".", "a/b\x00c", "三" * 200, "-rf", "report.json"])
def test_names_never_become_paths(name: str) -> None:
    safe = quarantine.safe_name(name)
    assert "/" not in safe and "\x00" not in safe and not safe.startswith(".") and len(safe.encode()) <= 80

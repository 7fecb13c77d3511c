"""The ledger's file: it only grows, can be read while it is written, and can tell a run that died."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from sources import ledger as book
from sources.ledger import Delivery
from sources.ledger.runs import is_alive, process_mark
from sources.ledger.store import TABLES
from warehouse.paths import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def quarantined(name: str = "a.csv") -> Delivery:
    return Delivery("r", "f", name, "a" * 64, 1, reason="bad_number")


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_ever_changed_or_removed(home: Home, table: str) -> None:
    with book.open_ledger(home) as ledger:
        names = {row["name"] for row in ledger.rows("select name from sqlite_master where type = 'trigger'")}
        assert {f"no_update_{table}", f"no_delete_{table}"} <= names


@pytest.mark.parametrize(
    "sql",
    [
        "update deliveries set reason = 'x'",
        "delete from deliveries",
        "insert or replace into deliveries select * from deliveries",
    ],
)
def test_the_triggers_refuse(home: Home, sql: str) -> None:
    with book.open_ledger(home) as ledger:
        book.add_quarantined(ledger, quarantined())
        with pytest.raises(sqlite3.IntegrityError, match="只增不改"):
            ledger.connection.execute(sql)
        assert [item.reason for item in book.deliveries(ledger)] == ["bad_number"]


def test_it_can_be_read_while_a_run_writes(home: Home) -> None:
    with book.open_ledger(home) as writer:
        book.add_quarantined(writer, quarantined())
        with writer.writing() as connection:
            connection.execute("insert into run_events values (null, 'r', 'started', 't', 'p', '{}')")
            reader = book.read_ledger(home)
            assert reader is not None
            with reader:
                assert len(book.deliveries(reader)) == 1
                with pytest.raises(sqlite3.OperationalError, match="readonly"):
                    book.add_quarantined(reader, quarantined())


def test_there_is_no_ledger_before_the_first_run(home: Home) -> None:
    assert book.read_ledger(home) is None


def test_names_are_data(home: Home) -> None:
    name = "x'); drop table deliveries; --\n../../etc.csv"
    with book.open_ledger(home) as ledger:
        book.add_quarantined(ledger, quarantined(name))
        assert book.deliveries(ledger)[0].file_name == name


def test_a_run_that_died_is_told_from_one_that_runs(home: Home) -> None:
    code = (
        "import sys; from pathlib import Path; from warehouse.paths import Home; from sources import ledger as b\n"
        "b.start_run(b.open_ledger(Home(Path(sys.argv[1]))), 'dead', {'command': 'run'})"
    )
    subprocess.run([sys.executable, "-c", code, str(home.root)], check=True, cwd=Path(book.__file__).parents[2])
    with book.open_ledger(home) as ledger:
        book.start_run(ledger, "mine", {})
        book.start_run(ledger, "done", {"a": 1})
        book.end_run(ledger, "done", {"outcome": "published"})
        states = {run.run_id: run.state for run in book.runs(ledger)}
        assert states == {"dead": "died", "mine": "running", "done": "ended"}
        assert book.runs(ledger)[0].details == {"a": 1, "outcome": "published"}


def test_a_process_id_used_again_is_another_process() -> None:
    boot, pid, started = process_mark().split(":")
    assert is_alive(f"{boot}:{pid}:{started}")
    assert not is_alive(f"{boot}:{os.getpid()}:{int(started) + 1}")
    assert not is_alive(f"another-boot:{pid}:{started}")


def test_gate_results_come_back_as_recorded(home: Home) -> None:
    check = SimpleNamespace(
        suite="s", check="c", severity="critical", status="error", column=None, observed=3, unexpected_count=None,
        row_count=7, examples=["一", "2"], why_zh="因", why_en="because",
    )  # fmt: skip
    with book.open_ledger(home) as ledger:
        book.add_gate_results(ledger, [check], gate="delivery", subject="d", run_id="r")
        (found,) = book.gate_results(ledger, "r")
        assert (found.status, found.observed, found.examples) == ("error", "3", ["一", "2"])
        assert book.gate_results(ledger, "other") == []


@pytest.mark.parametrize(
    ("observed", "unexpected", "rows", "recorded"),
    [("7", 0, 9, "7"), (None, 3, 45, "3 / 45"), (None, 0, 45, "0 / 45"), (None, 0, None, "0"), (None, None, 9, None)],
)
def test_a_result_always_says_what_was_observed(
    home: Home, observed: str | None, unexpected: int | None, rows: int | None, recorded: str | None
) -> None:
    check = SimpleNamespace(
        suite="s", check="c", severity="critical", status="passed", column=None, observed=observed,
        unexpected_count=unexpected, row_count=rows, examples=[], why_zh="因", why_en="because",
    )  # fmt: skip
    with book.open_ledger(home) as ledger:
        book.add_gate_results(ledger, [check], gate="delivery", subject="d", run_id="r")
        assert [found.observed for found in book.gate_results(ledger, "r")] == [recorded]

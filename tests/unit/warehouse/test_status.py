"""Feeds against their timetable, the lock and its holder, and that none of it loads anything heavy."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import threading
import time
from datetime import date

import pytest

from sources import ledger as book
from sources.contract import Contract, contracts
from sources.ledger import Delivery, DeliveryFile, Ledger, Scope, WinningScope
from warehouse import lock, status, timetable
from warehouse.paths import PROJECT, Home


def feed(frequency: str, due_day: int | None = None, *, snapshot: bool = False) -> Contract:
    contract = contracts()["energy_supply"]
    return dataclasses.replace(contract, frequency=frequency, due_day=due_day, snapshot=snapshot)


@pytest.mark.parametrize(
    ("contract", "as_of", "start"),
    [
        (feed("monthly", 15), date(2024, 3, 15), date(2024, 1, 1)),
        (feed("monthly", 15), date(2024, 3, 16), date(2024, 2, 1)),
        (feed("monthly", 31), date(2024, 4, 30), date(2024, 2, 1)),
        (feed("monthly", 31), date(2024, 5, 1), date(2024, 3, 1)),
        (feed("monthly"), date(2024, 3, 1), date(2024, 1, 1)),
        (feed("daily"), date(2024, 3, 1), date(2024, 2, 28)),
        (feed("quarterly", 20), date(2024, 4, 21), date(2024, 1, 1)),
        (feed("yearly"), date(2024, 12, 31), date(2022, 1, 1)),
        (feed("yearly", 20), date(2025, 1, 21), date(2024, 1, 1)),
        (feed("irregular"), date(2024, 3, 1), None),
    ],
)
def test_the_last_due_period(contract: Contract, as_of: date, start: date | None) -> None:
    due = timetable.last_due(contract, as_of)
    assert (due.start if due else None) == start


def test_a_register_of_the_first_of_a_month_shows_the_month_before() -> None:
    contract = feed("monthly", snapshot=True)
    for day in (date(2024, 12, 31), date(2025, 1, 1)):
        served = timetable.served(contract, day)
        assert served and served.start == date(2024, 12, 1)


def scope(month: str, member: str) -> WinningScope:
    return WinningScope("r", "f", f"{month}|{member}", 1, "d", 1, False, f"{month}-01", f"{month}-28", member)


@pytest.mark.parametrize(
    ("scopes", "state", "missing", "next_due"),
    [
        ([], "late", [], date(2024, 3, 15)),
        ([("2024-01", "coal"), ("2024-01", "gas")], "late", [], date(2024, 3, 15)),
        ([("2024-01", "coal"), ("2024-01", "gas"), ("2024-02", "gas")], "partial", ["coal"], date(2024, 3, 15)),
        ([("2024-01", "gas"), ("2024-02", "gas"), ("2024-02", "coal")], "complete", [], date(2024, 4, 15)),
        ([("2024-02", "gas"), ("2024-03", "gas")], "complete", [], date(2024, 5, 15)),
    ],
)
def test_states_of_a_monthly_feed(
    scopes: list[tuple[str, str]], state: str, missing: list[str], next_due: date
) -> None:
    contract = feed("monthly", 15)
    found = status.feed_status(contract, "r", [scope(*item) for item in scopes], date(2024, 3, 20))
    assert (found.state, found.missing, found.next_due) == (state, missing, next_due)
    assert found.overdue_days == (5 if next_due == date(2024, 3, 15) else 0)
    assert status.feed_status(contract, "r", [scope("2023-12", "gas")], date(2024, 3, 20)).next_due == date(2024, 2, 15)


def test_status_of_a_home(home: Home, ledger: Ledger) -> None:
    refused = Delivery("r", "power_generation", "bad.csv", "b" * 64, 1, reason="bad_number")
    mended = Delivery("r", "energy_supply", "mended.csv", "c" * 64, 1, reason="internal_error")
    book.add_quarantined(ledger, refused)
    book.add_quarantined(ledger, mended)
    march = Scope("2024-03|coal", 1, False, date(2024, 3, 1), date(2024, 3, 31), "coal")
    book.add_accepted(ledger, mended, [march], DeliveryFile("d" * 64, 1))
    book.add_hold(ledger, book.delivery_id_of("r", "energy_supply", "c" * 64), "hold", who="me", why="odd")
    book.start_run(ledger, "run1", {})
    found = status.status(home, date(2024, 4, 20))
    assert {item.feed: item.state for item in found.feeds} == {"energy_supply": "late", "power_generation": "late"}
    assert [item.file_name for item in found.quarantined] == ["bad.csv"]
    assert [item.why for item in found.holds] == ["odd"]
    assert [item.state for item in found.runs] == ["running"]
    assert (found.release_id, found.problem, found.writer) == (None, None, None)
    assert status.status(home, date(2024, 4, 20), "elsewhere").feeds == []


def test_status_of_an_empty_home(home: Home) -> None:
    found = status.status(home)
    assert (found.feeds, found.runs, found.waiting, found.release_id) == ([], [], 0, None)
    assert not home.root.exists()


def test_a_second_writer_waits_then_hears_who_is_there(home: Home) -> None:
    with lock.writing(home, command="peak run"):
        held = lock.holder(home)
        assert held and held["command"] == "peak run"
        failed: list[str] = []

        def second() -> None:
            try:
                with lock.writing(home, wait=0.2):
                    pass
            except lock.Busy as error:
                failed.append(str(error))

        thread = threading.Thread(target=second)
        thread.start()
        thread.join()
        assert len(failed) == 1 and "peak run" in failed[0] and str(held["pid"]) in failed[0]
    assert lock.holder(home) is None
    with lock.writing(home, wait=0):
        pass


def test_a_dead_holder_does_no_harm(home: Home) -> None:
    code = (
        "import sys, time; from pathlib import Path; from warehouse import lock; from warehouse.paths import Home\n"
        "with lock.writing(Home(Path(sys.argv[1])), command='doomed'):\n    print('held', flush=True); time.sleep(60)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(home.root)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout and child.stdout.readline() == "held\n"
    with pytest.raises(lock.Busy, match="doomed"), lock.writing(home, wait=0.1):
        pass
    child.kill()
    child.wait()
    child.stdout.close()
    assert lock.holder(home) is None
    with lock.writing(home, wait=5):
        pass


@pytest.mark.parametrize("module", ["warehouse.status", "warehouse.pending", "warehouse.read", "sources.intake"])
def test_what_must_start_at_once_loads_nothing_heavy(module: str) -> None:
    heavy = ("pandas", "pyarrow", "prefect", "dbt", "great_expectations", "duckdb", "sqlalchemy", "numpy")
    code = f"import sys, {module}; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_status_is_quick_with_a_long_ledger(home: Home, ledger: Ledger) -> None:
    scopes = [
        Scope(f"2024-03|{number}", 1, False, date(2024, 3, 1), date(2024, 3, 31), str(number)) for number in range(200)
    ]
    for number in range(100):
        delivery = Delivery("r", "energy_supply", "a.csv", f"{number:064d}", 1)
        book.add_accepted(ledger, delivery, scopes, DeliveryFile("d" * 64, 1))
    begun = time.monotonic()
    assert len(status.status(home, date(2024, 4, 20)).feeds) == 1
    assert time.monotonic() - begun < 1

"""Releases, what they revised, what is cited, signed off, pruned and backfilled: written once, read back the same."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from sources import ledger as book
from sources.ledger import AssessedValue, Backfill, Ledger, Position, Release, Revision, SignOff
from sources.ledger.store import TABLES, insert
from warehouse.paths import Home


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return book.open_ledger(Home(tmp_path))


def release(number: int) -> Release:
    at = f"2026-01-0{number}T00:00:00.000000Z"
    return Release(f"release{number}", "run", at, f"2026-01-0{number}", "c" * 64, number, 0, 2, 1)


def revision(value: str | None, previous: str | None = None, **more: object) -> Revision:
    plain = Revision(
        region="r",
        indicator="e01",
        method="plan",
        base_year=None,
        period_type="year",
        period_start="2024-01-01",
        period_end="2024-12-31",
        value=None if value is None else Decimal(value),
        previous_value=None if previous is None else Decimal(previous),
        unit="%",
        is_complete=True,
        cause="new_data",
        cause_detail="新数据 / new data",
        deliveries=("d1", "d2"),
    )
    return replace(plain, **more)


def publish(ledger: Ledger, number: int, *revised: Revision) -> None:
    book.add_release(ledger, release(number), {"release_id": f"release{number}", "partitions": {"a": 1}}, revised)


def test_a_release_is_recorded_whole_or_not_at_all(ledger: Ledger) -> None:
    assert book.last_release(ledger) is None
    with pytest.raises(sqlite3.IntegrityError):
        publish(ledger, 1, revision("1"), revision("2", cause="a whim"))
    assert book.releases(ledger) == [] == book.revisions(ledger)
    publish(ledger, 1, revision("1"))
    assert book.releases(ledger) == [release(1)]
    assert release(1).position == Position(1, 0, 2, 1)
    assert book.release_manifest(ledger, "release1") == {"release_id": "release1"}
    with pytest.raises(sqlite3.IntegrityError):
        publish(ledger, 1)


def test_revisions_come_back_as_recorded_in_the_order_of_publication(ledger: Ledger) -> None:
    small = revision("0.000001", base_year=2020, is_complete=False, cause="revised_data", deliveries=())
    gone = revision(None, "1.500000", unit=None, is_complete=None, cause="correction")
    publish(ledger, 1, revision("1.500000"), small)
    publish(ledger, 2, gone, revision("7", indicator="w02", region="s"))
    read = book.revisions(ledger)
    assert [replace(item, release_id="", published_at="") for item in read] == [
        revision("1.500000"), small, gone, revision("7", indicator="w02", region="s"),
    ]  # fmt: skip
    assert [str(item.value) for item in read] == ["1.500000", "0.000001", "None", "7"]
    assert {item.release_id: item.published_at for item in read} == {
        f"release{number}": release(number).published_at for number in (1, 2)
    }
    assert [item.value for item in book.revisions(ledger, "e01", "r")] == [item.value for item in read[:3]]
    assert [item.indicator for item in book.revisions(ledger, region="s")] == ["w02"]


def test_the_last_value_of_a_cell_is_that_of_publication_not_of_what_current_shows(ledger: Ledger) -> None:
    based = revision("5", base_year=2020)
    publish(ledger, 1, revision("1"), based)
    publish(ledger, 2, revision("2", "1"))
    book.add_switch(ledger, "release1", "release2", "rollback", who="me", why="wrong")
    values = {key: item.value for key, item in book.published_values(ledger).items()}
    assert values == {revision("2").key: Decimal(2), based.key: Decimal(5)}
    publish(ledger, 3, revision(None, "2", is_complete=None))
    assert book.published_values(ledger)[revision("2").key].is_complete is None
    before = book.published_values(ledger, "release2")
    assert before[based.key].release_id == "release1"
    assert before[revision("2").key].value == Decimal(2)
    assert len(book.published_values(ledger, "release1")) == 2
    with pytest.raises(KeyError):
        book.published_values(ledger, "release9")


def test_what_is_cited_is_not_pruned_and_what_is_pruned_is_not_cited(ledger: Ledger) -> None:
    for number in (1, 2, 3):
        publish(ledger, number)
    book.cite(ledger, "release1", who="me", why="quoted in a report")
    book.cite(ledger, "release1", who="you", why="again")
    assert {name: item.who for name, item in book.cited(ledger).items()} == {"release1": "me"}
    with pytest.raises(ValueError, match="is cited"):
        book.add_prune(ledger, "release1", who="run")
    book.add_prune(ledger, "release2", who="run")
    assert book.pruned(ledger) == {"release2"}
    with pytest.raises(ValueError, match="are pruned"):
        book.cite(ledger, "release2", who="me", why="too late")
    with pytest.raises(ValueError, match="no such release"):
        book.cite(ledger, "release9", who="me", why="never was")
    assert book.releases(ledger) == [release(1), release(2), release(3)]


def test_a_year_is_signed_off_once_and_cites_its_release(ledger: Ledger) -> None:
    publish(ledger, 1)
    values = [
        AssessedValue("e01", "district", 2025, Decimal("12.500000"), "on_track"),
        AssessedValue("w02", None, None, None, None),
    ]
    sign_off = SignOff("r", 2024, "release1", "李主任", "年度评估")
    with pytest.raises(sqlite3.IntegrityError):
        book.add_sign_off(ledger, sign_off, [values[0], values[0]])
    assert book.assessments(ledger) == [] and book.cited(ledger) == {}
    before = book.position(ledger)
    number = book.add_sign_off(ledger, sign_off, values)
    assert book.position(ledger) == replace(before, sign_off=number)
    assert book.assessments(ledger, before) == []
    first, second = book.assessments(ledger)
    assert (first.value, first.status, first.level, first.target_year) == (
        Decimal("12.5"), "on_track", "district", 2025,
    )  # fmt: skip
    assert (second.value, second.level, second.signed_by, second.release_id) == (None, None, "李主任", "release1")
    assert set(book.cited(ledger)) == {"release1"}
    with pytest.raises(ValueError, match="signed off on"):
        book.add_sign_off(ledger, sign_off, values)
    book.add_sign_off(ledger, replace(sign_off, region="s"), [])
    with pytest.raises(ValueError, match="no such release"):
        book.add_sign_off(ledger, replace(sign_off, year=2025, release_id="release9"), [])


def test_a_backfill_comes_back_as_recorded(ledger: Ledger) -> None:
    plan = Backfill("run", "energy_supply", None, "2024-01", "2024-03", "me", "new factor", (("r", "2024-01"),))
    number = book.add_backfill(ledger, plan)
    (found,) = book.backfills(ledger)
    assert replace(found, at="") == replace(plan, id=number)


def _fill(ledger: Ledger) -> None:
    """At least one row in every table of the ledger."""
    scope = book.Scope("a", 1, False, None, None, None)
    file = book.DeliveryFile("f" * 64, 1)
    delivery = book.Delivery("r", "f", "a.csv", "a" * 64, 1)
    seq = book.add_accepted(ledger, delivery, [scope], file, [book.ExcludedRow(None, 5, "why", "me")])
    delivery_id = book.delivery_id_of("r", "f", "a" * 64)
    book.add_reparse(ledger, book.Reparse(seq, delivery_id, "2", "c", 1, None, "me", "why"), [scope], file)
    book.add_hold(ledger, delivery_id, "hold", who="me", why="why")
    book.start_run(ledger, "run", {})
    with ledger.writing() as connection:
        check = {"at": "t", "gate": "g", "subject": "s", "suite": "s", "check_name": "c", "severity": "info"}
        insert(connection, "gate_results", {**check, "status": "passed", "examples": "[]"})
    publish(ledger, 1, revision("1"))
    publish(ledger, 2)
    book.add_switch(ledger, "release1", None, "publish", who="run", why="")
    book.add_sign_off(
        ledger, SignOff("r", 2024, "release1", "me", "why"), [AssessedValue("e01", None, None, None, None)]
    )
    book.add_prune(ledger, "release2", who="run")
    book.add_backfill(ledger, Backfill("run", "f", None, None, None, "me", "why", ()))
    book.add_fetch(ledger, book.Fetch("r", "f", "server", None, "ended"))


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("sql", ["update {0} set {1} = {1}", "delete from {0}"])
def test_no_table_lets_a_row_be_changed_or_removed(ledger: Ledger, table: str, sql: str) -> None:
    _fill(ledger)
    column = ledger.rows(f"pragma table_info({table})")[0]["name"]
    count: Callable[[], int] = lambda: ledger.one(f"select count(*) from {table}")[0]  # noqa: E731
    before = count()
    assert before
    with pytest.raises(sqlite3.IntegrityError, match="只增不改"):
        ledger.connection.execute(sql.format(table, column))
    assert count() == before

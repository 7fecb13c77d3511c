"""Vintages in a release: every value ever published, what `current` said at a moment, and what was signed off."""

from __future__ import annotations

import sqlite3
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib import import_module
from typing import Any

import duckdb
import pytest
from release_fakes import publish, rows, write_build

from sources import ledger as book
from sources.ledger import AssessedValue, Delivery, DeliveryFile, Ledger, Scope, SignOff
from warehouse import read, release, release_file, shelf, vintage_tables
from warehouse.assessable import assessable
from warehouse.paths import Home

# the package has a function of the same name
ledger_releases = import_module("sources.ledger.releases")
ONE, TWO, THREE = Decimal("1.000000"), Decimal("2.000000"), Decimal("3.000000")
CHINA = timedelta(hours=8)


class Crash(BaseException):
    """The machine stops here."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day passes between any two things that are recorded."""
    moments = (datetime(2024, 5, 1) + timedelta(days=n) for n in range(1000))

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return next(moments).replace(tzinfo=tz)

    monkeypatch.setattr("warehouse.release_plan.datetime", Clock)
    monkeypatch.setattr(ledger_releases, "utc_now", lambda: f"{Clock.now().isoformat()}Z")


def released(home: Home, ledger: Ledger, value: str | None, **more: Any) -> release.ReleaseInfo:
    write_build(home, value=value, **more)
    return publish(home, ledger)


def test_every_value_ever_published_is_there_with_its_successor(home: Home, ledger: Ledger) -> None:
    names = [released(home, ledger, value).release_id for value in ("1", "2", "2", None)]
    last = released(home, ledger, "3")
    found = rows(
        last,
        "select value, previous_value, next_value, release_id, next_release_id, release_number, is_complete, cause "
        "from indicator_revisions order by release_number",
    )
    assert found == [
        (ONE, None, TWO, names[0], names[1], 1, True, "new_data"),
        (TWO, ONE, None, names[1], names[3], 2, True, found[1][-1]),
        (None, TWO, THREE, names[3], last.release_id, 4, None, found[2][-1]),
        (THREE, None, None, last.release_id, None, 5, True, "new_data"),
    ]
    assert [(item.value, item.previous_value) for item in book.revisions(ledger)] == [row[:2] for row in found]


def test_a_value_that_becomes_complete_is_a_vintage(home: Home, ledger: Ledger) -> None:
    released(home, ledger, "1", is_complete=False)
    last = released(home, ledger, "1")
    assert rows(last, "select value, is_complete from indicator_revisions order by release_number") == [
        (ONE, False),
        (ONE, True),
    ]


@pytest.mark.usefixtures("clock")
def test_as_of_follows_current_through_rollbacks(home: Home, ledger: Ledger) -> None:
    first = released(home, ledger, "1")
    released(home, ledger, "2")
    release.roll_back(home, ledger, first.release_id, who="me", why="wrong")
    last = released(home, ledger, "3")
    switched = rows(last, "select number, action, switched_at, release_number, who, why from releases order by number")
    assert [(row[1], row[3]) for row in switched] == [("publish", 1), ("publish", 2), ("rollback", 1), ("publish", 3)]
    assert switched[2][4:] == ("me", "wrong")
    assert [row[2] for row in switched] == sorted(row[2] for row in switched)

    def said(at: datetime) -> list[Any]:
        return [row[0] for row in rows(last, f"select value from as_of(timestamp '{at + CHINA}')")]

    moments = [row[2] for row in switched]
    assert said(moments[0] - timedelta(seconds=1)) == []
    assert [said(at) for at in moments] == [[ONE], [TWO], [ONE], [THREE]]
    assert [said(at - timedelta(seconds=1)) for at in moments[1:]] == [[ONE], [TWO], [ONE]]


@pytest.mark.usefixtures("clock")
def test_a_value_that_is_gone_is_not_in_as_of(home: Home, ledger: Ledger) -> None:
    released(home, ledger, "1")
    last = released(home, ledger, None)
    assert rows(last, "select * from as_of('2030-01-01')") == []
    assert rows(last, "select value from as_of('2024-05-03')") == [(ONE,)]


def test_the_macro_works_where_analysts_ask(home: Home, ledger: Ledger) -> None:
    released(home, ledger, "1")
    assert read.query(home, "select value, region from as_of('2999-01-01')").rows == [(ONE, "r")]
    assert read.query(home, "select count(*) from main.as_of(timestamp '2000-01-01 00:00')").rows == [(0,)]
    told = read.query(home, "select comment from duckdb_functions() where function_name = 'as_of'").rows
    assert told == [(vintage_tables._AS_OF_COMMENT,)]


def test_every_table_of_the_ledger_has_words_in_both_languages(home: Home, ledger: Ledger) -> None:
    info = released(home, ledger, "1")
    texts = rows(
        info,
        "select comment from duckdb_tables() where not internal union all "
        "select comment from duckdb_columns() where not internal",
    )
    assert info.manifest["undescribed"] == []
    assert [
        text for (text,) in texts if text.isascii() or not any(char.isascii() and char.isalpha() for char in text)
    ] == []


def taken(ledger: Ledger, digit: str) -> str:
    scope = Scope("2024-03|coal", 1, False, date(2024, 3, 1), date(2024, 3, 31), None)
    delivery = Delivery("r", "energy_supply", f"{digit}.csv", digit * 64, 1)
    book.add_accepted(ledger, delivery, [scope], DeliveryFile("d" * 64, 1))
    return book.delivery_id_of("r", "energy_supply", digit * 64)


def test_scopes_that_another_delivery_speaks_for_are_listed(home: Home, ledger: Ledger) -> None:
    old = taken(ledger, "a")
    first = released(home, ledger, "1")
    new = taken(ledger, "b")
    second, third = released(home, ledger, "2"), released(home, ledger, "2")
    sql = "select kind, delivery_id, file_name, previous_delivery_id, previous_file_name, period_end from scope_changes"
    assert rows(first, sql) == [("new", old, "a.csv", None, None, date(2024, 3, 31))]
    assert rows(second, sql) == [("replaced", new, "b.csv", old, "a.csv", date(2024, 3, 31))]
    assert rows(third, sql) == []


def test_a_crash_before_the_ledger_hears_of_it_loses_no_vintage(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(home, ledger, "1")
    expected = released(home, ledger, "2")
    recorded = book.revisions(ledger)
    with monkeypatch.context() as patch, pytest.raises(Crash):
        patch.setattr(shelf, "add_release", crash)
        released(home, ledger, "3")
    assert book.revisions(ledger) == recorded
    release.roll_back(home, ledger, expected.release_id, who="me", why="x")
    found = book.revisions(ledger)
    assert [(item.value, item.previous_value) for item in found] == [(ONE, None), (TWO, ONE), (THREE, TWO)]
    actions = [(switch.action, switch.who, switch.why) for switch in book.switches(ledger)[-2:]]
    assert actions == [("publish", "run", "发布 / published"), ("rollback", "me", "x")]
    assert book.release_manifest(ledger, found[-1].release_id)["who"] == "run"  # type: ignore[index]


def crash(*_: Any, **__: Any) -> None:
    raise Crash


def test_a_release_and_its_vintages_are_recorded_together_or_not_at_all(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, pytest.raises(sqlite3.Error):
        patch.setattr(shelf, "_own_revisions", lambda info: [None])
        patch.setattr(ledger_releases, "revision_values", lambda *_: {"no_such_column": 1})
        released(home, ledger, "1")
    assert book.releases(ledger) == []
    shelf.record_current(home, ledger)
    assert [item.value for item in book.revisions(ledger)] == [ONE]


def sign(ledger: Ledger, info: release.ReleaseInfo, year: int = 2024) -> None:
    with duckdb.connect(str(info.database), read_only=True) as connection:
        values = assessable(connection, "r", year)
    book.add_sign_off(ledger, SignOff("r", year, info.release_id, "王主任", "年度评估"), values)


ASSESSED = (
    "select indicator, level, target_year, value, status, signed_by, current_value, current_status, is_revised "
    "from assessments"
)


def test_a_signed_value_stays_beside_what_it_is_now(home: Home, ledger: Ledger) -> None:
    info = released(home, ledger, "1")
    assert rows(info, ASSESSED) == []
    sign(ledger, info)
    same = publish(home, ledger)
    head = ("x", "basic", 2025, ONE, "on_track", "王主任")
    assert rows(same, ASSESSED) == [(*head, ONE, "on_track", False)]
    revised = released(home, ledger, "2", status="off_track")
    assert rows(revised, ASSESSED) == [(*head, TWO, "off_track", True)]
    assert rows(released(home, ledger, None), ASSESSED) == [(*head, None, "on_track", True)]
    assert rows(revised, "select release_id from assessments") == [(info.release_id,)]


def test_when_it_was_signed_is_not_content_but_what_was_signed_is(home: Home, ledger: Ledger) -> None:
    info = released(home, ledger, "1")
    sign(ledger, info)
    signed = publish(home, ledger)
    assert signed.content_sha256 != info.content_sha256
    with duckdb.connect(str(signed.database), read_only=True) as connection:
        content = {
            column.name
            for column in release_file.hashes.split(release_file.hashes.tables(connection))[0]["assessments"]
        }
    assert {"value", "signed_by", "is_revised"} <= content and not {"signed_at", "release_id"} & content


def test_a_release_made_of_an_earlier_moment_does_not_know_later_signatures(home: Home, ledger: Ledger) -> None:
    at = book.position(ledger)
    info = released(home, ledger, "1")
    sign(ledger, info)
    again = publish(home, ledger, at=at, revised=[])
    assert rows(again, ASSESSED) == [] and again.content_sha256 == info.content_sha256


def test_targets_of_a_year_without_values_are_shown_without(home: Home, ledger: Ledger) -> None:
    info = released(home, ledger, "1")
    with duckdb.connect(str(info.database), read_only=True) as connection:
        assert assessable(connection, "elsewhere", 2024) == []
        assert assessable(connection, "r", 2023) == [AssessedValue("x", "basic", 2025, None, None)]
        assert assessable(connection, "r", 2024) == [AssessedValue("x", "basic", 2025, ONE, "on_track")]

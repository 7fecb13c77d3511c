"""A ledger of an older version: upgraded in place by a writer, read in memory by a reader, nothing in it changed."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sources import ledger as book
from sources.ledger import Delivery, Position
from sources.ledger.store import SCHEMA_VERSION, TABLES, migrate
from warehouse.paths import Home

NEW = {
    *("is_partial", "reparse_id", "last_reparse", "last_sign_off"),
    *("region", "feed", "sheet", "offending_rows", "domains", "deliveries"),  # of gate results
}
KEPT = {"deliveries": {"region", "feed"}}


@pytest.fixture
def old(tmp_path: Path) -> Home:
    """A ledger of version 1 with one acceptance, its file, a hold that is over, and a release."""
    home = Home(tmp_path)
    with sqlite3.connect(home.ledger, isolation_level=None) as connection:
        migrate(connection, to=1)
        one = book.delivery_id_of("r", "f", "a" * 64)
        connection.execute(
            "insert into deliveries (delivery_id, region, feed, file_name, sha256, size_bytes, received_at, status) "
            "values (?, 'r', 'f', 'a.csv', ?, 1, '2026-01-01T00:00:00.000000Z', 'accepted')",
            (one, "a" * 64),
        )
        connection.execute("insert into delivery_scopes values (1, '2024-01', 3, 0, '2024-01-01', '2024-01-31', null)")
        connection.execute("insert into delivery_files values (1, ?, ?, 9, 't', 'accepted')", (one, "b" * 64))
        for action in ("hold", "release"):
            connection.execute("insert into holds values (null, ?, ?, 'me', 'why', null, null, 't')", (one, action))
        connection.execute(
            "insert into gate_results values (1, 'run', 't', 'delivery', ?, 's', 'c', 'critical', 'failed', null, '1', "
            "1, 3, '[\"a\"]', '因', 'why')",
            (one,),
        )
        connection.execute("insert into releases values (1, 'first', null, 't', '2026-01-01', 'c', 1, 2)")
    connection.close()
    return home


def rows_of(home: Home) -> dict[str, list[tuple]]:
    """Every row of the tables of version 1, without what later versions added to them."""
    found = {}
    with sqlite3.connect(home.ledger) as connection:
        for table in TABLES[:8]:
            names = [row[1] for row in connection.execute(f"pragma table_info({table})")]
            kept = ", ".join(name for name in names if name not in NEW - KEPT.get(table, set()))
            found[table] = connection.execute(f"select {kept} from {table}").fetchall()
    connection.close()
    return found


def check_contents(ledger: book.Ledger) -> None:
    (winner,) = book.winners(ledger)
    assert (winner.scope, winner.row_count, winner.is_partial, winner.reparse_id) == ("2024-01", 3, False, 0)
    assert book.delivery_file(ledger, winner.delivery_id) == book.DeliveryFile("b" * 64, 9)
    assert book.position(ledger) == Position(1, 2, 0, 0)
    (release,) = book.releases(ledger)
    assert release == book.last_release(ledger)
    assert release.position == Position(1, 2)
    (result,) = book.gate_results(ledger, "run")
    assert (result.examples, result.offending_rows, result.deliveries, result.feed) == (["a"], [], [], None)
    assert book.release_manifest(ledger, "first") is None
    assert book.published_values(ledger) == {} == book.waivers(ledger)


def test_a_writer_upgrades_it_in_place(old: Home) -> None:
    before = rows_of(old)
    with book.open_ledger(old) as ledger:
        check_contents(ledger)
        assert ledger.one("pragma user_version")[0] == SCHEMA_VERSION
        tables = {row["name"] for row in ledger.rows("select name from sqlite_master where type = 'table'")}
        assert set(TABLES) <= tables
    assert rows_of(old) == before
    with book.open_ledger(old) as ledger:
        check_contents(ledger)


def test_a_reader_leaves_the_file_alone(old: Home) -> None:
    before = old.ledger.read_bytes()
    reader = book.read_ledger(old)
    assert reader is not None
    with reader:
        check_contents(reader)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            book.add_quarantined(reader, Delivery("r", "f", "b.csv", "b" * 64, 1, reason="x"))
    assert old.ledger.read_bytes() == before


def test_an_upgrade_that_fails_changes_nothing(old: Home) -> None:
    with sqlite3.connect(old.ledger) as connection:
        connection.execute("create table backfills (id integer)")  # stands in the way of the last statement
    connection.close()
    with pytest.raises(sqlite3.OperationalError, match="already exists"):
        book.open_ledger(old)
    with sqlite3.connect(old.ledger) as connection:
        names = {row[1] for row in connection.execute("pragma table_info(delivery_scopes)")}
        assert connection.execute("pragma user_version").fetchone()[0] == 1
        assert not names & NEW
    connection.close()


def test_a_fresh_ledger_is_as_an_upgraded_one(old: Home, tmp_path: Path) -> None:
    shapes = []
    for home in (old, Home(tmp_path / "fresh")):
        with book.open_ledger(home) as ledger:
            objects = ledger.rows("select type, name, sql from sqlite_master where name not like 'sqlite_%' order by 2")
            shapes.append([tuple(row) for row in objects])
    assert shapes[0] == shapes[1]


def test_a_newer_ledger_is_left_alone(old: Home) -> None:
    with sqlite3.connect(old.ledger) as connection:
        connection.execute(f"pragma user_version = {SCHEMA_VERSION + 1}")
    connection.close()
    for open_it in (book.open_ledger, book.read_ledger):
        with pytest.raises(RuntimeError, match="newer version"):
            open_it(old)

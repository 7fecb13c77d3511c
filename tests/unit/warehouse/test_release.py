"""Publishing and reading: order, durability, comments, history, limits, and a crash between any two steps."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from release_fakes import DAY, publish, rows, write_build

from sources import ledger as book
from sources.ledger import Delivery, DeliveryFile, Ledger, Scope
from warehouse import inputs, pending, read, release, release_plan, shelf
from warehouse.paths import Home


@pytest.fixture(autouse=True)
def frozen_inputs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The project's own files may be edited while these tests run; that is not what they are about."""
    frozen = inputs.file_hashes()
    for module in (inputs, release_plan):
        monkeypatch.setattr(module, "file_hashes", lambda: frozen)


@pytest.fixture
def published(home: Home, ledger: Ledger) -> release.ReleaseInfo:
    write_build(home)
    book.add_quarantined(ledger, Delivery("r", "energy_supply", "坏.csv", "b" * 64, 3, reason="bad_number"))
    return publish(home, ledger)


def test_a_release_is_complete_read_only_and_described(home: Home, published: release.ReleaseInfo) -> None:
    assert home.current.is_symlink() and home.current.resolve() == published.folder.resolve()
    assert {file.name for file in published.folder.iterdir()} == {"warehouse.duckdb", "release.json"}
    assert {oct(file.stat().st_mode)[-3:] for file in published.folder.iterdir()} == {"444"}
    manifest = published.manifest
    assert manifest["undescribed"] == []
    assert manifest["tables"]["indicator_values"] == 1 and "forgotten_model" not in manifest["tables"]
    assert rows(published, "select release_id, as_of, content_sha256 from release") == [
        (published.release_id, DAY, published.content_sha256)
    ]
    assert rows(published, "select file_name, reason, is_resolved from quarantined") == [
        ("坏.csv", "bad_number", False)
    ]
    assert list(home.releases.iterdir()) == [published.folder]
    release.verify_release(published)


def test_the_ledger_knows_the_release_and_the_switch(
    home: Home, ledger: Ledger, published: release.ReleaseInfo
) -> None:
    write_build(home, value="2")
    second = publish(home, ledger, why="new data")
    assert [item.release_id for item in book.releases(ledger)] == [published.release_id, second.release_id]
    last = book.last_switch(ledger)
    assert last and (last.release_id, last.previous_release_id, last.why) == (
        second.release_id,
        published.release_id,
        "new data",
    )
    release.roll_back(home, ledger, published.release_id, who="me", why="wrong factor")
    assert shelf.current_id(home) == published.release_id
    assert [item.action for item in book.switches(ledger)] == ["publish", "publish", "rollback"]


def test_a_rollback_killed_before_it_was_entered_is_entered_as_one_and_leaves_work(
    home: Home, ledger: Ledger, published: release.ReleaseInfo
) -> None:
    write_build(home, value="2")
    publish(home, ledger)
    shelf.point_current(home, published.release_id)
    assert "unrecorded" in pending.what_is_new(home)
    shelf.record_current(home, ledger)
    assert [item.action for item in book.switches(ledger)] == ["publish", "publish", "rollback"]
    assert "unrecorded" not in pending.what_is_new(home)


def test_the_same_content_has_the_same_hash_and_another_name(
    home: Home, ledger: Ledger, published: release.ReleaseInfo
) -> None:
    again = publish(home, ledger)
    assert again.content_sha256 == published.content_sha256
    assert again.release_id != published.release_id
    write_build(home, value="1.500001")
    assert publish(home, ledger).content_sha256 != published.content_sha256


def test_an_open_reader_goes_on_reading_the_old_release(home: Home, ledger: Ledger) -> None:
    write_build(home)
    publish(home, ledger)
    with duckdb.connect(str(home.current / "warehouse.duckdb"), read_only=True) as reader:
        write_build(home, value="2")
        publish(home, ledger)
        assert reader.execute("select value from indicator_values").fetchone() == (Decimal("1.500000"),)
    assert read.query(home, "select value from indicator_values").rows == [(Decimal("2.000000"),)]


def test_attachments_are_part_of_the_release(home: Home, ledger: Ledger) -> None:
    write_build(home)

    def site(folder: Path) -> None:
        (folder / "site").mkdir()
        (folder / "site" / "index.html").write_text("x")

    info = publish(home, ledger, attach=[site])
    assert set(info.manifest["files"]) == {"warehouse.duckdb", "site/index.html"}


class Crash(BaseException):
    """The machine stops here."""


@pytest.mark.parametrize(
    ("step", "is_published"),
    [
        ("write_database", False),
        ("prove", False),
        ("_finish", False),
        ("point_current", False),
        ("record_current", True),
    ],
)
def test_a_crash_while_publishing_leaves_a_good_current(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, step: str, is_published: bool
) -> None:
    write_build(home)
    first = publish(home, ledger)
    write_build(home, value="2")
    real, calls = getattr(release, step), []

    def crash(*args: Any, **kwargs: Any) -> Any:
        calls.append(step)
        if step == "record_current" and len(calls) == 1:
            return real(*args, **kwargs)
        raise Crash

    with monkeypatch.context() as patch, pytest.raises(Crash):
        patch.setattr(release, step, crash)
        publish(home, ledger)
    current = release.current_release(home)
    assert current and (current.release_id != first.release_id) == is_published
    release.verify_release(current)
    last = publish(home, ledger)
    assert [item.release_id for item in book.releases(ledger)][-1] == last.release_id
    assert len(book.releases(ledger)) == (3 if is_published else 2)
    assert {path.name for path in home.releases.iterdir()} == {item.release_id for item in book.releases(ledger)}


def test_a_release_that_the_ledger_lost_is_not_taken_away(home: Home, ledger: Ledger) -> None:
    write_build(home)
    older = home.root / "older.sqlite"
    ledger.connection.execute(f"vacuum into '{older}'")
    first = publish(home, ledger)
    ledger.close()
    older.replace(home.ledger)
    home.current.unlink()
    with book.open_ledger(home) as restored:
        publish(home, restored)
    release.verify_release(shelf.open_release(home, first.release_id))


def test_private_columns_are_never_published(home: Home, ledger: Ledger) -> None:
    write_build(home)
    with duckdb.connect(str(home.build_db)) as connection:
        connection.execute("alter table marts.lineage add column plate varchar")
    with pytest.raises(release.PublishError, match="plate"):
        publish(home, ledger)
    assert release.current_release(home) is None


def test_a_table_edited_while_the_build_ran_is_not_recorded_as_what_it_was_built_from(
    home: Home, ledger: Ledger
) -> None:
    write_build(home)
    with duckdb.connect(str(home.build_db)) as connection:
        connection.execute("create schema if not exists raw")
        connection.execute("create table raw.build_state (name varchar, value varchar)")
        connection.execute("insert into raw.build_state values ('inputs', ?)", [json.dumps({"plan": "another"})])
    with pytest.raises(release.PublishError, match=r"edited during the run.*plan"):
        release.publish(home, ledger, DAY)
    assert release.current_release(home) is None


def test_a_damaged_release_is_never_served(home: Home, published: release.ReleaseInfo) -> None:
    assert read.query(home, "select 1 as a").rows == [(1,)]
    content = bytearray(published.database.read_bytes())
    content[len(content) // 2] ^= 1
    published.database.chmod(0o644)
    published.database.write_bytes(bytes(content))
    with pytest.raises(shelf.DamagedRelease, match=r"warehouse\.duckdb"):
        read.query(home, "select 1 as a")


def test_a_stray_wal_is_damage(home: Home, published: release.ReleaseInfo) -> None:
    published.folder.chmod(0o755)
    (published.folder / "warehouse.duckdb.wal").write_bytes(b"")
    with pytest.raises(shelf.DamagedRelease, match="wal"):
        release.verify_release(published)


def test_queries_give_exact_values_and_are_cut(home: Home, published: release.ReleaseInfo) -> None:
    result = read.query(home, "select value, period_start from indicator_values")
    assert result.rows == [(Decimal("1.500000"), date(2024, 1, 1))]
    assert (result.columns, result.is_cut) == (["value", "period_start"], False)
    assert result.release_id == published.release_id
    cut = read.query(home, "select * from range(1000)", max_rows=10)
    assert len(cut.rows) == 10 and cut.is_cut


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from glob('/*')",
        "copy indicator_values to '/tmp/peak-must-not-exist.csv'",
        "attach ':memory:' as x",
        "install httpfs",
        "load httpfs",
        "set memory_limit = '90GB'",
        "pragma memory_limit = '90GB'",
        "delete from indicator_values",
        "create temp table x as select 1",
        "select 1; select 2",
        "",
        "select repeat('x', 2000000000)",
        "select length(repeat('x', 2000000000))",
        "select repeat('x', 20000000) from range(100)",
        "select list(range) from range(1000000000)",
        "select count(*) from range(100000000), range(100000000)",
    ],
)
@pytest.mark.usefixtures("published")
def test_harm_is_refused_within_the_limits(home: Home, sql: str) -> None:
    with pytest.raises(read.QueryError):
        read.query(home, sql, timeout_s=2)


def test_before_the_first_release_there_is_nothing_to_read(home: Home) -> None:
    with pytest.raises(shelf.DamagedRelease, match="peak run"):
        read.query(home, "select 1")
    assert pending.what_is_new(home) == ["no_release"]


def test_nothing_new_until_something_is(
    home: Home, ledger: Ledger, published: release.ReleaseInfo, monkeypatch: pytest.MonkeyPatch
) -> None:
    del published
    assert pending.nothing_new(home)
    now = pending.input_hashes()
    with monkeypatch.context() as patch:
        patch.setattr(pending, "input_hashes", lambda: {**now, "plan": "other"})
        assert pending.what_is_new(home) == ["plan"]
    scope = Scope("2024-03|coal", 1, False, None, None, None)
    delivery = Delivery("r", "energy_supply", "a.csv", "c" * 64, 1)
    book.add_accepted(ledger, delivery, [scope], DeliveryFile("d" * 64, 1))
    assert pending.what_is_new(home) == ["ledger"]
    publish(home, ledger)
    assert pending.nothing_new(home)
    book.add_duplicate(ledger, delivery)
    assert pending.nothing_new(home)
    book.add_hold(ledger, book.delivery_id_of("r", "energy_supply", "c" * 64), "hold", who="me", why="x")
    assert not pending.nothing_new(home)


def test_a_damaged_link_is_work_to_do(home: Home, published: release.ReleaseInfo) -> None:
    del published
    home.current.unlink()
    home.current.symlink_to("releases/20200101T000000Z-aaaaaa")
    assert pending.what_is_new(home) == ["damaged_release"]

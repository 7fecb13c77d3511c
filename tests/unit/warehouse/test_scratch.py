"""A scratch copy sees what the home holds, and nothing done in it reaches the home."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from sources.intake import take_in, waiting
from sources.ledger import deliveries, open_ledger, position, start_run
from sources.parquet import ensure
from tests.support import small
from tests.support.homes import contents
from warehouse.lock import writing
from warehouse.paths import Home
from warehouse.scratch import scratch_home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home that took in two files."""
    place = Home(tmp_path / "home")
    small.deliver(place, [small.files()[-4], small.correction()])
    with closing(open_ledger(place)) as ledger:
        for file in waiting(place):
            assert take_in(file.path, file.feed, file.region, place, ledger).status == "accepted"
    return place


def test_a_scratch_copy_has_the_same_ledger_bytes_and_rows(home: Home) -> None:
    with scratch_home(home) as scratch, closing(open_ledger(scratch)) as copy:
        entries = deliveries(copy)
        assert [entry.file_name for entry in entries] == ["能源_一月二月_演示.csv", "能源_二月_更正.csv"]
        for entry in entries:
            assert ensure(scratch, copy, entry)[1] is False
            assert scratch.archived(entry.sha256).read_bytes() == home.archived(entry.sha256).read_bytes()
        root = scratch.root
    assert not root.exists()


def test_what_is_written_in_a_scratch_copy_stays_there(home: Home) -> None:
    home.releases.mkdir()
    (home.releases / "r1").mkdir()
    before = contents(home.root)
    with scratch_home(home) as scratch, closing(open_ledger(scratch)) as copy:
        first = deliveries(copy)[0]
        file = scratch.delivery(first.feed, first.region, first.delivery_id)
        file.unlink()
        assert ensure(scratch, copy, first)[1] is True and not file.is_symlink()
        start_run(copy, "test", {})
        (scratch.releases / "r2").mkdir()
    assert contents(home.root) == before


def test_without_deliveries_rows_come_from_the_archive(home: Home) -> None:
    with scratch_home(home, with_deliveries=False) as scratch, closing(open_ledger(scratch)) as copy:
        assert not scratch.deliveries.exists() and position(copy).seq == 2
        assert ensure(scratch, copy, deliveries(copy)[0])[1] is True


def test_the_build_is_copied_unless_a_run_writes(home: Home) -> None:
    home.build_db.write_bytes(b"database")
    (home.build / "target").mkdir(parents=True)
    (home.build / "target" / "manifest.json").write_text("{}")
    with scratch_home(home, with_build=True) as scratch:
        assert scratch.build_db.read_bytes() == b"database"
        assert (scratch.build / "target" / "manifest.json").read_text() == "{}"
    with writing(home, command="other"), scratch_home(home, with_build=True) as scratch:
        assert not scratch.build_db.exists()


def test_a_home_without_a_ledger_has_no_scratch_copy(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), scratch_home(Home(tmp_path / "none")):
        pass
    assert not (tmp_path / "none").exists()

"""A backup has all that a home needs, and says when it has not."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.ledger import deliveries, open_ledger, read_ledger
from tests.support import small
from tests.support.homes import take_in_all
from warehouse.backup import BadBackup, back_up, verify
from warehouse.paths import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path / "home")
    small.deliver(home, small.files())
    take_in_all(home)
    home.settings.write_text("[serve]\n", "utf-8")
    return home


def files(home: Home) -> dict[str, bytes]:
    found = [*home.archive.rglob("*"), *home.deliveries.rglob("*")]
    return {str(file.relative_to(home.root)): file.read_bytes() for file in found if file.is_file()}


def test_everything_that_cannot_be_rebuilt_is_there_and_only_what_is_new_is_copied(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    first = back_up(home, folder)
    assert files(Home(folder)) == files(home) and first.copied == first.files == len(files(home))
    with read_ledger(home) as then, read_ledger(Home(folder)) as now:  # type: ignore[union-attr]
        assert deliveries(then) == deliveries(now)
    assert (folder / "settings.toml").read_text("utf-8") == "[serve]\n" and verify(folder) == []
    small.deliver(home, [small.correction()])
    take_in_all(home)
    again = back_up(home, folder)
    assert again.copied == 2 and files(Home(folder)) == files(home)
    assert sorted(path.name for path in folder.iterdir()) == ["archive", "deliveries", "ledger.sqlite", "settings.toml"]
    assert verify(folder) == [] and not list(folder.glob("*-wal"))


def test_a_half_copied_file_is_copied_again_and_half_written_ones_are_left_out(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    back_up(home, folder)
    victim = next(file for file in Home(folder).archive.rglob("*") if file.is_file())
    victim.write_bytes(b"ha")
    (home.archive / ".half.tmp").write_bytes(b"x")
    assert back_up(home, folder).copied == 1 and verify(folder) == []
    assert not (folder / "archive" / ".half.tmp").exists()


def test_other_bytes_than_a_name_says_are_found(home: Home, tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    back_up(home, folder)
    victim = next(file for file in Home(folder).archive.rglob("*") if file.is_file())
    victim.write_bytes(victim.read_bytes()[:-1] + b"?")
    assert verify(folder) == [victim]


def test_a_backup_in_the_home_and_an_empty_home_are_refused(home: Home, tmp_path: Path) -> None:
    with pytest.raises(BadBackup, match="cannot lie in"):
        back_up(home, home.root / "backup")
    with pytest.raises(FileNotFoundError):
        back_up(Home(tmp_path / "empty"), tmp_path / "backup")
    with pytest.raises(BadBackup, match="no ledger"):
        verify(tmp_path / "nothing")
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "ledger.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(BadBackup, match="not sound"):
        verify(tmp_path / "broken")


def test_the_ledger_may_be_open_and_growing(home: Home, tmp_path: Path) -> None:
    with open_ledger(home):
        assert back_up(home, tmp_path / "backup").files > 0

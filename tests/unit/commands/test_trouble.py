"""A data home that cannot be used is said in a sentence."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from click.testing import CliRunner

from peak.cli import main
from peak.trouble import sentence
from sources.ledger import open_ledger
from warehouse.paths import Home

COMMANDS = [
    ("status",),
    ("run", "--wait", "0"),
    ("demo", "--years", "2025"),
    ("sql", "select 1"),
    ("history", "non_fossil_share", "--region", "r"),
    ("rollback", "2026", "--reason", "x"),
    ("prune",),
]


def a_file(folder: Path) -> Path:
    place = folder / "home"
    place.write_text("not a folder")
    return place


def below_a_file(folder: Path) -> Path:
    return a_file(folder) / "below"


def a_folder_for_a_ledger(folder: Path) -> Path:
    Home(folder).ledger.mkdir()
    return folder


def a_damaged_ledger(folder: Path) -> Path:
    Home(folder).ledger.write_bytes(b"no database " * 1000)
    return folder


def a_newer_ledger(folder: Path) -> Path:
    open_ledger(Home(folder)).close()
    with sqlite3.connect(Home(folder).ledger) as connection:
        connection.execute("pragma user_version = 99")
    connection.close()
    return folder


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: arguments[0])
@pytest.mark.parametrize("made", [a_file, below_a_file, a_folder_for_a_ledger, a_damaged_ledger, a_newer_ledger])
def test_an_odd_home_gets_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: object, arguments: tuple[str, ...]
) -> None:
    place = made(tmp_path)  # type: ignore[operator]
    if arguments[0] in ("demo", "run") and place == tmp_path:
        pytest.skip("files are put into the inbox without a ledger; a run says it once it has begun")
    monkeypatch.setenv("PEAK_HOME", str(place))
    done = CliRunner().invoke(main, list(arguments))
    assert done.exit_code == 1 and done.output.startswith("Error: "), (done.output, done.exception)
    assert isinstance(done.exception, SystemExit)


def test_no_right_to_write_is_said_with_the_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEAK_HOME", str(tmp_path))
    said = sentence(PermissionError(13, "Permission denied", str(tmp_path / ".lock")))
    assert said is not None and str(tmp_path / ".lock") in said and "PEAK_HOME" in said


def test_other_errors_stay_what_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEAK_HOME", str(tmp_path / "home"))
    assert sentence(FileNotFoundError(2, "No such file", "/elsewhere/model.sql")) is None
    assert sentence(BrokenPipeError(32, "Broken pipe", str(tmp_path / "home"))) is None
    assert sentence(ValueError("x")) is None and sentence(OSError("without a file")) is None

"""What may still be growing stays in the inbox: open for writing, changing, or not what it was a moment ago."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources import intake, settling
from sources.ledger import Ledger, deliveries, open_ledger
from sources.opening import StillWritten, is_written, open_regular
from tests.support.homes import put
from tests.support.small import CORRECTION
from warehouse.paths import Home

FEED = "energy_supply"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    with open_ledger(home) as found:
        yield found


def drop(home: Home, name: str, content: str = CORRECTION) -> Path:
    return put(home, "r", FEED, name, content)


def codes(inbox: intake.Inbox) -> dict[str, str]:
    return {item.path.name: item.code for item in inbox.left_alone}


@pytest.fixture
def leases(tmp_path: Path) -> None:
    """Needs a file system that tells who writes."""
    probe = tmp_path / "probe"
    probe.write_text("x")
    with open_regular(probe) as stream:
        if is_written(stream.fileno()) is None:
            pytest.skip("no leases here")


@pytest.mark.usefixtures("leases")
def test_a_file_that_another_process_writes_is_taken_when_it_is_closed(home, ledger):
    path = drop(home, "growing.csv")
    code = "import sys, time; f = open(sys.argv[1], 'a'); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None and writer.stdout.readline() == b"open\n"
        inbox = settling.at_rest(intake.scan(home), home, 0)
        assert (inbox.waiting, codes(inbox)) == ([], {"growing.csv": "still_written"})
        outcome = intake.take_in(path, FEED, "r", home, ledger)
        assert (outcome.status, outcome.reason) == ("left", "still_written")
        assert deliveries(ledger) == [] and path.exists()
    assert [item.path for item in settling.at_rest(intake.scan(home), home, 0).waiting] == [path]
    assert intake.take_in(path, FEED, "r", home, ledger).status == "accepted"


def test_fresh_files_cost_one_wait_and_those_that_grew_meanwhile_stay(home):
    for number in range(3):
        drop(home, f"{number}.csv")
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        with (home.inbox / "r" / FEED / "1.csv").open("a") as more:
            more.write("x")

    inbox = settling.at_rest(intake.scan(home), home, 60, sleep)
    assert [item.path.name for item in inbox.waiting] == ["0.csv", "2.csv"]
    assert codes(inbox) == {"1.csv": "still_written"}
    assert len(slept) == 1 and 0 < slept[0] <= 60


def test_files_at_rest_cost_nothing(home):
    drop(home, "old.csv")
    inbox = settling.at_rest(intake.scan(home), home, 0, lambda _: pytest.fail("slept"))
    assert len(inbox.waiting) == 1


def test_a_file_that_is_gone_or_was_swapped_meanwhile_is_not_opened(home, tmp_path):
    gone, swapped, closed = drop(home, "gone.csv"), drop(home, "swapped.csv"), drop(home, "closed.csv")
    secret = tmp_path / "secret.csv"
    secret.write_text(CORRECTION)

    def sleep(_: float) -> None:
        gone.unlink()
        swapped.unlink()
        swapped.symlink_to(secret)
        closed.unlink()
        with socket.socket(socket.AF_UNIX) as server:
            here = Path.cwd()
            os.chdir(closed.parent)  # names of sockets are short
            server.bind(closed.name)
            os.chdir(here)

    inbox = settling.at_rest(intake.scan(home), home, 60, sleep)
    assert inbox.waiting == []
    assert codes(inbox) == {"swapped.csv": "not_a_file", "closed.csv": "not_a_file"}


@pytest.mark.parametrize("kind", ["file", "region", "feed", "fifo", "socket", "hard"])
def test_what_was_swapped_after_the_look_is_never_read(home, ledger, tmp_path, kind):
    path = drop(home, "a.csv")
    outside = tmp_path / "outside"
    (outside / FEED).mkdir(parents=True)
    (outside / "a.csv").write_text(CORRECTION)
    (outside / FEED / "a.csv").write_text(CORRECTION)
    (waiting,) = intake.scan(home).waiting
    if kind in ("region", "feed"):
        folder = path.parent if kind == "feed" else path.parent.parent
        folder.rename(tmp_path / "away")
        folder.symlink_to(outside)
    elif kind == "hard":
        os.link(path, tmp_path / "other name")
    else:
        path.unlink()
        {"file": lambda: path.symlink_to(outside / "a.csv"), "fifo": lambda: os.mkfifo(path)}.get(
            kind, lambda: os.mknod(path, 0o140600)
        )()
    outcome = intake.take_in(waiting.path, FEED, "r", home, ledger)
    assert (outcome.status, outcome.reason) == ("left", "not_readable")
    assert deliveries(ledger) == [] and list(home.archive.rglob("*")) == []
    assert (outside / "a.csv").exists() and (outside / FEED / "a.csv").exists()


def test_a_hard_link_is_left_and_taken_when_the_other_name_is_gone(home, tmp_path):
    path = drop(home, "a.csv")
    os.link(path, tmp_path / "other name")
    assert codes(intake.scan(home)) == {"a.csv": "linked"}
    (tmp_path / "other name").unlink()
    assert [item.path for item in intake.scan(home).waiting] == [path]


def test_a_lease_of_another_process_counts_as_use(tmp_path, monkeypatch):
    def busy(*_: object, **__: object) -> int:
        raise BlockingIOError

    monkeypatch.setattr(os, "open", busy)
    with pytest.raises(StillWritten), open_regular(tmp_path / "a.csv"):
        pass


def test_the_wait_is_a_setting(monkeypatch):
    assert settling.settle_seconds() == settling.SETTLE_S
    assert settling.settle_seconds(settling.WATCHED_S) == settling.WATCHED_S
    monkeypatch.setenv("PEAK_SETTLE_SECONDS", "0.5")
    assert settling.settle_seconds() == settling.settle_seconds(settling.WATCHED_S) == 0.5

"""One instance of a data home, and what a killed one left."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from serving.instance import (
    OWNER,
    AlreadyServing,
    end_leftovers,
    end_orphaned_servers,
    forget_part,
    only_instance,
    remember_part,
    standing,
)
from sources.ledger.runs import process_mark
from warehouse.paths import Home

WHERE = {"api": "http://127.0.0.1:1/api", "ui": "http://127.0.0.1:1", "site": "http://127.0.0.1:2"}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def _sleep(env: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
    code = "import time; time.sleep(60)"
    around = {**os.environ, **(env or {})}
    return subprocess.Popen([sys.executable, "-c", code, "prefect.server"], start_new_session=True, env=around)


@pytest.fixture
def part() -> Iterator[subprocess.Popen[bytes]]:
    child = _sleep()
    yield child
    child.kill()
    child.wait()


def test_a_second_instance_is_refused_and_told_where_the_first_is(home: Home) -> None:
    assert standing(home) is None
    with only_instance(home, WHERE):
        found = standing(home)
        assert found is not None and (found["pid"], found["ui"]) == (os.getpid(), WHERE["ui"])
        told = rf"process {os.getpid()}, http://127.0.0.1:1"
        with pytest.raises(AlreadyServing, match=told), only_instance(home, {}):
            pass
    assert standing(home) is None
    with only_instance(home, WHERE):
        pass


def test_what_a_killed_instance_left_is_ended_and_nothing_else(
    home: Home, part: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    home.prefect.mkdir()
    remember_part(home, "worker", part.pid)
    mark = process_mark(os.getpid())
    (home.prefect / "server.part").write_text(f"{mark}9", "utf-8")  # our number, another process
    assert end_leftovers(home) == ["worker"]
    assert not psutil.pid_exists(part.pid), "its port is free only when it is gone"
    assert list(home.prefect.glob("*.part")) == []
    remember_part(home, "site", os.getpid())
    forget_part(home, "site")
    assert end_leftovers(home) == []


def test_the_temporary_server_of_a_killed_run_is_ended(home: Home, tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    mark = process_mark(dead.pid)
    dead.communicate()
    given = {OWNER: mark, "PREFECT_HOME": str(home.prefect)}
    servers = [_sleep(given), _sleep({**given, OWNER: process_mark()}), _sleep({**given, "PREFECT_HOME": "/other"})]
    try:
        assert end_orphaned_servers(home) == 1
        assert servers[0].wait(10) < 0 and [server.poll() for server in servers[1:]] == [None, None]
    finally:
        for server in servers:
            server.kill()
            server.wait()

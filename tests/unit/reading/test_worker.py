"""The worker process: it dies, hangs or runs out of its bounds, and reading goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from decimal import Decimal

import pytest

from sources.reading import sandbox, worker
from sources.reading.formats import XLSX
from sources.reading.model import Unreadable
from tests.unit.reading.conftest import SUPPLY, values

GOOD = ["2024-03", "gasoline", "工业", 12.5, "吨"]


@pytest.fixture
def stubborn(monkeypatch):
    """Lets a test replace the worker by another program."""
    sandbox.stop()

    def use(*command: str) -> None:
        def start() -> subprocess.Popen[bytes]:
            return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

        monkeypatch.setattr(sandbox, "_start", start)

    yield use
    sandbox.stop()


def test_one_worker_serves_many_files(read_book):
    for _ in range(3):
        assert values(read_book([SUPPLY, GOOD]), "quantity") == [(Decimal("12.5"),)]
    first = sandbox._worker
    read_book([SUPPLY, GOOD])
    assert first is sandbox._worker is not None


def test_a_killed_worker_is_replaced(read_book):
    read_book([SUPPLY, GOOD])
    assert sandbox._worker is not None
    os.kill(sandbox._worker.pid, signal.SIGKILL)
    sandbox._worker.wait()
    assert read_book([SUPPLY, GOOD]).problems == []


def test_a_worker_that_dies_on_a_file_is_a_problem(read_book, stubborn):
    stubborn("false")
    assert [problem.code for problem in read_book([SUPPLY, GOOD]).problems] == ["reader_died"]


def test_a_worker_that_hangs_is_a_problem(stubborn):
    stubborn("sleep", "60")
    with pytest.raises(Unreadable) as caught:
        sandbox._ask({"format": XLSX}, timeout=0.2)
    assert caught.value.problems[0].code == "too_slow"
    assert sandbox._worker is None


def test_memory_is_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(worker, "Workbook", lambda path: (_ for _ in ()).throw(MemoryError))
    assert worker.answer({"format": "xlsx", "path": "x", "folder": str(tmp_path)})["problem"][0] == "too_large"
    code = (
        "import json, resource; from sources.reading import worker; worker.sys.stdin = []; worker.main();"
        "print(json.dumps(resource.getrlimit(resource.RLIMIT_AS)))"
    )
    found = subprocess.run([sandbox.sys.executable, "-c", code], capture_output=True, check=True, cwd=sandbox.PROJECT)
    assert json.loads(found.stdout) == [worker.MAX_MEMORY, worker.MAX_MEMORY]

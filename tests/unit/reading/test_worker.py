"""The worker process: whatever a file does to it, the next file is read and nothing of the parent leaks into it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pytest

from sources.contract import contracts
from sources.intake import scan, take_in
from sources.ledger import open_ledger
from sources.reading import Reading, read_file, sandbox, wire, worker
from sources.reading.limits import Limits, limits
from sources.reading.named import Named, NoSuchRow
from sources.reading.read import read_here
from tests.unit.reading.conftest import GOOD, SUPPLY, csv_of, faults, supply, values
from warehouse.paths import Home

FEED = contracts()["energy_supply"]
BOOK = ["2024-03", "gasoline", "工业", 12.5, "吨"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "delivery.csv"
    path.write_text(csv_of(GOOD, supply(sector="建筑业")), "utf-8")
    return path


@pytest.fixture
def stubborn(monkeypatch):
    """Lets a test replace the worker by another program, with bounds of its own."""
    sandbox.stop()

    def use(code: str, **bounds: float) -> None:
        monkeypatch.setattr(sandbox, "limits", lambda: Limits(**bounds))
        monkeypatch.setattr(sandbox.Worker, "command", lambda self: [sys.executable, "-c", code])

    yield use
    monkeypatch.undo()
    sandbox.stop()


def codes(reading: Reading) -> list[str]:
    assert reading.table is None and all(problem.zh and problem.en for problem in reading.problems)
    return [problem.code for problem in reading.problems]


def test_one_worker_serves_many_files_of_all_formats(file, read, read_book):
    assert values(read_book([SUPPLY, BOOK]), "quantity") == [(Decimal("12.5"),)]
    first = sandbox._worker
    assert values(read_file(file, FEED), "quantity") == [(Decimal("12.5"),)] * 2
    assert faults(read(csv_of(supply(quantity="x")))) == [("bad_number", 2, "消费量")]
    assert first is sandbox._worker is not None


def test_what_crosses_is_what_was_read(file, tmp_path):
    for without in ([], [Named(3, 3)]):
        assert read_file(file, FEED, "三月.xlsx", without) == read_here(file, FEED, "三月.xlsx", without)
    assert [one.code for one in read_file(file, FEED, "三月.xlsx").warnings] == ["misleading_name"]
    with pytest.raises(NoSuchRow, match="9"):
        read_file(file, FEED, without=[Named(9, 9)])
    bad = tmp_path / "bad.csv"
    bad.write_text(csv_of(supply(month="x", quantity="-1"), ["合计"]), "utf-8")
    assert read_file(bad, FEED) == read_here(bad, FEED)


def test_a_killed_worker_is_replaced(file):
    read_file(file, FEED)
    assert sandbox._worker is not None
    os.kill(sandbox._worker.process.pid, signal.SIGKILL)
    sandbox._worker.process.wait()
    assert read_file(file, FEED).problems == []


@pytest.mark.parametrize(
    ("code", "bounds", "expected"),
    [
        ("raise SystemExit(3)", {}, "reader_died"),
        ("import sys, os; sys.stdin.readline(); os.abort()", {}, "reader_died"),
        ("import sys; sys.stdin.readline(); print('no answer', flush=True); sys.stdin.readline()", {}, "reader_died"),
        ("import sys; sys.stdin.readline(); print('x' * 10**6, flush=True); sys.stdin.readline()",
         {"answer_bytes": 1000}, "reader_died"),
        ("import time; time.sleep(60)", {"wall_seconds": 0.3}, "too_slow"),
        ("import signal, os; input(); os.kill(os.getpid(), signal.SIGXCPU)", {}, "too_slow"),
    ],
    ids=["gone", "abort", "garbage", "endless", "hang", "processor"],
)  # fmt: skip
def test_whatever_becomes_of_the_worker_is_a_refusal_and_the_next_file_is_read(
    file, stubborn, monkeypatch, code, bounds, expected
):
    with monkeypatch.context():
        stubborn(code, **bounds)
        assert codes(read_file(file, FEED)) == [expected]
        assert sandbox._worker is None
    monkeypatch.undo()
    assert read_file(file, FEED).problems == []


def test_bounds_hold_in_the_worker(file, monkeypatch, tmp_path):
    found = subprocess.run(
        [sys.executable, "-c", "import json, os, resource, sys\n"
         "from sources.reading import worker\nfrom sources.reading.limits import Limits\n"
         "worker.end_with(os.getppid()); worker.bound(Limits()); worker._bound_processor(60)\n"
         "kinds = [resource.RLIMIT_AS, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE, resource.RLIMIT_CORE]\n"
         "seconds = resource.getrlimit(resource.RLIMIT_CPU)[0]\n"
         "print(json.dumps([[resource.getrlimit(kind)[1] for kind in kinds], seconds]))"],
        capture_output=True, check=True, cwd=sandbox.PROJECT,
    )  # fmt: skip
    hard, seconds = json.loads(found.stdout)
    bounds = Limits()
    assert hard == [bounds.memory_bytes, bounds.written_bytes, bounds.open_files, 0] and 60 <= seconds <= 70
    monkeypatch.setenv("PEAK_READING_MEMORY_MIB", "700")
    monkeypatch.setenv("PEAK_READING_SECONDS", "20")
    assert (limits().memory_bytes, limits().cpu_seconds, limits().wall_seconds) == (700 << 20, 20, 20.0)


def test_too_little_memory_is_a_refusal(tmp_path, monkeypatch):
    path = tmp_path / "long.csv"
    path.write_text(csv_of() + (",".join(GOOD) + "\n") * 800_000, "utf-8")
    monkeypatch.setattr(sandbox, "limits", lambda: Limits(memory_bytes=400 << 20))
    assert codes(read_file(path, FEED))[0] in ("too_large", "reader_died")
    monkeypatch.undo()
    path.write_text(csv_of(GOOD), "utf-8")
    assert read_file(path, FEED).problems == []


def test_a_file_that_kills_its_reader_does_not_stop_the_others(tmp_path, stubborn):
    stubborn(
        "import os, sys\nfrom sources.reading import worker\nfrom sources.reading.limits import Limits\n"
        "real = worker.read_here\n"
        "worker.read_here = lambda path, contract, name, rows: (\n"
        "    os.abort() if name == 'b.csv' else real(path, contract, name, rows))\n"
        "worker.serve(sys.stdin, sys.stdout.buffer, Limits())"
    )
    home = Home(tmp_path / "home")
    folder = home.inbox / "r" / "energy_supply"
    folder.mkdir(parents=True)
    for number, name in enumerate(("a.csv", "b.csv", "c.csv"), 1):
        (folder / name).write_text(csv_of(supply(month=f"2024-0{number}")), "utf-8")
    with closing(open_ledger(home)) as ledger:
        taken = [take_in(one.path, one.feed, one.region, home, ledger) for one in scan(home).waiting]
    assert [outcome.status for outcome in taken] == ["accepted", "quarantined", "accepted"]
    assert (taken[1].reason or "").startswith("reader_died: ") and taken[1].report is not None


def test_what_is_given_back_is_bounded(file, tmp_path, monkeypatch):
    request = {
        "path": str(file),
        "name": "a.csv",
        "contract": worker.base64.b64encode(worker.pickle.dumps(FEED)).decode(),
        "without": [],
        "target": str(tmp_path / "rows.arrow"),
    }
    with (tmp_path / "out").open("wb") as answers:
        monkeypatch.setattr(worker, "_bound_processor", lambda seconds: None)
        worker.serve(iter([json.dumps(request)]), answers, Limits(answer_bytes=100))
        monkeypatch.setattr(
            worker, "write_table", lambda table, target: (_ for _ in ()).throw(OSError(27, "too large"))
        )
        worker.serve(iter([json.dumps(request)]), answers, Limits())
        monkeypatch.setattr(worker, "read_here", lambda *_: (_ for _ in ()).throw(MemoryError()))
        worker.serve(iter([json.dumps(request)] * 2), answers, Limits())
        monkeypatch.setattr(worker, "read_here", lambda *_: (_ for _ in ()).throw(ZeroDivisionError("boom")))
        worker.serve(iter([json.dumps(request)]), answers, Limits())
    *refused, error = [json.loads(line) for line in (tmp_path / "out").read_text().splitlines()]
    assert refused == [{"refused": "answer"}, {"refused": "rows"}, {"refused": "memory"}]
    assert "ZeroDivisionError: boom" in error["error"]
    for one in refused:
        assert codes(sandbox._told(one, None)) == ["too_large"]
    with pytest.raises(sandbox.ReaderFailed, match="boom"):
        sandbox._told(error, None)


def test_rows_of_another_kind_are_not_believed(file, tmp_path):
    table = read_here(file, FEED).table
    assert table is not None
    wire.write_table(table, tmp_path / "right")
    assert wire.load_table(tmp_path / "right", FEED).equals(table)
    wire.write_table(table.drop_columns("_row"), tmp_path / "less")
    with pytest.raises(ValueError, match="other columns"):
        wire.load_table(tmp_path / "less", FEED)
    text = table["product"].combine_chunks()
    beyond = pa.StringArray.from_buffers(
        2, pa.py_buffer(bytes([0, 0, 0, 0, 200, 1, 0, 0, 2, 0, 0, 0])), text.buffers()[2]
    )
    wire.write_table(table.set_column(1, "product", beyond), tmp_path / "wrong")
    with pytest.raises(pa.ArrowInvalid):
        wire.load_table(tmp_path / "wrong", FEED)


def test_the_worker_knows_nothing_of_our_environment_and_ends_with_us(tmp_path, file):
    code = (
        "import os, sys\nfrom pathlib import Path\n"
        "from sources.contract import contracts\nfrom sources.reading import read_file, sandbox\n"
        "assert read_file(Path(sys.argv[1]), contracts()['energy_supply']).table is not None\n"
        "process = sandbox._worker.process\n"
        "words = Path(f'/proc/{process.pid}/environ').read_bytes().split(b'\\0')\n"
        "print(process.pid, *sorted(word.split(b'=')[0].decode() for word in words if word), flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    secret = {**os.environ, "SECRET_TOKEN": "s3cret", "PYTHONPATH": str(sandbox.PROJECT), "LANG": "C.UTF-8"}
    found = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, env=secret)
    assert found.returncode == -signal.SIGKILL, found.stderr
    pid, *names = found.stdout.split()
    assert set(names) <= {"LANG", "PATH", "PYTHONPATH", "TMPDIR", "LC_CTYPE", *sandbox._FIXED}
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists() or "State:\tZ" in Path(f"/proc/{pid}/status").read_text():
            return
        time.sleep(0.05)
    raise AssertionError("the worker outlived its owner")


def test_pipes_and_folders_are_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    for name in ("pipe.csv", "folder.csv", "none.csv"):
        with pytest.raises(OSError):
            read_file(tmp_path / name, FEED)

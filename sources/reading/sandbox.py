"""The reader's side of the worker process: starts it, asks it, and survives whatever a file does to it."""

from __future__ import annotations

import atexit
import base64
import json
import os
import pickle
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from sources.contract import Contract
from sources.reading.limits import Limits, limits
from sources.reading.model import Problem, Reading
from sources.reading.named import Named, NoSuchRow
from sources.reading.pipe import read_line
from sources.reading.wire import load_table, unpacked
from warehouse.paths import PROJECT

_INHERITED = ("PATH", "LANG", "PYTHONPATH")
# every thread and arena takes address space, and a machine of many processors would have many of both
_FIXED = {
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "MALLOC_ARENA_MAX": "4",
    "OMP_NUM_THREADS": "4",
    "OPENBLAS_NUM_THREADS": "1",
    "PYTHONUTF8": "1",
}
_REASONS = {
    "too_slow": ("读取用时超出限制，文件已拒收", "reading it took longer than is allowed"),
    "reader_died": (
        "读取进程崩溃或超出资源限制，文件已拒收",
        "the reading process died on this file or hit its limits",
    ),
    "memory": ("读取所需内存过大", "reading it takes too much memory"),
    "rows": ("读出的数据过大", "the rows it gives are too large"),
    "answer": ("读出的范围或问题过多", "it gives too many scopes or problems"),
}


class ReaderFailed(RuntimeError):
    """The reader itself is at fault; holds the worker's traceback."""


class Worker:
    """One worker process, its folder, and the bounds it was started with."""

    def __init__(self, bounds: Limits) -> None:
        self.owner, self.bounds = os.getpid(), bounds
        self.folder = Path(tempfile.mkdtemp(prefix="peak-read-"))
        self._started = threading.Event()
        self.process: subprocess.Popen[bytes]
        # the kernel ends a worker with the thread that started it, so that thread stays as long as the worker
        threading.Thread(target=self._run, daemon=True, name="peak-reader").start()
        self._started.wait()

    def command(self) -> list[str]:
        return [sys.executable, "-m", "sources.reading.worker", str(os.getpid()), json.dumps(asdict(self.bounds))]

    def _environment(self) -> dict[str, str]:
        """Nothing of this process's environment but where programs and modules are; no credentials."""
        kept = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        path = os.pathsep.join([str(PROJECT), kept.get("PYTHONPATH", "")]).rstrip(os.pathsep)
        return {**kept, **_FIXED, "TMPDIR": str(self.folder), "PYTHONPATH": path}

    def _run(self) -> None:
        try:
            self.process = subprocess.Popen(
                self.command(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=self._environment(),
                cwd=self.folder,
            )
        finally:
            self._started.set()
        self.process.wait()

    @property
    def is_alive(self) -> bool:
        return self.owner == os.getpid() and self.process.poll() is None

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The worker's answer, or why there is none as `refused`."""
        assert self.process.stdin is not None and self.process.stdout is not None
        try:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            self.process.stdin.flush()
            line = read_line(self.process.stdout.fileno(), self.bounds.wall_seconds, self.bounds.answer_bytes)
            found: dict[str, Any] = json.loads(line)
        except TimeoutError:
            return {"refused": "too_slow"}
        except (BrokenPipeError, EOFError, ValueError):
            self.stop()
            return {"refused": "too_slow" if self.process.returncode == -signal.SIGXCPU else "reader_died"}
        return found

    def stop(self) -> None:
        if self.owner == os.getpid():
            self.process.kill()
            self.process.wait()
            shutil.rmtree(self.folder, ignore_errors=True)


_lock = threading.Lock()
_worker: Worker | None = None


def _after_fork() -> None:
    global _lock, _worker
    _lock, _worker = threading.Lock(), None


os.register_at_fork(after_in_child=_after_fork)


def start() -> Worker:
    """The worker of this process, started if there is none. It gets ready by itself while others are busy."""
    global _worker
    if _worker is None or not _worker.is_alive or _worker.bounds != limits():
        stop()
        _worker = Worker(limits())
    return _worker


def stop() -> None:
    """End the worker; the next file starts another."""
    global _worker
    if _worker is not None:
        _worker.stop()
    _worker = None


atexit.register(stop)


def read_file(path: Path, contract: Contract, name: str | None = None, without: Sequence[Named] = ()) -> Reading:
    """The typed rows of a file, or every problem that keeps them out; parsed in the worker process.

    `name` is the file's own name where `path` is another (the archive); the rows `without` are read as if the file
    did not have them. Raises OSError when it is no ordinary file or cannot be opened, NoSuchRow when it has no such
    rows and ReaderFailed when the reader is at fault; whatever is wrong inside the file, and whatever it does to the
    worker, becomes a Problem. Columns of the table: the contract's fields in order, `_scope`, `_is_empty`, `_sheet`,
    `_row`.
    """
    path = Path(path)
    check_opens(path)
    with _lock:
        worker = start()
        target = worker.folder / "rows.arrow"
        request = {
            "path": str(path.absolute()),
            "name": name or path.name,
            "contract": base64.b64encode(pickle.dumps(contract)).decode(),
            "without": [(one.first, one.last, one.sheet) for one in without],
            "target": str(target),
        }
        found = worker.ask(request)
        try:
            table = load_table(target, contract) if found.get("has_rows") else None
        except (pa.ArrowException, ValueError, OSError):
            found, table = {"refused": "reader_died"}, None
        finally:
            target.unlink(missing_ok=True)
        if "refused" in found:
            stop()
    return _told(found, table)


def check_opens(path: Path) -> None:
    """OSError when a path is no ordinary file or cannot be opened; never waits on a pipe."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(f"不是普通文件 / not an ordinary file: {path}")
    finally:
        os.close(handle)


def _told(found: dict[str, Any], table: Any) -> Reading:
    if "reading" in found:
        return unpacked(found["reading"], table)
    if "no_such_row" in found:
        raise NoSuchRow(found["no_such_row"])
    if "error" in found:
        raise ReaderFailed(found["error"])
    reason = found["refused"]
    code = reason if reason in ("too_slow", "reader_died") else "too_large"
    return Reading(None, [Problem(code, *_REASONS[reason])], [], "unknown", None, [], 0, 1)

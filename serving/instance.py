"""One standing instance of a data home: who it is, where it is, and what an earlier one left running."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
from filelock import FileLock, Timeout

from sources.archive import write_durably
from sources.ledger.runs import is_alive, process_mark
from warehouse.paths import Home

# in the environment of what a run in a terminal starts: whose it is
OWNER = "PEAK_OWNER"
LONGEST_END_S = 10.0


class AlreadyServing(Exception):
    """Another instance stands for this home; the message says which and where."""


def standing(home: Home) -> dict[str, Any] | None:
    """The living instance of `home`: `process` (its mark), `pid`, `api`, `ui`, `site`. None when there is none."""
    try:
        note: dict[str, Any] = json.loads(home.serving.read_text("utf-8"))
        return note if is_alive(note["process"]) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def only_instance(home: Home, where: Mapping[str, str]) -> Iterator[None]:
    """Be the only instance of `home`, found by `standing` at `where` as long as the context lasts.

    Raises:
        AlreadyServing: Another one stands.
    """
    home.prefect.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home.prefect / "serve.lock", thread_local=False)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise AlreadyServing(_said(standing(home) or {})) from None
    try:
        note = {"process": process_mark(), "pid": os.getpid(), **where}
        write_durably(home.serving, json.dumps(note).encode())
        yield
    finally:
        home.serving.unlink(missing_ok=True)
        lock.release()


def _said(other: Mapping[str, Any]) -> str:
    pid, ui = other.get("pid", "?"), other.get("ui", "?")
    return f"该数据目录已有 peak serve：进程 {pid}，{ui} / peak serve stands for this home already: process {pid}, {ui}"


def remember_part(home: Home, name: str, pid: int) -> None:
    """Note a part's process, so that a later instance can end it should this one be killed."""
    write_durably(_note_of(home, name), process_mark(pid).encode())


def forget_part(home: Home, name: str) -> None:
    """The part has ended."""
    _note_of(home, name).unlink(missing_ok=True)


def _note_of(home: Home, name: str) -> Path:
    return home.prefect / f"{name}.part"


def end_leftovers(home: Home) -> list[str]:
    """End, with all they started, the parts that a killed instance of `home` left; their names.

    They are gone when it returns: a port is free only then.
    """
    ended, killed = [], []
    for note in sorted(home.prefect.glob("*.part")):
        mark = note.read_text("utf-8")
        if is_alive(mark):
            killed += _kill_group(int(mark.split(":")[1]))
            ended.append(note.stem)
        note.unlink(missing_ok=True)
    psutil.wait_procs(killed, timeout=LONGEST_END_S)
    return ended


def _kill_group(leader: int) -> list[psutil.Process]:
    family: list[psutil.Process] = []
    with suppress(psutil.Error):
        family = [psutil.Process(leader), *psutil.Process(leader).children(recursive=True)]
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)
    return family


def end_orphaned_servers(home: Home) -> int:
    """End the temporary Prefect servers of runs of `home` that were killed; how many there were.

    A run in a terminal names itself in OWNER, which its server inherits.
    """
    ended = 0
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if not any("prefect" in word for word in process.cmdline()):
                continue
            found = process.environ()
            owner = found.get(OWNER)
            if owner and found.get("PREFECT_HOME") == str(home.prefect) and not is_alive(owner):
                process.kill()
                ended += 1
    return ended

"""One writer per data home. The lock dies with its process; a note beside it names the holder."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from sources.ledger.runs import is_alive, process_mark
from warehouse.paths import Home

DEFAULT_WAIT = 60.0


class Busy(Exception):
    """Another run holds the home; the message names it."""


def _note(home: Home) -> Path:
    return home.lock.with_name(".lock.holder.json")


def holder(home: Home) -> dict[str, object] | None:
    """Who holds the home now: pid, since (UTC ISO), command. None when nobody living does."""
    try:
        note = json.loads(_note(home).read_text("utf-8"))
        is_held = is_alive(note["process"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return note if is_held else None


def _busy(home: Home, wait: float) -> Busy:
    who = holder(home) or {}
    pid, since, command = who.get("pid", "?"), who.get("since", "?"), who.get("command", "?")
    return Busy(
        f"数据目录正被占用（等待 {wait:g} 秒）：进程 {pid}，自 {since}，{command} / "
        f"the data home is in use (waited {wait:g} s): process {pid}, since {since}, {command}"
    )


@contextmanager
def writing(home: Home, *, wait: float = DEFAULT_WAIT, command: str | None = None) -> Iterator[None]:
    """Be the only writer of `home`; waits at most `wait` seconds, then Busy names the holder."""
    home.root.mkdir(parents=True, exist_ok=True)
    lock = FileLock(home.lock, thread_local=False)
    try:
        lock.acquire(timeout=wait)
    except Timeout:
        raise _busy(home, wait) from None
    try:
        since = datetime.now(UTC).isoformat(timespec="seconds")
        called = command or " ".join(sys.argv)
        note = {"pid": os.getpid(), "since": since, "command": called, "process": process_mark()}
        _note(home).write_text(json.dumps(note, ensure_ascii=False), "utf-8")
        yield
    finally:
        _note(home).unlink(missing_ok=True)
        lock.release()

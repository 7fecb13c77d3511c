"""Ways to die: at a call, at an operation, inside one, or after so many seconds; always by a real SIGKILL.

A night runs through stages. A `Death` counts what happens in its stage only, and a `Recorder` only counts. What a
process cannot do to itself (die inside one call of C) is done from outside: a byte goes through a pipe, and whoever
reads it sends the signal after a delay.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

CALL, OPERATION, INSIDE, MOMENT = "call", "operation", "inside", "moment"
OPERATIONS = ("fsync", "replace", "rename", "link", "symlink", "unlink", "remove", "mkdir", "rmdir", "chmod", "open")


@dataclass
class Counts:
    """What one stage did: calls if they are counted, seconds, per operation of the outside world name and seconds."""

    calls: int = 0
    seconds: float = 0.0
    operations: list[tuple[str, float]] = field(default_factory=list)


class Recorder:
    """Counts per stage and kills nobody."""

    counts_calls = False

    def __init__(self) -> None:
        self.stage = ""
        self.counts: dict[str, Counts] = defaultdict(Counts)
        self._entered = time.monotonic()

    def enter(self, stage: str) -> None:
        """The night has come to `stage`."""
        now = time.monotonic()
        if self.stage:
            self.counts[self.stage].seconds += now - self._entered
        self.stage, self._entered = stage, now

    def called(self) -> None:
        self.counts[self.stage].calls += 1

    def operate(self, name: str, work: Callable[[], Any]) -> Any:
        """Do one operation of the outside world."""
        stage, begun = self.stage, time.monotonic()
        try:
            return work()
        finally:
            self.counts[stage].operations.append((name, time.monotonic() - begun))


class CallRecorder(Recorder):
    """Counts calls too, which slows everything down."""

    counts_calls = True


class Death(Recorder):
    """Kills this process in `stage`: at the `number`-th call, before or after or inside an operation, or in time.

    `tell` is the pipe to whoever kills from outside; it is written to when the delay begins.
    """

    def __init__(self, stage: str, way: str, number: int, tell: int) -> None:
        super().__init__()
        self.mine, self.way, self.number, self.tell = stage, way, number, tell
        self.counts_calls = way == CALL
        self._done, self._is_told = 0, False

    def enter(self, stage: str) -> None:
        if self.stage == self.mine:
            # no stage runs twice alike: one that is over before its time is killed where it ends
            while self._is_told:
                signal.pause()
            die()
        super().enter(stage)
        if self.way == MOMENT and stage == self.mine:
            self._begin()

    def _begin(self) -> None:
        self._is_told = True
        os.write(self.tell, b"!")

    def _is_due(self, way: str) -> bool:
        if self.stage != self.mine or self.way != way:
            return False
        self._done += 1
        return self._done == self.number

    def called(self) -> None:
        if self._is_due(CALL):
            die()

    def operate(self, name: str, work: Callable[[], Any]) -> Any:
        if self._is_due(OPERATION):
            die()
        if self._is_due(INSIDE):
            self._begin()
        done = work()
        if self._is_due(OPERATION):
            die()
        return done


def die() -> None:
    """The end, without any clean-up."""
    os.kill(os.getpid(), signal.SIGKILL)


def watch(recorder: Recorder) -> None:
    """Let `recorder` see every operation of this process from now on; and every call, if it counts them."""
    for name in OPERATIONS:
        setattr(os, name, _watched(recorder, name, getattr(os, name)))
    _watch_sqlite(recorder)
    _watch_duckdb(recorder)
    if recorder.counts_calls:

        def profile(frame: FrameType, event: str, argument: object) -> None:
            del frame, argument
            if event in ("call", "c_call"):
                recorder.called()

        threading.setprofile(profile)
        sys.setprofile(profile)


def _watched(recorder: Recorder, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
    def watched(*args: Any, **options: Any) -> Any:
        return recorder.operate(name, lambda: work(*args, **options))

    return watched


def _watch_sqlite(recorder: Recorder) -> None:
    class Watched(sqlite3.Connection):
        def execute(self, sql: str, *args: Any) -> sqlite3.Cursor:  # type: ignore[override]
            name = sql.split(None, 1)[0].lower()
            if name == "select":
                return super().execute(sql, *args)
            return recorder.operate(f"sqlite {name}", lambda: super(Watched, self).execute(sql, *args))

        def executemany(self, sql: str, *args: Any) -> sqlite3.Cursor:  # type: ignore[override]
            return recorder.operate("sqlite insert", lambda: super(Watched, self).executemany(sql, *args))

    connect = sqlite3.connect
    sqlite3.connect = lambda *args, **options: connect(*args, **{"factory": Watched, **options})  # type: ignore


def _watch_duckdb(recorder: Recorder) -> None:
    import duckdb
    import pyarrow.parquet as pq

    for owner, name, label in (
        (duckdb.DuckDBPyConnection, "execute", "duckdb execute"),
        (duckdb.DuckDBPyConnection, "close", "duckdb close"),
        (pq, "write_table", "parquet write"),
    ):
        setattr(owner, name, _watched(recorder, label, getattr(owner, name)))

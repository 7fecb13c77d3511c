"""Forks of this process: one that gives an answer, and one that dies on the way."""

from __future__ import annotations

import os
import pickle
import select
import signal
import tempfile
import time
import traceback
from collections.abc import Callable
from typing import Any

TIMEOUT_S = 600.0


def in_fork(work: Callable[[], Any], timeout_s: float = TIMEOUT_S) -> Any:
    """What `work` gives, done in a fork of this process; RuntimeError with its traceback when it raises or hangs."""
    with tempfile.TemporaryFile() as answer:
        pid = os.fork()
        if pid == 0:
            _answer(work, answer.fileno())
        if _wait(pid, timeout_s) is None:
            raise RuntimeError(f"no answer within {timeout_s:g} s")
        answer.seek(0)
        content = answer.read()
    if not content:
        raise RuntimeError("the process died without an answer")
    good, value = pickle.loads(content)
    if not good:
        raise RuntimeError(value)
    return value


def _answer(work: Callable[[], Any], answer: int) -> None:
    write = os.write  # what is watched later must not be
    try:
        content = pickle.dumps((True, work()))
    except BaseException:
        content = pickle.dumps((False, traceback.format_exc()))
    os.lseek(answer, 0, os.SEEK_SET)
    while content:
        content = content[write(answer, content) :]
    os._exit(0)


def _wait(pid: int, timeout_s: float) -> int | None:
    """The status of a child when it has ended; after the time is up it is killed and None comes back."""
    until = time.monotonic() + timeout_s
    while time.monotonic() < until:
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return None


def kill_in_fork(work: Callable[[int], None], delay_s: float, timeout_s: float = TIMEOUT_S) -> str | None:
    """Do `work` in a fork that is to die of SIGKILL: of its own, or `delay_s` after it wrote to the pipe it is given.

    None when it died so. One that comes to its end first is killed there. Otherwise what it said, or that it hung.
    """
    reading, writing = os.pipe()
    with tempfile.TemporaryFile() as said:
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            _until_killed(lambda: work(writing), said.fileno())
        os.close(writing)
        try:
            if select.select([reading], [], [], timeout_s)[0] and os.read(reading, 1):
                time.sleep(delay_s)
                os.kill(pid, signal.SIGKILL)
        finally:
            os.close(reading)
        status = _wait(pid, timeout_s)
        said.seek(0)
        text = said.read().decode("utf-8", "replace")
    if status is None:
        return "it hung"
    return None if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL and not text else text or "it ended"


def _until_killed(work: Callable[[], None], said: int) -> None:
    write, kill = os.write, os.kill
    try:
        work()
    except BaseException:
        write(said, traceback.format_exc().encode())
        os._exit(1)
    kill(os.getpid(), signal.SIGKILL)

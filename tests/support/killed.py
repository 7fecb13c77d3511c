"""`peak run` as people start it, killed with everything it started."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.support.command import PEAK
from tests.support.small import AS_OF
from warehouse.paths import Home

WAIT_S = 180.0


def log_of(home: Home) -> Path:
    """What the killed run of a home said."""
    return home.root.with_name(f"{home.root.name}-killed.log")


@contextmanager
def killed_run(
    home: Home, env: Mapping[str, str], has_come: Callable[[], bool], pause_s: float
) -> Iterator[subprocess.Popen[bytes]]:
    """A run of `home` that has come as far as `has_come` sees, and `pause_s` further; killed after the block.

    TimeoutError with what it said when it never comes there.
    """
    command = [str(PEAK), "run", "--as-of", str(AS_OF)]
    with log_of(home).open("wb") as log:
        child = subprocess.Popen(command, env=dict(env), stdout=log, stderr=log, start_new_session=True)
    try:
        _wait(child, home, has_come)
        time.sleep(pause_s)
        yield child
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait(30)


def _wait(child: subprocess.Popen[bytes], home: Home, has_come: Callable[[], bool]) -> None:
    until = time.monotonic() + WAIT_S
    while not has_come():
        if time.monotonic() > until or child.poll() is not None:
            raise TimeoutError(log_of(home).read_text("utf-8", "replace"))
        time.sleep(0.001)

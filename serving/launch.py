"""The command by which the worker starts a run: a fork of the warm process; without one, a process of its own.

python -m serving.launch. The worker knows the run by this process: what it is sent, the run is sent; how the run
ends, it ends.
"""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from multiprocessing.connection import Client, Connection
from multiprocessing.reduction import send_handle
from pathlib import Path

READY = "ready"
LOG_BYTES = 5_000_000
PASSED_ON = (signal.SIGTERM, signal.SIGINT)


def write_to_log(path: Path) -> None:
    """Let the run write to this file, whose older page is `.1`: the worker's pipe breaks when the worker is killed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileNotFoundError):
        if path.stat().st_size > LOG_BYTES:
            path.replace(path.with_name(f"{path.name}.1"))
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.close(log)


def asked(path: Path) -> Connection | None:
    """The warm process that will do the run, or None when none answers at the path or it does not want to."""
    here = Path.cwd()
    try:
        os.chdir(path.parent)  # the path of a socket may have 107 bytes, that of a home has as many as it likes
        warm = Client(path.name, "AF_UNIX")
        if warm.recv() != READY:
            return None
    except (OSError, EOFError):
        return None
    finally:
        os.chdir(here)
    warm.send((dict(os.environ), str(Path.cwd())))
    for stream in range(3):
        send_handle(warm, stream, None)
    return warm


def follow(warm: Connection) -> int:
    """Pass signals on until the run has ended; its exit code, below zero for the signal that ended it."""
    for number in PASSED_ON:
        signal.signal(number, lambda sign, _: warm.send(sign))
    with suppress(EOFError, OSError):
        return int(warm.recv())
    print("运行所在的进程已消失 / the process of this run is gone", file=sys.stderr)
    return -signal.SIGKILL


def main() -> None:
    """Do the run and end as it ends."""
    if log := os.environ.get("PEAK_RUN_LOG"):
        write_to_log(Path(log))
    warm = asked(Path(os.environ.get("PEAK_WARM", "")))
    if warm is None:
        os.execv(sys.executable, [sys.executable, "-m", "prefect.engine"])
    code = follow(warm)
    if code < 0:
        with suppress(OSError):  # SIGKILL has no other meaning to go back from
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


if __name__ == "__main__":
    main()

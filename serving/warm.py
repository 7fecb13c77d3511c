"""A process that has imported what every run needs and forks a run in milliseconds, where importing takes seconds.

python -m serving.warm SOCKET. `serving.launch` asks for a run: its environment, its folder and its three standard
streams; it hears the exit code. The forking is multiprocessing's fork server, which has no threads of its own.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import multiprocessing.forkserver
import os
import runpy
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Connection, Listener
from multiprocessing.context import ForkServerContext
from multiprocessing.reduction import DupFd, recv_handle
from pathlib import Path
from threading import Thread
from typing import Any

from serving.launch import READY
from sources.mortal import die_with_parent
from warehouse.inputs import code_version

PRELOADED = (
    "serving.tied",
    "prefect.engine",
    "prefect.flow_engine",
    "great_expectations",
    "dbt.cli.main",
    "dbt.adapters.duckdb",
    "flows.nightly",
    "flows.backfill",
    "flows.fetch",
    "flows.housekeeping",
    "flows.intake",
)


def engine() -> None:
    """What `python -m prefect.engine` does with the run that the environment names."""
    sys.argv = ["prefect.engine"]
    sys.modules.pop("prefect.engine", None)  # imported already, and runpy warns of that
    runpy.run_module("prefect.engine", run_name="__main__", alter_sys=True)


def _become(environment: Mapping[str, str], folder: str, streams: list[Any]) -> None:
    """In the fork: take over environment, folder and streams, and do the run."""
    os.setsid()
    die_with_parent()
    for number, stream in enumerate(streams):
        taken = stream.detach()
        os.dup2(taken, number)
        os.close(taken)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    engine()


def _serve_one(context: ForkServerContext, code: str, asker: Connection) -> None:
    """Fork the run that is asked for, pass signals on to it, and say how it ended.

    Nothing is said, and this process ends, when the project's files are no longer those that were imported.
    """
    with asker, suppress(EOFError, OSError):
        if code_version() != code:
            os.kill(os.getpid(), signal.SIGTERM)
            return
        asker.send(READY)
        environment, folder = asker.recv()
        streams = [recv_handle(asker) for _ in range(3)]
        run = context.Process(target=_become, args=(environment, folder, [DupFd(stream) for stream in streams]))
        run.start()
        for stream in streams:
            os.close(stream)
        while multiprocessing.connection.wait([run.sentinel, asker]) == [asker]:
            try:
                number = asker.recv()
            except EOFError:  # nobody would hear of it any more
                number = signal.SIGKILL
            with suppress(ProcessLookupError):
                os.kill(run.pid or 0, number)
            if number == signal.SIGKILL:
                break
        run.join()
        asker.send(run.exitcode)


def serve(path: Path) -> None:
    """Answer at the path until this process is told to end; its runs end with it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    code = code_version()
    multiprocessing.forkserver.ensure_running()
    path.unlink(missing_ok=True)
    os.chdir(path.parent)  # as the launcher does: a long path is no address
    before = os.umask(0o077)  # nobody else may start a run
    with Listener(path.name, "AF_UNIX") as listener:
        os.umask(before)
        while True:
            Thread(target=_serve_one, args=(context, code, listener.accept()), daemon=True).start()


def main() -> None:
    """The command: serve at the path given."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    serve(Path(sys.argv[1]))


if __name__ == "__main__":
    # the functions of `__main__` cannot be sent to the fork server
    from serving.warm import main as imported

    imported()

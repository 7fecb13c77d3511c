"""`peak serve` as operators start it, on free ports: server, warm process, site, deployments and worker of one home.

with served(home, folder) as peak:
    run = peak.run("nightly/nightly", as_of="2026-02-20")
"""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.support.command import PEAK, environment
from tests.support.server import Standing, free_port
from warehouse.paths import Home

UP = "all is up"
START_S, STOP_S = 240.0, 120.0


@dataclass(frozen=True)
class Served(Standing):
    """A standing instance; `url` is its API, `process` the supervisor."""

    home: Home
    site: str
    process: subprocess.Popen[bytes] = field(repr=False)

    def said(self) -> str:
        """What the supervisor has said so far."""
        return (self.folder / "serve.log").read_text("utf-8", "replace")

    def part(self, name: str) -> psutil.Process:
        """The process of one part, as it stands now."""
        mark = (self.home.prefect / f"{name}.part").read_text("utf-8")
        return psutil.Process(int(mark.split(":")[1]))

    def stop(self) -> int:
        """Its exit code after SIGTERM; TimeoutExpired when it does not end."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_S)


def start(home: Home, folder: Path, ports: tuple[int, int], extra: Mapping[str, str] | None = None) -> Served:
    """`peak serve` of `home` on (server, site) ports, once it says that all is up. TimeoutError with what it said."""
    port, site_port = ports
    around = environment(home.root, {"PYTHONUNBUFFERED": "1", **(extra or {})})
    command = [str(PEAK), "serve", "--port", str(port), "--site-port", str(site_port)]
    with (folder / "serve.log").open("ab") as log:
        before = log.tell()
        process = subprocess.Popen(command, env=around, stdout=log, stderr=log, start_new_session=True)
    api = f"http://127.0.0.1:{port}/api"
    found = Served(api, {**around, "PREFECT_API_URL": api}, folder, home, f"http://127.0.0.1:{site_port}", process)
    until = time.monotonic() + START_S
    while UP not in found.said().encode()[before:].decode("utf-8", "replace"):
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            raise TimeoutError(f"{found.said()}\n{found.logs()}")
        time.sleep(0.2)
    return found


@contextmanager
def served(home: Home, folder: Path, extra: Mapping[str, str] | None = None) -> Iterator[Served]:
    """A standing instance for as long as the context lasts."""
    found = start(home, folder, (free_port(), free_port()), extra)
    try:
        yield found
    finally:
        if found.process.poll() is None:
            found.stop()

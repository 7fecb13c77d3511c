"""A real Prefect server on loopback, for tests: its API, and runs of its deployments waited for."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.paths import PROJECT

START_S = 180.0
END_S = 20.0


@dataclass(frozen=True)
class Standing:
    """A server that answers at `url`; `environment` makes other processes its clients."""

    url: str
    environment: dict[str, str]
    folder: Path

    @property
    def auth(self) -> tuple[str, str] | None:
        """User and password, where the server asks for them."""
        user, _, password = self.environment.get("PEAK_AUTH", "").partition(":")
        return (user, password) if user else None

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """The server's answer as JSON; asked again while its SQLite is busy, as Prefect's own client does."""
        import httpx

        for pause in (0.5, 1, 2, 4):
            answer = httpx.request(method, f"{self.url}{path}", json=body, auth=self.auth, timeout=30, trust_env=False)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            time.sleep(pause)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: Mapping[str, Any] | None = None) -> Any:
        """POST to the server's API and its JSON answer."""
        return self.ask("POST", path, dict(body or {}))

    def get(self, path: str) -> Any:
        """GET from the server's API."""
        return self.ask("GET", path)

    def begin(self, deployment: str, **parameters: Any) -> dict[str, Any]:
        """A run of `flow/deployment`, scheduled for now."""
        found = self.get(f"/deployments/name/{deployment}")
        return dict(self.post(f"/deployments/{found['id']}/create_flow_run", {"parameters": parameters}))

    def wait_for(self, run: Mapping[str, Any], timeout_s: float = 300) -> dict[str, Any]:
        """The run as the API gives it once it has ended; a server that is away meanwhile is waited for."""
        import httpx

        until = time.monotonic() + timeout_s
        found = dict(run)
        while time.monotonic() < until:
            with suppress(httpx.TransportError):
                found = dict(self.get(f"/flow_runs/{run['id']}"))
                if found["state_type"] in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED"):
                    return found
            time.sleep(0.5)
        raise TimeoutError(f"{found['name']} is {found['state_name']} after {timeout_s:g} s\n{self.logs()}")

    def run(self, deployment: str, timeout_s: float = 300, **parameters: Any) -> dict[str, Any]:
        """One run of `flow/deployment`, waited for until it ends; the flow run as the API gives it."""
        return self.wait_for(self.begin(deployment, **parameters), timeout_s)

    def logs(self) -> str:
        """The last lines that server and worker wrote, for the message of a failing test."""
        files = sorted(self.folder.rglob("*.log"))
        return "\n".join(f"== {file.name}\n{file.read_text('utf-8', 'replace')[-3000:]}" for file in files)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _environment(folder: Path, port: int, extra: Mapping[str, str]) -> dict[str, str]:
    """The environment without any Prefect setting of ours, and with those of this one server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return {
        **kept,
        "PREFECT_HOME": str(folder),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{folder / 'prefect.db'}",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "DO_NOT_TRACK": "1",
        "NO_PROXY": "127.0.0.1,localhost",
        "PREFECT_WORKER_QUERY_SECONDS": "2",
        **extra,
    }


@contextmanager
def process(arguments: list[str], log: Path, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own group from the project's root; the whole group is gone afterwards."""
    with log.open("ab") as out:
        child = subprocess.Popen(
            arguments, cwd=PROJECT, env=dict(environment), stdout=out, stderr=out, start_new_session=True
        )
    try:
        yield child
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    for sign in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(child.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            child.wait(END_S)


def _wait_for(url: str, server: subprocess.Popen[bytes], standing: Standing) -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and server.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        time.sleep(0.3)
    raise RuntimeError(f"the Prefect server did not start\n{standing.logs()}")


@contextmanager
def serving(folder: Path, extra: Mapping[str, str] | None = None) -> Iterator[Standing]:
    """A server alone, on a free port of loopback, with everything it writes in `folder`."""
    port = free_port()
    environment = _environment(folder, port, extra or {})
    standing = Standing(environment["PREFECT_API_URL"], environment, folder)
    serve = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with process(serve, folder / "server.log", environment) as server:
        _wait_for(f"{standing.url}/health", server, standing)
        yield standing

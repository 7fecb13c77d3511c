"""What an outage leaves in Prefect, put right: against an API that remembers what it was asked."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from socket import gethostname
from typing import Any

import pytest

from serving import outages
from serving.api import Api


class Runs(Api):
    """The runs of a server. `done` is every question that changed something; `then` is what a second look finds."""

    def __init__(self, *runs: Mapping[str, Any], then: Mapping[str, Any] | None = None) -> None:
        super().__init__("http://nowhere")
        object.__setattr__(self, "runs", runs)
        object.__setattr__(self, "then", then or {})
        object.__setattr__(self, "done", [])

    async def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None, timeout_s: float = 30) -> Any:
        if path == "/flow_runs/filter":
            assert body is not None
            states = body["flow_runs"]["state"]["type"]["any_"]
            return [dict(run) for run in self.runs if run["state_type"] in states]  # type: ignore[attr-defined]
        if method == "GET":
            run = next(run for run in self.runs if path.endswith(run["id"]))  # type: ignore[attr-defined]
            return {**run, **self.then}  # type: ignore[attr-defined]
        self.done.append((method, path, body))  # type: ignore[attr-defined]
        return {}


def run(name: str, state: str, pid: int | None = None, host: str | None = None, **more: Any) -> dict[str, Any]:
    where = None if pid is None else f"{host or gethostname()}:{pid}"
    told = {"deployment_id": "nightly", "auto_scheduled": True, "parameters": {"wait": 3600}, **more}
    return {"id": name, "name": name, "state_type": state, "infrastructure_pid": where, **told}


@pytest.fixture
def gone() -> int:
    """The number of a process that has been."""
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()
    return child.pid


@pytest.fixture
def doing() -> Iterator[int]:
    """The number of a process that does a run."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)", "serving.launch"])
    try:
        yield child.pid
    finally:
        child.kill()
        child.wait()


def states(api: Runs) -> dict[str, str]:
    """The states that were set, by run."""
    return {path.split("/")[2]: body["state"]["type"] for _, path, body in api.done if path.endswith("set_state")}  # type: ignore[attr-defined]


def test_a_run_whose_process_is_gone_is_crashed_and_one_that_is_done_is_left(gone: int, doing: int) -> None:
    api = Runs(run("dead", "RUNNING", gone), run("alive", "RUNNING", doing), run("asked to end", "CANCELLING", gone))
    marked = asyncio.run(outages.mark_dead(api))
    assert {item["name"] for item in marked} == {"dead", "asked to end"}
    assert states(api) == {"dead": "CRASHED", "asked to end": "CANCELLED"}


def test_another_process_with_the_same_number_does_no_run() -> None:
    assert not outages.is_done(f"{gethostname()}:{os.getpid()}")
    assert not outages.is_done(None) and not outages.is_done("nonsense")
    assert outages.is_done("another-machine:1")


def test_a_run_that_ended_between_two_looks_is_left(gone: int) -> None:
    api = Runs(run("just done", "RUNNING", gone), then={"state_type": "COMPLETED"})
    assert asyncio.run(outages.mark_dead(api)) == [] and states(api) == {}


def test_after_an_outage_the_night_is_done_once_more_and_what_had_not_begun_waits_again(gone: int) -> None:
    api = Runs(
        run("night", "RUNNING", gone),
        run("by hand", "RUNNING", gone, auto_scheduled=False, deployment_id="backfill"),
        run("not begun", "PENDING"),
    )
    told = asyncio.run(outages.put_right(api))
    assert states(api) == {"night": "CRASHED", "by hand": "CRASHED", "not begun": "SCHEDULED"} and len(told) == 3
    created = [(path, body) for _, path, body in api.done if path.endswith("create_flow_run")]  # type: ignore[attr-defined]
    ((path, body),) = created
    assert path == "/deployments/nightly/create_flow_run"
    assert body["parameters"] == {"wait": 3600} and body["tags"] == [outages.AGAIN]


def test_of_missed_nights_the_newest_stays_and_what_people_asked_for_stays() -> None:
    api = Runs(  # the server gives the newest first
        run("third night", "SCHEDULED"),
        run("a backfill", "SCHEDULED", deployment_id="backfill", auto_scheduled=False),
        run("second night", "SCHEDULED"),
        run("week", "SCHEDULED", deployment_id="housekeeping"),
        run("first night", "SCHEDULED"),
        run("another backfill", "SCHEDULED", deployment_id="backfill", auto_scheduled=False),
    )
    told = asyncio.run(outages.drop_missed(api))
    assert [path for method, path, _ in api.done if method == "DELETE"] == [  # type: ignore[attr-defined]
        "/flow_runs/second night",
        "/flow_runs/first night",
    ]
    assert len(told) == 2

"""What an outage leaves in Prefect, put right: runs that nobody does any more, nights that were missed."""

from __future__ import annotations

from datetime import UTC, datetime
from socket import gethostname
from typing import Any

import psutil

from serving.api import Api
from serving.pool import POOL

AGAIN = "again"
_DOING = ("serving.launch", "prefect.engine")
_GONE = {
    "type": "CRASHED",
    "name": "Crashed",
    "message": "进程已不存在：被终止，或机器重启 / its process is gone: killed, or the machine was restarted",
}
_CANCELLED = {"type": "CANCELLED", "name": "Cancelled", "message": _GONE["message"]}
_WAITING = {"type": "SCHEDULED", "name": "Scheduled", "message": "尚未开始，重新排队 / not begun, queued again"}


async def put_right(api: Api) -> list[str]:
    """Before a worker starts: mark dead runs, queue again what had not begun, drop missed nights; a line for each.

    A scheduled run that died is done once more at once: a machine that was restarted at night has its data by morning.
    """
    told = []
    for run in await _runs(api, {"type": {"any_": ["PENDING"]}}):
        if not is_done(run["infrastructure_pid"]):
            await _set(api, run, _WAITING, force=True)
            told.append(f"{run['name']}: {_WAITING['message']}")
    for run in await mark_dead(api):
        told.append(f"{run['name']}: {_GONE['message']}")
        if run["auto_scheduled"] and run["state_type"] == "RUNNING":
            await _once_more(api, run)
    return told + await drop_missed(api)


async def mark_dead(api: Api) -> list[dict[str, Any]]:
    """Every run whose process is gone is marked crashed, or cancelled if that was asked for; the runs as they were."""
    marked = []
    for run in await _runs(api, {"type": {"any_": ["RUNNING", "CANCELLING"]}}):
        if is_done(run["infrastructure_pid"]):
            continue
        # it may have ended well between the two questions
        if (await api.ask("GET", f"/flow_runs/{run['id']}"))["state_type"] == run["state_type"]:
            await _set(api, run, _CANCELLED if run["state_type"] == "CANCELLING" else _GONE)
            marked.append(run)
    return marked


def is_done(infrastructure_pid: str | None) -> bool:
    """Whether somebody does the run of this `host:pid`; what another machine does is not ours to judge."""
    host, _, pid = (infrastructure_pid or "").rpartition(":")
    if host and host != gethostname():
        return True
    try:
        words = psutil.Process(int(pid)).cmdline()
    except (ValueError, psutil.Error):
        return False
    return any(word in _DOING for word in words)


async def drop_missed(api: Api) -> list[str]:
    """Of the scheduled runs of a deployment that an outage left behind only the newest stays.

    One night takes in everything that has waited; a second one right behind it would have nothing to do.
    """
    missed = await _runs(api, {"type": {"any_": ["SCHEDULED"]}}, {"before_": datetime.now(UTC).isoformat()})
    seen: set[str] = set()
    told = []
    for run in missed:
        if not run["auto_scheduled"]:
            continue
        if run["deployment_id"] in seen:
            await api.ask("DELETE", f"/flow_runs/{run['id']}")
            told.append(f"{run['name']}：错过，由更晚的一次代替 / missed, a later one does it")
        seen.add(run["deployment_id"])
    return told


async def _runs(api: Api, state: dict[str, Any], expected: dict[str, str] | None = None) -> list[dict[str, Any]]:
    asked = {
        "flow_runs": {"state": state, "expected_start_time": expected},
        "work_pools": {"name": {"any_": [POOL]}},
        "sort": "EXPECTED_START_TIME_DESC",
    }
    found: list[dict[str, Any]] = await api.ask("POST", "/flow_runs/filter", asked)
    return found


async def _set(api: Api, run: dict[str, Any], state: dict[str, str], force: bool = False) -> None:
    await api.ask("POST", f"/flow_runs/{run['id']}/set_state", {"state": state, "force": force})


async def _once_more(api: Api, run: dict[str, Any]) -> None:
    body = {"parameters": run["parameters"], "tags": [AGAIN], "state": {"type": "SCHEDULED", "name": "Scheduled"}}
    await api.ask("POST", f"/deployments/{run['deployment_id']}/create_flow_run", body)

"""The work pool of the standing worker, the deployments of prefect.yaml in it, and whom the server tells."""

from __future__ import annotations

import asyncio
import copy
import hashlib
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import httpx
import yaml

from serving.api import Api
from serving.notify import automations
from serving.notify_settings import Notify, notify_settings
from sources.archive import write_durably
from sources.settings import BadSettings
from warehouse.paths import PREFECT_YAML, PROJECT, Home

POOL = "peak"
LAUNCH = f"{sys.executable} -m serving.launch"


class NotDeployed(Exception):
    """`prefect deploy` failed; the message is what it said last."""


async def ensure_pool(api: Api) -> None:
    """The pool exists, does one run at a time, and its runs are forks of the warm process."""
    template = await _process_template(api)
    properties = template["variables"]["properties"]
    properties["command"]["default"] = LAUNCH
    properties["working_dir"]["default"] = str(PROJECT)
    settings = {"base_job_template": template, "concurrency_limit": 1}
    found = await api.ask("POST", "/work_pools/filter", {"work_pools": {"name": {"any_": [POOL]}}})
    if found:
        await api.ask("PATCH", f"/work_pools/{POOL}", settings)
    else:
        await api.ask("POST", "/work_pools/", {"name": POOL, "type": "process", **settings})


async def _process_template(api: Api) -> dict[str, Any]:
    known = await api.ask("GET", "/collections/views/aggregate-worker-metadata")
    template: dict[str, Any] = copy.deepcopy(known["prefect"]["process"]["default_base_job_configuration"])
    return template


async def is_working(api: Api, name: str, since: str) -> bool:
    """Whether the worker of this name has been heard of since the moment given (ISO, UTC)."""
    try:
        workers = await api.ask("POST", f"/work_pools/{POOL}/workers/filter", {})
    except httpx.HTTPError:
        return False
    return any(worker["name"] == name and worker["last_heartbeat_time"] >= since for worker in workers)


async def ensure_deployed(api: Api, home: Home, environment: Mapping[str, str]) -> bool:
    """The server has the deployments of prefect.yaml as they are now; whether anything had to be done.

    Raises:
        NotDeployed: prefect.yaml or a flow cannot be deployed.
    """
    now = _as_it_is(api)
    note = home.prefect / "deployed"
    with suppress(OSError):
        if note.read_text("utf-8") == now and await _are_there(api):
            return False
    await _deploy(environment)
    write_durably(note, now.encode())
    return True


async def ensure_fetching(api: Api, is_wanted: bool) -> None:
    """The schedule of `fetch` is on while there is a server to fetch from; hourly runs for nothing would be noise."""
    found = await api.ask("GET", "/deployments/name/fetch/fetch")
    for schedule in found["schedules"]:
        if schedule["active"] != is_wanted:
            path = f"/deployments/{found['id']}/schedules/{schedule['id']}"
            await api.ask("PATCH", path, {"active": is_wanted})


async def ensure_told(api: Api, home: Home, environment: Mapping[str, str]) -> str:
    """The server tells whom the settings say; what was done or why not, empty when nothing was to be done."""
    try:
        wanted = notify_settings(home)
    except BadSettings as error:
        return f"! {error}"
    note = home.prefect / "told-by"
    now = hashlib.sha256(repr((wanted, environment["PEAK_SITE_URL"])).encode()).hexdigest()
    before = note.read_text("utf-8") if note.exists() else None
    if (now == before and await _is_told(api, wanted)) or (before is None and not wanted.told):
        return ""
    said, is_done = await _run(environment, "serving.notify")
    if is_done:
        write_durably(note, now.encode())
    return f"● {said.strip()}" if is_done else f"! 通知未设置 / notifications are not set up: {said.strip()}"


async def _is_told(api: Api, wanted: Notify) -> bool:
    """Whether the server has what was set up once: its database may be another one since."""
    there = {item["name"] for item in await automations(api)} if wanted.told else set()
    return all(told.name in there for told in wanted.told)


def _as_it_is(api: Api) -> str:
    """One hash over prefect.yaml, the flows, whose parameters are part of a deployment, and the server's address."""
    found = hashlib.sha256(f"{api.url}\n{sys.prefix}\n".encode())
    for file in [PREFECT_YAML, *sorted((PROJECT / "flows").glob("*.py"))]:
        found.update(file.read_bytes())
    return found.hexdigest()


async def _are_there(api: Api) -> bool:
    names = {item["name"] for item in yaml.safe_load(PREFECT_YAML.read_text("utf-8"))["deployments"]}
    found = await api.ask("POST", "/deployments/filter", {"deployments": {"name": {"any_": sorted(names)}}})
    return {item["name"] for item in found} == names


async def _deploy(environment: Mapping[str, str]) -> None:
    said, is_done = await _run(environment, "prefect", "--no-prompt", "deploy", "--all")
    if not is_done:
        raise NotDeployed(said)


async def _run(environment: Mapping[str, str], module: str, *arguments: str) -> tuple[str, bool]:
    """The last of what a module of Python said, and whether it ended well; it ends with us."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", module, *arguments),
        cwd=PROJECT,
        env=dict(environment),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        raise
    return said.decode("utf-8", "replace")[-2000:], process.returncode == 0

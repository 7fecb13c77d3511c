"""The work pool of the standing worker, and the deployments of prefect.yaml in it."""

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
from sources.archive import write_durably
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
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"),
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
    if process.returncode:
        raise NotDeployed(said.decode("utf-8", "replace")[-2000:])

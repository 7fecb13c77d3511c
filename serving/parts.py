"""The parts of one data home, each needing those before it; they are ended in the opposite order.

The watch comes last: what it tells before the deployments and notifications are set up nobody would hear.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from serving import pool
from serving.api import Api
from serving.environment import warm_socket
from serving.outages import put_right
from serving.part import Part, Tell
from serving.settings import Serve
from sources.fetching.servers import servers
from sources.settings import BadSettings
from warehouse.paths import Home

WORKER = "peak"


def parts(home: Home, settings: Serve, environment: Mapping[str, str], tell: Tell) -> list[Part]:
    """Every part in the order in which they start."""
    api = Api(settings.api, settings.auth)
    worker = _worker(api, home, environment, tell)
    watch = [_watch(home)] if settings.watch else []
    return [_server(api, settings), _warm(home), _site(settings), worker, *watch]


def _python(module: str, *arguments: str) -> list[str]:
    return [sys.executable, "-m", module, *arguments]


def _server(api: Api, settings: Serve) -> Part:
    command = _python("prefect", "server", "start", "--host", settings.host, "--port", str(settings.port))
    return Part("server", "服务器", command, api.is_healthy, settings.ui)


def _warm(home: Home) -> Part:
    path = warm_socket(home)

    async def clear() -> None:
        path.unlink(missing_ok=True)

    async def answers() -> bool:
        return path.is_socket()

    return Part("warm", "预热进程", _python("serving.warm", str(path)), answers, before=clear)


def _site(settings: Serve) -> Part:
    site = Api(settings.here(settings.site_port), settings.auth)
    command = _python("serving.site", settings.host, str(settings.site_port))
    return Part("site", "站点", command, site.is_healthy, settings.site)


def _watch(home: Home) -> Part:
    async def at_once() -> bool:
        return True

    return Part("watch", "收件监视", _python("serving.watch"), at_once, str(home.inbox))


def _worker(api: Api, home: Home, environment: Mapping[str, str], tell: Tell) -> Part:
    begun = ""

    async def before() -> None:
        nonlocal begun
        await pool.ensure_pool(api)
        if await pool.ensure_deployed(api, home, environment):
            tell("● 部署 deployments  prefect.yaml")
        try:
            await pool.ensure_fetching(api, bool(servers(home)))
        except BadSettings as error:
            tell(f"! {error}")
        if line := await pool.ensure_told(api, home, environment):
            tell(line)
        for line in await put_right(api):
            tell(f"  {line}")
        begun = datetime.now(UTC).isoformat()

    command = _python(
        *("prefect", "worker", "start", "--type", "process", "--install-policy", "never"),
        *("--pool", pool.POOL, "--name", WORKER, "--no-create-pool-if-not-found"),
    )

    async def works() -> bool:
        return await pool.is_working(api, WORKER, begun)

    return Part(
        "worker",
        "执行进程",
        command,
        works,
        before=before,
        stop_s=60,
    )

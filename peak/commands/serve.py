"""`peak serve`: Prefect's server and worker, the deployments and the site, until it is told to stop."""

from __future__ import annotations

import asyncio
import socket
from datetime import datetime

import click

from serving.settings import Serve, serve_settings
from sources.settings import BadSettings
from warehouse.paths import home


@click.command()
@click.option("--host", help="监听地址，默认仅本机 / address to listen on, this machine alone by default")
@click.option("--port", type=int, help="Prefect 端口，默认 / port of Prefect, default 4200")
@click.option("--site-port", type=int, help="站点端口，默认 / port of the site, default 4280")
def serve(host: str | None, port: int | None, site_port: int | None) -> None:
    """常驻：Prefect 服务器、执行进程、部署与站点 / Prefect server, worker, deployments and the site.

    每夜 02:00（上海）自动运行；Ctrl-C 或 SIGTERM 停止，先停执行进程 / the nightly run at 02:00 Shanghai; Ctrl-C or
    SIGTERM stops it, the worker first. 其余设置 / more settings: PEAK_HOME/settings.toml, docs/serving.md.
    """
    try:
        settings = serve_settings(home(), {"host": host, "port": port, "site_port": site_port})
    except BadSettings as error:
        raise click.ClickException(str(error)) from None
    _stand(settings)


def _stand(settings: Serve) -> None:
    from serving.instance import AlreadyServing, end_leftovers, end_orphaned_servers, only_instance
    from serving.part import NotReady
    from serving.pool import NotDeployed

    place = home()
    try:
        with only_instance(place, {"api": settings.api, "ui": settings.ui, "site": settings.site}):
            for name in end_leftovers(place):
                _tell(f"  结束上次遗留的进程 / ended what was left of last time: {name}")
            end_orphaned_servers(place)
            _refuse_taken_ports(settings)
            asyncio.run(_supervise(settings))
    except (AlreadyServing, NotReady, NotDeployed) as error:
        raise click.ClickException(str(error)) from None
    _tell("已停止 / stopped")


async def _supervise(settings: Serve) -> None:
    from serving.api import Api
    from serving.environment import environment
    from serving.outages import mark_dead
    from serving.part import Standing
    from serving.parts import parts
    from serving.supervisor import Supervisor
    from warehouse.paths import PROJECT

    place, api = home(), Api(settings.api, settings.auth)

    async def look_for_dead_runs() -> None:
        for run in await mark_dead(api):
            _tell(f"  {run['name']}：进程已不存在 / its process is gone")

    around = environment(place, settings)
    standing = [Standing(part, place, around, PROJECT, _tell) for part in parts(place, settings, around, _tell)]
    await Supervisor(standing, _tell, look_for_dead_runs).stand()


def _tell(line: str) -> None:
    click.echo(f"{datetime.now():%Y-%m-%d %H:%M:%S}  {line}")


def _refuse_taken_ports(settings: Serve) -> None:
    for port in (settings.port, settings.site_port):
        with socket.socket() as probe:
            probe.settimeout(2)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                raise click.ClickException(
                    f"端口 {port} 已被占用，请用 --port、--site-port 或 settings.toml 另设 / "
                    f"port {port} is taken: choose another by --port, --site-port or settings.toml"
                )

"""`peak fetch`: what the hourly schedule fetches, here and now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from peak import show
from peak.options import RegionName
from sources.settings import BadSettings
from warehouse.paths import home

if TYPE_CHECKING:
    from sources.fetching.fetch import Fetched
    from sources.fetching.servers import Server


@click.command()
@click.option("--feed", metavar="F", help="只取该数据集 / only this feed")
@click.option("--region", type=RegionName(), help="只取该地区 / only this region")
@click.option("--server", metavar="S", help="只取该服务器 / only servers of this name")
@click.option("--dry-run", is_flag=True, help="只列出服务器与是否到期 / only list the servers and which are due")
@click.option("--force", is_flag=True, help="不论是否到期、是否取过 / due or not, known or not")
@click.option("--wait", type=click.FloatRange(0), default=60.0, show_default=True, help="等待其他取数的秒数 / seconds")
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出 / print JSON")
def fetch(
    feed: str | None,
    region: str | None,
    server: str | None,
    dry_run: bool,
    force: bool,
    wait: float,
    json_out: bool,
) -> None:
    """按合约与 settings.toml 的 [pull] 取数到收件箱 / Fetch into the inbox from the servers that are due.

    写法见 docs/fetching.md，之后由收件或 peak run 接收 / docs/fetching.md says how servers are written; an intake or
    `peak run` takes the files in.
    """
    from sources.fetching.fetch import chosen, due

    try:
        listed = chosen(home(), feed, region, server)
    except BadSettings as error:
        raise click.ClickException(str(error)) from None
    now = listed if force else due(home(), listed)
    if dry_run:
        _list(listed, now, json_out)
        return
    ended = _fetch(now, force, wait)
    _say(ended, listed, json_out)
    if any(one.wrong for one in ended):
        raise SystemExit(1)


def _fetch(now: list[Server], force: bool, wait: float) -> list[Fetched]:
    from sources.fetching import fetch as work

    if any(str(value).startswith("block:") for server in now for value in server.options.values()):
        _find_prefect()
    try:
        with work.fetching(home(), wait):
            return [work.fetch(home(), server, force) for server in now]
    except work.BusyFetching as busy:
        raise click.ClickException(str(busy)) from None


def _find_prefect() -> None:
    """Secrets in Prefect's blocks are asked of the server that stands for this home."""
    import flows  # noqa: F401 - sets where Prefect keeps what is this home's
    from peak.running import choose_server, teller

    choose_server(teller(quiet=False))


def _list(listed: list[Server], now: list[Server], json_out: bool) -> None:
    columns = ("region", "feed", "server", "type", "every", "due")
    rows = [(one.region, one.feed, one.name, one.type, str(one.every), one in now) for one in listed]
    if json_out:
        show.as_json([dict(zip(columns, row, strict=True)) for row in rows])
        return
    said = [(*row[:-1], "到期 due" if row[-1] else "未到 not yet") for row in rows]
    names = ("地区 region", "数据集 feed", "服务器 server", "类型 type", "间隔 every", "")
    show.console().print(show.table(f"服务器 / Servers ({len(rows)})", names, said))


def _say(ended: list[Fetched], listed: list[Server], json_out: bool) -> None:
    if json_out:
        show.as_json(
            [
                {
                    "region": one.server.region,
                    "feed": one.server.feed,
                    "server": one.server.name,
                    "files": one.files,
                    "unchanged": one.unchanged,
                    "absent": one.absent,
                    "wrong": one.wrong,
                }
                for one in ended
            ]
        )
        return
    out = show.console()
    for one in ended:
        mark = "✕" if one.wrong else "●" if one.files else "–"
        out.print(f"{mark} {one.sentence}", markup=False, soft_wrap=True)
    if not listed:
        out.print("没有服务器 / no server is described: settings.toml [pull], docs/fetching.md", markup=False)
    elif not ended:
        out.print(f"均未到期 / none is due ({len(listed)})，--force", markup=False)

"""The fetch flow: what the hourly schedule runs. Each server is a task of its own; one that fails stops no other."""

from __future__ import annotations

from prefect import flow
from prefect.logging import get_run_logger

from flows.events import tell_of_servers
from flows.pages import dated
from flows.parameters import Force, OneFeed, Region, Wait
from flows.parameters import Server as ServerName
from flows.step import given, step
from sources.fetching.fetch import Fetched, chosen, due, fetch, fetching
from sources.fetching.servers import Server
from warehouse.harmless import on_one_line
from warehouse.paths import home


class NotFetched(Exception):
    """A server did not give what it should; `ended` says what it gave nevertheless."""

    def __init__(self, ended: Fetched) -> None:
        super().__init__(on_one_line(ended.sentence))
        self.ended = ended


class NewlyFailing(Exception):
    """Servers that gave what they should the time before do not now."""


def _name_of_server() -> str:
    server: Server = given("server")
    return f"fetch {server.feed} {server.region} {server.name}"


@step("fetch", task_run_name=_name_of_server)
def fetch_one(server: Server, force: bool) -> Fetched:
    """What is new on one server, in the inbox; the task fails when the server does."""
    ended = fetch(home(), server, force)
    if ended.wrong:
        raise NotFetched(ended)
    return ended


@flow(name="fetch", flow_run_name=dated("fetch"), timeout_seconds=4 * 3600)
def fetch_due(
    feed: OneFeed = None,
    region: Region = None,
    server: ServerName = None,
    force: Force = False,
    wait: Wait = 60.0,
) -> str:
    """Fetch from the servers that are due; with `force` from all chosen ones, whatever was fetched before.

    Args:
        feed: 只取该数据集 / only this feed.
        region: 只取该地区 / only this region.
        server: 只取该服务器 / only the servers of this name.
        force: 不论是否到期、是否取过 / due or not, known or not.
        wait: 等待其他取数的秒数 / seconds to wait for another process that fetches.

    Raises:
        NewlyFailing: A server failed that did not fail the time before: told once, tried again every time.
    """
    tell = get_run_logger().info
    listed = chosen(home(), feed, region, server)
    with fetching(home(), wait):
        ended = [_fetched(item, force) for item in (listed if force else due(home(), listed))]
    for one in ended:
        tell(on_one_line(one.sentence))
    if news := [one for one in ended if one.is_news]:
        tell_of_servers(news)
        raise NewlyFailing("; ".join(on_one_line(one.sentence) for one in news))
    return f"{sum(len(one.files) for one in ended)} 新文件 / new files, {len(ended)} / {len(listed)} servers"


def _fetched(server: Server, force: bool) -> Fetched:
    try:
        return fetch_one(server, force)
    except NotFetched as failed:
        return failed.ended

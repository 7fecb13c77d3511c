"""Fetching from one server, whatever its type: receive, put into the inbox, remember. A failure is a result."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from filelock import FileLock, Timeout

from sources.fetching import api, query, remote_files
from sources.fetching.arriving import arrive
from sources.fetching.job import Item, Job
from sources.fetching.part import Received
from sources.fetching.secrets import Secrets
from sources.fetching.servers import Server, servers
from sources.fetching.trouble import Absent, FetchError, Limits, said
from sources.ledger import Ledger, open_ledger, read_ledger
from sources.ledger.fetches import Fetch, add_fetch, last_received, last_tries
from warehouse.paths import Home
from warehouse.timetable import today

WAYS: dict[str, Callable[[Job], Iterator[Item]]] = {
    "local": remote_files.items,
    "sftp": remote_files.items,
    "s3": remote_files.items,
    "api": api.items,
    "postgresql": query.items,
}
SLACK = timedelta(minutes=5)  # an hourly schedule is not to skip an hour for having begun a second early
LEFTOVER_S = 7 * 86400  # for so long a cut download may be resumed


@dataclass(frozen=True)
class Fetched:
    """How a try of a server ended: the `files` put into the inbox, and what went `wrong`, if anything did.

    `is_news` when it went wrong and the try before did not.
    """

    server: Server
    files: tuple[str, ...]
    unchanged: int = 0
    absent: int = 0
    wrong: tuple[str, ...] = ()
    is_news: bool = False

    @property
    def sentence(self) -> str:
        """The end of it in a line."""
        label = self.server.label
        if self.wrong:
            return f"{label}：未取到 / failed: {'; '.join(self.wrong)}"
        if self.files:
            return f"{label}：取到 / fetched {len(self.files)}: {', '.join(self.files)}"
        return f"{label}：没有新文件 / nothing new"


def chosen(home: Home, feed: str | None = None, region: str | None = None, name: str | None = None) -> list[Server]:
    """The servers of a feed, a region and a name, each where given."""
    return [
        server
        for server in servers(home)
        if feed in (None, server.feed) and region in (None, server.region) and name in (None, server.name)
    ]


def due(home: Home, listed: list[Server], now: datetime | None = None) -> list[Server]:
    """Those whose last good try is as long ago as `every` says, and those that failed."""
    reading = read_ledger(home)
    tries: dict[tuple[str, str, str], Fetch] = {}
    if reading is not None:
        with reading as ledger:
            tries = {(item.region, item.feed, item.server): item for item in last_tries(ledger)}
    moment = now or datetime.now(UTC)

    def is_due(server: Server) -> bool:
        last = tries.get((server.region, server.feed, server.name))
        if last is None or last.result == "failed":
            return True
        return moment - datetime.fromisoformat(last.at) >= server.every - SLACK

    return [server for server in listed if is_due(server)]


class BusyFetching(Exception):
    """Another process fetches for this home."""


@contextmanager
def fetching(home: Home, wait: float) -> Iterator[None]:
    """The only process that fetches for `home`; it need not wait for runs that write, nor they for it."""
    home.fetching.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(home.fetching / ".lock", timeout=wait):
            yield
    except Timeout:
        raise BusyFetching(f"另一进程正在取数 / another process is fetching: {home.fetching}") from None


def fetch(
    home: Home, server: Server, force: bool = False, limits: Limits | None = None, day: date | None = None
) -> Fetched:
    """Fetch from one server what is new there; with `force` all of it. Never raises for what the server does.

    The caller holds `fetching`. A failure of one file does not keep the others from arriving.
    """
    secrets = Secrets(server)
    _sweep(home)
    with open_ledger(home) as ledger:
        known = {} if force else last_received(ledger, server.region, server.feed, server.name)
        job = Job(server, known, secrets, home.fetching, limits or limits_of(server), day or today())
        ended = Fetched(server, ())
        try:
            for item in WAYS[server.type](job):
                ended = _one(home, ledger, job, item, ended)
        except Exception as error:  # whatever a library may raise: the other servers have their turn
            ended = replace(ended, wrong=(*ended.wrong, said(error, secrets.used)))
        return _ended(ledger, ended)


def limits_of(server: Server) -> Limits:
    """The limits that the server's description sets, else ours."""
    options, ours = server.options, Limits()
    return Limits(options.get("maxBytes", ours.max_bytes), float(options.get("timeoutSeconds", ours.timeout_s)))


def _one(home: Home, ledger: Ledger, job: Job, item: Item, so_far: Fetched) -> Fetched:
    try:
        received = item.receive()
    except Absent:
        return replace(so_far, absent=so_far.absent + 1)
    except Exception as error:
        why = error if isinstance(error, FetchError) else FetchError(f"{item.source}：{type(error).__name__}: {error}")
        return replace(so_far, wrong=(*so_far.wrong, said(why, job.secrets.used)))
    if received is None:
        return replace(so_far, unchanged=so_far.unchanged + 1)
    before = job.known.get(item.source)
    if before is not None and before.sha256 == received.sha256:
        received.path.unlink()
        _remember(ledger, job.server, item, received, "same", None)
        return replace(so_far, unchanged=so_far.unchanged + 1)
    # first the file, then the ledger: cut off in between, the file comes once more and is known as a duplicate
    name = arrive(home, job.server, received, job.today)
    _remember(ledger, job.server, item, received, "fetched", name)
    return replace(so_far, files=(*so_far.files, name))


def _remember(ledger: Ledger, server: Server, item: Item, received: Received, result: str, name: str | None) -> None:
    entry = Fetch(
        *(server.region, server.feed, server.name, item.source, result),
        etag=received.etag,
        modified=received.modified,
        size_bytes=received.size_bytes,
        sha256=received.sha256,
        file_name=name,
    )
    add_fetch(ledger, entry)


def _ended(ledger: Ledger, ended: Fetched) -> Fetched:
    server = ended.server
    key = (server.region, server.feed, server.name)
    last = {(item.region, item.feed, item.server): item.result for item in last_tries(ledger)}.get(key)
    detail = "; ".join(ended.wrong) or f"{len(ended.files)} 新 new, {ended.unchanged} 未变 unchanged"
    add_fetch(ledger, Fetch(*key, None, "failed" if ended.wrong else "ended", detail=detail))
    return replace(ended, is_news=bool(ended.wrong) and last != "failed")


def _sweep(home: Home) -> None:
    """Remove cut downloads that nobody came back for."""
    for path in [*home.fetching.glob("*.part"), *home.fetching.glob("*.sign")]:
        if time.time() - path.stat().st_mtime > LEFTOVER_S:
            path.unlink(missing_ok=True)

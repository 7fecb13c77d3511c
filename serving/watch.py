"""What watches the inbox, the clock and the timetable all day, and tells Prefect of what is up.

python -m serving.watch. It looks, it does not work: an event leads to an intake run or to a notification, by the
automations of the server. What could not be told because the server was away is told when it is back.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import httpx

from serving import mornings
from serving.api import Api
from serving.arrivals import SETTLE_S, Arrivals
from serving.mornings import Notebook
from sources.inbox import signs
from sources.ledger import Run, read_ledger
from sources.privacy import shareable
from warehouse.paths import Home, home
from warehouse.status import FeedStatus, status

LOOK_S = 5.0
PAUSES = 9  # of ten seconds one is spent looking
LONGEST_PAUSE_S = 15.0
INTAKE = "intake"


async def look_into_inbox(api: Api, place: Home, arrivals: Arrivals, now: float) -> int:
    """Tell of the files that have arrived completely; how many. An intake that still waits will find them anyway."""
    ripe = arrivals.look(await asyncio.to_thread(signs, place), now)
    if ripe:
        if not await _intake_waits(api):
            await api.tell("peak.inbox.arrived", "peak.inbox", {"name": "收件箱 / inbox", "files": str(len(ripe))})
        arrivals.told(ripe, now)
    return len(ripe)


async def _intake_waits(api: Api) -> bool:
    """Whether one of every region is about to begin; one that somebody planned for later is none."""
    soon = datetime.now(UTC) + timedelta(seconds=SETTLE_S)
    asked = {
        "deployments": {"name": {"any_": [INTAKE]}},
        "flow_runs": {
            "state": {"type": {"any_": ["SCHEDULED"]}},
            "expected_start_time": {"before_": soon.isoformat()},
        },
    }
    waiting = await api.ask("POST", "/flow_runs/filter", asked)
    return any(run["parameters"].get("region") is None for run in waiting)


async def look_at_morning(api: Api, place: Home, book: Notebook, now: datetime) -> None:
    """Once a day, at six in Shanghai: was there a good night, and which feeds are late now."""
    today = now.astimezone(mornings.SHANGHAI).date()
    if mornings.is_due(book.told.morning, now):
        if book.told.morning is not None:  # on its first day a home owes nobody a night
            await _tell_of_nights(api, place, now)
        book.keep(replace(book.told, morning=today))
    if mornings.is_due(book.told.feeds, now):
        feeds = (await asyncio.to_thread(status, place, today)).feeds
        for feed in mornings.newly_late(book.told, feeds, today):
            await _tell_of_late(api, feed, today)
            book.keep(mornings.with_late(book.told, feed, today))
        book.keep(mornings.after(book.told, feeds, today))


async def _tell_of_nights(api: Api, place: Home, now: datetime) -> None:
    try:
        nights = _nights(place, now)
        facts = None if mornings.ended_well(nights) else mornings.as_facts(nights[0] if nights else None)
    except Exception as error:  # a ledger that cannot be read knows of no good night
        facts = {"result": shareable(f"{error!r}")}
    if facts is not None:
        since = str(mornings.midnight(now))
        await api.tell("peak.morning.no-good-run", "peak.nights", {"since": since, **facts}, once=since)


def _nights(place: Home, now: datetime) -> list[Run]:
    reading = read_ledger(place)
    if reading is None:
        return []
    with reading as ledger:
        return mornings.last_nights(ledger, now)


async def _tell_of_late(api: Api, feed: FeedStatus, today: date) -> None:
    labels = {
        "name": f"{feed.region}/{feed.feed} {feed.title}",
        "region": feed.region,
        "feed": feed.feed,
        "title": feed.title,
        "bureau": feed.owner,
        "days": str(feed.overdue_days),
        "due": str(feed.next_due),
    }
    await api.tell("peak.feed.late", f"peak.feed.{feed.region}.{feed.feed}", labels, once=str(today))


async def watch(api: Api, place: Home) -> None:
    """Look for ever at both: a mount that does not answer keeps nobody from hearing of the night."""
    arrivals, book = Arrivals(), Notebook(place.prefect / "told.json")

    async def inbox() -> None:
        if count := await look_into_inbox(api, place, arrivals, time.monotonic()):
            _say(f"收件 / arrived: {count}")

    async def morning() -> None:
        await look_at_morning(api, place, book, datetime.now(UTC))

    await asyncio.gather(_again_and_again(inbox), _again_and_again(morning))


async def _again_and_again(look: Callable[[], Awaitable[None]]) -> None:
    """Whatever goes wrong is said, once while it lasts, and looked at again."""
    last = ""
    while True:
        began, trouble = time.monotonic(), ""
        try:
            await look()
        except httpx.HTTPError as error:
            trouble = f"服务器未应答，稍后再报 / the server does not answer, told later: {error!r}"
        except Exception as error:
            trouble = shareable(f"{error!r}")
        if trouble != last:
            _say(trouble or "恢复正常 / all is well again")
        last = trouble
        await asyncio.sleep(pause_after(time.monotonic() - began))


def pause_after(took_s: float) -> float:
    """Seconds until the next look: longer when looking takes long, as with very many files, but within the minute."""
    return min(max(LOOK_S, PAUSES * took_s), LONGEST_PAUSE_S)


def _say(line: str) -> None:
    print(f"{datetime.now():%Y-%m-%d %H:%M:%S}  {line}", flush=True)


def main() -> None:
    """Watch the home of this process until told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    api = Api(os.environ["PREFECT_API_URL"], os.environ.get("PREFECT_API_AUTH_STRING", ""))
    asyncio.run(watch(api, home()))


if __name__ == "__main__":
    main()

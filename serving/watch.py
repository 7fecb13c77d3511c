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
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import httpx

from serving import mornings
from serving.api import Api
from serving.arrivals import Arrivals, Sign
from sources.inbox import scan
from sources.ledger import read_ledger
from sources.privacy import shareable
from warehouse.paths import Home, home
from warehouse.status import FeedStatus, status

LOOK_S = 5.0
INTAKE = "intake"


def files_in(place: Home) -> dict[Path, Sign]:
    """Size and time of modification of every file that waits; what an intake leaves alone is not among them."""
    found = {}
    for waiting in scan(place).waiting:
        with suppress(OSError):
            seen = waiting.path.lstat()
            found[waiting.path] = (seen.st_size, seen.st_mtime_ns)
    return found


async def look_into_inbox(api: Api, place: Home, arrivals: Arrivals, now: float) -> int:
    """Tell of the files that have arrived completely; how many. An intake that still waits will find them anyway."""
    ripe = arrivals.look(await asyncio.to_thread(files_in, place), now)
    if ripe:
        if not await _intake_waits(api):
            await api.tell("peak.inbox.arrived", "peak.inbox", {"name": "收件箱 / inbox", "files": str(len(ripe))})
        arrivals.told(ripe, now)
    return len(ripe)


async def _intake_waits(api: Api) -> bool:
    asked = {
        "deployments": {"name": {"any_": [INTAKE]}},
        "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
        "limit": 1,
    }
    return bool(await api.ask("POST", "/flow_runs/filter", asked))


async def look_at_morning(api: Api, place: Home, now: datetime) -> None:
    """Once a day, at six in Shanghai: was there a good night, and which feeds are late now."""
    note = place.prefect / "told.json"
    told = mornings.Told.read(note)
    if not mornings.is_due(told, now):
        return
    today = now.astimezone(mornings.SHANGHAI).date()
    if told.morning is not None:  # on its first day a home owes nobody a night
        await _tell_of_nights(api, place, now)
    feeds = (await asyncio.to_thread(status, place, today)).feeds
    news = mornings.newly_late(told, feeds, today)
    for feed in news:
        await _tell_of_late(api, feed)
    mornings.after(told, feeds, news, today).write(note)


async def _tell_of_nights(api: Api, place: Home, now: datetime) -> None:
    reading = read_ledger(place)
    nights = []
    if reading is not None:
        with reading as ledger:
            nights = mornings.last_nights(ledger, now)
    if not mornings.ended_well(nights):
        facts = mornings.as_facts(nights[0] if nights else None)
        await api.tell("peak.morning.no-good-run", "peak.nights", {"since": str(mornings.midnight(now)), **facts})


async def _tell_of_late(api: Api, feed: FeedStatus) -> None:
    labels = {
        "name": f"{feed.region}/{feed.feed} {feed.title}",
        "region": feed.region,
        "feed": feed.feed,
        "title": feed.title,
        "bureau": feed.owner,
        "days": str(feed.overdue_days),
        "due": str(feed.next_due),
    }
    await api.tell("peak.feed.late", f"peak.feed.{feed.region}.{feed.feed}", labels)


async def watch(api: Api, place: Home) -> None:
    """Look for ever. Whatever goes wrong is said and looked at again."""
    arrivals = Arrivals()
    while True:
        try:
            if count := await look_into_inbox(api, place, arrivals, time.monotonic()):
                _say(f"收件 / arrived: {count}")
            await look_at_morning(api, place, datetime.now(UTC))
        except httpx.HTTPError as error:
            _say(f"服务器未应答，稍后再报 / the server does not answer, told later: {error!r}")
        except Exception as error:
            _say(shareable(f"{error!r}"))
        await asyncio.sleep(LOOK_S)


def _say(line: str) -> None:
    print(f"{datetime.now():%Y-%m-%d %H:%M:%S}  {line}", flush=True)


def main() -> None:
    """Watch the home of this process until told to end."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    api = Api(os.environ["PREFECT_API_URL"], os.environ.get("PREFECT_API_AUTH_STRING", ""))
    asyncio.run(watch(api, home()))


if __name__ == "__main__":
    main()

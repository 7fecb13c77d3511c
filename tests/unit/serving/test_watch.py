"""What the watch tells Prefect: arrivals, a morning without a good night, feeds that are late."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from serving import mornings, watch
from serving.api import Api
from serving.arrivals import Arrivals
from sources.ledger import open_ledger
from sources.ledger.runs import end_run, start_run
from tests.support import small
from warehouse.paths import Home
from warehouse.status import FeedStatus

SEVEN = datetime(2026, 3, 4, 23, 0, tzinfo=UTC)  # seven in the morning of the fifth, in Shanghai


class Server(Api):
    """A server that remembers what it was told; away while `is_away`."""

    def __init__(self, waiting: int = 0) -> None:
        super().__init__("http://nowhere")
        object.__setattr__(self, "told", [])
        object.__setattr__(self, "waiting", waiting)
        object.__setattr__(self, "is_away", False)

    async def ask(self, method: str, path: str, body: Any = None, timeout_s: float = 30) -> Any:
        if self.is_away:  # type: ignore[attr-defined]
            raise httpx.ConnectError("away")
        if path == "/events":
            self.told.extend(body)  # type: ignore[attr-defined]
            return None
        return [{}] * self.waiting  # type: ignore[attr-defined]

    def events(self, name: str) -> list[Mapping[str, str]]:
        """The resources of the events of this name."""
        return [event["resource"] for event in self.told if event["event"] == name]  # type: ignore[attr-defined]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    home.prefect.mkdir()
    return home


def look(server: Server, home: Home, arrivals: Arrivals, now: float) -> int:
    return asyncio.run(watch.look_into_inbox(server, home, arrivals, now))


def test_an_arrival_is_told_with_the_number_of_files(home: Home) -> None:
    server, arrivals = Server(), Arrivals()
    small.deliver(home, small.files())
    (home.inbox / small.REGION / "energy_supply" / "half.csv.part").write_text("x", "utf-8")
    assert look(server, home, arrivals, 0) == 0
    assert look(server, home, arrivals, 10) == len(small.files())
    (told,) = server.events("peak.inbox.arrived")
    assert (told["prefect.resource.id"], told["peak.files"]) == ("peak.inbox", str(len(small.files())))
    assert look(server, home, arrivals, 20) == 0


def test_an_intake_that_still_waits_is_not_joined_by_another(home: Home) -> None:
    server, arrivals = Server(waiting=1), Arrivals()
    small.deliver(home, small.files())
    look(server, home, arrivals, 0)
    assert look(server, home, arrivals, 10) and server.events("peak.inbox.arrived") == []
    assert look(server, home, arrivals, 20) == 0


def test_what_could_not_be_told_is_told_when_the_server_is_back(home: Home) -> None:
    server, arrivals = Server(), Arrivals()
    small.deliver(home, small.files())
    look(server, home, arrivals, 0)
    object.__setattr__(server, "is_away", True)
    with pytest.raises(httpx.ConnectError):
        look(server, home, arrivals, 10)
    object.__setattr__(server, "is_away", False)
    assert look(server, home, arrivals, 300) == len(small.files())
    assert len(server.events("peak.inbox.arrived")) == 1


def night(home: Home, result: str | None, command: str = "nightly") -> None:
    """A run of now in the ledger; without a result it never ended."""
    with open_ledger(home) as ledger:
        run_id = f"R{datetime.now(UTC).timestamp()}"
        start_run(ledger, run_id, {"command": command})
        if result:
            end_run(ledger, run_id, {"result": result})


def morning(server: Server, home: Home, now: datetime) -> list[Mapping[str, str]]:
    """What a look at that moment tells, on a home that has had mornings before."""
    note = home.prefect / "told.json"
    if not note.exists():
        mornings.Told(date(2000, 1, 1), {}).write(note)
    asyncio.run(watch.look_at_morning(server, home, now))
    return server.events("peak.morning.no-good-run")


def _seven_today() -> datetime:
    today = datetime.now(mornings.SHANGHAI)
    return today.replace(hour=23, minute=59)  # past six, and past every run of today


@pytest.mark.parametrize("result", ["published", "unchanged"])
def test_a_night_that_published_or_had_nothing_to_do_is_a_good_one(home: Home, result: str) -> None:
    night(home, result)
    assert morning(Server(), home, _seven_today()) == []


@pytest.mark.parametrize(
    ("result", "command", "said"),
    [
        ("stopped", "nightly", "stopped"),
        ("failed", "nightly", "failed"),
        (None, "nightly", "running"),
        ("taken_in", "intake", "none"),
        ("published", "backfill", "none"),
    ],
)
def test_any_other_night_is_told_once(home: Home, result: str | None, command: str, said: str) -> None:
    night(home, result, command)
    server = Server()
    (told,) = morning(server, home, _seven_today())
    assert told["peak.result"] == said
    assert len(morning(server, home, _seven_today())) == 1


def test_a_good_night_of_yesterday_does_not_count(home: Home) -> None:
    night(home, "published")
    assert len(morning(Server(), home, _seven_today() + timedelta(days=1))) == 1


def test_nobody_is_told_before_six_nor_on_the_first_day(home: Home) -> None:
    assert not mornings.is_due(mornings.Told(), datetime(2026, 3, 4, 21, 59, tzinfo=UTC))
    assert mornings.is_due(mornings.Told(), datetime(2026, 3, 4, 22, 0, tzinfo=UTC))
    assert not mornings.is_due(mornings.Told(date(2026, 3, 5)), SEVEN)
    server = Server()
    asyncio.run(watch.look_at_morning(server, home, SEVEN))
    assert server.events("peak.morning.no-good-run") == []
    asyncio.run(watch.look_at_morning(server, home, SEVEN + timedelta(days=1)))
    assert len(server.events("peak.morning.no-good-run")) == 1


def test_a_server_that_is_away_at_six_is_told_when_it_is_back(home: Home) -> None:
    server = Server()
    object.__setattr__(server, "is_away", True)
    with pytest.raises(httpx.ConnectError):
        morning(server, home, SEVEN)
    object.__setattr__(server, "is_away", False)
    assert len(morning(server, home, SEVEN + timedelta(hours=2))) == 1


def test_a_broken_note_of_what_was_told_is_no_obstacle(home: Home) -> None:
    (home.prefect / "told.json").write_text('{"late": 3}', "utf-8")
    asyncio.run(watch.look_at_morning(Server(), home, SEVEN))
    assert mornings.Told.read(home.prefect / "told.json").morning == date(2026, 3, 5)


def feed(name: str, days: int) -> FeedStatus:
    return FeedStatus("yueyang-etz", name, "表", "局", "monthly", "late", None, None, date(2026, 1, 1), days)


def test_a_late_feed_is_told_once_then_weekly_and_again_after_it_had_come(home: Home) -> None:
    told, day = mornings.Told(date(2026, 3, 1), {}), date(2026, 3, 2)
    feeds = [feed("a", 3), feed("b", 0)]
    heard = []
    for number in range(16):
        today = day + timedelta(days=number)
        news = mornings.newly_late(told, feeds, today)
        heard += [(number, item.feed) for item in news]
        told = mornings.after(told, feeds, news, today)
    assert heard == [(0, "a"), (7, "a"), (14, "a")]
    told = mornings.after(told, [feed("a", 0)], [], day)
    assert [item.feed for item in mornings.newly_late(told, feeds, day)] == ["a"]
    note = home.prefect / "told.json"
    mornings.Told(day, {"yueyang-etz/a": day}).write(note)
    assert mornings.Told.read(note) == mornings.Told(day, {"yueyang-etz/a": day})


def test_a_late_feed_of_the_ledger_is_told_with_its_bureau(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    monkeypatch.setattr(watch, "status", lambda place, today: SimpleNamespace(feeds=[feed("energy_supply", 12)]))
    server = Server()
    asyncio.run(watch.look_at_morning(server, home, SEVEN))
    (told,) = server.events("peak.feed.late")
    assert (told["peak.region"], told["peak.feed"], told["peak.bureau"], told["peak.days"]) == (
        "yueyang-etz",
        "energy_supply",
        "局",
        "12",
    )

"""What the watch tells Prefect: arrivals, a morning without a good night, feeds that are late."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from serving import mornings, watch
from serving.api import Api
from serving.arrivals import Arrivals
from sources import inbox
from sources.ledger import open_ledger
from sources.ledger.runs import end_run, start_run
from tests.support import small
from warehouse.paths import Home
from warehouse.status import FeedStatus
from warehouse.timetable import Period

SEVEN = datetime(2026, 3, 4, 23, 0, tzinfo=UTC)  # seven in the morning of the fifth, in Shanghai
JANUARY = Period(date(2026, 1, 1), date(2026, 1, 31))


class Server(Api):
    """A server that remembers what it was told; away while `is_away`. `waiting`: the regions of intakes that wait."""

    def __init__(self, waiting: Sequence[str | None] = ()) -> None:
        super().__init__("http://nowhere")
        object.__setattr__(self, "told", [])
        object.__setattr__(self, "waiting", [{"parameters": {"region": region}} for region in waiting])
        object.__setattr__(self, "asked", [])
        object.__setattr__(self, "is_away", False)

    async def ask(self, method: str, path: str, body: Any = None, timeout_s: float = 30) -> Any:
        if self.is_away:  # type: ignore[attr-defined]
            raise httpx.ConnectError("away")
        if path == "/events":
            self.told.extend(body)  # type: ignore[attr-defined]
            return None
        self.asked.append(body)  # type: ignore[attr-defined]
        return self.waiting  # type: ignore[attr-defined]

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
    server, arrivals = Server(waiting=[None]), Arrivals()
    small.deliver(home, small.files())
    look(server, home, arrivals, 0)
    assert look(server, home, arrivals, 10) and server.events("peak.inbox.arrived") == []
    assert look(server, home, arrivals, 20) == 0
    (asked,) = server.asked  # type: ignore[attr-defined]
    before = datetime.fromisoformat(asked["flow_runs"]["expected_start_time"]["before_"])
    assert before - datetime.now(UTC) < timedelta(minutes=1), "one planned for next week takes nothing in today"


def test_an_intake_of_one_region_does_not_stand_for_all(home: Home) -> None:
    server, arrivals = Server(waiting=["elsewhere"]), Arrivals()
    small.deliver(home, small.files())
    look(server, home, arrivals, 0)
    assert look(server, home, arrivals, 10) and len(server.events("peak.inbox.arrived")) == 1


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


def look_at_morning(server: Server, home: Home, now: datetime, book: mornings.Notebook | None = None) -> None:
    """One look; without a book as after a restart."""
    book = book or mornings.Notebook(home.prefect / "told.json")
    asyncio.run(watch.look_at_morning(server, home, book, now))


def morning(server: Server, home: Home, now: datetime) -> list[Mapping[str, str]]:
    """What a look at that moment tells, on a home that has had mornings before."""
    note = home.prefect / "told.json"
    if not note.exists():
        mornings.Told(date(2000, 1, 1)).write(note)
    look_at_morning(server, home, now)
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
    assert not mornings.is_due(None, datetime(2026, 3, 4, 21, 59, tzinfo=UTC))
    assert mornings.is_due(None, datetime(2026, 3, 4, 22, 0, tzinfo=UTC))
    assert not mornings.is_due(date(2026, 3, 5), SEVEN)
    server = Server()
    look_at_morning(server, home, SEVEN)
    assert server.events("peak.morning.no-good-run") == []
    look_at_morning(server, home, SEVEN + timedelta(days=1))
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
    look_at_morning(Server(), home, SEVEN)
    assert mornings.Told.read(home.prefect / "told.json").morning == date(2026, 3, 5)


def feed(name: str, days: int, region: str = "yueyang-etz", last: Period | None = JANUARY) -> FeedStatus:
    return FeedStatus(region, name, "表", "局", "monthly", "late", last, None, date(2026, 1, 1), days)


def test_a_folder_misnamed_once_is_no_region_that_is_late_for_ever() -> None:
    feeds = [feed("a", 3), feed("b", 3, last=None), feed("a", 3, "yueyang-etx", None)]
    late = mornings.newly_late(mornings.Told(), feeds, date(2026, 3, 2))
    assert [mornings.name_of(item) for item in late] == ["yueyang-etz/a", "yueyang-etz/b"]


def test_a_late_feed_is_told_once_then_weekly_and_again_after_it_had_come(home: Home) -> None:
    told, day = mornings.Told(date(2026, 3, 1)), date(2026, 3, 2)
    feeds = [feed("a", 3), feed("b", 0)]
    heard = []
    for number in range(16):
        today = day + timedelta(days=number)
        news = mornings.newly_late(told, feeds, today)
        heard += [(number, item.feed) for item in news]
        for item in news:
            told = mornings.with_late(told, item, today)
        told = mornings.after(told, feeds, today)
    assert heard == [(0, "a"), (7, "a"), (14, "a")]
    told = mornings.after(told, [feed("a", 0)], day)
    assert [item.feed for item in mornings.newly_late(told, feeds, day)] == ["a"]
    note = home.prefect / "told.json"
    mornings.Told(None, day, {"yueyang-etz/a": day}).write(note)
    assert mornings.Told.read(note) == mornings.Told(None, day, {"yueyang-etz/a": day})


def test_a_clock_that_was_years_ahead_silences_no_feed(home: Home) -> None:
    told = mornings.Told(late={"yueyang-etz/a": date(2040, 1, 1)})
    assert mornings.newly_late(told, [feed("a", 3)], date(2026, 3, 2))


def test_a_late_feed_of_the_ledger_is_told_with_its_bureau(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    monkeypatch.setattr(watch, "status", lambda place, today: SimpleNamespace(feeds=[feed("energy_supply", 12)]))
    server = Server()
    look_at_morning(server, home, SEVEN)
    (told,) = server.events("peak.feed.late")
    assert (told["peak.region"], told["peak.feed"], told["peak.bureau"], told["peak.days"]) == (
        "yueyang-etz",
        "energy_supply",
        "局",
        "12",
    )


def late(monkeypatch: pytest.MonkeyPatch, *feeds: FeedStatus) -> None:
    """The timetable says so."""
    from types import SimpleNamespace

    monkeypatch.setattr(watch, "status", lambda place, today: SimpleNamespace(feeds=feeds))


def test_nobody_hears_twice_of_a_night_when_the_feeds_cannot_be_looked_at(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(place: Home, today: date) -> None:
        raise OSError("mount")

    monkeypatch.setattr(watch, "status", broken)
    server = Server()
    for _ in range(3):
        with pytest.raises(OSError, match="mount"):
            morning(server, home, SEVEN)
    assert len(server.events("peak.morning.no-good-run")) == 1
    late(monkeypatch, feed("a", 3))
    morning(server, home, SEVEN)
    assert len(server.events("peak.feed.late")) == 1


def test_nobody_hears_twice_of_a_feed_when_the_server_goes_in_between(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Going(Server):
        async def tell(self, event: str, resource: str, labels: Mapping[str, str], once: str = "") -> None:
            await super().tell(event, resource, labels, once)
            object.__setattr__(self, "is_away", True)

    late(monkeypatch, feed("a", 3), feed("b", 4))
    server = Going()
    with pytest.raises(httpx.ConnectError):
        look_at_morning(server, home, SEVEN)
    object.__setattr__(server, "is_away", False)
    look_at_morning(server, home, SEVEN)
    assert [told["peak.feed"] for told in server.events("peak.feed.late")] == ["a", "b"]


def test_a_full_disk_makes_nobody_hear_the_same_all_day(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    mornings.Told(date(2026, 3, 4)).write(home.prefect / "told.json")
    book, server = mornings.Notebook(home.prefect / "told.json"), Server()
    monkeypatch.setattr(mornings, "write_durably", full)
    for _ in range(3):
        look_at_morning(server, home, SEVEN, book)
    assert len(server.events("peak.morning.no-good-run")) == 1


def test_a_ledger_that_cannot_be_read_knows_of_no_good_night(home: Home) -> None:
    home.ledger.write_bytes(b"not a database, " * 400)
    server = Server()
    with pytest.raises(Exception, match="not a database"):  # the feeds cannot be known either
        morning(server, home, SEVEN)
    (told,) = server.events("peak.morning.no-good-run")
    assert "not a database" in told["peak.result"]


def test_a_mount_that_does_not_answer_keeps_nobody_from_hearing_of_the_night(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def heard() -> None:
        told = asyncio.Event()

        async def hangs(*_: Any) -> int:
            await asyncio.Event().wait()
            return 0

        async def looks(*_: Any) -> None:
            told.set()

        monkeypatch.setattr(watch, "look_into_inbox", hangs)
        monkeypatch.setattr(watch, "look_at_morning", looks)
        standing = asyncio.create_task(watch.watch(Server(), home))
        await asyncio.wait_for(told.wait(), 30)
        standing.cancel()

    asyncio.run(heard())


def test_looking_takes_a_small_part_of_the_time() -> None:
    assert [watch.pause_after(took) for took in (0.01, 1, 60)] == [5, 9, 15]


def test_a_folder_that_may_not_be_read_keeps_no_other_from_being_told_of(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    small.deliver(home, small.files())
    every = inbox.signs(home)
    closed = home.inbox / small.REGION / "energy_supply"
    really = os.scandir

    def scandir(folder: Path) -> Any:
        if Path(folder) == closed:
            raise PermissionError(13, "Permission denied")
        return really(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    found = inbox.scan(home)
    assert [(left.path, left.code) for left in found.left_alone] == [(closed, "not_readable")]
    others = {path for path in every if Path(path).parent != closed}
    assert others and set(inbox.signs(home)) == {str(item.path) for item in found.waiting} == others


def test_a_night_whose_answer_was_lost_is_the_same_event_when_told_again(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Deaf(Server):
        async def tell(self, event: str, resource: str, labels: Mapping[str, str], once: str = "") -> None:
            await super().tell(event, resource, labels, once)
            raise httpx.ReadTimeout("no answer")

    late(monkeypatch)
    server = Deaf()
    for moment in (SEVEN, SEVEN + timedelta(minutes=1), SEVEN + timedelta(days=1)):
        with pytest.raises(httpx.ReadTimeout):
            morning(server, home, moment)
    first, second, next_day = (event["id"] for event in server.told)  # type: ignore[attr-defined]
    assert first == second != next_day

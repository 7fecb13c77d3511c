"""What is looked at once a day: did a night end well by six, and which feeds are late. From the ledger alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sources.archive import write_durably
from sources.ledger import Ledger, Run, runs
from warehouse.status import FeedStatus
from warehouse.timetable import SHANGHAI

BY = time(6)
GOOD = frozenset({"published", "unchanged"})
NIGHT = "nightly"
RUNS = 2000  # more than a day has
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Told:
    """What was told: the last mornings on which nights and feeds were looked at, and each late feed's last day."""

    morning: date | None = None
    feeds: date | None = None
    late: Mapping[str, date] = field(default_factory=dict)

    @classmethod
    def read(cls, path: Path) -> Told:
        """From its file; nothing told where there is none or it cannot be read."""
        try:
            kept = json.loads(path.read_text("utf-8"))
            late = {name: date.fromisoformat(day) for name, day in kept["late"].items()}
            return cls(_day(kept.get("morning")), _day(kept.get("feeds")), late)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def write(self, path: Path) -> None:
        write_durably(path, json.dumps(asdict(self), ensure_ascii=False, default=str).encode())


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class Notebook:
    """What was told, kept over restarts; where the disk is full, at least until the next one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.told = Told.read(path)

    def keep(self, told: Told) -> None:
        """Told from now on, whether or not it can be written: nobody is to hear the same every few seconds."""
        self.told = told
        with suppress(OSError):
            told.write(self._path)


def is_due(last: date | None, now: datetime) -> bool:
    """Whether what was looked at on the morning of `last` is to be looked at again (Shanghai)."""
    here = now.astimezone(SHANGHAI)
    return here.time() >= BY and last != here.date()


def midnight(now: datetime) -> datetime:
    """The last midnight in Shanghai."""
    return now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def last_nights(ledger: Ledger, now: datetime) -> list[Run]:
    """The nightly runs that ended since midnight or still go on, newest first; also those that people began."""
    since = midnight(now)
    return [run for run in runs(ledger, RUNS) if run.details.get("command") == NIGHT and _is_since(run, since)]


def ended_well(nights: Iterable[Run]) -> bool:
    """Whether one of them published, or had nothing to publish."""
    return any(night.details.get("result") in GOOD for night in nights)


def _is_since(run: Run, since: datetime) -> bool:
    return datetime.fromisoformat(run.ended_at or run.started_at) >= since


def newly_late(told: Told, feeds: Sequence[FeedStatus], today: date) -> list[FeedStatus]:
    """The feeds that are overdue and were not told of, or not within a week.

    A region of which nothing was ever accepted is no region yet: its folder may have been a slip of the hand.
    """
    known = {feed.region for feed in feeds if feed.last_period is not None}
    late = [feed for feed in feeds if feed.overdue_days > 0 and feed.region in known]
    return [feed for feed in late if _is_news(told.late.get(name_of(feed)), today)]


def _is_news(last: date | None, today: date) -> bool:
    return last is None or last > today or today - last >= WEEK  # the clock may have been wrong


def name_of(feed: FeedStatus) -> str:
    """`region/feed`."""
    return f"{feed.region}/{feed.feed}"


def with_late(told: Told, feed: FeedStatus, today: date) -> Told:
    """What is told once this feed's lateness is."""
    return replace(told, late={**told.late, name_of(feed): today})


def after(told: Told, feeds: Iterable[FeedStatus], today: date) -> Told:
    """What is told once the feeds were looked at; those that are late no more are forgotten."""
    still = {name_of(feed) for feed in feeds if feed.overdue_days > 0}
    return replace(told, feeds=today, late={name: day for name, day in told.late.items() if name in still})


def as_facts(night: Run | None) -> dict[str, Any]:
    """What is told of the last night: how it ended, or that there was none."""
    if night is None:
        return {"result": "none"}
    return {"result": str(night.details.get("result") or night.state), "run_id": night.run_id}

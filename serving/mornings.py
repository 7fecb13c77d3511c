"""What is looked at once a day: did a night end well by six, and which feeds are late. From the ledger alone."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
    """What was told: the last morning that was looked at, and when each late feed (`region/feed`) was told last."""

    morning: date | None = None
    late: Mapping[str, date] | None = None

    @classmethod
    def read(cls, path: Path) -> Told:
        """From its file; nothing told where there is none or it cannot be read."""
        try:
            kept = json.loads(path.read_text("utf-8"))
            late = {name: date.fromisoformat(day) for name, day in kept["late"].items()}
            return cls(date.fromisoformat(kept["morning"]), late)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return cls()

    def write(self, path: Path) -> None:
        late = {name: str(day) for name, day in (self.late or {}).items()}
        write_durably(path, json.dumps({"morning": str(self.morning), "late": late}, ensure_ascii=False).encode())


def is_due(told: Told, now: datetime) -> bool:
    """Whether this morning (Shanghai) is still to be looked at."""
    here = now.astimezone(SHANGHAI)
    return here.time() >= BY and told.morning != here.date()


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


def newly_late(told: Told, feeds: Iterable[FeedStatus], today: date) -> list[FeedStatus]:
    """The feeds that are overdue and were not told of, or not within a week."""
    known = told.late or {}
    return [feed for feed in feeds if feed.overdue_days > 0 and _is_news(known.get(name_of(feed)), today)]


def _is_news(last: date | None, today: date) -> bool:
    return last is None or today - last >= WEEK


def name_of(feed: FeedStatus) -> str:
    """`region/feed`."""
    return f"{feed.region}/{feed.feed}"


def after(told: Told, feeds: Iterable[FeedStatus], news: Iterable[FeedStatus], today: date) -> Told:
    """What is told once the news of today is out; feeds that are late no more are forgotten."""
    still = {name_of(feed) for feed in feeds if feed.overdue_days > 0}
    late = {name: day for name, day in (told.late or {}).items() if name in still}
    return Told(today, {**late, **{name_of(feed): today for feed in news}})


def as_facts(night: Run | None) -> dict[str, Any]:
    """What is told of the last night: how it ended, or that there was none."""
    if night is None:
        return {"result": "none"}
    return {"result": str(night.details.get("result") or night.state), "run_id": night.run_id}

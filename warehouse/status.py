"""How things stand: feeds against their timetable, holds, quarantine, runs and the current release. Light and quick."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from sources.contract import Contract, contracts
from sources.inbox import LeftAlone, scan
from sources.ledger import (
    Delivery,
    Fetch,
    Ledger,
    Run,
    WinningScope,
    deliveries,
    last_tries,
    read_ledger,
    runs,
    winners,
)
from warehouse.lock import holder
from warehouse.paths import Home
from warehouse.shelf import DamagedRelease, current_release
from warehouse.standing import StandingHold, StandingWaiver, standing_holds, standing_waivers
from warehouse.timetable import Period, due_on, last_due, next_period, served, today


@dataclass(frozen=True)
class FeedStatus:
    """One feed of one region. `state` is complete, partial, late or irregular, of the last period that is due.

    `missing` are members that reported for the period before and not for the due one; a period that rows were left
    out of is partial, too. `next_due` is the day by which the first period not yet delivered in full is expected;
    `overdue_days` is how long that day is past, 0 while it is not.
    """

    region: str
    feed: str
    title: str
    owner: str
    frequency: str
    state: str
    last_period: Period | None
    due_period: Period | None
    next_due: date | None
    overdue_days: int = 0
    missing: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Status:
    """Everything `peak status` shows. `problem` is set when the current release is damaged.

    `fetches` are the last tries of all servers.
    `corrections` are the known errors that the current release has in its table of corrections.
    """

    as_of: date
    feeds: list[FeedStatus]
    holds: list[StandingHold]
    waivers: list[StandingWaiver]
    quarantined: list[Delivery]
    runs: list[Run]
    waiting: int
    left_alone: list[LeftAlone]
    release_id: str | None
    release_as_of: str | None
    published_at: str | None
    content_sha256: str | None
    problem: str | None
    writer: dict[str, object] | None
    corrections: int = 0
    fetches: list[Fetch] = field(default_factory=list)


def _missing(members: dict[Period, set[str]], due: Period) -> list[str]:
    earlier = [period for period in members if period < due]
    expected = members[max(earlier)] if earlier else set()
    return sorted(expected - members.get(due, set()))


def feed_status(contract: Contract, region: str, scopes: list[WinningScope], as_of: date) -> FeedStatus:
    """Where one feed of one region stands on `as_of`, from its winning scopes."""
    members: dict[Period, set[str]] = defaultdict(set)
    lacking: set[Period] = set()
    for scope in scopes:
        start = date.fromisoformat(scope.period_start) if scope.period_start else None
        period = served(contract, start) if start else None
        if period:
            members[period].add(scope.member or "")
            lacking |= {period} if scope.is_partial else set()
    last = max(members) if members else None
    due = last_due(contract, as_of)
    missing = _missing(members, due) if due in members and due is not None else []
    if due is None:
        state = "irregular"
    elif due not in members:
        state = "late"
    else:
        state = "partial" if missing or due in lacking else "complete"
    expected = _expected(contract, state, last, due)
    next_due = due_on(contract, expected) if expected else None
    return FeedStatus(
        region=region,
        feed=contract.feed,
        title=contract.title,
        owner=contract.owner,
        frequency=contract.frequency,
        state=state,
        last_period=last,
        due_period=due,
        next_due=next_due,
        overdue_days=max((as_of - next_due).days, 0) if next_due else 0,
        missing=missing,
    )


def _expected(contract: Contract, state: str, last: Period | None, due: Period | None) -> Period | None:
    """The first period that is not delivered in full; None for an irregular feed."""
    if due is None or last is None or state == "partial":
        return due
    return next_period(contract.frequency, last if state == "late" else max(last, due))


def _feeds(ledger: Ledger, as_of: date, region: str | None) -> list[FeedStatus]:
    by_feed: dict[tuple[str, str], list[WinningScope]] = defaultdict(list)
    for entry in deliveries(ledger):  # a feed whose every delivery was refused is late, not unknown
        by_feed[entry.region, entry.feed] = []
    for winner in winners(ledger):
        by_feed[winner.region, winner.feed].append(winner)
    known = contracts()
    return [
        feed_status(known[feed], place, scopes, as_of)
        for (place, feed), scopes in sorted(by_feed.items())
        if feed in known and region in (None, place)
    ]


def open_quarantine(entries: list[Delivery]) -> list[Delivery]:
    """The refused deliveries whose bytes were not accepted since, the last entry of each, newest first."""
    last = {entry.delivery_id: entry for entry in entries if entry.status != "duplicate"}
    return sorted((entry for entry in last.values() if entry.status == "quarantined"), key=lambda entry: -entry.seq)


def status(home: Home, as_of: date | None = None, region: str | None = None) -> Status:
    """How `home` stands on `as_of` (today in Shanghai by default), for one region or all. Works while a run writes."""
    day = as_of or today()
    ledger, release, problem = read_ledger(home), None, None
    try:
        release = current_release(home)
    except DamagedRelease as error:
        problem = str(error)
    inbox = scan(home, region)
    feeds: list[FeedStatus] = []
    held: list[StandingHold] = []
    allowed: list[StandingWaiver] = []
    refused: list[Delivery] = []
    recent: list[Run] = []
    tries: list[Fetch] = []
    if ledger is not None:
        with ledger:
            feeds, recent = _feeds(ledger, day, region), runs(ledger, 5)
            held, allowed = standing_holds(ledger, region), standing_waivers(ledger, region)
            tries = [item for item in last_tries(ledger) if region in (None, item.region)]
            refused = [item for item in open_quarantine(deliveries(ledger)) if region in (None, item.region)]
    return Status(
        as_of=day,
        feeds=feeds,
        holds=held,
        waivers=allowed,
        quarantined=refused,
        runs=recent,
        waiting=len(inbox.waiting),
        left_alone=inbox.left_alone,
        release_id=release.release_id if release else None,
        release_as_of=release.as_of if release else None,
        published_at=str(release.manifest["published_at"]) if release else None,
        content_sha256=release.content_sha256 if release else None,
        problem=problem,
        writer=holder(home),
        corrections=release.corrections if release else 0,
        fetches=tries,
    )

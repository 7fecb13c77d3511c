"""Backfills: which scopes a wish means, what of them must be read again, and finishing what was begun."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sources.ledger import (
    Backfill,
    Delivery,
    Ledger,
    WinningScope,
    add_backfill,
    winners,
)
from sources.rereading import Judge, Reread, outdated, read_again
from warehouse.paths import Home
from warehouse.periods import span_of

# a batch ends with the delivery that fills it; each delivery is recorded when it is read, so nothing is read twice
ROWS_PER_BATCH = 2_000_000
FILES_PER_BATCH = 50
SHOWN = 10

ScopeKey = tuple[str, str, str]
OnBatch = Callable[[int, int], None]


class NothingThere(Exception):
    """No delivery speaks for the period, so there is nothing to rebuild."""


class RefusedPlan(Exception):
    """The plan showed that the backfill would not pass: it was not begun, and nothing of it is recorded."""

    def __init__(self, refusals: Sequence[str]) -> None:
        said = "; ".join(refusals[:SHOWN])
        super().__init__(f"试算未通过，未作改动 / the plan did not pass, nothing was changed: {said}")


@dataclass(frozen=True)
class Wish:
    """What somebody wants rebuilt: a feed, of one region or all, from one period to another, both included.

    Periods are written as people do (`2024`, `2024Q1`, `2024-03`, `2024-03-05`); without one that end is open.
    """

    feed: str
    region: str | None = None
    period_from: str | None = None
    period_to: str | None = None

    def days(self) -> tuple[date, date]:
        """The first and the last day meant; ValueError when a period is not one or the first comes after the last."""
        first = span_of(self.period_from)[0] if self.period_from else date.min
        last = span_of(self.period_to)[1] if self.period_to else date.max
        if first > last:
            raise ValueError(f"起讫颠倒 / the first period is after the last: {self.period_from} … {self.period_to}")
        return first, last

    def said(self) -> str:
        """The wish in one line."""
        return f"{self.feed} {self.region or '*'} {self.period_from or '…'} – {self.period_to or '…'}"


def chosen(ledger: Ledger, wish: Wish) -> list[WinningScope]:
    """The winning scopes a wish means: those with a day between its first and its last. NothingThere without any.

    A register is dated by its own day: the one that was in force on the first day is not meant unless it is of it.
    """
    first, last = wish.days()
    found = [
        scope
        for scope in winners(ledger)
        if scope.feed == wish.feed
        and wish.region in (None, scope.region)
        and date.fromisoformat(scope.period_start or "0001-01-01") <= last
        and first <= date.fromisoformat(scope.period_end or "9999-12-31")
    ]
    if not found:
        raise NothingThere(f"该期间没有数据，未作任何改动 / there is nothing in this period: {wish.said()}")
    return found


def keys(scopes: Iterable[WinningScope]) -> list[ScopeKey]:
    """(region, feed, scope) of each."""
    return [(scope.region, scope.feed, scope.scope) for scope in scopes]


def record(
    ledger: Ledger, wish: Wish, scopes: Sequence[WinningScope], *, run_id: str | None, who: str, why: str
) -> int:
    """Write a backfill into the ledger before anything of it is done: from then on the next run owes it."""
    places = tuple((scope.region, scope.scope) for scope in scopes)
    wanted = Backfill(run_id, wish.feed, wish.region, wish.period_from, wish.period_to, who, why, places)
    return add_backfill(ledger, wanted)


def scopes_of(backfill: Backfill) -> list[ScopeKey]:
    """The scopes of a backfill as (region, feed, scope)."""
    return [(region, backfill.feed, scope) for region, scope in backfill.scopes]


def batches(waiting: Sequence[Delivery]) -> Iterator[list[Delivery]]:
    """Deliveries in order, as many at a time as keep a batch within its rows and files."""
    batch: list[Delivery] = []
    rows = 0
    for delivery in waiting:
        batch.append(delivery)
        rows += delivery.row_count or 0
        if rows >= ROWS_PER_BATCH or len(batch) >= FILES_PER_BATCH:
            yield batch
            batch, rows = [], 0
    if batch:
        yield batch


def read_scopes_again(
    home: Home,
    ledger: Ledger,
    feed: str,
    places: Iterable[tuple[str, str]],
    *,
    who: str,
    why: str,
    run_id: str | None = None,
    judge: Judge | None = None,
    on_batch: OnBatch | None = None,
) -> list[Reread]:
    """Read again, by today's contract, whatever speaks for these (region, scope) by an older one, batch by batch.

    Every delivery is recorded before the next one begins, so that what is interrupted goes on where it was.
    `on_batch` is told how many are done, and of how many. What is refused keeps the reading it had.
    """
    places, done = list(places), list[Reread]()
    while waiting := _waiting(ledger, feed, places, done):
        total = len(done) + len(waiting)
        for batch in batches(waiting):
            done += [read_again(home, ledger, item, who=who, why=why, run_id=run_id, judge=judge) for item in batch]
            if on_batch:
                on_batch(len(done), total)
    return done


def _waiting(ledger: Ledger, feed: str, places: Sequence[tuple[str, str]], done: Iterable[Reread]) -> list[Delivery]:
    # one that was read may have given a scope up to another; one that was refused is not asked twice
    known = {reread.delivery.seq for reread in done}
    return [delivery for delivery in outdated(ledger, feed, places) if delivery.seq not in known]

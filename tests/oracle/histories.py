"""A region told in steps: deliveries in any order, revisions, holds in between; its values by hand each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from random import Random
from typing import Any

import pyarrow.parquet as pq

from sources.acceptance import accept_without
from sources.contract import contracts
from sources.intake import take_in, waiting
from sources.ledger import CellKey, Ledger, Position, accepted, accepted_scopes, add_hold, deliveries, holds, position
from sources.reading import Named
from tests.support.homes import put
from warehouse.paths import Home

from .dice import Row
from .facts import SCOPE
from .random_world import FEEDS, Delivery, member_ends, write_csv
from .values import all_values
from .world import shift, world

REGION = "told"
Said = dict[CellKey, tuple[Decimal | None, bool, str]]  # value, whether complete, last day of the period


def history(seed: int, feeds: Iterable[str] = tuple(FEEDS)) -> list[Delivery]:
    """Deliveries in random order: every feed in a few files, and some scopes of another world in their place."""
    rng = Random(seed * 7919)
    out = [delivery for feed in feeds if rng.random() < 0.9 for delivery in _of_feed(rng, feed, seed)]
    ends = member_ends(rng, out)
    out += [("member_ends", ends)] if ends else []
    rng.shuffle(out)
    return out


def _of_feed(rng: Random, feed: str, seed: int) -> Iterator[Delivery]:
    rows, others = ([(_scope(feed, row), row) for row in FEEDS[feed](Random(s))] for s in (seed, seed + 1))
    scopes, is_register = sorted({scope for scope, _ in rows}), "as_of" in SCOPE[feed]
    rng.shuffle(scopes)
    files = len(scopes) if is_register else rng.randrange(1, 4)
    for chosen in (set(scopes[number::files]) for number in range(files)):
        if chosen:
            yield feed, [row for scope, row in rows if scope in chosen]
    elsewhere = sorted({scope for scope, _ in others})
    for _ in range(rng.randrange(0, 4) if elsewhere else 0):
        revised = set(rng.sample(elsewhere, 1 if is_register else min(rng.randrange(1, 4), len(elsewhere))))
        yield feed, [row for scope, row in others if scope in revised]


def _scope(feed: str, row: Row) -> tuple[str, ...]:
    return tuple(str(row.get(name)) for name in SCOPE[feed])


@dataclass
class Told:
    """A home in which a history is told step by step. `said` is what the method gives for the present winners."""

    home: Home
    ledger: Ledger
    coming: list[Delivery]
    rng: Random
    taken: int = 0
    said: Said = field(default_factory=dict)
    _rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def steps(self) -> Iterator[tuple[Position, Said]]:
        """The moment and the values after each step: a few deliveries, or a hold made or ended."""
        while self.taken < len(self.coming):
            if self.said and self.rng.random() < 0.15:
                self._hold_or_release()
            else:
                # the first step tells a good part at once, as a first night does
                most = 4 if self.said else max(2, len(self.coming))
                self._take_in(self.coming[self.taken : self.taken + self.rng.randrange(1, most)])
            self.said = self._by_hand()
            yield position(self.ledger), self.said

    def _take_in(self, given: list[Delivery]) -> None:
        for feed, rows in given:
            # now and then a row comes twice: the file is refused, and taken in again less that row
            twice = [self.rng.choice(rows)] if self.said and self.rng.random() < 0.1 else []
            fields = {field.name: field.type for field in contracts()[feed].fields}
            write_csv([*rows, *twice], fields, put(self.home, REGION, feed, f"{self.taken:03}.csv", b""))
            self.taken += 1
            (outcome,) = [take_in(w.path, w.feed, REGION, self.home, self.ledger, "test") for w in waiting(self.home)]
            if twice and not accepted(self.ledger, outcome.delivery_id):
                last = [Named(len(rows) + 2, len(rows) + 2)]
                outcome = accept_without(
                    self.home, self.ledger, outcome.delivery_id, last, who="test", why="test", judge=None
                )
                assert outcome.status == "accepted", (outcome.feed, outcome.en)
            assert twice or outcome.status != "quarantined", (outcome.feed, outcome.en)

    def _hold_or_release(self) -> None:
        known = [entry.delivery_id for entry in deliveries(self.ledger) if entry.status == "accepted"]
        chosen, held = self.rng.choice(known), {hold.delivery_id for hold in holds(self.ledger)}
        add_hold(self.ledger, chosen, "release" if chosen in held else "hold", who="test", why="test")

    def _by_hand(self) -> Said:
        values = all_values(world(REGION, list(self._present())))
        return {
            (REGION, code, method, base, kind, _start(kind, end).isoformat()): (
                value.value,
                value.is_complete,
                end.isoformat(),
            )
            for (code, method, base, kind, end), value in values.items()
        }

    def _present(self) -> Iterator[Delivery]:
        """The rows of every acceptance that is not on hold, in order."""
        for _, group in groupby(accepted_scopes(self.ledger), key=lambda scope: scope.seq):
            own = list(group)
            if not own[0].is_held:
                partial = {scope.scope for scope in own if scope.is_partial}
                rows = self._read(own[0].feed, own[0].delivery_id)
                yield own[0].feed, [row | {"_is_partial": row["_scope"] in partial} for row in rows]

    def _read(self, feed: str, delivery_id: str) -> list[dict[str, Any]]:
        if delivery_id not in self._rows:
            self._rows[delivery_id] = pq.read_table(self.home.delivery(feed, REGION, delivery_id)).to_pylist()
        return self._rows[delivery_id]


def _start(period_type: str, end: date) -> date:
    if period_type == "year":
        return date(end.year, 1, 1)
    return end.replace(day=1) if period_type == "month" else shift(end.replace(day=1), -11)

"""What `peak status` says of holds and waivers: what counts now, and what the next run changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sources import ledger as book
from sources.ledger import Ledger
from tests.unit.holding.test_holding import accept, held, publish, waive
from warehouse.paths import Home
from warehouse.standing import standing_holds, standing_waivers


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(book.open_ledger(Home(tmp_path))) as opened:
        yield opened


def effects(ledger: Ledger) -> dict[str, str]:
    return {hold.delivery_id: hold.effect for hold in standing_holds(ledger, None)}


def test_a_hold_is_seen_as_long_as_a_release_or_the_next_run_has_it(ledger: Ledger) -> None:
    first, second = accept(ledger, "first"), accept(ledger, "second", 2024)
    held(ledger, first)
    assert effects(ledger) == {first: "next_run"}
    publish(ledger)
    assert effects(ledger) == {first: "now"}
    held(ledger, second)
    book.add_hold(ledger, first, "release", who="t", why="t")
    assert effects(ledger) == {first: "ends_next_run", second: "next_run"}
    publish(ledger)
    assert effects(ledger) == {second: "now"}
    assert standing_holds(ledger, "elsewhere") == []


def test_a_waiver_is_seen_while_its_delivery_speaks(ledger: Ledger) -> None:
    one = accept(ledger, "one")
    waive(ledger, one, "fct_forest.forest_within_land")
    assert [(w.check, w.delivery_id, w.who) for w in standing_waivers(ledger, None)] == [
        ("fct_forest.forest_within_land", one, "t")
    ]
    assert standing_waivers(ledger, "elsewhere") == []
    held(ledger, one, run_id=None)
    assert standing_waivers(ledger, None) == [], "a hold that a person makes takes the waiver back"
    book.add_hold(ledger, one, "release", who="t", why="t")
    assert standing_waivers(ledger, None) == []
    waive(ledger, one, "no_value_lost")
    accept(ledger, "newer")
    assert standing_waivers(ledger, None) == [], "it says nothing any more"

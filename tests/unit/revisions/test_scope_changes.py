"""Which scopes changed hands between two moments of the ledger, and how."""

from __future__ import annotations

from datetime import date

from sources.ledger import (
    DeliveryFile,
    Ledger,
    Reparse,
    Scope,
    accepted,
    add_hold,
    add_reparse,
    position,
)
from tests.integration.cases import SUPPLY, text
from tests.unit.revisions.conftest import TakeIn
from warehouse.scope_changes import ScopeChange, scope_changes


def supply(*lines: str) -> str:
    return text(SUPPLY, lines)


JANUARY, FEBRUARY = "2024-01,柴油,transport,{},吨", "2024-02,柴油,transport,{},吨"


def kinds(changes: list[ScopeChange]) -> list[tuple[str, str]]:
    return [(change.scope, change.kind) for change in changes]


def test_everything_is_new_at_first(deliver: TakeIn, ledger: Ledger) -> None:
    delivery = deliver("energy_supply", supply(JANUARY.format(1), FEBRUARY.format(1)))
    changes = scope_changes(ledger, None, position(ledger))
    assert kinds(changes) == [("2024-01|diesel", "new"), ("2024-02|diesel", "new")]
    first = changes[0]
    assert (first.region, first.feed, first.member) == ("r", "energy_supply", "diesel")
    assert (first.period_start, first.period_end) == ("2024-01-01", "2024-01-31")
    assert (first.delivery_id, first.file_name, first.previous_delivery_id) == (delivery, "00.csv", None)


def test_only_what_changed_hands_is_named(deliver: TakeIn, ledger: Ledger) -> None:
    first = deliver("energy_supply", supply(JANUARY.format(1), FEBRUARY.format(1)))
    before = position(ledger)
    assert scope_changes(ledger, before, position(ledger)) == []
    second = deliver("energy_supply", supply(FEBRUARY.format(2), "2024-03,柴油,transport,1,吨"))
    changes = scope_changes(ledger, before, position(ledger))
    assert kinds(changes) == [("2024-02|diesel", "replaced"), ("2024-03|diesel", "new")]
    assert (changes[0].delivery_id, changes[0].previous_delivery_id) == (second, first)
    assert (changes[0].file_name, changes[0].previous_file_name) == ("01.csv", "00.csv")


def test_holds_give_way_to_older_deliveries_and_releases_take_it_back(deliver: TakeIn, ledger: Ledger) -> None:
    deliver("energy_supply", supply(JANUARY.format(1)))
    wrong = deliver("energy_supply", supply(JANUARY.format(2), FEBRUARY.format(1)))
    before = position(ledger)
    add_hold(ledger, wrong, "hold", who="t", why="t")
    during = position(ledger)
    changes = scope_changes(ledger, before, during)
    assert kinds(changes) == [("2024-01|diesel", "held"), ("2024-02|diesel", "held")]
    assert [change.caused_by for change in changes] == [wrong, wrong]
    assert changes[1].delivery_id is None
    add_hold(ledger, wrong, "release", who="t", why="t")
    changes = scope_changes(ledger, during, position(ledger))
    assert kinds(changes) == [("2024-01|diesel", "released"), ("2024-02|diesel", "released")]
    assert [change.caused_by for change in changes] == [wrong, wrong]
    # whatever happened in between: what wins again what it won has not changed
    assert scope_changes(ledger, before, position(ledger)) == []


def test_a_delivery_that_was_held_at_once_never_won(deliver: TakeIn, ledger: Ledger) -> None:
    deliver("energy_supply", supply(JANUARY.format(1)))
    before = position(ledger)
    wrong = deliver("energy_supply", supply(JANUARY.format(2)))
    add_hold(ledger, wrong, "hold", who="run", why="gate")
    after = position(ledger)
    assert scope_changes(ledger, before, after) == []
    add_hold(ledger, wrong, "release", who="t", why="t")
    assert kinds(scope_changes(ledger, after, position(ledger))) == [("2024-01|diesel", "released")]


def test_a_reading_made_again_may_add_and_drop_scopes(deliver: TakeIn, ledger: Ledger) -> None:
    deliver("energy_supply", supply(JANUARY.format(1)))
    again = deliver("energy_supply", supply(JANUARY.format(2), FEBRUARY.format(1)))
    before = position(ledger)
    entry = accepted(ledger, again)
    assert entry is not None
    scopes = [
        Scope(f"2024-{month:02}|diesel", 1, False, date(2024, month, 1), date(2024, month, 28), "diesel")
        for month in (2, 3)
    ]
    reading = Reparse(entry.seq, again, "2.0.0", "0" * 64, 2, None, "t", "a new contract")
    add_reparse(ledger, reading, scopes, DeliveryFile("0" * 64, 1))
    changes = scope_changes(ledger, before, position(ledger))
    assert kinds(changes) == [
        ("2024-01|diesel", "withdrawn"), ("2024-02|diesel", "reparsed"), ("2024-03|diesel", "reparsed"),
    ]  # fmt: skip
    assert [change.caused_by for change in changes] == [again] * 3
    assert [change.reparse_id for change in changes] == [0, 1, 1]


def test_the_moment_may_lie_in_the_past(deliver: TakeIn, ledger: Ledger) -> None:
    deliver("energy_supply", supply(JANUARY.format(1)))
    first = position(ledger)
    deliver("energy_supply", supply(JANUARY.format(2)))
    second = position(ledger)
    deliver("energy_supply", supply(JANUARY.format(3)))
    assert kinds(scope_changes(ledger, first, second)) == [("2024-01|diesel", "replaced")]
    assert scope_changes(ledger, first, first) == []

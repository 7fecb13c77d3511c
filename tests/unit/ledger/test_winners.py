"""Which delivery wins: against a naive model, over random histories of deliveries, re-readings, holds and releases."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import ledger as book
from sources.ledger import Delivery, DeliveryFile, ExcludedRow, Ledger, Position, Reparse, Scope
from warehouse.paths import Home

FILE = DeliveryFile("f" * 64, 1)
SCOPES = ["a", "b", "c"]

deliver = st.tuples(
    st.just("deliver"), st.integers(0, 7), st.sampled_from(["r", "s"]), st.sets(st.sampled_from(SCOPES), min_size=1)
)
hold = st.tuples(st.sampled_from(["hold", "release"]), st.integers(0, 7), st.sampled_from(["r", "s"]), st.none())
reparse = st.tuples(
    st.just("reparse"), st.integers(0, 7), st.sampled_from(["r", "s"]), st.sets(st.sampled_from(SCOPES))
)
histories = st.lists(st.one_of(deliver, deliver, hold, reparse), max_size=25)
Won = dict[tuple[str, str], tuple[str, int]]


def sha(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def entry(number: int, region: str = "r") -> Delivery:
    return Delivery(region, "feed", f"{number}.csv", sha(number), 1)


def scope(name: str) -> Scope:
    return Scope(name, 1, False, date(2024, 1, 1), date(2024, 1, 31), None)


def accept(ledger: Ledger, number: int, scopes: set[str], region: str = "r") -> int:
    return book.add_accepted(ledger, entry(number, region), [scope(name) for name in sorted(scopes)], FILE)


def read_again(ledger: Ledger, number: int, scopes: set[str], region: str = "r", contract: str = "c") -> int:
    delivery_id = book.delivery_id_of(region, "feed", sha(number))
    delivery = book.accepted(ledger, delivery_id)
    assert delivery is not None
    entry = Reparse(delivery.seq, delivery_id, "2", contract * 64, len(scopes), None, "me", "new contract")
    return book.add_reparse(ledger, entry, [scope(name) for name in sorted(scopes)], FILE)


class Model:
    """The naive reading of the rules: acceptances in order, the last reading of each, and a set of held ones."""

    def __init__(self) -> None:
        self.accepted: list[tuple[str, str]] = []
        self.spoken: dict[str, tuple[int, set[str]]] = {}
        self.held: set[str] = set()

    def winners(self) -> Won:
        found: Won = {}
        for region, delivery_id in self.accepted:
            reading, scopes = self.spoken[delivery_id]
            if delivery_id not in self.held:
                found |= {(region, name): (delivery_id, reading) for name in scopes}
        return found

    def waiting(self) -> dict[tuple[str, str], str]:
        """The scopes that somebody on hold would win."""
        everyone: dict[tuple[str, str], str] = {}
        for region, delivery_id in self.accepted:
            everyone |= {(region, name): delivery_id for name in self.spoken[delivery_id][1]}
        return {key: delivery_id for key, delivery_id in everyone.items() if delivery_id in self.held}

    def after(self, delivery_id: str) -> list[str]:
        """Later acceptances, not on hold, that speak for a scope of this one."""
        ids = [found for _, found in self.accepted]
        region = next(place for place, found in self.accepted if found == delivery_id)
        later = self.accepted[ids.index(delivery_id) + 1 :]
        return [
            found
            for place, found in later
            if place == region and found not in self.held and self.spoken[found][1] & self.spoken[delivery_id][1]
        ]


def play(ledger: Ledger, model: Model, event: tuple[str, int, str, set[str] | None]) -> None:
    action, number, region, scopes = event
    delivery_id = book.delivery_id_of(region, "feed", sha(number))
    known = delivery_id in model.spoken
    if action == "deliver":
        if known:
            book.add_duplicate(ledger, entry(number, region))
        else:
            accept(ledger, number, scopes or set(), region)
            model.accepted.append((region, delivery_id))
            model.spoken[delivery_id] = (0, scopes or set())
    elif action == "reparse":
        if known:
            reading = read_again(ledger, number, scopes or set(), region)
            model.spoken[delivery_id] = (reading, scopes or set())
    elif not known or (action == "hold") == (delivery_id in model.held):
        with pytest.raises(ValueError, match=delivery_id):
            book.add_hold(ledger, delivery_id, action, who="me", why="test")
    else:
        book.add_hold(ledger, delivery_id, action, who="me", why="test")
        (model.held.add if action == "hold" else model.held.discard)(delivery_id)


def won(ledger: Ledger, at: Position | None = None) -> Won:
    return {(item.region, item.scope): (item.delivery_id, item.reparse_id) for item in book.winners(ledger, at)}


@settings(max_examples=60, deadline=None)
@given(histories)
def test_winners_follow_the_naive_model_at_every_moment(events: list) -> None:
    with tempfile.TemporaryDirectory() as folder, book.open_ledger(Home(Path(folder))) as ledger:
        model, moments = Model(), []
        for event in events:
            play(ledger, model, event)
            moments.append((book.position(ledger), model.winners(), model.waiting()))
            assert won(ledger) == model.winners()
            for region in ("r", "s"):
                between = book.winners_between(ledger, region, "feed", date(2024, 1, 1), date(2024, 1, 31))
                assert sorted(between, key=lambda item: item.scope) == book.winners(ledger, region=region)
        for at, expected, waiting in moments:
            assert won(ledger, at) == expected
            assert {(s.region, s.scope): s.delivery_id for s in book.held_scopes(ledger, at)} == waiting
        for item in book.accepted_scopes(ledger):
            winner, _ = model.winners().get((item.region, item.scope), (None, 0))
            assert item.superseded_by == (winner if winner != item.delivery_id else None)
            assert item.reparse_id == model.spoken[item.delivery_id][0]
            assert item.is_held == (item.delivery_id in model.held)
            assert [later.delivery_id for later in book.superseded_by(ledger, item.seq)] == model.after(
                item.delivery_id
            )


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return book.open_ledger(Home(tmp_path))


def test_winners_between_days_are_those_of_one_feed_as_it_stood_before_an_acceptance(ledger: Ledger) -> None:
    first, second = accept(ledger, 1, {"a", "b"}), accept(ledger, 2, {"a"})
    accept(ledger, 3, {"a"}, region="s")
    january = (date(2024, 1, 1), date(2024, 1, 31))
    found = book.winners_between(ledger, "r", "feed", *january)
    assert [(item.scope, item.seq) for item in found] == [("a", second), ("b", first)]
    before = book.winners_between(ledger, "r", "feed", *january, until=second)
    assert [(item.scope, item.seq) for item in before] == [("a", first), ("b", first)]
    assert book.winners_between(ledger, "r", "other", *january) == []
    assert book.winners_between(ledger, "r", "feed", date(2024, 1, 2), date(2024, 12, 31)) == []


def test_order_of_unrelated_deliveries_does_not_matter(tmp_path: Path) -> None:
    hashes = set()
    for order in ([1, 2, 3], [3, 1, 2]):
        with book.open_ledger(Home(tmp_path / str(order[0]))) as ledger:
            for number in order:
                accept(ledger, number, {f"scope{number}"})
            hashes.add(book.winners_sha256(ledger))
    assert len(hashes) == 1


def test_a_held_delivery_gives_way_and_comes_back(ledger: Ledger) -> None:
    accept(ledger, 1, {"a", "b"})
    accept(ledger, 2, {"b"})
    later = book.delivery_id_of("r", "feed", sha(2))
    assert [item.delivery_id for item in book.superseded_by(ledger, 1)] == [later]
    before = book.winners_sha256(ledger)
    book.add_hold(ledger, later, "hold", who="me", why="wrong meter")
    assert {item.seq for item in book.winners(ledger)} == {1}
    assert book.superseded_by(ledger, 1) == []
    book.add_hold(ledger, later, "release", who="me", why="meter was right", waived_check="jump")
    assert book.winners_sha256(ledger) == before
    assert [action.action for action in book.hold_actions(ledger)] == ["hold", "release"]


def test_the_same_bytes_are_accepted_once_only(ledger: Ledger) -> None:
    import sqlite3

    accept(ledger, 1, {"a"})
    with pytest.raises(sqlite3.IntegrityError):
        accept(ledger, 1, {"b"})
    assert len(book.deliveries(ledger)) == 1
    assert [item.scope for item in book.winners(ledger)] == ["a"]


def test_a_reading_made_again_keeps_its_place_and_may_speak_for_other_scopes(ledger: Ledger) -> None:
    accept(ledger, 1, {"a", "b"})
    accept(ledger, 2, {"b"})
    before, first = book.position(ledger), book.winners_sha256(ledger)
    reading = read_again(ledger, 1, {"b", "c"})
    one, two = (book.delivery_id_of("r", "feed", sha(number)) for number in (1, 2))
    assert won(ledger) == {("r", "b"): (two, 0), ("r", "c"): (one, reading)}
    assert won(ledger, before) == {("r", "a"): (one, 0), ("r", "b"): (two, 0)}
    assert book.winners_sha256(ledger, before) == first != book.winners_sha256(ledger)
    assert book.delivery_file(ledger, one) == book.delivery_file(ledger, one, reading) == FILE
    assert book.delivery_file(ledger, two, reading) is None
    assert [item.id for item in book.reparses(ledger)] == [reading]
    assert book.reparses(ledger, before) == []
    assert book.scope_rows(ledger, 1) == {"a": 1, "b": 1}
    assert book.scope_rows(ledger, 1, reading) == {"b": 1, "c": 1}


def test_the_order_of_readings_does_not_enter_the_hash(tmp_path: Path) -> None:
    hashes = set()
    for order in ([1, 2], [2, 1]):
        with book.open_ledger(Home(tmp_path / str(order[0]))) as ledger:
            for number in (1, 2):
                accept(ledger, number, {f"scope{number}"})
            for number in order:
                read_again(ledger, number, {f"scope{number}"}, contract=str(number))
            hashes.add(book.winners_sha256(ledger))
    assert len(hashes) == 1


def test_only_an_acceptance_can_be_read_again(ledger: Ledger) -> None:
    book.add_quarantined(ledger, entry(1))
    unknown = Reparse(1, book.delivery_id_of("r", "feed", sha(1)), "2", "c" * 64, 1, None, "me", "new contract")
    with pytest.raises(ValueError, match="no accepted delivery"):
        book.add_reparse(ledger, unknown, [scope("a")], FILE)
    assert book.next_reparse_id(ledger) == 1


def test_rows_left_out_make_a_scope_partial_and_another_reading(tmp_path: Path) -> None:
    hashes = set()
    for row in (5, 6):
        with book.open_ledger(Home(tmp_path / str(row))) as ledger:
            left = [ExcludedRow("Sheet1", row, "no such meter", "me")]
            scopes = [scope("a"), Scope("b", 1, False, None, None, None, is_partial=True)]
            seq = book.add_accepted(ledger, entry(1), scopes, FILE, left)
            assert book.excluded_rows(ledger, seq) == left
            assert {item.scope: item.is_partial for item in book.winners(ledger)} == {"a": False, "b": True}
            hashes.add(book.winners_sha256(ledger))
    assert len(hashes) == 2


def test_a_waiver_needs_no_hold_and_ends_with_a_persons_hold_only(ledger: Ledger) -> None:
    accept(ledger, 1, {"a"})
    one = book.delivery_id_of("r", "feed", sha(1))
    with pytest.raises(ValueError, match="already off hold"):
        book.add_hold(ledger, one, "release", who="me", why="nothing to release")
    book.add_hold(ledger, one, "release", who="me", why="a rightful withdrawal", waived_check="no_value_lost")
    waived = book.position(ledger)
    book.add_hold(ledger, one, "hold", who="run", why="gate 3", run_id="r1")
    book.add_hold(ledger, one, "release", who="me", why="rightful too", waived_check="revision_size")
    assert book.waivers(ledger) == {one: {"no_value_lost", "revision_size"}}
    book.add_hold(ledger, one, "hold", who="me", why="not rightful after all")
    assert book.waivers(ledger) == {}
    assert book.waivers(ledger, waived) == {one: {"no_value_lost"}}
    with pytest.raises(ValueError, match="waives no check"):
        book.add_hold(ledger, one, "hold", who="me", why="x", waived_check="y")

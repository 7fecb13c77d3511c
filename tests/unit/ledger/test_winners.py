"""Which delivery wins: against a naive model, over random histories of deliveries, holds and releases."""

from __future__ import annotations

import hashlib
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources import ledger as book
from sources.ledger import Delivery, DeliveryFile, Ledger, Position, Scope
from warehouse.paths import Home

FILE = DeliveryFile("f" * 64, 1)
SCOPES = ["a", "b", "c"]

deliver = st.tuples(
    st.just("deliver"), st.integers(0, 7), st.sampled_from(["r", "s"]), st.sets(st.sampled_from(SCOPES), min_size=1)
)
hold = st.tuples(st.sampled_from(["hold", "release"]), st.integers(0, 7), st.sampled_from(["r", "s"]), st.none())
histories = st.lists(st.one_of(deliver, deliver, hold), max_size=25)


def sha(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def entry(number: int, region: str = "r") -> Delivery:
    return Delivery(region, "feed", f"{number}.csv", sha(number), 1)


def scope(name: str) -> Scope:
    return Scope(name, 1, False, date(2024, 1, 1), date(2024, 1, 31), None)


def accept(ledger: Ledger, number: int, scopes: set[str], region: str = "r") -> int:
    return book.add_accepted(ledger, entry(number, region), [scope(name) for name in sorted(scopes)], FILE)


class Model:
    """The naive reading of the rules: a list of acceptances and a set of held ones."""

    def __init__(self) -> None:
        self.accepted: list[tuple[str, str, set[str]]] = []
        self.held: set[str] = set()

    def winners(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for region, delivery_id, scopes in self.accepted:
            if delivery_id not in self.held:
                found |= {(region, name): delivery_id for name in scopes}
        return found


def play(ledger: Ledger, model: Model, event: tuple[str, int, str, set[str] | None]) -> None:
    action, number, region, scopes = event
    delivery_id = book.delivery_id_of(region, "feed", sha(number))
    known = any(delivery_id == item[1] for item in model.accepted)
    if action == "deliver":
        if known:
            book.add_duplicate(ledger, entry(number, region))
        else:
            accept(ledger, number, scopes or set(), region)
            model.accepted.append((region, delivery_id, scopes or set()))
        return
    if not known or (action == "hold") == (delivery_id in model.held):
        with pytest.raises(ValueError, match=delivery_id):
            book.add_hold(ledger, delivery_id, action, who="me", why="test")
        return
    book.add_hold(ledger, delivery_id, action, who="me", why="test")
    (model.held.add if action == "hold" else model.held.discard)(delivery_id)


def won(ledger: Ledger, at: Position | None = None) -> dict[tuple[str, str], str]:
    return {(item.region, item.scope): item.delivery_id for item in book.winners(ledger, at)}


@settings(max_examples=60, deadline=None)
@given(histories)
def test_winners_follow_the_naive_model_at_every_moment(events: list) -> None:
    with tempfile.TemporaryDirectory() as folder, book.open_ledger(Home(Path(folder))) as ledger:
        model, moments = Model(), []
        for event in events:
            play(ledger, model, event)
            moments.append((book.position(ledger), model.winners()))
            assert won(ledger) == model.winners()
        for at, expected in moments:
            assert won(ledger, at) == expected
        for item in book.accepted_scopes(ledger):
            winner = model.winners().get((item.region, item.scope))
            assert item.superseded_by == (winner if winner != item.delivery_id else None)
            assert item.is_held == (item.delivery_id in model.held)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return book.open_ledger(Home(tmp_path))


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

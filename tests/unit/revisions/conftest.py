"""A small home that takes in deliveries written as text, and what changes between two moments of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest

from sources.intake import take_in, waiting
from sources.ledger import Ledger, open_ledger
from tests.support.homes import put
from warehouse.paths import Home

TakeIn = Callable[..., str]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    with closing(open_ledger(home)) as opened:
        yield opened


@pytest.fixture
def deliver(home: Home, ledger: Ledger) -> TakeIn:
    """Takes in one file of a feed for a region and gives its delivery id."""
    numbers = count()

    def delivered(feed: str, text: str, region: str = "r") -> str:
        put(home, region, feed, f"{next(numbers):02}.csv", text)
        (outcome,) = [take_in(w.path, w.feed, w.region, home, ledger, "test") for w in waiting(home)]
        assert outcome.status == "accepted", outcome.en
        return str(outcome.delivery_id)

    return delivered

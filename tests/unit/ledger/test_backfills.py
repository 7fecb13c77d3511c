"""Backfills in the ledger: recorded before they are done, owed until a release follows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sources.ledger import (
    Backfill,
    Ledger,
    Release,
    add_backfill,
    add_release,
    backfills,
    open_ledger,
    unfinished_backfills,
)
from warehouse.backfill import scopes_of
from warehouse.paths import Home


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(open_ledger(Home(tmp_path))) as opened:
        yield opened


def entry(at: str, feed: str = "energy_supply") -> Backfill:
    scopes = (("r", "2024-01|diesel"), ("r", "2024-02|diesel"))
    return Backfill("run", feed, None, "2024-01", "2024-02", "Wang", "why", scopes, at=at)


def release(at: str) -> Release:
    return Release(f"20260101T000000Z-{at[17:19]}0000", None, at, "2026-01-01", "0" * 64, 1, 0)


def test_a_backfill_comes_back_as_it_was_recorded(ledger: Ledger) -> None:
    assert add_backfill(ledger, entry("2026-01-01T00:00:00.500000Z")) == 1
    (found,) = backfills(ledger)
    assert (found.who, found.why, found.scopes) == ("Wang", "why", entry("").scopes)
    assert scopes_of(found) == [("r", "energy_supply", "2024-01|diesel"), ("r", "energy_supply", "2024-02|diesel")]


def test_a_backfill_is_owed_until_a_release_follows(ledger: Ledger) -> None:
    add_release(ledger, release("2026-01-01T00:00:01Z"), {}, [])
    add_backfill(ledger, entry("2026-01-01T00:00:01.000001Z"))
    add_backfill(ledger, entry("2026-01-01T00:00:02.500000Z", "meter_readings"))
    assert [item.feed for item in unfinished_backfills(ledger)] == ["energy_supply", "meter_readings"]
    add_release(ledger, release("2026-01-01T00:00:02Z"), {}, [])
    assert [item.feed for item in unfinished_backfills(ledger)] == ["meter_readings"]
    add_release(ledger, release("2026-01-01T00:00:03Z"), {}, [])
    assert unfinished_backfills(ledger) == []


def test_before_the_first_release_every_backfill_is_owed(ledger: Ledger) -> None:
    add_backfill(ledger, entry("2026-01-01T00:00:00.000000Z"))
    assert len(unfinished_backfills(ledger)) == 1

"""Moments of the ledger: everything that decides which values a release holds, counted to its last entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sources.ledger.store import Ledger


@dataclass(frozen=True)
class Position:
    """A moment of the ledger; each number is the last entry of its kind that counts, 0 when none does.

    `seq`: deliveries, `hold`: holds and releases of holds, `reparse`: readings made again, `sign_off`: assessments.
    """

    seq: int
    hold: int
    reparse: int = 0
    sign_off: int = 0


def position(ledger: Ledger) -> Position:
    """The ledger's present end. Repeated deliveries do not move it: they change nothing."""
    row = ledger.one(
        "select (select coalesce(max(seq), 0) from deliveries where status <> 'duplicate'), "
        "(select coalesce(max(id), 0) from holds), (select coalesce(max(id), 0) from reparses), "
        "(select coalesce(max(id), 0) from sign_offs)"
    )
    assert row is not None
    return Position(*row)


def position_of(recorded: Mapping[str, int]) -> Position:
    """The moment a release was made from, as its release.json has it under `ledger`; older ones say less."""
    return Position(
        seq=recorded["last_seq"],
        hold=recorded["last_hold"],
        reparse=recorded.get("last_reparse", 0),
        sign_off=recorded.get("last_sign_off", 0),
    )


def recorded(at: Position) -> dict[str, int]:
    """A moment as release.json and the table of releases have it: the reverse of `position_of`."""
    return {
        "last_seq": at.seq,
        "last_hold": at.hold,
        "last_reparse": at.reparse,
        "last_sign_off": at.sign_off,
    }

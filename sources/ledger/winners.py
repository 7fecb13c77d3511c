"""Which delivery speaks for which scope: a pure function of acceptances and holds, at any moment of the ledger."""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from typing import Any

from sources.ledger.store import Ledger, insert, utc_now

# The holds that count at a moment: deliveries whose last action to that moment is `hold`.
_HELD = """
held as (
  select delivery_id from holds
  where id in (select max(id) from holds where id <= :hold group by delivery_id) and action = 'hold'
)
"""
_ACCEPTED = """
accepted as (
  select d.region, d.feed, s.scope, d.seq, d.delivery_id, s.row_count, s.is_empty, s.period_start, s.period_end,
         s.member, d.received_at as accepted_at, d.delivery_id in (select delivery_id from held) as is_held
  from deliveries as d join delivery_scopes as s on s.seq = d.seq
  where d.status = 'accepted' and d.seq <= :seq
)
"""
_WINNING = """
winning as (
  select region, feed, scope, max(seq) as seq from accepted where not is_held group by region, feed, scope
)
"""


@dataclass(frozen=True)
class Position:
    """A moment of the ledger: the last delivery entry and the last hold action that count."""

    seq: int
    hold: int


@dataclass(frozen=True)
class WinningScope:
    """The delivery that speaks for one scope of one feed and region. Dates are ISO texts, inclusive."""

    region: str
    feed: str
    scope: str
    seq: int
    delivery_id: str
    row_count: int
    is_empty: bool
    period_start: str | None
    period_end: str | None
    member: str | None


@dataclass(frozen=True)
class AcceptedScope(WinningScope):
    """One scope of one accepted delivery; `superseded_by` is the delivery that wins instead, if any."""

    accepted_at: str
    is_held: bool
    superseded_by: str | None


@dataclass(frozen=True)
class HoldAction:
    """A delivery was put on hold or released: who, why, when; `waived_check` names a check waived with the release."""

    id: int
    delivery_id: str
    action: str
    who: str
    why: str
    waived_check: str | None
    run_id: str | None
    at: str


def position(ledger: Ledger) -> Position:
    """The ledger's present end. Repeated deliveries do not move it: they change nothing."""
    seq = ledger.one("select coalesce(max(seq), 0) from deliveries where status <> 'duplicate'")
    hold = ledger.one("select coalesce(max(id), 0) from holds")
    return Position(seq[0] if seq else 0, hold[0] if hold else 0)


def _moment(ledger: Ledger, at: Position | None) -> dict[str, int]:
    moment = at or position(ledger)
    return {"seq": moment.seq, "hold": moment.hold}


def _build(kind: type[Any], row: sqlite3.Row) -> Any:
    values = {key: row[key] for key in row.keys()}  # noqa: SIM118 - a Row iterates over values
    return kind(**{key: bool(value) if key.startswith("is_") else value for key, value in values.items()})


def winners(ledger: Ledger, at: Position | None = None) -> list[WinningScope]:
    """Per region, feed and scope the newest accepted delivery that is not on hold, ordered by these three."""
    sql = f"""
    with {_HELD}, {_ACCEPTED}, {_WINNING}
    select a.region, a.feed, a.scope, a.seq, a.delivery_id, a.row_count, a.is_empty, a.period_start, a.period_end,
           a.member
    from winning as w join accepted as a on a.seq = w.seq and a.scope = w.scope
    order by a.region, a.feed, a.scope
    """  # noqa: S608 - constants of this module
    return [_build(WinningScope, row) for row in ledger.connection.execute(sql, _moment(ledger, at))]


def accepted_scopes(ledger: Ledger, at: Position | None = None) -> list[AcceptedScope]:
    """Every scope of every acceptance in order of `seq`, with the delivery that took its place."""
    sql = f"""
    with {_HELD}, {_ACCEPTED}, {_WINNING}
    select a.*, case when w.seq <> a.seq then d.delivery_id end as superseded_by
    from accepted as a
    left join winning as w on w.region = a.region and w.feed = a.feed and w.scope = a.scope
    left join deliveries as d on d.seq = w.seq
    order by a.seq, a.scope
    """  # noqa: S608 - constants of this module
    return [_build(AcceptedScope, row) for row in ledger.connection.execute(sql, _moment(ledger, at))]


def winners_sha256(ledger: Ledger, at: Position | None = None) -> str:
    """One hash over which delivery wins which scope; the same set gives the same hash, in whatever order it came."""
    digest = hashlib.sha256()
    for winner in winners(ledger, at):
        digest.update(f"{winner.region}\t{winner.feed}\t{winner.scope}\t{winner.delivery_id}\n".encode())
    return digest.hexdigest()


def add_hold(
    ledger: Ledger,
    delivery_id: str,
    action: str,
    *,
    who: str,
    why: str,
    waived_check: str | None = None,
    run_id: str | None = None,
) -> int:
    """Record `hold` or `release` of an accepted delivery; ValueError when unknown or nothing would change."""
    if not ledger.one("select 1 from deliveries where delivery_id = ? and status = 'accepted'", (delivery_id,)):
        raise ValueError(f"没有这份已接收的交付 / no accepted delivery {delivery_id}")
    is_held = any(held.delivery_id == delivery_id for held in holds(ledger))
    if is_held == (action == "hold") and waived_check is None:
        raise ValueError(f"交付已是此状态 / delivery {delivery_id} is already {'on' if is_held else 'off'} hold")
    with ledger.writing() as connection:
        values = {"delivery_id": delivery_id, "action": action, "who": who, "why": why}
        return insert(connection, "holds", {**values, "waived_check": waived_check, "run_id": run_id, "at": utc_now()})


def hold_actions(ledger: Ledger) -> list[HoldAction]:
    """Every hold and release ever made, in order."""
    return [_build(HoldAction, row) for row in ledger.rows("select * from holds order by id")]


def holds(ledger: Ledger) -> list[HoldAction]:
    """The holds that count now: the last action of each delivery whose last action is `hold`."""
    last = {action.delivery_id: action for action in hold_actions(ledger)}
    return [action for action in last.values() if action.action == "hold"]

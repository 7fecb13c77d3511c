"""Which delivery speaks for which scope: a pure function of acceptances, readings and holds, at any moment."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from sources.ledger.deliveries import Delivery
from sources.ledger.positions import Position, position
from sources.ledger.store import Ledger

if TYPE_CHECKING:
    from sources.corrections import Correction

# The holds that count at a moment: deliveries whose last action to that moment is `hold`.
_HELD = """
held as (
  select delivery_id from holds
  where id in (select max(id) from holds where id <= :hold group by delivery_id) and action = 'hold'
)
"""
# What each acceptance says as of its last reading to that moment: where it was read again, only that reading counts.
_READ = """
reread as (
  select seq, max(id) as reparse_id from reparses where id <= :reparse group by seq
),
spoken as (
  select seq, 0 as reparse_id, scope, row_count, is_empty, is_partial, period_start, period_end, member
  from delivery_scopes where seq not in (select seq from reread)
  union all
  select r.seq, s.reparse_id, s.scope, s.row_count, s.is_empty, s.is_partial, s.period_start, s.period_end, s.member
  from reparse_scopes as s join reread as r on r.reparse_id = s.reparse_id
)
"""
_ACCEPTED = """
accepted as (
  select d.region, d.feed, s.scope, d.seq, d.delivery_id, s.reparse_id, s.row_count, s.is_empty, s.is_partial,
         s.period_start, s.period_end, s.member, d.received_at as accepted_at,
         d.delivery_id in (select delivery_id from held) as is_held
  from deliveries as d join spoken as s on s.seq = d.seq
  where d.status = 'accepted' and d.seq <= :seq
    and (:region is null or d.region = :region)
    and (:feeds is null or d.feed in (select value from json_each(:feeds)))
)
"""
_WINNING = """
winning as (
  select region, feed, scope, max(seq) as seq from accepted where not is_held group by region, feed, scope
)
"""


@dataclass(frozen=True)
class WinningScope:
    """The delivery that speaks for one scope of one feed and region. Dates are ISO texts, inclusive.

    `is_partial`: rows of the scope were left out; `reparse_id`: which reading of the delivery counts (0: the first).
    `corrections` of its rows are no business of the ledger: sources.corrections.attach puts them there.
    """

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
    is_partial: bool = field(default=False, kw_only=True)
    reparse_id: int = field(default=0, kw_only=True)
    corrections: tuple[Correction, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True)
class HeldScope:
    """A scope for which a delivery on hold would speak. Dates are ISO texts, inclusive."""

    region: str
    feed: str
    scope: str
    delivery_id: str
    period_start: str | None
    period_end: str | None
    member: str | None


@dataclass(frozen=True)
class AcceptedScope(WinningScope):
    """One scope of one accepted delivery; `superseded_by` is the delivery that wins instead, if any."""

    accepted_at: str
    is_held: bool
    superseded_by: str | None


def _moment(
    ledger: Ledger, at: Position | None, region: str | None = None, feeds: Iterable[str] | None = None
) -> dict[str, Any]:
    moment = at or position(ledger)
    wanted = {"region": region, "feeds": None if feeds is None else json.dumps(sorted(feeds))}
    return {"seq": moment.seq, "hold": moment.hold, "reparse": moment.reparse, **wanted}


def _build(kind: type[Any], rows: sqlite3.Cursor) -> list[Any]:
    names = [column[0] for column in rows.description]
    flags = [number for number, name in enumerate(names) if name.startswith("is_")]
    built = []
    for row in rows:
        values = list(row)
        for number in flags:
            values[number] = bool(values[number])
        built.append(kind(**dict(zip(names, values, strict=True))))
    return built


def winners(
    ledger: Ledger, at: Position | None = None, *, region: str | None = None, feeds: Iterable[str] | None = None
) -> list[WinningScope]:
    """Per region, feed and scope the newest accepted delivery that is not on hold, ordered by these three.

    All of them, or only those of one region and of some feeds.
    """
    sql = f"""
    with {_HELD}, {_READ}, {_ACCEPTED}, {_WINNING}
    select a.region, a.feed, a.scope, a.seq, a.delivery_id, a.reparse_id, a.row_count, a.is_empty, a.is_partial,
           a.period_start, a.period_end, a.member
    from winning as w join accepted as a on a.seq = w.seq and a.scope = w.scope
    order by a.region, a.feed, a.scope
    """  # noqa: S608 - constants of this module
    moment = _moment(ledger, at, region, feeds)
    return _build(WinningScope, ledger.connection.execute(sql, moment))


def winners_between(
    ledger: Ledger, region: str, feed: str, first: date, last: date, *, until: int | None = None
) -> list[WinningScope]:
    """The winners of one region and feed whose periods begin between two days, both included, in order of period.

    With `until` as if nothing had been accepted from that `seq` on. Only deliveries of this feed are looked at.
    """
    at = position(ledger)
    moment = _moment(ledger, at if until is None else replace(at, seq=until - 1), region, [feed])
    sql = f"""
    with {_HELD},
    mine as (
      select seq, delivery_id from deliveries
      where status = 'accepted' and region = :region and feed = :feed and seq <= :seq
        and delivery_id not in (select delivery_id from held)
    ),
    reread as (
      select seq, max(id) as reparse_id from reparses
      where id <= :reparse and seq in (select seq from mine) group by seq
    ),
    spoken as (
      select m.delivery_id, 0 as reparse_id, s.* from mine as m join delivery_scopes as s on s.seq = m.seq
      where s.period_start between :first and :last and m.seq not in (select seq from reread)
      union all
      select m.delivery_id, r.reparse_id, m.seq, s.scope, s.row_count, s.is_empty, s.period_start, s.period_end,
             s.member, s.is_partial
      from mine as m join reread as r on r.seq = m.seq join reparse_scopes as s on s.reparse_id = r.reparse_id
      where s.period_start between :first and :last
    )
    select :region as region, :feed as feed, scope, max(seq) as seq, delivery_id, row_count, is_empty, period_start,
           period_end, member, is_partial, reparse_id
    from spoken group by scope order by period_start, scope
    """  # noqa: S608 - constants of this module
    days = {"feed": feed, "first": first.isoformat(), "last": last.isoformat()}
    return _build(WinningScope, ledger.connection.execute(sql, {**moment, **days}))


def held_scopes(ledger: Ledger, at: Position | None = None) -> list[HeldScope]:
    """Per region, feed and scope the delivery that would win it were it not on hold, ordered by these three.

    A delivery on hold that a newer one has replaced is not there: it would not win anyway.
    """
    sql = f"""
    with {_HELD}, {_READ}, {_ACCEPTED},
    newest as (
      select region, feed, scope, max(seq) as seq from accepted
      where (region, feed) in (select d.region, d.feed from deliveries as d join held using (delivery_id))
      group by region, feed, scope
    )
    select a.region, a.feed, a.scope, a.delivery_id, a.period_start, a.period_end, a.member
    from newest as n join accepted as a on a.seq = n.seq and a.scope = n.scope
    where a.is_held order by a.region, a.feed, a.scope
    """  # noqa: S608 - constants of this module
    return _build(HeldScope, ledger.connection.execute(sql, _moment(ledger, at)))


def accepted_scopes(ledger: Ledger, at: Position | None = None) -> list[AcceptedScope]:
    """Every scope of every acceptance in order of `seq`, with the delivery that took its place."""
    sql = f"""
    with {_HELD}, {_READ}, {_ACCEPTED}, {_WINNING}
    select a.*, case when w.seq <> a.seq then d.delivery_id end as superseded_by
    from accepted as a
    left join winning as w on w.region = a.region and w.feed = a.feed and w.scope = a.scope
    left join deliveries as d on d.seq = w.seq
    order by a.seq, a.scope
    """  # noqa: S608 - constants of this module
    return _build(AcceptedScope, ledger.connection.execute(sql, _moment(ledger, at)))


def superseded_by(ledger: Ledger, seq: int) -> list[Delivery]:
    """Later acceptances, not on hold, that speak for a scope of acceptance `seq`, in order."""
    sql = f"""
    with {_HELD}, {_READ}, {_ACCEPTED}
    select distinct later.* from accepted as mine
    join accepted as theirs on theirs.region = mine.region and theirs.feed = mine.feed and theirs.scope = mine.scope
      and theirs.seq > mine.seq and not theirs.is_held
    join deliveries as later on later.seq = theirs.seq
    where mine.seq = :own order by later.seq
    """  # noqa: S608 - constants of this module
    return _build(Delivery, ledger.connection.execute(sql, {**_moment(ledger, None), "own": seq}))


def winners_sha256(ledger: Ledger, at: Position | None = None) -> str:
    """One hash over which delivery, in which reading, wins which scope; the order of arrival does not enter it."""
    contracts = {row["id"]: row["contract_sha256"] for row in ledger.rows("select id, contract_sha256 from reparses")}
    left_out = _left_out(ledger)
    digest = hashlib.sha256()
    for winner in winners(ledger, at):
        parts = [winner.region, winner.feed, winner.scope, winner.delivery_id]
        if winner.reparse_id:
            parts.append(contracts[winner.reparse_id])
        digest.update(("\t".join(parts) + left_out.get(winner.seq, "") + "\n").encode())
    return digest.hexdigest()


def _left_out(ledger: Ledger) -> dict[int, str]:
    """Per acceptance the rows it leaves out, as one text: without them the same bytes are another reading."""
    found: dict[int, str] = {}
    for row in ledger.rows("select distinct seq, sheet, row from excluded_rows order by seq, sheet, row"):
        found[row["seq"]] = found.get(row["seq"], "") + f"\t-{row['sheet'] or ''}!{row['row']}"
    return found

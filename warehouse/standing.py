"""What people or runs decided about deliveries and what still counts: holds and waived checks."""

from __future__ import annotations

from dataclasses import dataclass

from sources.ledger import Delivery, Ledger, deliveries, hold_actions, holds, last_release, waivers, winners


@dataclass(frozen=True)
class StandingHold:
    """A delivery on hold: what it is, who held it, when and why; `is_by_run` when gate 3 did: it ends by itself.

    `effect`: `now`, of the release published last and of the next; `next_run`, recorded since then; `ends_next_run`,
    ended since then.
    """

    delivery_id: str
    region: str
    feed: str
    file_name: str
    who: str
    at: str
    why: str
    is_by_run: bool
    effect: str


@dataclass(frozen=True)
class StandingWaiver:
    """A check that a person lets a delivery fail: who, when and why."""

    check: str
    delivery_id: str
    region: str
    feed: str
    file_name: str
    who: str
    at: str
    why: str


def standing_holds(ledger: Ledger, region: str | None) -> list[StandingHold]:
    """What is on hold, or was for the release published last, of one region or all."""
    entries, last = _accepted(ledger), last_release(ledger)
    now = {hold.delivery_id: hold for hold in holds(ledger)}
    then = {hold.delivery_id: hold for hold in holds(ledger, last.position)} if last else {}
    found = [(entries[delivery_id], hold) for delivery_id, hold in (then | now).items()]
    return [
        StandingHold(
            entry.delivery_id,
            entry.region,
            entry.feed,
            entry.file_name,
            hold.who,
            hold.at,
            hold.why,
            hold.run_id is not None,
            "ends_next_run" if entry.delivery_id not in now else "now" if entry.delivery_id in then else "next_run",
        )
        for entry, hold in found
        if region in (None, entry.region)
    ]


def standing_waivers(ledger: Ledger, region: str | None) -> list[StandingWaiver]:
    """What is waived for deliveries that still speak for anything, or will when their hold ends."""
    entries, allowed = _accepted(ledger), waivers(ledger)
    speaking = {w.delivery_id for w in winners(ledger)} | {hold.delivery_id for hold in holds(ledger)}
    last = {(action.delivery_id, action.waived_check): action for action in hold_actions(ledger)}
    return [
        StandingWaiver(check, delivery_id, entry.region, entry.feed, entry.file_name, action.who, action.at, action.why)
        for (delivery_id, check), action in last.items()
        if check is not None and check in allowed.get(delivery_id, ()) and delivery_id in speaking
        for entry in [entries[delivery_id]]
        if region in (None, entry.region)
    ]


def _accepted(ledger: Ledger) -> dict[str, Delivery]:
    return {entry.delivery_id: entry for entry in deliveries(ledger) if entry.status == "accepted"}

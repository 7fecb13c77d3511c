"""Holds: deliveries taken out of the winners and put back, and the checks waived for them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sources.ledger.positions import Position
from sources.ledger.store import Ledger, insert, utc_now


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
    """Record `hold` or `release` of an accepted delivery; ValueError when unknown or nothing would change.

    A release that waives a check changes something even for a delivery that is not on hold, and so does a person's
    hold (one without `run_id`) over that of a run, which would end by itself.
    """
    if not ledger.one("select 1 from deliveries where delivery_id = ? and status = 'accepted'", (delivery_id,)):
        raise ValueError(f"没有这份已接收的交付 / no accepted delivery {delivery_id}")
    is_hold = action == "hold"
    if is_hold and waived_check is not None:
        raise ValueError("暂扣时不能豁免检查 / a hold waives no check")
    held = next((hold for hold in holds(ledger) if hold.delivery_id == delivery_id), None)
    is_taken_over = is_hold and held is not None and held.run_id is not None and run_id is None
    if (held is not None) == is_hold and waived_check is None and not is_taken_over:
        raise ValueError(f"交付已是此状态 / delivery {delivery_id} is already {'on' if held else 'off'} hold")
    with ledger.writing() as connection:
        values = {"delivery_id": delivery_id, "action": action, "who": who, "why": why}
        return insert(connection, "holds", {**values, "waived_check": waived_check, "run_id": run_id, "at": utc_now()})


def hold_actions(ledger: Ledger, at: Position | None = None) -> list[HoldAction]:
    """Every hold and release ever made, in order, to a moment when given."""
    last = None if at is None else at.hold
    rows = ledger.rows("select * from holds where ? is null or id <= ? order by id", (last, last))
    return [HoldAction(**{key: row[key] for key in row.keys()}) for row in rows]  # noqa: SIM118 - a Row is its values


def holds(ledger: Ledger, at: Position | None = None) -> list[HoldAction]:
    """The holds that count: the last action of each delivery whose last action is `hold`."""
    last = {action.delivery_id: action for action in hold_actions(ledger, at)}
    return [action for action in last.values() if action.action == "hold"]


def waivers(ledger: Ledger, at: Position | None = None) -> dict[str, set[str]]:
    """Per delivery the checks that are waived for it.

    A hold that a person makes takes back what was waived before; a hold that a run makes does not, or two checks
    could never both be waived: each run would take back the one for the sake of the other.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for action in hold_actions(ledger, at):
        if action.action == "hold" and action.run_id is None:
            found.pop(action.delivery_id, None)
        elif action.action == "release" and action.waived_check:
            found[action.delivery_id].add(action.waived_check)
    return dict(found)

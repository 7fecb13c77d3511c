"""How holds that a run made come to an end: by a newer delivery, another plan or program, or because they did not help.

A run that publishes nothing leaves the holds as it found them.

A hold that a person made ends only by a person.
"""

from __future__ import annotations

from collections.abc import Iterable

from sources.contract import contracts
from sources.dictionaries import rows
from sources.ledger import (
    Delivery,
    HoldAction,
    Ledger,
    accepted_scopes,
    add_hold,
    deliveries,
    hold_actions,
    holds,
    last_release,
    release_manifest,
    releases,
)
from warehouse.harmless import shown_name
from warehouse.inputs import input_hashes

# what decides whether a delivery passes gate 3
JUDGING = ("plan", "models", "contracts", "suites")
_SUPERSEDED = "已被更新的交付完全替代 / a newer delivery has replaced all of it"
_NEWER = "有更新的交付 {}，重试 / tried again: {} has come since"
_CHANGED = "规划、模型、合约或检查已变更，重试 / tried again: plan, models, contracts or suites have changed"
_UNFINISHED = "暂扣它的运行没有发布，重试 / tried again: the run that held it published nothing"
_NO_HELP = "暂扣无济于事，收回 / taken back: holding it did not help"


def end_holds(ledger: Ledger, run_id: str) -> list[HoldAction]:
    """Release what runs have held and what is to be tried again; gives the holds that were ended."""
    made = [hold for hold in holds(ledger) if hold.run_id is not None]
    if not made:
        return []
    entries = [entry for entry in deliveries(ledger) if entry.status == "accepted"]
    standing, has_changed, released = _standing(ledger), _has_changed(ledger), []
    published = {release.run_id for release in releases(ledger)}
    for hold in made:
        # a run that was killed could not take back what it may have held in vain
        is_finished = hold.run_id in published
        why = _why_ended(hold, entries, hold.delivery_id in standing, has_changed) if is_finished else _UNFINISHED
        if why:
            add_hold(ledger, hold.delivery_id, "release", who="run", why=why, run_id=run_id)
            released.append(hold)
    return released


def leave_as_found(ledger: Ledger, held: Iterable[str], run_id: str) -> list[str]:
    """Undo what runs did to holds since the last release, when this one publishes nothing; ids that are back on hold.

    `held` are the ids it put on hold in vain: nobody shall stay under suspicion. What runs have let go, this one or
    one that was killed, goes back: what the current release leaves out shall be seen to be on hold.
    """
    last, actions = last_release(ledger), {action.delivery_id: action for action in hold_actions(ledger)}
    left_out = {hold.delivery_id: hold for hold in (holds(ledger, last.position) if last else ()) if hold.run_id}
    for delivery_id in dict.fromkeys(held):
        if actions[delivery_id].action == "hold" and delivery_id not in left_out:
            add_hold(ledger, delivery_id, "release", who="run", why=_NO_HELP, run_id=run_id)
    # a person's release stays
    lost = [hold for key, hold in left_out.items() if actions[key].action == "release" and actions[key].run_id]
    for hold in lost:
        add_hold(ledger, hold.delivery_id, "hold", who="run", why=hold.why, run_id=run_id)
    return [hold.delivery_id for hold in lost]


def _standing(ledger: Ledger) -> set[str]:
    """The deliveries on hold that no newer delivery, itself not on hold, has replaced in every scope."""
    scopes = accepted_scopes(ledger)
    speaking: dict[tuple[str, str, str], int] = {}
    for scope in scopes:
        if not scope.is_held:
            key = (scope.region, scope.feed, scope.scope)
            speaking[key] = max(scope.seq, speaking.get(key, 0))
    held = [scope for scope in scopes if scope.is_held]
    return {s.delivery_id for s in held if speaking.get((s.region, s.feed, s.scope), 0) < s.seq}


def _why_ended(hold: HoldAction, entries: list[Delivery], is_standing: bool, has_changed: bool) -> str | None:
    if not is_standing:
        return _SUPERSEDED
    if has_changed:
        return _CHANGED
    held = next(entry for entry in entries if entry.delivery_id == hold.delivery_id)
    newer = [e for e in entries if e.received_at > hold.at and e.region == held.region and related(e.feed, held.feed)]
    return _NEWER.format(name := shown_name(newer[-1].file_name), name) if newer else None


def related(newer: str, held: str) -> bool:
    """Whether a newer delivery of one feed may change the verdict on another.

    The same feed; or they share an indicator, or a contract's domain where the newer does not come every day anyhow.
    """
    if newer == held:
        return True
    served = [{row["indicator"] for row in rows("indicator_feeds") if row["feed"] == feed} for feed in (newer, held)]
    known = contracts()
    is_daily = known[newer].frequency == "daily"
    return bool(served[0] & served[1]) or (known[newer].domain == known[held].domain and not is_daily)


def _has_changed(ledger: Ledger) -> bool:
    last = last_release(ledger)
    manifest = release_manifest(ledger, last.release_id) if last else None
    before, now = (manifest or {}).get("inputs", {}), input_hashes()
    return any(name in before and before[name] != now.get(name) for name in JUDGING)

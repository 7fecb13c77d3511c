"""The deliveries that a blame can be put on: those that came in since the last release and speak for something now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sources.ledger import AcceptedScope, Ledger, accepted_scopes, deliveries, last_release, waivers, winners
from warehouse.holding.blame import Blame

SHOWN_CHECKS = 3
_NOBODYS = (
    "没有可归责的新交付：请查规划、参数、更正表或模型 / "
    "nobody's delivery: look at plan, parameters, corrections and models"
)
_WITH_OTHERS = (
    "；随该领域的其他新交付一并暂扣，未必是此文件有误",
    "; on hold with other new deliveries of the domain, the fault need not be in this one",
)


@dataclass(frozen=True)
class HeldBack:
    """A delivery that is put on hold, for the sake of which domains and checks; `why` is recorded with the hold."""

    delivery_id: str
    region: str
    feed: str
    file_name: str
    domains: tuple[str, ...]
    checks: tuple[str, ...]
    why: str


@dataclass(frozen=True)
class Verdict:
    """What is to be held for a failed gate; empty when nothing can help, then `unexplained` are nobody's failures."""

    hold: list[HeldBack]
    unexplained: list[Blame] = field(default_factory=list)

    def said(self) -> str:
        """Why nothing is held, in words."""
        return f"{', '.join(blame.check for blame in self.unexplained)}：{_NOBODYS}" if self.unexplained else ""


def new_scopes(ledger: Ledger) -> list[AcceptedScope]:
    """Scopes of new deliveries: not on hold, newer than what spoke for the scope at the last release.

    A delivery that spoke for anything then is not new, even where it has been read again.
    """
    last = last_release(ledger)
    before = winners(ledger, last.position) if last else []
    spoke = {winner.delivery_id for winner in before}
    newest = {(winner.region, winner.feed, winner.scope): winner.seq for winner in before}
    return [
        scope
        for scope in accepted_scopes(ledger)
        if not scope.is_held
        and scope.delivery_id not in spoke
        and scope.seq > newest.get((scope.region, scope.feed, scope.scope), 0)
    ]


def candidates(blame: Blame, fresh: Sequence[AcceptedScope]) -> set[str]:
    """Ids of the new deliveries in which the fault may lie: of the domain's own feeds, else of the others."""
    found = _among(blame, fresh, blame.own_feeds)
    return found or _among(blame, fresh, blame.feeds)


def _among(blame: Blame, fresh: Sequence[AcceptedScope], feeds: frozenset[str]) -> set[str]:
    if blame.deliveries is not None:
        # what these replaced tonight would only speak in their stead
        keys = {(s.region, s.feed, s.scope) for s in fresh if s.delivery_id in blame.deliveries}
        return {s.delivery_id for s in fresh if (s.region, s.feed, s.scope) in keys}
    return {s.delivery_id for s in fresh if s.feed in feeds and (blame.regions is None or s.region in blame.regions)}


def is_waived(check: str, waived: Iterable[str]) -> bool:
    """Whether `suite.check` is among the waived names, with its suite or without."""
    return bool({check, check.partition(".")[2]} & set(waived))


def verdict(ledger: Ledger, found: Sequence[Blame]) -> Verdict:
    """The deliveries to hold so that the rest can be published.

    Nothing is held when a failure has no new delivery to be put on: then holding others back would not help either.
    """
    fresh, allowed = new_scopes(ledger), waivers(ledger)
    chosen: dict[str, list[Blame]] = defaultdict(list)
    unexplained, unnamed = [], []
    for blame in found:
        may = {d for d in candidates(blame, fresh) if not is_waived(blame.check, allowed.get(d, ()))}
        for delivery_id in may if not blame.is_error else ():
            chosen[delivery_id].append(blame)
        if blame.is_error or (blame.domains and not may):
            unexplained.append(blame)
        elif not may:
            unnamed.append(blame)
    if unexplained or not chosen:
        return Verdict([], unexplained or unnamed)
    return Verdict(_held_back(ledger, chosen))


def _held_back(ledger: Ledger, chosen: Mapping[str, Sequence[Blame]]) -> list[HeldBack]:
    entries = [entry for entry in deliveries(ledger) if entry.status == "accepted" and entry.delivery_id in chosen]
    return [
        HeldBack(
            entry.delivery_id,
            entry.region,
            entry.feed,
            entry.file_name,
            tuple(sorted({domain for blame in chosen[entry.delivery_id] for domain in blame.domains})),
            tuple(dict.fromkeys(blame.check for blame in chosen[entry.delivery_id])),
            _why(chosen[entry.delivery_id], _is_among_others(entry.delivery_id, chosen)),
        )
        for entry in entries
    ]


def _is_among_others(delivery_id: str, chosen: Mapping[str, Sequence[Blame]]) -> bool:
    """Whether others are on hold for the same checks, and no check says in which of them the fault lies."""
    shared = {blame.check for other, found in chosen.items() if other != delivery_id for blame in found}
    return all(blame.check in shared and blame.deliveries is None for blame in chosen[delivery_id])


def _why(found: Sequence[Blame], is_among_others: bool) -> str:
    domains = ", ".join(sorted({domain for blame in found for domain in blame.domains}))
    shown = found[:SHOWN_CHECKS]
    zh = "；".join(f"{blame.check}（{blame.why_zh}）" for blame in shown)
    en = "; ".join(f"{blame.check} ({blame.why_en})" for blame in shown)
    others_zh, others_en = _WITH_OTHERS if is_among_others else ("", "")
    return f"关卡三未过，领域 {domains}：{zh}{others_zh} / gate 3 failed, domain {domains}: {en}{others_en}"

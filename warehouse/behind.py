"""What may be behind a check of gate 3 that failed: the feeds its subject is made of, and what is new of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from expectations import suites
from sources.dictionaries import rows
from sources.ledger import About, Delivery, Ledger, deliveries, holds, last_release


def behind(ledger: Ledger) -> Callable[[Any], About]:
    """Says of a result which feeds and which deliveries that no release holds yet may be behind it.

    Nothing of a check that passed: there is nothing to look for.
    """
    new = _new_deliveries(ledger)

    def about(result: Any) -> About:
        if result.status not in ("failed", "error"):
            return About()
        own = getattr(result, "feeds", ())
        feeds = list(own) or feeds_of(result.suite, tuple(getattr(result, "domains", ())))
        regions = set(getattr(result, "regions", ()))
        found = [item for item in new if item.feed in feeds and (not regions or item.region in regions)]
        return About(
            region=", ".join(sorted(regions)) or None,
            feed=", ".join(feeds) or None,
            deliveries=tuple(item.delivery_id for item in found),
        )

    return about


def _new_deliveries(ledger: Ledger) -> list[Delivery]:
    last, held = last_release(ledger), {action.delivery_id for action in holds(ledger)}
    since = last.position.seq if last is not None else 0
    entries = (item for item in deliveries(ledger) if item.seq > since and item.status == "accepted")
    return [item for item in entries if item.delivery_id not in held]


def feeds_of(suite: str, domains: Iterable[str]) -> list[str]:
    """The feeds that a mart's suite names; of any other check those that the indicators of its domains look at."""
    if suite in suites.names("marts"):
        named = suites.load("marts", suite).feeds
        if named:
            return sorted(named)
    return sorted({feed for domain in domains for feed in _feeds_by_domain()[domain]})


@cache
def _feeds_by_domain() -> defaultdict[str, set[str]]:
    domains = {row["code"]: row["domain"] for row in rows("plan_indicators")}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows("indicator_feeds"):
        found[domains[row["indicator"]]].add(row["feed"])
    return found

"""What may be behind a check of gate 3 that failed, for its record: domains, feeds, and the new deliveries of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sources.ledger import About, Delivery, Ledger, deliveries, holds, last_release
from warehouse.build_result import BuildResult
from warehouse.holding.blame import Blame, blames
from warehouse.holding.upstream import upstream_of
from warehouse.paths import Home
from warehouse.revisions import Revised


def behind(home: Home, ledger: Ledger, built: BuildResult, revised: Revised | None) -> Callable[[Any], About]:
    """Says of a result what it is put down to, and which deliveries that no release holds yet may be behind it.

    Nothing of a check that passed: there is nothing to look for.
    """
    new, upstream = _new_deliveries(ledger), upstream_of(home)

    def about(result: Any) -> About:
        if result.status not in ("failed", "error"):
            return About()
        (blame,) = blames([result], built, revised, upstream)
        return About(
            region=", ".join(sorted(blame.regions or ())) or None,
            feed=", ".join(sorted(blame.feeds)) or None,
            # a check that looks at delivered rows knows whose they are
            deliveries=tuple(getattr(result, "deliveries", ()))
            or tuple(item.delivery_id for item in new if _is_blamed(item, blame)),
            domains=blame.domains,
        )

    return about


def _is_blamed(item: Delivery, blame: Blame) -> bool:
    if blame.deliveries is not None:
        return item.delivery_id in blame.deliveries
    return item.feed in blame.feeds and (blame.regions is None or item.region in blame.regions)


def _new_deliveries(ledger: Ledger) -> list[Delivery]:
    last, held = last_release(ledger), {action.delivery_id for action in holds(ledger)}
    since = last.position.seq if last is not None else 0
    entries = (item for item in deliveries(ledger) if item.seq > since and item.status == "accepted")
    return [item for item in entries if item.delivery_id not in held]

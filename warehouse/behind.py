"""What may be behind a check of gate 3 that failed, for its record: domains, feeds, and the new deliveries of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from expectations.results import ERROR, FAILED, WAIVED
from sources.ledger import About, Ledger, WinningScope, waivers, winners
from warehouse.build_result import BuildResult
from warehouse.holding.blame import Blame, blames
from warehouse.holding.candidates import is_waived, new_scopes
from warehouse.holding.upstream import upstream_of
from warehouse.paths import Home
from warehouse.revisions import Revised


def behind(home: Home, ledger: Ledger, built: BuildResult, revised: Revised | None) -> Callable[[Any], About]:
    """Says of a result what it is put down to, and which deliveries that no release holds yet may be behind it.

    Of a failure that is waived it names what it is waived for, too; nothing of a check that passed.
    """
    new, allowed, upstream = new_scopes(ledger), _waived(ledger), upstream_of(home)

    def about(result: Any) -> About:
        if result.status not in (FAILED, ERROR, WAIVED):
            return About()
        (blame,) = blames([result], built, revised, upstream)
        scopes = [*new, *(scope for check, scope in allowed if is_waived(blame.check, [check]))]
        return About(
            region=", ".join(sorted(blame.regions or ())) or None,
            feed=", ".join(sorted(blame.feeds)) or None,
            # a check that looks at delivered rows knows whose they are
            deliveries=tuple(getattr(result, "deliveries", ()))
            or tuple(dict.fromkeys(scope.delivery_id for scope in scopes if _is_blamed(scope, blame))),
            domains=blame.domains,
        )

    return about


def _is_blamed(scope: WinningScope, blame: Blame) -> bool:
    if blame.deliveries is not None:
        return scope.delivery_id in blame.deliveries
    return scope.feed in blame.feeds and (blame.regions is None or scope.region in blame.regions)


def _waived(ledger: Ledger) -> list[tuple[str, WinningScope]]:
    """The waived checks, each with the scopes that its deliveries speak for."""
    allowed = waivers(ledger)
    return [(check, w) for w in winners(ledger) if w.delivery_id in allowed for check in allowed[w.delivery_id]]

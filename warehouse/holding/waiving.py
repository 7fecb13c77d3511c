"""Checks that a person has waived for a delivery: such a failure is shown as `waived` and stops nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from expectations.results import WAIVED, CheckResult, critical_failures
from sources.ledger import Ledger, waivers, winners
from warehouse.build_result import BuildResult
from warehouse.holding.blame import Blame, blames
from warehouse.holding.candidates import candidates, is_waived, new_scopes
from warehouse.holding.upstream import Upstream
from warehouse.revision_checks import SUITE, WAIVABLE
from warehouse.revisions import Revised


def waivable() -> list[str]:
    """What `peak release-hold --accept` takes: checks on what deliveries say, with their suite where it is a mart's.

    Not a test of dbt (nothing was built beyond it) and not the blast radius (nobody may move a value unrecorded).
    """
    from expectations import suites

    found = [
        f"{name}.{check.name}"
        for name in suites.names("marts")
        for check in suites.load("marts", name).checks
        if check.severity == "critical"
    ]
    return [*sorted(WAIVABLE), *sorted(found)]


def let_through(
    results: Sequence[CheckResult], ledger: Ledger, built: BuildResult, revised: Revised | None, upstream: Upstream
) -> list[CheckResult]:
    """The results, critical failures that waived deliveries account for as `waived`."""
    allowed = waivers(ledger)
    if not allowed:
        return list(results)
    failed = [r for r in critical_failures(results) if r.suite not in ("dbt", SUITE)]
    waived = {
        id(result)
        for result, blame in zip(failed, blames(failed, built, revised, upstream), strict=True)
        if not blame.is_error and _is_accounted_for(result, blame, ledger, allowed)
    }
    return [replace(result, status=WAIVED) if id(result) in waived else result for result in results]


def _is_accounted_for(result: CheckResult, blame: Blame, ledger: Ledger, allowed: dict[str, set[str]]) -> bool:
    """Whether waived deliveries speak in every region that offends, and no new one can have made it worse."""
    chosen = {delivery for delivery, names in allowed.items() if is_waived(blame.check, names)}
    speaking = {w.delivery_id: w.region for w in winners(ledger, feeds=blame.feeds) if w.delivery_id in chosen}
    if not speaking or not (blame.regions or frozenset()) <= set(speaking.values()):
        return False
    others = candidates(blame, new_scopes(ledger)) - chosen
    return not others or (result.unexpected_count or 0) <= _known(ledger, result, speaking)


def _known(ledger: Ledger, result: CheckResult, speaking: dict[str, str]) -> int:
    """How many rows failed the check when a run held one of these deliveries, or when it was last let through."""
    marks = ", ".join("?" for _ in speaking)
    row = ledger.one(
        "select max(unexpected_count) from gate_results where suite = ? and check_name = ? and (status = 'waived' or "  # noqa: S608 - marks only
        f"(status = 'failed' and run_id in (select run_id from holds where delivery_id in ({marks}))))",
        (result.suite, result.check, *speaking),
    )
    return int(row[0]) if row and row[0] is not None else 0

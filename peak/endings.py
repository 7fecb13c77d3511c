"""How a run that may publish ends: on the terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from peak import show
from warehouse.paths import home

if TYPE_CHECKING:
    from flows.report import Summary
    from sources.ledger import Revision
    from warehouse.scope_changes import ScopeChange


def as_plain(summary: Summary) -> dict[str, object]:
    """The end of a run for JSON, with every revision; those of a first release are only counted: all is new in it."""
    return {
        "result": summary.result,
        "run_id": summary.run_id,
        "release_id": summary.release_id,
        "counts": summary.counts,
        "refused": [
            {"region": o.region, "feed": o.feed, "file_name": o.file_name, "reason_zh": o.zh, "reason_en": o.en,
             "report": str(o.report) if o.report else None}
            for o in summary.refused
        ],
        "stopped_by": [{"suite": c.suite, "check": c.check, "observed": c.observed} for c in summary.stopped_by],
        "waived": [{"suite": c.suite, "check": c.check, "observed": c.observed} for c in summary.waived],
        "odd": [
            {"region": o.region, "feed": o.feed, "file_name": o.file_name, "delivery_id": o.delivery_id,
             "suite": c.suite, "check": c.check, "observed": c.observed, "why_zh": c.why_zh, "why_en": c.why_en}
            for o, c in summary.odd
        ],
        "held": [asdict(item) for item in summary.held],
        "unexplained": summary.unexplained,
        "is_first": summary.is_first,
        "changed_values": len(summary.revisions),
        "changed_scopes": len(summary.scope_changes),
        "changed_inputs": list(summary.changed_inputs),
        "scope_changes": [] if summary.is_first else plain_scopes(summary.scope_changes),
        "revisions": [] if summary.is_first else plain_revisions(summary.revisions),
    }  # fmt: skip


def plain_revisions(revisions: Iterable[Revision]) -> list[dict[str, Any]]:
    """Revisions for JSON, without the release they are part of."""
    left_out = {"release_id", "published_at"}
    return [{name: value for name, value in asdict(item).items() if name not in left_out} for item in revisions]


def plain_scopes(scope_changes: Iterable[ScopeChange]) -> list[dict[str, Any]]:
    """Changed scopes for JSON, as the release's table `scope_changes` has them."""
    names = ("region", "feed", "scope", "kind", "delivery_id", "file_name", "previous_delivery_id",
             "previous_file_name", "period_start", "period_end")  # fmt: skip
    return [{name: getattr(change, name) for name in names} for change in scope_changes]


def say(summary: Summary) -> None:
    """The end of a run on the terminal."""
    from peak import ending_tables, scorecard

    console = show.console()
    if summary.result == "published":
        scorecard.print_scorecard(console, home())
        if summary.changed_inputs:
            told = "; ".join(summary.changed_inputs)
            console.print(f"规划、参数或程序变化 / changed besides deliveries: {told}", markup=False, soft_wrap=True)
        scorecard.print_revisions(console, summary.revisions, summary.scope_changes, summary.is_first)
    ending_tables.print_refused(console, summary.refused)
    ending_tables.print_odd(console, summary.odd)
    ending_tables.print_held(console, summary.held, summary.result == "published")
    ending_tables.print_checks(console, summary)
    ending_tables.print_end(console, summary, home())

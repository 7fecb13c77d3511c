"""The middle that every publishing flow shares: build, judge, publish, tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from expectations.results import critical_failures, warnings
from flows import tasks
from flows.night import Night
from flows.report import Summary, changes_page, gates_page
from sources.intake import Outcome
from warehouse.changes import Change
from warehouse.pending import what_is_new
from warehouse.shelf import current_release, record_current


class Stopped(Exception):
    """A gate stopped the publication: the run fails in Prefect as it does on the command line."""

    def __init__(self, summary: Summary) -> None:
        names = ", ".join(f"{check.suite}.{check.check}" for check in summary.stopped_by)
        super().__init__(f"未过关卡，未发布 / a gate stopped the publication: {names}")
        self.summary = summary


def ended_well(summary: Summary) -> Summary:
    """The summary of a run that no gate stopped; Stopped otherwise."""
    if summary.result == "stopped":
        raise Stopped(summary)
    return summary


def refresh(night: Night, outcomes: Sequence[Outcome] = ()) -> Summary:
    """Publish what the ledger now holds, unless nothing changed or a gate stops it."""
    record_current(night.home, night.ledger)  # what a crash left out
    # files may still wait in another region's inbox, or have come since: they are the next run's
    if not set(what_is_new(night.home)) - {"waiting"}:
        return _ended(night, outcomes, "unchanged")
    before = current_release(night.home)
    built = tasks.build_warehouse(night)
    results = tasks.judge_warehouse(night, built)
    tasks.tell_operators("gates", gates_page(results, outcomes), "关卡与退件 / gates and refused files")
    if critical_failures(results):
        return _ended(night, outcomes, "stopped", results=results)
    published = tasks.publish_release(night)
    changed = tasks.what_changed(night, published.database, before.database if before else None)
    tasks.tell_operators("changes", changes_page(changed, before is None), "数值变化 / values that changed")
    return _ended(night, outcomes, "published", results=results, changed=changed, is_first=before is None)


def _ended(
    night: Night,
    outcomes: Sequence[Outcome],
    result: str,
    results: Sequence[Any] = (),
    changed: Sequence[Change] = (),
    is_first: bool = False,
) -> Summary:
    current = current_release(night.home)
    summary = Summary(
        run_id=night.run_id,
        result=result,
        release_id=current.release_id if current else None,
        counts=dict(Counter(outcome.status for outcome in outcomes)),
        refused=[outcome for outcome in outcomes if outcome.status == "quarantined"],
        stopped_by=critical_failures(results),
        warned=warnings(results),
        changed=list(changed),
        is_first=is_first,
    )
    night.ending |= {
        "result": result,
        "release_id": summary.release_id,
        "counts": summary.counts,
        "changed_values": len(summary.changed),
        "stopped_by": [f"{check.suite}.{check.check}" for check in summary.stopped_by],
    }
    return summary

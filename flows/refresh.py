"""The middle that every publishing flow shares: build, compare with what was published, judge, publish, tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from expectations.results import CheckResult, critical_failures, waived, warnings
from flows import pages, tasks
from flows.attempt import Attempt
from flows.events import tell_of_end
from flows.held_page import held_page
from flows.night import Night
from flows.report import Summary, gates_page, revisions_page
from sources.intake import Outcome
from sources.ledger import position, unfinished_backfills
from warehouse.pending import what_is_new
from warehouse.revision_summary import inputs_of
from warehouse.revisions import Revised
from warehouse.scope_changes import ScopeKey
from warehouse.shelf import current_release, record_current
from warehouse.words import RESULTS


class Stopped(Exception):
    """A gate stopped the publication: the run fails in Prefect as it does on the command line."""

    def __init__(self, summary: Summary) -> None:
        names = ", ".join(check.name for check in summary.stopped_by)
        super().__init__(f"未过关卡，未发布 / a gate stopped the publication: {names}")
        self.summary = summary


def ended_well(summary: Summary) -> Summary:
    """The summary of a run that no gate stopped; Stopped otherwise."""
    if summary.result == "stopped":
        raise Stopped(summary)
    return summary


def refresh(night: Night, outcomes: Sequence[Outcome] = ()) -> Summary:
    """Publish what the ledger now holds, unless nothing changed or a gate stops it.

    New deliveries of a domain that fails gate 3 are put on hold, and the rest is published.
    """
    record_current(night.home, night.ledger)  # what a crash left out
    owed = tasks.finish_backfills(night) if unfinished_backfills(night.ledger) else []
    # files may still wait in another region's inbox, or have come since: they are the next run's
    if not owed and not set(what_is_new(night.home)) - {"waiting"}:
        if outcomes:
            _tell_gates(night, "unchanged")
        return _ended(night, outcomes, "unchanged")
    tasks.end_holds(night)
    attempt = _attempt(night, owed)
    while attempt.failures and tasks.hold_back(night, attempt):
        attempt = _attempt(night, owed)
    if attempt.revised is None or attempt.failures:
        tasks.leave_holds_as_found(night)
        _tell_gates(night, "stopped")
        return _ended(night, outcomes, "stopped", attempt.results)
    tasks.publish_release(night, attempt.at, attempt.revised)
    _tell_gates(night, "published")
    _tell_revisions(attempt.revised)
    return _ended(night, outcomes, "published", attempt.results, attempt.revised)


def taken_in(night: Night, outcomes: Sequence[Outcome]) -> Summary:
    """The end of a run that only takes in: what it found is told, the release stays."""
    if outcomes:
        _tell_gates(night, "taken_in")
    return _ended(night, outcomes, "taken_in")


def _attempt(night: Night, owed: Sequence[ScopeKey]) -> Attempt:
    """Build what the ledger now holds, compare it with what was published, and judge it."""
    at = position(night.ledger)
    built = tasks.build_warehouse(night, at, owed)
    revised = tasks.compare_with_published(night, at, owed) if built.is_good else None
    return Attempt(at, built, revised, tasks.judge_warehouse(night, built, revised))


def _tell_gates(night: Night, result: str) -> None:
    page = gates_page(night) + held_page(night.held, result, night.unexplained)
    tasks.tell_operators("gates", page, "关卡、暂扣与退件 / gates, holds and refused files")


def _tell_revisions(revised: Revised) -> None:
    told = revisions_page(revised.revisions, revised.scope_changes, inputs_of(revised), revised.is_first)
    tasks.tell_operators(
        "revisions", told, "修订：范围、文件、指标、原因 / revisions: scopes, files, indicators, causes"
    )


def _ended(
    night: Night,
    outcomes: Sequence[Outcome],
    result: str,
    results: Sequence[CheckResult] = (),
    published: Revised | None = None,
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
        revisions=published.revisions if published else [],
        scope_changes=published.scope_changes if published else [],
        changed_inputs=inputs_of(published) if published else (),
        is_first=published is not None and published.is_first,
        held=tuple(night.held),
        waived=tuple(waived(results)),
        odd=tuple((o, check) for o in outcomes if o.status == "accepted" for check in warnings(o.checks)),
        unexplained=night.unexplained if result == "stopped" else "",
    )
    moved = 0 if summary.is_first else len(summary.revisions)
    pages.name_run([*pages.counted(outcomes), *pages.ended(result, len(summary.held), moved)])
    night.tell(f"结束 / ended: {RESULTS[result]}，当前版本 / current release: {summary.release_id or '—'}")
    if result != "unchanged" or outcomes:
        pages.link("report", f"/runs/{night.run_id}/report.html", "运行报告 / report of this run")
        night.progress.reach("done")
    night.ending |= {
        "result": result,
        "release_id": summary.release_id,
        "counts": summary.counts,
        "changed_values": len(summary.revisions),
        "changed_scopes": len(summary.scope_changes),
        "held": [item.delivery_id for item in night.held],
        "held_domains": sorted({domain for item in night.held for domain in item.domains}),
        "stopped_by": [check.name for check in summary.stopped_by],
        "waived": [check.name for check in summary.waived],
    }
    tell_of_end(summary)
    return summary

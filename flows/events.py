"""What runs tell Prefect's automations: a delivery refused, a gate failed, a release published, a run over.

docs/serving.md lists every event with its labels. No event holds a plate or an enterprise.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from expectations.results import CheckResult
from flows.pages import on_site
from serving.api import PREFIX
from sources.contract import contracts
from sources.privacy import shareable
from warehouse.harmless import on_one_line, shown_name

if TYPE_CHECKING:
    from flows.report import Summary
    from sources.fetching.fetch import Fetched
    from sources.intake import Outcome

MOST = 20  # of one kind in one event; the rest is in the run's report


def tell(event: str, resource: str, name: str, **labels: object) -> None:
    """Send an event about a resource, from within a run; the run never fails for that, whoever listens.

    Of a list every item is made fit to be passed around by itself: what is hidden in one hides nothing of the next.
    """
    from prefect.context import FlowRunContext, TaskRunContext
    from prefect.events import emit_event

    if FlowRunContext.get() is None and TaskRunContext.get() is None:
        return
    named = {"prefect.resource.id": resource, "prefect.resource.name": name}
    ours = {f"{PREFIX}{key}": _said(value) for key, value in labels.items() if value is not None}
    try:
        emit_event(event=event, resource={**named, **ours})
    except Exception as error:
        from prefect.logging import get_logger

        get_logger("peak").warning("事件未发出 / event not sent: %s: %r", event, error)


def _said(value: object) -> str:
    items = value if isinstance(value, list) else [value]
    return "; ".join(on_one_line(shareable(str(item))) for item in items)


def tell_of_file(outcome: Outcome) -> None:
    """A delivery that was refused, to the bureau that delivers the feed."""
    if outcome.status != "quarantined":
        return
    contract = contracts()[outcome.feed]
    tell(
        "peak.delivery.quarantined",
        f"peak.delivery.{outcome.delivery_id}",
        f"{outcome.region}/{outcome.feed} {contract.title}",
        bureau=contract.owner,
        region=outcome.region,
        feed=outcome.feed,
        title=contract.title,
        file=shown_name(outcome.file_name),
        delivery=outcome.delivery_id,
        report=_report(outcome),
        why=f"{outcome.zh} / {outcome.en}",
    )


def tell_of_failures(failures: Sequence[CheckResult], run_id: str) -> None:
    """The checks of gate 3 that failed critically in one judgement, in one event."""
    if not failures:
        return
    names = ", ".join(check.name for check in failures[:MOST])
    tell(
        "peak.gate.failed",
        f"peak.gate.{run_id}",
        names,
        check=names + (" …" if len(failures) > MOST else ""),
        count=len(failures),
        domain=", ".join(sorted({domain for check in failures for domain in check.domains})),
        why=f"{failures[0].why_zh} / {failures[0].why_en}",
        report=f"/runs/{run_id}/report.html",
    )


def tell_bureaus(refused: Sequence[Outcome]) -> None:
    """Each bureau whose files a run refused, in one event with all of them."""
    by_bureau: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in refused:
        by_bureau[contracts()[outcome.feed].owner].append(outcome)
    for bureau, outcomes in sorted(by_bureau.items()):
        listed = outcomes[:MOST]
        tell(
            "peak.bureau.refused",
            f"peak.bureau.{bureau}",
            bureau,
            bureau=bureau,
            count=len(outcomes),
            files=[*map(_refused, listed), *(["…"] if len(outcomes) > MOST else [])],
        )


def _refused(outcome: Outcome) -> str:
    """One refused file: its feed, where its report is, and last why, of which the end may be hidden."""
    where = on_site(_report(outcome)) or outcome.delivery_id
    return f"{shown_name(outcome.file_name)} ({outcome.feed}) {where} {outcome.zh} / {outcome.en}"


def _report(outcome: Outcome) -> str:
    return f"/quarantine/{outcome.delivery_id}/report.html"


def tell_of_release(release_id: str, as_of: object, revised: int) -> None:
    """A release that is current now, with the number of values that it revised."""
    tell(
        "peak.release.published",
        f"peak.release.{release_id}",
        release_id,
        release=release_id,
        as_of=as_of,
        revised=revised,
    )


def tell_of_servers(failing: Sequence[Fetched]) -> None:
    """Servers that could be fetched from the time before and cannot be now."""
    for one in failing:
        server = one.server
        resource = f"peak.server.{server.region}.{server.feed}.{server.name}"
        labels = {"server": server.name, "feed": server.feed, "region": server.region, "why": one.sentence}
        tell("peak.fetch.failed", resource, server.name, **labels)


def tell_of_audit(release_id: str, differences: str) -> None:
    """An old release that did not come out as it was published."""
    labels = {"release": release_id, "differences": differences}
    tell("peak.audit.failed", f"peak.audit.{release_id}", release_id, **labels)


def tell_of_end(summary: Summary) -> None:
    """A run that came to its end; one that failed with an error is told of by Prefect itself."""
    counts = ", ".join(f"{status} {count}" for status, count in sorted(summary.counts.items()))
    tell(
        "peak.run.ended",
        f"peak.run.{summary.run_id}",
        summary.run_id,
        result=summary.result,
        release=summary.release_id,
        files=counts,
        stopped_by=", ".join(check.name for check in summary.stopped_by),
        held=len(summary.held),
        report=f"/runs/{summary.run_id}/report.html",
    )

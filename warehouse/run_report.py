"""The report of a run, written from the ledger alone: what came in, what to mend, what the gates said, what moved.

It is passed around, so neither plates nor enterprises are in it; the bureau's own report lies in quarantine/.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sources.archive import write_durably
from sources.documents import Document, as_html, as_markdown
from sources.ledger import Delivery, Ledger, Revision, Run, deliveries, gate_results, releases, revisions_between, runs
from sources.privacy import shareable
from warehouse.paths import Home
from warehouse.run_sections import (
    files_section,
    gate_sections,
    holds_section,
    moved_sections,
    refused_sections,
)
from warehouse.words import CHECKS, RESULTS

KEPT = 90


class NoSuchRun(ValueError):
    """The ledger knows no run of this id."""


def gates_document(home: Home, ledger: Ledger, run_id: str) -> Document:
    """What the gates of a run said so far: counts by gate and suite, all that did not pass, what to mend in files."""
    results = gate_results(ledger, run_id)
    came = _came_in(ledger, run_id)
    counts = Counter(result.status for result in results)
    facts = [(words, counts[status]) for status, words in CHECKS.items()]
    is_good = not any(result.severity == "critical" and result.status in ("failed", "error") for result in results)
    return Document(
        "关卡 / Gates", facts, [*gate_sections(results, deliveries(ledger)), *refused_sections(home, came)], is_good
    )


def run_document(home: Home, ledger: Ledger, run_id: str) -> Document:
    """Everything a run did. NoSuchRun when the ledger has none of this id."""
    run = _run(ledger, run_id)
    came, results = _came_in(ledger, run_id), gate_results(ledger, run_id)
    published, moved = _published(ledger, run_id)
    sections = [
        files_section(came),
        *refused_sections(home, came),
        *gate_sections(results, deliveries(ledger)),
        holds_section(ledger, run_id),
        *moved_sections(moved),
    ]
    result = run.details.get("result")
    return Document(
        f"运行报告 / Run report：{run_id}", _facts(run, published), sections, result not in ("stopped", "failed")
    )


def write_run_report(home: Home, ledger: Ledger, run_id: str) -> Path:
    """Write runs/<run_id>/report.html and report.md, over older ones. NoSuchRun when the ledger has none of this id."""
    document = run_document(home, ledger, run_id)
    folder = home.runs / run_id
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("report.md", as_markdown(document)), ("report.html", as_html(document))):
        write_durably(folder / name, text.encode("utf-8", "backslashreplace"))
    return folder / "report.html"


def keep_run_reports(home: Home, ledger: Ledger) -> None:
    """Of the last KEPT runs that are over every one has its report afterwards, of older ones none has."""
    kept = [run.run_id for run in runs(ledger, KEPT) if run.state != "running"]
    for run_id in kept:
        if not (home.runs / run_id / "report.html").is_file():
            write_run_report(home, ledger, run_id)
    for folder in home.runs.iterdir() if home.runs.is_dir() else ():
        if folder.is_dir() and folder.name not in kept:
            shutil.rmtree(folder, ignore_errors=True)


def _run(ledger: Ledger, run_id: str) -> Run:
    found = next((run for run in runs(ledger, -1) if run.run_id == run_id), None)
    if found is None:
        raise NoSuchRun(f"账本中没有这次运行 / the ledger has no such run: {run_id}")
    return found


def _facts(run: Run, published: Sequence[str]) -> list[tuple[str, object]]:
    details = run.details
    named = {
        "命令 / command": details.get("command"),
        "结果 / result": _in_words(str(details.get("result") or run.state)),
        "阻止发布 / stopped by": ", ".join(details.get("stopped_by", ())),
        "发布版本 / published": ", ".join(published),
        "当前版本 / current": details.get("release_id"),
        "运行日期 / as of": details.get("as_of"),
        "地区 / region": details.get("region"),
        "开始 / started (UTC)": run.started_at,
        "结束 / ended (UTC)": run.ended_at,
        "操作人 / who": details.get("who"),
        "原因 / why": details.get("why"),
        "错误 / error": shareable(details.get("error")),
    }
    return [(name, value) for name, value in named.items() if value]


def _in_words(result: str) -> str:
    return RESULTS.get(result, result)


def _came_in(ledger: Ledger, run_id: str) -> list[Delivery]:
    return [entry for entry in deliveries(ledger) if entry.run_id == run_id]


def _published(ledger: Ledger, run_id: str) -> tuple[list[str], list[Revision]]:
    """The releases of a run and what they revised; in the first release of a home all is new, so nothing is listed."""
    known = releases(ledger)
    own = [number for number, release in enumerate(known) if release.run_id == run_id]
    moved = [item for n in own if n for item in revisions_between(ledger, known[n - 1].release_id, known[n].release_id)]
    return [known[number].release_id for number in own], moved

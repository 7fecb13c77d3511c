"""Runs and gate results in the ledger."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sources.ledger.store import Ledger, as_json, insert, insert_many, utc_now


@dataclass(frozen=True)
class Run:
    """One run. `state` is running, ended or died (it never ended and its process is gone)."""

    run_id: str
    state: str
    started_at: str
    ended_at: str | None
    details: dict[str, Any]


@dataclass(frozen=True)
class GateResult:
    """One check on one subject (a delivery, or the marts) in one run; `status` is passed, failed, error or skipped.

    `offending_rows` are the first rows of the delivered file (in `sheet`) that do not hold; `unexpected_count` has all.
    `deliveries` are the one that was checked, or for the marts the new ones that may be behind it.
    """

    run_id: str | None
    at: str
    gate: str
    subject: str
    suite: str
    check_name: str
    severity: str
    status: str
    column_name: str | None
    observed: str | None
    unexpected_count: int | None
    row_count: int | None
    examples: list[str]
    why_zh: str | None
    why_en: str | None
    region: str | None = None
    feed: str | None = None
    sheet: str | None = None
    offending_rows: list[int] = field(default_factory=list)
    domains: list[str] = field(default_factory=list)
    deliveries: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class About:
    """What a gate result is about, as far as it is known: feeds and regions are joined by commas."""

    region: str | None = None
    feed: str | None = None
    sheet: str | None = None
    deliveries: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()


MAX_ROWS = 100  # row numbers kept of one result
_LISTS = ("examples", "offending_rows", "domains", "deliveries")


def _process_started(pid: int) -> str | None:
    """When the process began, in ticks since boot; a number that tells it from a later one with the same id."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text("ascii", "replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()[19]


def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""


def process_mark(pid: int | None = None) -> str:
    """`boot:pid:start`, which no other process ever has."""
    pid = pid or os.getpid()
    return f"{_boot()}:{pid}:{_process_started(pid) or ''}"


def is_alive(mark: str) -> bool:
    """Whether the process with this mark still runs on this machine."""
    boot, pid, started = mark.split(":")
    if boot != _boot():
        return False
    if started:
        return _process_started(int(pid)) == started
    try:  # no /proc here: all we can ask is whether some process has the number
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _add_event(ledger: Ledger, run_id: str, event: str, details: Mapping[str, Any]) -> None:
    values = {"run_id": run_id, "event": event, "at": utc_now(), "process": process_mark(), "details": as_json(details)}
    with ledger.writing() as connection:
        insert(connection, "run_events", values)


def start_run(ledger: Ledger, run_id: str, details: Mapping[str, Any] | None = None) -> None:
    """Record that this process began a run."""
    _add_event(ledger, run_id, "started", details or {})


def end_run(ledger: Ledger, run_id: str, details: Mapping[str, Any] | None = None) -> None:
    """Record that a run came to its end, well or badly; `details` say how."""
    _add_event(ledger, run_id, "ended", details or {})


def runs(ledger: Ledger, limit: int = 20) -> list[Run]:
    """The last runs, newest first; details of start and end are merged."""
    sql = """
    select s.run_id, s.at as started_at, s.process, s.details as started, e.at as ended_at, e.details as ended
    from run_events as s left join run_events as e on e.run_id = s.run_id and e.event = 'ended'
    where s.event = 'started' order by s.id desc limit ?
    """
    found = []
    for row in ledger.rows(sql, (limit,)):
        state = "ended" if row["ended_at"] else "running" if is_alive(row["process"]) else "died"
        details = {**json.loads(row["started"]), **json.loads(row["ended"] or "{}")}
        found.append(Run(row["run_id"], state, row["started_at"], row["ended_at"], details))
    return found


def add_gate_results(
    ledger: Ledger,
    results: Iterable[Any],
    *,
    gate: str,
    subject: str,
    run_id: str | None = None,
    about: Callable[[Any], About] = lambda _: About(),
) -> None:
    """Record the results of one gate (`file`, `delivery`, `warehouse`) on one subject, passed ones too.

    `results` are CheckResult-like: suite, check, severity, status, column, observed, unexpected_count, row_count,
    examples, rows, domains, why_zh, why_en. `about` says of a result what it is about. Where `observed` is None the
    count of offenders and rows stands in its place, as `3 / 45`.
    """
    subject_of = {"run_id": run_id, "at": utc_now(), "gate": gate, "subject": subject}
    with ledger.writing() as connection:
        rows = [{**subject_of, **_check(result), **_about(result, about(result))} for result in results]
        insert_many(connection, "gate_results", rows)


def _text(value: object) -> str:
    # what a file holds need not be text that a database takes: half of a surrogate pair, say
    return str(value).encode("utf-8", "backslashreplace").decode("utf-8")


def _observed(result: Any) -> str | None:
    """What a check saw; of one that looks at row after row, how many of how many offend."""
    if result.observed is not None:
        return _text(result.observed)
    seen = (str(count) for count in (result.unexpected_count, result.row_count) if count is not None)
    return None if result.unexpected_count is None else " / ".join(seen)


def _check(result: Any) -> dict[str, Any]:
    return {
        "suite": result.suite,
        "check_name": result.check,
        "severity": result.severity,
        "status": result.status,
        "column_name": result.column,
        "observed": _observed(result),
        "unexpected_count": result.unexpected_count,
        "row_count": result.row_count,
        "examples": _text(as_json(list(result.examples or ()))),
        "offending_rows": as_json(list(getattr(result, "rows", ()))[:MAX_ROWS]),
        "why_zh": result.why_zh,
        "why_en": result.why_en,
    }


def _about(result: Any, about: About) -> dict[str, Any]:
    facts = {"region": about.region, "feed": about.feed, "sheet": about.sheet}
    domains = about.domains or tuple(getattr(result, "domains", ()))
    return {**facts, "deliveries": as_json(about.deliveries), "domains": as_json(domains)}


def _gate_result(row: sqlite3.Row) -> GateResult:
    values = {key: row[key] for key in row.keys() if key != "id"}  # noqa: SIM118 - a Row iterates over values
    return GateResult(**{**values, **{name: json.loads(values[name]) for name in _LISTS}})


def gate_results(ledger: Ledger, run_id: str | None = None) -> list[GateResult]:
    """Gate results in order, of one run when given."""
    rows = ledger.rows("select * from gate_results where ? is null or run_id = ? order by id", (run_id, run_id))
    return [_gate_result(row) for row in rows]


def judged_runs(ledger: Ledger) -> list[str]:
    """The runs that have gate results, newest first."""
    rows = ledger.rows(
        "select run_id from gate_results where run_id is not null group by run_id order by max(id) desc", ()
    )
    return [row["run_id"] for row in rows]

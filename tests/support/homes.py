"""A data home for tests, run with the plain functions that the flows wrap."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq

from expectations.gate import judge_marts
from expectations.results import CheckResult, critical_failures
from sources.intake import Outcome, take_in, waiting
from sources.ledger import Ledger, accepted_scopes, open_ledger, position, waivers
from tests.support.parse import lend_parse
from warehouse.build import BuildResult, build
from warehouse.correction_checks import correction_checks
from warehouse.judging import Judging
from warehouse.paths import Home
from warehouse.release import publish
from warehouse.revision_checks import BLAST_RADIUS, revision_checks
from warehouse.revisions import Revised, revise
from warehouse.shelf import ReleaseInfo

AS_OF = date(2026, 1, 1)


@dataclass
class Night:
    """What one run of the plain functions gave."""

    outcomes: list[Outcome]
    built: BuildResult
    checks: list[CheckResult]
    release: ReleaseInfo | None = None
    failed: list[CheckResult] = field(default_factory=list)
    revised: Revised | None = None


def take_in_all(home: Home, judged: bool = True, as_of: date = AS_OF) -> list[Outcome]:
    """Take in everything that waits; without gate 2 when not `judged` (random worlds are legal, not plausible)."""
    with closing(open_ledger(home)) as ledger:
        judge = Judging(home, ledger, as_of) if judged else None
        return [take_in(w.path, w.feed, w.region, home, ledger, "test", judge=judge) for w in waiting(home)]


def run(home: Home, as_of: date, judged: bool = True) -> Night:
    """A whole night without Prefect; publishes unless a gate stops it.

    Not `judged`: random worlds, where values may come and go, yet never unpredicted.
    """
    lend_parse(home)
    outcomes = take_in_all(home, judged, as_of)
    with closing(open_ledger(home)) as ledger:
        at = position(ledger)
        built = build(home, as_of, ledger=ledger, at=at)
        night = Night(outcomes, built, checks=[])
        if built.is_good:
            night.revised = revise(home, ledger, at, as_of)
            night.checks = _judge(home, ledger, night.revised, judged)
            night.failed = critical_failures(night.checks)
        if night.revised is not None and not night.failed:
            found = night.revised
            night.release = publish(
                home,
                ledger,
                as_of,
                run_id="test",
                at=at,
                revised=found.revisions,
                scope_changes=found.scope_changes,
            )
    return night


def _judge(home: Home, ledger: Ledger, revised: Revised, judged: bool) -> list[CheckResult]:
    checks = revision_checks(revised, waivers(ledger))
    with duckdb.connect(str(home.build_db), read_only=True) as connection:
        corrected = correction_checks(connection)
        if not judged:
            return [check for check in checks if check.check == BLAST_RADIUS] + corrected
        return judge_marts(connection) + corrected + checks


@contextmanager
def released(release: ReleaseInfo) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection to a release."""
    connection = duckdb.connect(str(release.database), read_only=True)
    try:
        yield connection
    finally:
        connection.close()


def accepted_rows(home: Home, region: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """(feed, typed rows) of every accepted delivery of a region, as it reads now, in the order of acceptance.

    `_is_partial` says of a row whether others of its scope were left out.
    """
    with closing(open_ledger(home)) as ledger:
        scopes = [scope for scope in accepted_scopes(ledger) if scope.region == region]
    found = []
    for _, group in groupby(scopes, key=lambda scope: scope.seq):
        own = list(group)
        partial = {scope.scope for scope in own if scope.is_partial}
        path = home.delivery(own[0].feed, region, own[0].delivery_id, own[0].reparse_id)
        rows = [row | {"_is_partial": row["_scope"] in partial} for row in pq.read_table(path).to_pylist()]
        found.append((own[0].feed, rows))
    return found


def put(home: Home, region: str, feed: str, name: str, content: bytes | str) -> Path:
    """A file in the inbox."""
    path = home.inbox / region / feed / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def contents(folder: Path) -> dict[str, str]:
    """sha256 of every file below a folder, by its relative name."""
    found = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found}

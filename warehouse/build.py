"""The build: schema raw from the ledger, then dbt over just what depends on what is new."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import duckdb

from sources.corrections import NAME as CORRECTIONS
from sources.corrections import BadCorrections
from sources.dbt_sources import KEPT_UP
from sources.ledger import Ledger, Position, open_ledger
from warehouse import build_state, raw
from warehouse.build_result import BuildResult, checks
from warehouse.build_state import EVERYTHING, settle
from warehouse.dbt_runs import KEPT_UP_MODELS, Node, OnProgress, Progress, invoke, last_manifest, run_dbt, target_folder
from warehouse.paths import DBT_PROJECT, SEEDS, Home
from warehouse.raw import ChangedScope, RawResult, ScopeKey
from warehouse.selection import Graph

__all__ = [
    "BuildResult",
    "Node",
    "Progress",
    "build",
    "checks",
    "invoke",
    "run_dbt",
    "settle",
    "target_folder",
]

# Rows of the large feeds that one dbt command takes up: what it needs of memory and what a crash loses stay bounded.
BATCH_ROWS = 20_000_000
# a failure of this test says that a kept-up table is stale, not that a delivery is wrong
_STALE = "staging_has_rows_as_recorded"


@dataclass
class _Course:
    """A build on its way: what has run so far."""

    home: Home
    prepared: RawResult
    on_progress: OnProgress | None
    project: Path | None = None
    nodes: list[Node] = field(default_factory=list)
    problem: str | None = None
    models: list[str] = field(default_factory=list)

    def run(self, command: str, names: Sequence[str] | None) -> bool:
        """One dbt command, none for no names; whether all is well so far."""
        if names is None or names:
            ran = run_dbt(self.home, command, self.on_progress, names, self.project)
            self.nodes += ran.nodes
            self.problem = ran.problem
        return self.is_good

    @property
    def is_good(self) -> bool:
        return BuildResult(self.nodes, problem=self.problem).is_good


def batches(changed: Sequence[ChangedScope], most_rows: int | None = None) -> list[list[ChangedScope]]:
    """The changed scopes of the large feeds, in order, cut where a batch would pass `most_rows` (BATCH_ROWS)."""
    found: list[list[ChangedScope]] = []
    rows, most = 0, most_rows or BATCH_ROWS
    for scope in changed:
        if scope.feed not in KEPT_UP:
            continue
        if not found or rows + scope.row_count > most:
            found.append([])
            rows = 0
        found[-1].append(scope)
        rows += scope.row_count
    return found


def _take_up_batches(course: _Course) -> bool:
    """Many scopes of large feeds go in several commands; each that is done stays done, whatever comes after."""
    home, prepared = course.home, course.prepared
    parts = batches(prepared.changed)
    if len(parts) < 2:
        return True
    for number, part in enumerate(parts, 1):
        begun = time.monotonic()
        raw.take_up(home, prepared, part)
        if not course.run("run", KEPT_UP_MODELS):
            return False
        with duckdb.connect(str(home.build_db)) as connection:
            build_state.advance(connection)
        if course.on_progress:
            name = f"{len(part)} 个范围 / scopes ({part[0].feed} {part[0].scope} … {part[-1].feed} {part[-1].scope})"
            course.on_progress(Progress(number, len(parts), name, "success", time.monotonic() - begun))
    # the models of the large feeds find nothing left to do in what follows
    raw.take_up(home, prepared, [scope for scope in prepared.changed if scope.feed not in KEPT_UP])
    return True


def _graph(home: Home, project: Path | None) -> Graph:
    manifest = last_manifest(home)
    if manifest is None:
        invoke(home, "parse", project=project)
        manifest = json.loads((target_folder(home) / "manifest.json").read_text("utf-8"))
    return Graph.of(manifest)


def _tables(graph: Graph) -> dict[str, str]:
    """The settling tables by dbt id, as `schema.table`."""
    return {part.id: f"{part.schema}.{part.name}" for part in graph.settling}


def _unchanged(home: Home, graph: Graph) -> set[str]:
    """The settling tables that are as the last good build left them."""
    tables = _tables(graph)
    with duckdb.connect(str(home.build_db), read_only=True) as connection:
        known = build_state.get(connection, "settled", {})
        now = build_state.fingerprints(connection, tables.values())
    return {id for id, table in tables.items() if table in now and now[table] == known.get(table)}


def _run_what_depends(course: _Course, graph: Graph) -> set[str]:
    """First the settling tables that may differ, then what depends on those that do; gives all that does."""
    prepared = course.prepared
    dirty, first = graph.dirty(prepared.sources), []
    if prepared.is_settled:
        candidates = set(_tables(graph)) & dirty
        first = graph.to_run(graph.above(candidates) & dirty, "model")
        if first and course.run("run", first):
            dirty = graph.dirty(prepared.sources, _unchanged(course.home, graph))
    if course.is_good:
        rest = graph.to_run(dirty, "model", "test", "seed")
        course.run("build", [name for name in rest if name not in first])
    return dirty


def _run(course: _Course) -> None:
    if not _take_up_batches(course):
        return
    if EVERYTHING in course.prepared.sources:
        course.run("build", None)
        dirty: set[str] | None = None
    else:
        dirty = _run_what_depends(course, _graph(course.home, course.project))
    if course.is_good:
        _conclude(course, dirty)


def _conclude(course: _Course, dirty: set[str] | None) -> None:
    """All is well: keep what was built, and what gate 3 has yet to judge; `dirty` are the parts rebuilt, None all."""
    graph = _graph(course.home, course.project)
    with duckdb.connect(str(course.home.build_db)) as connection:
        is_judged = dirty is not None and build_state.has_judged(connection)
        models = graph.models(dirty if dirty is not None and is_judged else graph.parts)
        course.models = build_state.finish(connection, _tables(graph).values(), models, judge_all=not is_judged)


def _built(
    home: Home,
    as_of: date,
    on_progress: OnProgress | None,
    ledger: Ledger,
    at: Position | None,
    force_scopes: Collection[ScopeKey],
    full: bool,
    project: Path | None,
) -> BuildResult:
    begun = time.monotonic()
    # what another copy of the project built is nothing that a later build may stand on
    seeds = SEEDS if project is None else project / SEEDS.relative_to(DBT_PROJECT)
    prepared = raw.prepare(
        home, ledger, as_of, at, force_scopes=force_scopes, full=full, is_lasting=project is None, seeds=seeds
    )
    raw_done = time.monotonic()
    course = _Course(home, prepared, on_progress, project)
    _run(course)
    seconds = {"raw": raw_done - begun, "dbt": time.monotonic() - raw_done}
    return BuildResult(
        course.nodes,
        seconds,
        course.problem,
        prepared.rebuilt,
        prepared.changed,
        course.models,
        prepared.is_new,
    )


def _is_in_doubt(result: BuildResult) -> bool:
    """Whether what an incremental build found may be the fault of what it stands on."""
    return bool(result.problem or result.errored or any(node.name == _STALE for node in result.failed))


def build(
    home: Home,
    as_of: date,
    on_progress: OnProgress | None = None,
    *,
    ledger: Ledger | None = None,
    at: Position | None = None,
    force_scopes: Collection[ScopeKey] = (),
    full: bool = False,
    project: Path | None = None,
) -> BuildResult:
    """Build the warehouse from what wins in the ledger (at `at`, now by default), `as_of` a date.

    Takes up what changed since the last good build; everything, when there is none to stand on or it proves damaged.
    `force_scopes` are taken up anew although nothing changed; `full` builds everything from nothing.
    `project` is another copy of the dbt project, with the seeds of an old release, say; it is always built in full.

    Never raises for failing tests or models, nor for a table of corrections that cannot be used (a `problem`).
    sources.archive.Damaged when a delivery cannot be brought back.
    """
    own = ledger or open_ledger(home)
    try:
        try:
            result = _built(home, as_of, on_progress, own, at, force_scopes, full or project is not None, project)
        except BadCorrections as error:
            return BuildResult(problem=str(error), refused=CORRECTIONS)
        except duckdb.Error as error:
            result = BuildResult(problem=str(error), is_full=False)
        if not result.is_full and _is_in_doubt(result):
            result = _built(home, as_of, on_progress, own, at, (), True, project)
        return result
    finally:
        if ledger is None:
            own.close()

"""dbt over build.duckdb: seeds, models and tests in one go, told as plain results."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from sources.ledger import Ledger, Position, open_ledger
from warehouse import raw
from warehouse.findings import found
from warehouse.paths import DBT_PROJECT, Home
from warehouse.raw import ChangedScope, ScopeKey

FAILED = ("error", "fail", "runtime error", "partial success")
_ENVIRONMENT = {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1", "DBT_USE_COLORS": "false"}

OnProgress = Callable[["Progress"], None]


@dataclass(frozen=True)
class Progress:
    """One node is done: `index` of `total`, its name and status, and its seconds."""

    index: int
    total: int
    name: str
    status: str
    seconds: float


@dataclass(frozen=True)
class Node:
    """One dbt node after the build. `kind` is seed, model, test or unit_test; `status` success, pass, warn, fail,
    error or skipped; `tags` and `path` (below models/) tell the domain; `parents` are the models a test looks at."""

    unique_id: str
    name: str
    kind: str
    status: str
    message: str
    seconds: float
    failures: int | None
    severity: str
    path: str
    parents: tuple[str, ...]


@dataclass(frozen=True)
class BuildResult:
    """The outcome of a build. `problem` is set when dbt could not even begin (a model does not parse, say).

    `rebuilt`: deliveries whose file came back from the archive. `changed`: the scopes taken up anew. `rebuilt_models`:
    the models that gate 3 has to judge. `is_full`: built from nothing.
    """

    nodes: list[Node] = field(default_factory=list)
    seconds: Mapping[str, float] = field(default_factory=dict)
    problem: str | None = None
    rebuilt: list[str] = field(default_factory=list)
    changed: list[ChangedScope] = field(default_factory=list)
    rebuilt_models: list[str] = field(default_factory=list)
    is_full: bool = True

    def _with(self, *statuses: str) -> list[Node]:
        return [node for node in self.nodes if node.status in statuses]

    @property
    def passed(self) -> list[Node]:
        return self._with("success", "pass")

    @property
    def failed(self) -> list[Node]:
        """Tests of severity error that found something."""
        return self._with("fail")

    @property
    def warned(self) -> list[Node]:
        """Tests of severity warn that found something."""
        return self._with("warn")

    @property
    def errored(self) -> list[Node]:
        """Nodes that could not run; never to be read as a verdict on data."""
        return self._with("error", "runtime error", "partial success")

    @property
    def skipped(self) -> list[Node]:
        return self._with("skipped")

    @property
    def is_good(self) -> bool:
        """Whether everything ran and no test of severity error failed."""
        return self.problem is None and bool(self.nodes) and not (self.failed or self.errored or self.skipped)


def target_folder(home: Home) -> Path:
    """Where dbt leaves manifest.json, run_results.json and its partial parse."""
    return home.build / "target"


@contextmanager
def _environment(home: Home) -> Iterator[None]:
    wanted = {**_ENVIRONMENT, "PEAK_BUILD_DB": str(home.build_db)}
    before = {name: os.environ.get(name) for name in wanted}
    os.environ.update(wanted)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def _without_collecting() -> Iterator[None]:
    """No cycle collection meanwhile: dbt keeps millions of objects, each pass over them takes a quarter of a second
    and finds little. What piles up is bounded by the number of nodes."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _on_event(on_progress: OnProgress) -> Callable[[Any], None]:
    def handle(event: Any) -> None:
        if event.info.name not in ("LogModelResult", "LogTestResult", "LogSeedResult", "LogSnapshotResult"):
            return
        data = event.data
        total = data.num_models if event.info.name == "LogTestResult" else data.total
        # an exception in here would end dbt's worker, and the node would count as an error
        with suppress(Exception):
            on_progress(Progress(data.index, total, data.node_info.node_name, data.status, data.execution_time))

    return handle


def _arguments(home: Home, command: str, project: Path) -> list[str]:
    folders = {
        "--project-dir": project,
        "--profiles-dir": project,
        "--target-path": target_folder(home),
        "--log-path": home.build / "logs",
    }
    listed = [text for name, path in folders.items() for text in (name, str(path))]
    return [
        command,
        *listed,
        "--log-level",
        "none",
        "--no-use-colors",
        "--no-send-anonymous-usage-stats",
        "--no-version-check",
    ]


def invoke(
    home: Home,
    command: str,
    on_progress: OnProgress | None = None,
    extra: tuple[str, ...] = (),
    project: Path | None = None,
) -> Any:
    """Run one dbt command in this process on the home's build database; dbt's own result object comes back.

    `project` is the folder of the dbt project, the one beside this package by default. The database is free for
    others afterwards.
    """
    from dbt.adapters.duckdb.connections import DuckDBConnectionManager
    from dbt.cli.main import dbtRunner

    home.build.mkdir(parents=True, exist_ok=True)
    with _environment(home), _without_collecting():
        try:
            runner = dbtRunner(callbacks=[_on_event(on_progress)] if on_progress else [])
            return runner.invoke([*_arguments(home, command, project or DBT_PROJECT), *extra])
        finally:
            DuckDBConnectionManager.close_all_connections()


def _node(result: Any, home: Home) -> Node:
    node = result.node
    config = getattr(node, "config", None)
    parents = tuple(getattr(getattr(node, "depends_on", None), "nodes", ()) or ())
    return Node(
        unique_id=node.unique_id,
        name=node.name,
        kind=str(node.resource_type),
        status=str(result.status),
        message=found(home.build_db, result),
        seconds=float(result.execution_time or 0),
        failures=result.failures,
        severity=str(getattr(config, "severity", "error")).lower(),
        path=str(getattr(node, "path", "")),
        parents=parents,
    )


def run_dbt(home: Home, on_progress: OnProgress | None = None, project: Path | None = None) -> BuildResult:
    """`dbt build` on the raw schema as it stands. Never raises for what tests or models do."""
    begun = time.monotonic()
    # unit tests look at made-up rows: they prove the code, once per change, and say nothing about tonight's data
    outcome = invoke(home, "build", on_progress, ("--exclude-resource-type", "unit_test"), project)
    seconds = {"dbt": time.monotonic() - begun}
    results = getattr(outcome.result, "results", None)
    if results is None:
        return BuildResult(seconds=seconds, problem=str(outcome.exception or "dbt gave no result"))
    return BuildResult([_node(result, home) for result in results], seconds)


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

    `force_scopes` are taken up anew although nothing changed; `full` builds everything from nothing; `project` is
    another copy of the dbt project, with the seeds of an old release, say.

    Never raises for failing tests or models. sources.archive.Damaged when a delivery cannot be brought back.
    """
    begun = time.monotonic()
    own = ledger or open_ledger(home)
    try:
        prepared = raw.prepare(home, own, as_of, at)
    finally:
        if ledger is None:
            own.close()
    raw_seconds = time.monotonic() - begun
    result = run_dbt(home, on_progress, project)
    return BuildResult(result.nodes, {"raw": raw_seconds, **result.seconds}, result.problem, prepared.rebuilt)


@dataclass(frozen=True)
class BuildCheck:
    """A dbt test, or a node that could not run, in the shape every gate's results have."""

    check: str
    severity: str
    status: str
    unexpected_count: int | None
    observed: str | None
    why_en: str
    suite: str = "dbt"
    column: str | None = None
    row_count: int | None = None
    examples: tuple[str, ...] = ()
    rows: tuple[int, ...] = ()
    why_zh: str = "dbt 构建与检验"


_OUTCOMES = {"pass": "passed", "fail": "failed", "warn": "failed"}


def _check(node: Node) -> BuildCheck:
    status = _OUTCOMES.get(node.status, "error")
    is_warning = status != "error" and node.severity == "warn"
    return BuildCheck(
        check=node.name,
        severity="warning" if is_warning else "critical",
        status=status,
        unexpected_count=node.failures,
        observed=node.message or None,
        why_en=f"dbt {node.kind}",
    )


def checks(result: BuildResult) -> list[BuildCheck]:
    """The build as check results for the ledger: every test, and every node that could not run, as status `error`."""
    if result.problem is not None:
        return [BuildCheck("dbt", "critical", "error", None, result.problem, "dbt")]
    tested = [node for node in result.nodes if node.kind in ("test", "unit_test") or node in result.errored]
    return [_check(node) for node in tested]

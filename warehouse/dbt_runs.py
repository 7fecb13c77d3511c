"""dbt in this process on build.duckdb: one command at a time, told as plain results."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.findings import Offence, found, offences
from warehouse.paths import DBT_PROJECT, Home

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
    error or skipped; `tags` and `path` (below models/) tell the domain; `parents` are the models a test looks at,
    `column` its column, `examples` the first rows it found, as `column=value`, `offences` of whom these are."""

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
    column: str | None = None
    examples: tuple[str, ...] = ()
    offences: tuple[Offence, ...] = ()


def target_folder(home: Home) -> Path:
    """Where dbt leaves manifest.json, run_results.json and its partial parse."""
    return home.build / "target"


def last_manifest(home: Home) -> dict[str, Any] | None:
    """The manifest.json of the last parse; None without one, or with one that a killed run left half written."""
    try:
        found: dict[str, Any] = json.loads((target_folder(home) / "manifest.json").read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found


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
    message, *examples = found(home.build_db, result)
    parents = tuple(getattr(getattr(node, "depends_on", None), "nodes", ()) or ())
    return Node(
        unique_id=node.unique_id,
        name=node.name,
        kind=str(node.resource_type),
        status=str(result.status),
        message=message,
        seconds=float(result.execution_time or 0),
        failures=result.failures,
        severity=str(getattr(config, "severity", "error")).lower(),
        path=str(getattr(node, "path", "")),
        parents=parents,
        column=getattr(node, "column_name", None),
        examples=tuple(examples),
        offences=offences(home.build_db, result),
    )


@dataclass(frozen=True)
class Ran:
    """What one dbt command did. `problem` is set when it could not even begin (a model does not parse, say)."""

    nodes: list[Node]
    problem: str | None = None


# dbt's name for the models that are kept up scope by scope, with what they stand on
KEPT_UP_MODELS = ("+config.materialized:incremental",)


def run_dbt(
    home: Home,
    command: str = "build",
    on_progress: OnProgress | None = None,
    names: Sequence[str] | None = None,
    project: Path | None = None,
) -> Ran:
    """`dbt build` or `dbt run` of the nodes of these names, by default of all.

    Never raises for what tests or models do. A name that dbt did not run is a problem: nothing may be left stale.
    """
    # unit tests look at made-up rows: they prove the code, once per change, and say nothing about tonight's data
    options = ("--exclude-resource-type", "unit_test") if command == "build" else ()
    if names is not None:
        # a test runs where it is named, whichever of its models are rebuilt
        options = (*options, "--indirect-selection", "empty", "--select", *names)
    outcome = invoke(home, command, on_progress, options, project)
    results = getattr(outcome.result, "results", None)
    if results is None:
        return Ran([], str(outcome.exception or "dbt gave no result"))
    nodes = [_node(result, home) for result in results]
    asked = () if names is None or names == KEPT_UP_MODELS else names
    missing = sorted({*asked} - {node.name for node in nodes})
    if missing or not nodes:
        return Ran(nodes, f"dbt 未执行 / dbt did not run: {', '.join(missing) or 'nothing'}")
    return Ran(nodes)

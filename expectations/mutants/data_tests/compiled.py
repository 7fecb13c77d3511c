"""dbt's data tests as dbt itself compiles them: the very SQL that a build asks, with the verdict it draws from it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from expectations.frames import joined
from sources.contract import contracts
from warehouse.paths import Home


@dataclass(frozen=True)
class Relation:
    """A model or seed a test looks at: its name in the database, and its columns with their types, None if not said."""

    name: str
    kind: str
    place: str
    columns: Mapping[str, str | None]


@dataclass(frozen=True)
class DataTest:
    """One data test. `kind` is the generic test's name, or its own; `parents` are what it looks at, by name."""

    name: str
    kind: str
    sql: str
    severity: str
    fail_calc: str
    error_if: str
    arguments: Mapping[str, Any]
    parents: Mapping[str, Relation]
    model: str | None

    @property
    def looked_at(self) -> Relation:
        """The model that a generic test is attached to."""
        return self.parents[str(self.model)]

    @property
    def verdict(self) -> str:
        """A select that gives whether the test stops a build, and how many rows it shows."""
        stops = f"cast(({self.fail_calc}) {self.error_if} as boolean)"
        return joined("select", stops, ", count(*) from (", self.sql, ") as found")


def data_tests(project: Path | None = None) -> tuple[list[DataTest], list[Relation]]:
    """Every data test of the dbt project, compiled, and every seed; RuntimeError when dbt cannot compile them.

    `project` is another copy of the project. Takes dbt about ten seconds and leaves nothing behind.
    """
    with tempfile.TemporaryDirectory() as folder:
        manifest = _compile(Home(Path(folder)), project)
    nodes = manifest["nodes"]
    relations = {id: _relation(node) for id, node in nodes.items() if node["resource_type"] in ("model", "seed")}
    tests = [_test(node, relations) for node in nodes.values() if node["resource_type"] == "test"]
    return tests, [relation for relation in relations.values() if relation.kind == "seed"]


def _compile(home: Home, project: Path | None) -> Mapping[str, Any]:
    import duckdb

    from warehouse.dbt_runs import invoke, last_manifest

    with duckdb.connect(str(home.build_db)) as connection:
        # a test that asks which scopes changed while it is compiled is told: those of every feed
        connection.execute("create schema staging")
        connection.execute("create table staging.stg_changed_scopes (feed varchar)")
        connection.executemany("insert into staging.stg_changed_scopes values (?)", [[feed] for feed in contracts()])
    outcome = invoke(home, "compile", extra=("--select", "test_type:data"), project=project)
    manifest = last_manifest(home)
    if not outcome.success or manifest is None:
        failed = [result.message for result in getattr(outcome.result, "results", None) or () if result.message]
        raise RuntimeError(f"dbt 无法编译检验 / dbt cannot compile the tests: {outcome.exception or failed}")
    return manifest


def _relation(node: Mapping[str, Any]) -> Relation:
    columns = {name: column["data_type"] for name, column in node["columns"].items()}
    return Relation(node["name"], node["resource_type"], f"{node['schema']}.{node['name']}", columns)


def _test(node: Mapping[str, Any], relations: Mapping[str, Relation]) -> DataTest:
    generic, config = node.get("test_metadata"), node["config"]
    parents = [relations[id] for id in node["depends_on"]["nodes"]]
    attached = relations.get(node.get("attached_node") or "")
    return DataTest(
        name=node["name"],
        kind=_kind(generic) if generic else node["name"],
        sql=node["compiled_code"],
        severity=config["severity"].lower(),
        fail_calc=config["fail_calc"],
        error_if=config["error_if"],
        arguments=generic["kwargs"] if generic else {},
        parents={parent.name: parent for parent in parents},
        model=attached.name if attached else None,
    )


def _kind(generic: Mapping[str, Any]) -> str:
    package = generic.get("namespace")
    return f"{package}.{generic['name']}" if package else str(generic["name"])

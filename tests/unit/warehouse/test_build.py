"""dbt in this process, on a project of a few models: every outcome is told, none raises, the file is free after."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import duckdb
import pytest

from sources.ledger import Ledger
from warehouse import build, dbt_runs
from warehouse.paths import Home

PROJECT = """
name: small
version: 1.0.0
profile: small
model-paths: [models]
seed-paths: [seeds]
test-paths: [tests]
models: {small: {+schema: marts, +materialized: table}}
"""
PROFILE = """
small:
  target: duckdb
  outputs:
    duckdb: {type: duckdb, path: "{{ env_var('PEAK_BUILD_DB') }}", threads: 1}
"""
MODELS = """
models:
  - name: good
    description: 每行一个 / One row per a
    columns: [{name: a, description: 列 / Column, data_tests: [not_null]}]
sources: [{name: raw, tables: [{name: run}]}]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    for name in ("models", "seeds", "tests"):
        (root / name).mkdir(parents=True)
    (root / "dbt_project.yml").write_text(PROJECT)
    (root / "profiles.yml").write_text(PROFILE)
    (root / "models" / "all.yml").write_text(MODELS)
    (root / "models" / "good.sql").write_text("select as_of as a from {{ source('raw', 'run') }}")
    (root / "seeds" / "numbers.csv").write_text("a\n1\n")
    monkeypatch.setattr(dbt_runs, "DBT_PROJECT", root)
    return root


def test_a_good_build(project: Path, home: Home, ledger: Ledger) -> None:
    del project
    seen: list[build.Progress] = []
    result = build.build(home, date(2024, 5, 1), seen.append, ledger=ledger)
    assert result.is_good, (result.problem, result.errored)
    assert {node.kind for node in result.nodes} == {"seed", "model", "test"}
    assert [progress.total for progress in seen] == [3, 3, 3]
    assert set(result.seconds) == {"raw", "dbt"}
    assert "PEAK_BUILD_DB" not in os.environ
    with duckdb.connect(str(home.build_db)) as connection:
        assert connection.execute("select a from main_marts.good").fetchall() == [(date(2024, 5, 1),)]
    assert (build.target_folder(home) / "manifest.json").exists()


def test_a_manifest_that_a_killed_run_left_half_written_is_written_anew(
    project: Path, home: Home, ledger: Ledger
) -> None:
    del project
    assert build.build(home, date(2024, 5, 1), ledger=ledger).is_good
    file = build.target_folder(home) / "manifest.json"
    file.write_bytes(file.read_bytes()[:-100])
    result = build.build(home, date(2024, 5, 2), ledger=ledger)
    assert result.is_good and not result.is_full, result.problem
    assert dbt_runs.last_manifest(home)


def test_failures_warnings_and_errors_are_told_apart(project: Path, home: Home, ledger: Ledger) -> None:
    (project / "models" / "broken.sql").write_text("select no_such_column from {{ ref('numbers') }}")
    (project / "models" / "after.sql").write_text("select * from {{ ref('broken') }}")
    (project / "tests" / "found.sql").write_text("select a from {{ ref('good') }}")
    (project / "tests" / "odd.sql").write_text("{{ config(severity='warn') }} select a from {{ ref('good') }}")
    result = build.build(home, date(2024, 5, 1), ledger=ledger)
    assert not result.is_good
    assert [(node.name, node.failures, node.severity) for node in result.failed] == [("found", 1, "error")]
    assert result.failed[0].examples[-1].endswith("a=2024-05-01")
    assert [node.name for node in result.warned] == ["odd"]
    assert [node.name for node in result.errored] == ["broken"]
    assert "no_such_column" in result.errored[0].message
    assert [node.name for node in result.skipped] == ["after"]
    assert result.failed[0].parents == ("model.small.good",)
    checks = {check.check: (check.severity, check.status) for check in build.checks(result)}
    assert checks["found"] == ("critical", "failed")
    assert checks["odd"] == ("warning", "failed")
    assert checks["broken"] == ("critical", "error")
    assert checks["not_null_good_a"] == ("critical", "passed")


def test_a_project_that_does_not_parse_is_a_problem_not_an_exception(project: Path, home: Home, ledger: Ledger) -> None:
    (project / "models" / "bad.sql").write_text("select * from {{ ref('nowhere') }}")
    result = build.build(home, date(2024, 5, 1), ledger=ledger)
    assert not result.is_good and result.nodes == [] and "nowhere" in (result.problem or "")
    assert [check.status for check in build.checks(result)] == ["error"]

"""The test `sound` by real dbt: every kind of rule is found when broken, named and counted, and constraints stand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from sources.ledger import Ledger, open_ledger
from warehouse import build, dbt_runs
from warehouse.findings import Offence
from warehouse.paths import DBT_PROJECT, Home

PROJECT = """
name: small
version: 1.0.0
profile: small
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
  - name: things
    data_tests:
    - sound:
        name: things_is_sound
        arguments: {key: [a, b], filled: [a, c], held: ["c > 1", "d = 'yes'"]}
  - name: marked
    config: {contract: {enforced: true}}
    columns:
    - {name: a, data_type: integer, constraints: [{type: not_null}]}
"""
BROKEN = {
    "repeated: a, b": "(1, null, 2, 'yes'), (1, null, 3, 'yes')",
    "c is missing": "(1, 2, null, 'yes')",
    "not so: c > 1": "(1, 2, 1, 'yes')",
    "not so: d = 'yes'": "(1, 2, 2, 'no')",
}


def _build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: str, marked: str = "1") -> build.BuildResult:
    root = tmp_path / "project"
    for name in ("models", "macros", "tests/generic"):
        (root / name).mkdir(parents=True)
    (root / "dbt_project.yml").write_text(PROJECT)
    (root / "profiles.yml").write_text(PROFILE)
    (root / "models" / "all.yml").write_text(MODELS)
    things = f"select *, concat('r', a) as region from (values {rows}) as t(a, b, c, d)"
    (root / "models" / "things.sql").write_text(things)
    (root / "models" / "marked.sql").write_text(f"select cast({marked} as integer) as a")
    for name in ("macros/rules.sql", "tests/generic/sound.sql"):
        (root / name).write_text((DBT_PROJECT / name).read_text("utf-8"), "utf-8")
    monkeypatch.setattr(dbt_runs, "DBT_PROJECT", root)
    home = Home(tmp_path / "home")
    home.root.mkdir()
    ledger: Ledger
    with open_ledger(home) as ledger:
        return build.build(home, date(2024, 5, 1), ledger=ledger)


@pytest.mark.parametrize("rule", BROKEN)
def test_a_broken_rule_is_named_and_counted(rule: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = _build(tmp_path, monkeypatch, BROKEN[rule])
    assert [(node.name, node.failures) for node in result.failed] == [("things_is_sound", 1)]
    assert result.failed[0].examples[-1] == f"broken={rule}, occurrences=1"
    # whose rows they are is what a hold goes by
    assert result.failed[0].offences == (Offence("r1", None, None),)


def test_good_rows_pass_and_a_constraint_stops_a_missing_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    result = _build(tmp_path, monkeypatch, "(1, 2, 2, 'yes'), (1, null, null, null)", marked="null")
    assert [node.name for node in result.errored] == ["marked"]
    assert "NOT NULL constraint" in result.errored[0].message
    assert [(node.name, node.failures) for node in result.failed] == [("things_is_sound", 1)]  # c is missing once

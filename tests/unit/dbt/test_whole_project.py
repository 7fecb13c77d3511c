"""The whole dbt project on an empty warehouse: every unit test and data test, no model needs a first row."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.rawdb import RawDb


@pytest.mark.slow
def test_every_unit_test_holds_and_an_empty_warehouse_builds(tmp_path: Path) -> None:
    raw = RawDb(tmp_path / "build.duckdb")
    raw.build()
    assert raw.query("select count(*) from marts.indicators") == [(74,)]
    assert raw.query("select count(*) from marts.indicator_values") == [(0,)]
    assert raw.query("select count(*) from marts.clauses where tasks = 'no task registered'") == [(40,)]

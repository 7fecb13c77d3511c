"""A small build to publish, so that these tests say something about releases only."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import duckdb

from sources.ledger import Ledger
from warehouse import release
from warehouse.paths import Home
from warehouse.raw_tables import TABLES

DAY = date(2024, 5, 1)
COLUMNS = {
    "indicator_values": [
        *("region", "indicator", "method", "base_year", "period_type", "period_start", "period_end"),
        *("value", "unit", "is_complete"),
    ],
    "indicator_progress": [
        *("region", "indicator", "target_year", "level", "method", "base_year", "target", "latest_period", "status"),
        *("status_since", "status_cause"),
    ],
    "lineage": ["region", "indicator", "delivery_id"],
}


def _manifest() -> dict[str, Any]:
    nodes = {
        f"model.peak.{name}": {
            "resource_type": "model", "unique_id": f"model.peak.{name}", "schema": "marts",
            "name": name, "alias": name,
            "description": f"每行 {name} 的 '说明' / One row per {name}",
            "columns": {item: {"description": f"列 {item} / Column"} for item in columns},
        }
        for name, columns in COLUMNS.items()
    }  # fmt: skip
    return {"nodes": nodes, "macros": {}, "parent_map": {}, "child_map": {}}


def write_build(
    home: Home,
    status: str = "on_track",
    value: str | None = "1.5",
    delivery: str = "d1",
    target: str = "2",
    is_complete: bool = True,
) -> None:
    """A build.duckdb of one value and one target, with the manifest dbt would leave; without a value, no row."""
    home.root.mkdir(parents=True, exist_ok=True)
    home.build_db.unlink(missing_ok=True)
    with duckdb.connect(str(home.build_db)) as connection:
        connection.execute("create schema marts")
        connection.execute("create schema raw")
        connection.execute(f"create table raw.corrections ({TABLES['corrections']})")
        connection.execute(
            "create table marts.indicator_values as select 'r' as region, 'x' as indicator, 'default' as method, "
            "cast(null as integer) as base_year, 'year' as period_type, date '2024-01-01' as period_start, "
            f"date '2024-12-31' as period_end, cast({value or 'null'} as decimal(38, 6)) as value, '%' as unit, "
            f"{is_complete} as is_complete where {value is not None}"
        )
        connection.execute(
            "create table marts.indicator_progress as select 'r' as region, 'x' as indicator, 2025 as target_year, "
            f"'basic' as level, 'default' as method, cast(null as integer) as base_year, {target}.0 as target, "
            f"date '2024-12-31' as latest_period, '{status}' as status, "
            "cast(null as date) as status_since, cast(null as varchar) as status_cause"
        )
        connection.execute(
            f"create table marts.lineage as select 'r' as region, 'x' as indicator, '{delivery}' as delivery_id"
        )
        connection.execute("create table marts.forgotten_model as select 1 as a")
    target_folder = home.build / "target"
    target_folder.mkdir(parents=True, exist_ok=True)
    (target_folder / "manifest.json").write_text(json.dumps(_manifest()), "utf-8")


def publish(home: Home, ledger: Ledger, day: date = DAY, **more: Any) -> release.ReleaseInfo:
    return release.publish(home, ledger, day, run_id="run1", **more)


def rows(info: release.ReleaseInfo, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(info.database), read_only=True) as connection:
        return connection.execute(sql).fetchall()

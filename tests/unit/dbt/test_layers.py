"""The rules of the dbt project, read from its manifest: layers, names, descriptions, contracts, portable SQL."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sources.contract import contracts
from sources.dbt_sources import KEPT_UP
from warehouse.paths import DBT_PROJECT
from warehouse.selection import SETTLING, Graph

LAYERS = {"staging": ("stg_",), "intermediate": ("int_",), "marts": ()}
READS = {"staging": {"source"}, "intermediate": {"staging", "intermediate", "seed"}, "marts": {"intermediate", "seed"}}
FIXED = {
    "indicators", "indicator_values", "indicator_targets", "indicator_progress", "clauses", "indicator_agencies",
    "agency_scorecard", "energy_balance_annual", "task_progress", "lineage", "indicator_formulas",
}  # fmt: skip
CHINESE = re.compile(r"[\u4e00-\u9fff]")
NOT_PORTABLE = re.compile(
    r"\b(generate_series|strftime|strptime|list_\w+|struct_pack|unnest|read_parquet|read_csv|asof|hugeint|exclude\s*\()"
    r"|::|\bepoch\w*\(|\blist\(",
    re.IGNORECASE,
)

Manifest = dict[str, Any]


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """What dbt knows of the project; parsing needs no database."""
    folder = tmp_path_factory.mktemp("parse")
    environment = {**os.environ, "PEAK_BUILD_DB": str(folder / "none.duckdb"), "DO_NOT_TRACK": "1"}
    dbt = str(Path(sys.executable).with_name("dbt"))
    where = ["--project-dir", str(DBT_PROJECT), "--profiles-dir", str(DBT_PROJECT), "--target-path", str(folder)]
    logs = ["--log-path", str(folder), "--no-send-anonymous-usage-stats"]
    done = subprocess.run([dbt, "parse", *where, *logs], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    manifest: Manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    return manifest


def models(manifest: Manifest) -> Iterator[dict[str, Any]]:
    return (node for node in manifest["nodes"].values() if node["resource_type"] == "model")


def layer(node: dict[str, Any]) -> str:
    return str(node["path"]).split("/")[0] if node["resource_type"] == "model" else str(node["resource_type"])


def test_each_layer_reads_only_the_one_below(manifest: Manifest) -> None:
    wrong = []
    for node in models(manifest):
        for parent in node["depends_on"]["nodes"]:
            kind = "source" if parent.startswith("source.") else layer(manifest["nodes"][parent])
            if kind not in READS[layer(node)]:
                wrong.append(f"{node['name']} reads {parent}")
    assert wrong == []


def test_names_say_their_layer_and_stay_short(manifest: Manifest) -> None:
    wrong = [
        node["name"]
        for node in models(manifest)
        if len(node["name"]) > 35 or (LAYERS[layer(node)] and not node["name"].startswith(LAYERS[layer(node)]))
    ]
    assert wrong == []
    marts = {node["name"] for node in models(manifest) if layer(node) == "marts"}
    assert marts >= FIXED
    assert all(name in FIXED or name.startswith("fct_") for name in marts), sorted(marts - FIXED)


def test_every_model_and_column_is_described_in_both_languages(manifest: Manifest) -> None:
    wrong = []
    for node in models(manifest):
        texts = {"": node["description"]} | {name: col["description"] for name, col in node["columns"].items()}
        wrong += [
            f"{node['name']}.{name}"
            for name, text in texts.items()
            if not (CHINESE.search(text) and re.search(r"[a-z]{2}", text) and "/" in text)
        ]
        if not node["columns"]:
            wrong.append(f"{node['name']} describes no column")
    assert wrong == []


def test_marts_enforce_their_contracts(manifest: Manifest) -> None:
    marts = [node for node in models(manifest) if layer(node) == "marts"]
    assert marts
    assert [node["name"] for node in marts if not node["contract"]["enforced"]] == []
    untyped = [f"{n['name']}.{c}" for n in marts for c, col in n["columns"].items() if not col["data_type"]]
    assert untyped == []


def test_models_are_portable_sql(manifest: Manifest) -> None:
    wrong = []
    for node in models(manifest):
        code = re.sub(r"\{[#{%].*?[#}%]\}", "", node["raw_code"], flags=re.DOTALL)
        code = re.sub(r"--[^\n]*", "", code)
        if '"' in code:
            wrong.append(f"{node['name']}: double-quoted identifier")
        found = NOT_PORTABLE.search(re.sub(r"'[^']*'", "''", code))
        if found:
            wrong.append(f"{node['name']}: {found[0]}")
    assert wrong == []


def test_models_stay_readable(manifest: Manifest) -> None:
    long = {node["name"]: len(node["raw_code"].splitlines()) for node in models(manifest)}
    assert {name: lines for name, lines in long.items() if lines > 100} == {}


def test_only_the_models_that_are_kept_up_read_the_large_feeds(manifest: Manifest) -> None:
    large = {f"stg_{feed}" for feed in KEPT_UP}
    readers = {
        node["name"]: node["config"]
        for node in models(manifest)
        if {parent.rsplit(".", 1)[-1] for parent in node["depends_on"]["nodes"]} & large
    }
    assert {model for model, _ in KEPT_UP.values()} <= set(readers)
    for name, config in readers.items():
        assert config["materialized"] == "incremental", name
        assert config["incremental_strategy"] == "delete+insert", name
        assert (config["unique_key"], config["partition_by"]) == (["region", "scope"], ["region", "day"]), name
        assert "forget_changed_scopes" in config["pre-hook"][0]["sql"], name


def test_what_is_kept_up_stands_on_no_seed_and_what_settles_is_a_table(manifest: Manifest) -> None:
    # another plan rebuilds all other tables, but takes up no scope anew
    graph = Graph.of(manifest)
    kept = [part.id for part in graph.parts.values() if part.materialized == "incremental"]
    assert [part for part in graph.above(kept) if part.startswith("seed.")] == []
    assert {part.name: part.materialized for part in graph.settling} == dict.fromkeys(SETTLING, "table")


def test_each_staging_model_looks_at_the_scopes_of_its_own_feed(manifest: Manifest) -> None:
    parts = Graph.of(manifest).parts.values()
    staged = {part.name.removeprefix("stg_"): part.feeds for part in parts if part.name.startswith("stg_")}
    assert {feed: staged[feed] for feed in contracts()} == {feed: frozenset({feed}) for feed in contracts()}


TRAPS = {
    "imports": "import",
    "feedstock": "feedstock",
    "balance basis": "balance",
    "passenger turnover": "passenger",
    "base years": "base",
    "completeness": "month|complete|missing|gap",
    "late plants": "late|open|first",
}


@pytest.mark.parametrize("trap", TRAPS)
def test_every_trap_has_a_unit_test(manifest: Manifest, trap: str) -> None:
    names = [test["name"] + " " + (test.get("description") or "") for test in manifest["unit_tests"].values()]
    assert any(re.search(TRAPS[trap], name, re.IGNORECASE) for name in names), trap

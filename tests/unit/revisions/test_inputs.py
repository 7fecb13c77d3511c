"""What changed seeds, models, contracts and code reach: by rows that say whom they serve, else along the graph."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import duckdb
import pytest

from sources.ledger import Ledger, Release, add_release
from warehouse import inputs, seed_changes
from warehouse.build import target_folder
from warehouse.paths import SEEDS, Home
from warehouse.prediction.effects import CAUSES, Cause, Effect, Prediction
from warehouse.prediction.inputs import input_effects, seed_effects
from warehouse.prediction.models import Graph
from warehouse.prediction.plan import Plan, load
from warehouse.seed_changes import ChangedInputs, SeedChange, changed_inputs, seed_change

MEASURED = {
    "int_sums": ["waste"],
    "int_peaks": ["co2_peak_year"],
    "int_measures": ["waste", "co2_emissions", "co2_peak_year"],
    "int_totals": ["co2_emissions"],
    "indicator_values": ["waste", "co2_emissions", "co2_peak_year", "dropped", "reduced"],
}


def node(name: str, parents: list[str], code: str = "", macros: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "unique_id": f"model.peak.{name}",
        "resource_type": "model",
        "schema": "built",
        "alias": name,
        "original_file_path": f"models/{name}.sql",
        "patch_path": "peak://models/_all.yml" if name == "int_sums" else None,
        "raw_code": code,
        "depends_on": {"macros": list(macros), "nodes": parents},
    }


@pytest.fixture
def graph(home: Home) -> Graph:
    """A little graph: rows → sums, totals → peaks, all of these → measures → values; a mart aside."""
    model = "model.peak.{}".format
    parents = {
        "int_rows": ["seed.peak.ref_constants"],
        "int_sums": [model("int_rows")],
        "int_totals": ["seed.peak.ref_constants"],
        "int_peaks": [model("int_totals")],
        "int_measures": [model("int_sums"), model("int_totals"), model("int_peaks")],
        "indicator_values": [model("int_measures")],
        "fct_aside": [model("int_rows")],
    }
    codes = {"int_rows": "name = 'per_wan'", "int_totals": "name = 'factor'"}
    nodes = [node(name, found, codes.get(name, "")) for name, found in parents.items()]
    nodes[1]["depends_on"]["macros"] = ["macro.peak.outer"]
    macros = {
        f"macro.peak.{name}": {
            "unique_id": f"macro.peak.{name}",
            "package_name": "peak",
            "original_file_path": f"macros/{name}.sql",
            "depends_on": {"macros": used},
        }
        for name, used in (("outer", ["macro.peak.inner"]), ("inner", []))
    }
    children: dict[str, list[str]] = {}
    for name, found in parents.items():
        for parent in found:
            children.setdefault(parent, []).append(model(name))
    manifest = {
        "nodes": {found["unique_id"]: found for found in nodes},
        "macros": macros,
        "parent_map": {model(name): found for name, found in parents.items()},
        "child_map": children,
    }
    target_folder(home).mkdir(parents=True)
    (target_folder(home) / "manifest.json").write_text(json.dumps(manifest))
    with duckdb.connect(str(home.build_db)) as connection:
        connection.execute("create schema built")
        for name in parents:
            column = "indicator" if name in MEASURED else "other"
            connection.execute(f"create table built.{name} ({column} varchar)")
            for indicator in MEASURED.get(name, ()):
                connection.execute(f"insert into built.{name} values (?)", [indicator])
    everything = frozenset({*MEASURED["indicator_values"]})
    return Graph(home, everything, frozenset({"reduced"}))


@pytest.mark.parametrize(
    ("file", "reached"),
    [
        ("models/int_rows.sql", {"waste"}),
        # what a rewritten model may have measured before, and nothing measures now, may be gone
        ("models/int_sums.sql", {"waste", "dropped"}),
        ("models/_all.yml", {"waste", "dropped"}),
        ("models/int_totals.sql", {"co2_emissions", "co2_peak_year", "dropped"}),
        ("models/int_peaks.sql", {"co2_peak_year", "dropped"}),
        ("models/fct_aside.sql", set()),
        ("models/_columns.md", set()),
        ("macros/inner.sql", {"waste", "dropped"}),
        ("models/int_gone.sql", {*MEASURED["indicator_values"]}),
        ("models/indicator_values.sql", {*MEASURED["indicator_values"]}),
    ],
)
def test_files_reach_what_is_computed_from_them(graph: Graph, file: str, reached: set[str]) -> None:
    assert graph.of_files([f"dbt_project/{file}"]) == reached


def test_a_constant_reaches_the_models_that_write_its_name(graph: Graph) -> None:
    names = ("per_wan", "factor")
    assert graph.of_seed("ref_constants", ["per_wan"], names) == {"waste"}
    assert graph.of_seed("ref_constants", ["factor"], names) == {"co2_emissions", "co2_peak_year"}
    assert graph.of_seed("ref_constants") == {"waste", "co2_emissions", "co2_peak_year"}
    assert graph.of_seed("ref_constants", besides="model.peak.int_rows") == {"co2_emissions", "co2_peak_year"}
    assert graph.of_seed("ref_unused") == set()


def test_without_a_graph_anything_may_be_reached(home: Home) -> None:
    graph = Graph(home, frozenset({"a", "b"}), frozenset())
    assert graph.of_files(["dbt_project/models/int_rows.sql"]) == {"a", "b"}
    assert graph.of_seed("ref_units") == graph.of_nodes(["model.peak.stg_run"]) == {"a", "b"}


@pytest.fixture
def plan() -> Plan:
    return load()


def effects(plan: Plan, home: Home, seed: str, old: str, new: str) -> list[Effect]:
    """The effects of one cell of the seed as it stands having been another."""
    present = (SEEDS / f"{seed}.csv").read_bytes()
    assert new in present.decode()
    before = present.decode().replace(new, old, 1).encode()
    return list(seed_effects(plan, seed_change(seed, before, present), Graph(home, plan.indicators, plan.reductions)))


def test_a_default_parameter_reaches_the_years_it_serves(plan: Plan, home: Home) -> None:
    found = effects(plan, home, "ref_parameters", "*,2021,grid_co2_factor,0.9", "*,2021,grid_co2_factor,0.5568")
    assert {(effect.region, effect.first, effect.last) for effect in found} == {(None, "0001-01-01", "2021-12-31")}
    assert {effect.cause.cause for effect in found} == {"changed_parameter"}
    assert "co2_emissions" in found[0].indicators
    assert "forest_coverage" not in found[0].indicators
    found = effects(
        plan, home, "ref_parameters", "yueyang-etz,2022,grid_co2_factor,0.9", "yueyang-etz,2022,grid_co2_factor,0.4900"
    )
    assert {(e.region, e.first, e.last) for e in found} == {("yueyang-etz", "2022-01-01", "2022-12-31")}
    assert effects(plan, home, "ref_parameters", ",some say", ",published") == []


def test_a_row_about_an_indicator_reaches_that_indicator(plan: Plan, home: Home) -> None:
    (effect,) = effects(plan, home, "indicator_feeds", "co2_emissions,power_generation,monthly,true,false",
                        "co2_emissions,power_generation,monthly,true,true")  # fmt: skip
    assert (effect.indicators, effect.cause.cause) == ({"co2_emissions", "co2_peak_year"}, "changed_method")
    (effect,) = effects(plan, home, "plan_indicators", "Share of non-fossil", "Non-fossil share")
    assert effect.indicators == frozenset()


def test_a_target_reaches_the_rows_of_a_base_year_it_names(plan: Plan, home: Home) -> None:
    rows = (SEEDS / "plan_targets.csv").read_text("utf-8").splitlines()
    line = next(row for row in rows if row.split(",")[1] == "energy_intensity_reduction")
    fields = line.split(",")
    other = ",".join([*fields[:6], "2015", *fields[7:]])
    (effect,) = effects(plan, home, "plan_targets", other, line)
    assert (effect.indicators, effect.base_year) == ({"energy_intensity_reduction"}, 2015)
    assert effect.cause.cause == "changed_target"
    other = ",".join([*fields[:5], "99", *fields[6:]])
    assert effects(plan, home, "plan_targets", other, line) == []


def test_names_of_products_reach_only_who_has_stopped_reporting(plan: Plan, home: Home) -> None:
    (effect,) = effects(plan, home, "ref_energy_products", "diesel,重柴油,", "diesel,柴油,")
    assert effect.indicators == plan.indicators_of("energy_supply")
    found = effects(
        plan,
        home,
        "ref_energy_products",
        "raw_coal,原煤,煤炭;烟煤;一般烟煤,吨,0.9",
        "raw_coal,原煤,煤炭;烟煤;一般烟煤,吨,0.7143",
    )
    # there is no graph here, so the factor may reach anything
    assert {effect.indicators for effect in found} == {plan.indicators, plan.indicators_of("energy_supply")}


def test_contracts_reach_their_feed_code_nothing_and_settings_everything(plan: Plan, home: Home) -> None:
    def reached(group: str, file: str) -> frozenset[str]:
        graph = Graph(home, plan.indicators, plan.reductions)
        found = input_effects(plan, ChangedInputs({group: (file,)}), graph)
        return frozenset().union(*(effect.indicators for effect in found))

    assert reached("contracts", "sources/contracts/waste/waste_sorting.odcs.yaml") == {
        "waste_sorting_rate", "waste_bagging_rate", "sorting_coverage",
    }  # fmt: skip
    assert (
        reached("code", "peak/commands/run.py") == reached("suites", "expectations/suites/marts/lineage.yaml") == set()
    )
    assert reached("code", "warehouse/raw.py") == reached("lock", "requirements.lock") == plan.indicators
    assert reached("models", "dbt_project/dbt_project.yml") == plan.indicators
    assert reached("models", "dbt_project/tests/seeds_are_sound.sql") == frozenset()


def test_seeds_differ_by_rows_whatever_their_order() -> None:
    assert not seed_change("s", b"a,b\n1,2\n3,4\n", b"a,b\n3,4\n1,2\n").rows
    change = seed_change("s", b"a,b\n1,2\n3,4\n", b"a,b\n3,5\n1,2\n")
    assert (change.removed, change.added) == (({"a": "3", "b": "4"},), ({"a": "3", "b": "5"},))
    assert seed_change("s", b"", b"a\n1\n").added == ({"a": "1"},)
    assert not seed_change("s", None, b"a\n1\n").is_known


def test_inputs_are_compared_with_those_of_the_last_release(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    (seeds / "kept.csv").write_bytes(b"a\n1\n")
    (seeds / "moved.csv").write_bytes(b"a\n2\n")
    (seeds / "lost.csv").write_bytes(b"a\n3\n")
    monkeypatch.setattr(seed_changes, "SEEDS", seeds)
    monkeypatch.setattr(inputs, "file_hashes", lambda: {"models": {"m.sql": "new", "same.sql": "s"}, "plan": {}})
    old = b"a\n1\n"
    sha256 = hashlib.sha256(old).hexdigest()
    home.archived(sha256).parent.mkdir(parents=True)
    home.archived(sha256).write_bytes(old)
    manifest = {
        "sources": {"models": {"m.sql": "old", "same.sql": "s"}, "plan": {}},
        "seeds": {"kept": sha256, "moved": sha256, "lost": "f" * 64},
    }
    release = Release("r1", None, "2026-02-20T00:00:00Z", "2026-02-20", "0" * 64, 0, 0)
    add_release(ledger, release, manifest)
    found = changed_inputs(home, ledger, release)
    assert (found.groups, found.files["models"]) == (("models",), ("m.sql",))
    assert found.seeds == (
        SeedChange("lost", is_known=False),
        SeedChange("moved", removed=({"a": "1"},), added=({"a": "2"},)),
    )
    assert changed_inputs(home, ledger, None) == ChangedInputs()


def test_the_strongest_cause_comes_first() -> None:
    found = Prediction(Effect(Cause(name, "input", name), frozenset({"i"})) for name in reversed(CAUSES))
    cell = ("r", "i", "default", None, "year", "2024-01-01")
    assert [cause.cause for cause in found.causes(cell, "2024-12-31")] == list(CAUSES)


def test_a_changed_contract_is_the_reason_only_where_nothing_else_is(plan: Plan, home: Home) -> None:
    file = "sources/contracts/waste/waste_sorting.odcs.yaml"
    graph = Graph(home, plan.indicators, plan.reductions)
    effects = list(input_effects(plan, ChangedInputs({"contracts": (file,)}), graph))
    delivered = Effect(Cause("new_data", "new", "waste_sorting"), frozenset({"waste_sorting_rate"}))
    cell = ("r", "waste_sorting_rate", "default", None, "year", "2024-01-01")
    assert [c.subject for c in Prediction(effects).causes(cell, "2024-12-31")] == [file]
    found = Prediction([*effects, delivered]).causes(cell, "2024-12-31")
    assert [c.subject for c in found] == ["waste_sorting", file]

"""The seeds against the contracts and against themselves: nothing is said twice in two ways."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal

import pytest

from sources.contract import contracts
from warehouse.paths import DBT_PROJECT, SEEDS


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_timetables_are_those_of_the_contracts() -> None:
    told = {
        row["feed"]: (row["frequency"], row["member"], row["serves"] in ("register", "dates"))
        for row in seed("ref_feeds")
    }
    assert told == {name: (c.frequency, c.member or "", c.snapshot) for name, c in contracts().items()}


def test_the_registry_has_every_indicator() -> None:
    registry = seed("plan_indicators")
    assert Counter(row["method"] for row in registry) == {"computed": 48, "reported": 10, "register": 16}
    assert {row["indicator"] for row in seed("indicator_feeds")} == {row["code"] for row in registry}
    assert {row["feed"] for row in seed("indicator_feeds")} <= contracts().keys()


def test_forms_fit_their_units() -> None:
    computed = [row for row in seed("plan_indicators") if row["method"] == "computed"]
    assert all(row["unit"] == "%" for row in computed if row["form"] == "percent")
    # rates that are delivered in percent are averaged as they are
    averaged = {row["code"] for row in computed if row["unit"] == "%" and row["form"] != "percent"}
    assert averaged == {"residential_saving_rate", "public_saving_rate"}


def test_targets_and_agencies_name_what_exists() -> None:
    codes = {row["code"] for row in seed("plan_indicators")}
    plans = {row["plan"] for row in seed("plans")}
    for name in ("plan_targets", "plan_indicator_agencies"):
        assert {row["indicator"] for row in seed(name)} <= codes
        assert {row["plan"] for row in seed(name)} <= plans
    assert {row["plan"] for row in seed("plan_regions")} <= plans
    clauses = {(row["plan"], row["clause"]) for row in seed("plan_clauses")}
    assert len(clauses) == 40
    assert {(row["plan"], row["clause"]) for row in seed("plan_clause_agencies")} <= clauses


def test_no_agency_is_mangled() -> None:
    agencies = {row["agency"] for name in ("plan_indicator_agencies", "plan_clause_agencies") for row in seed(name)}
    assert not [agency for agency in agencies if agency.endswith("等") or any(sign in agency for sign in "、,，(（")]
    leads = {row["agency"] for row in seed("plan_indicator_agencies") if row["indicator"] == "annual_assessment"}
    assert leads == {"市直派驻各单位", "区直各单位", "各乡镇", "管理处"}


@pytest.mark.parametrize("name", ["ref_energy_products", "ref_co2_factors", "ref_constants", "ref_factor_sets"])
def test_every_factor_is_cited(name: str) -> None:
    assert all(row["citation"] for row in seed(name))


def test_every_constant_is_read_by_a_model() -> None:
    models = "".join(model.read_text(encoding="utf-8") for model in (DBT_PROJECT / "models").rglob("*.sql"))
    assert [row["name"] for row in seed("ref_constants") if f"name = '{row['name']}'" not in models] == []


def test_a_target_for_all_is_a_hundred_percent() -> None:
    assert {Decimal(row["target"]) for row in seed("plan_targets") if row["kind"] == "all"} == {Decimal(100)}

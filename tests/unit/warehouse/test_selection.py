"""How far dirt spreads in the graph of models, and where it stops."""

from __future__ import annotations

from typing import Any

import pytest

from warehouse.build_state import EVERYTHING
from warehouse.selection import Graph, feeds_of_scopes

RAW_COAL = "select * from {{ source('raw', 'winning_scopes') }}\n    where feed = 'coal'\n)"
JOINED = (
    "from {{ ref('stg_winning_scopes') }} as s\n inner join {{ ref('m') }} on s.a = m.a\n where s.feed in ('a', 'b')"
)
OF_COAL = "select * from {{ ref('stg_winning_scopes') }}\n    where feed = 'coal'\n)"


def node(name: str, *parents: str, kind: str = "model", materialized: str = "table", code: str = "") -> dict[str, Any]:
    return {
        "unique_id": f"{kind}.p.{name}", "name": name, "resource_type": kind, "schema": "s", "raw_code": code,
        "config": {"materialized": materialized}, "depends_on": {"nodes": list(parents)},
    }  # fmt: skip


NODES = [
    node("plan", kind="seed"),
    node("stg_winning_scopes", "source.p.raw.winning_scopes", materialized="view"),
    node("stg_coal", "source.p.raw.coal", "source.p.raw.winning_scopes", materialized="view", code=RAW_COAL),
    node("coal", "model.p.stg_coal", "model.p.stg_winning_scopes", code=OF_COAL),
    node("int_regions", "model.p.stg_winning_scopes", code="select region from {{ ref('stg_winning_scopes') }}"),
    node("targets", "model.p.int_regions", "seed.p.plan"),
    node("shown", "model.p.targets", materialized="view"),
    node("coal_is_sound", "model.p.coal", kind="test"),
    node("targets_are_sound", "model.p.targets", kind="test"),
]  # fmt: skip


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph.of({"nodes": {item["unique_id"]: item for item in NODES}})


def names(graph: Graph, ids: set[str]) -> set[str]:
    return {graph.parts[id].name for id in ids}


def test_another_feeds_scopes_do_not_dirty_what_looks_at_coal_only(graph: Graph) -> None:
    dirty = graph.dirty(["winning_scopes", "gas"])
    assert names(graph, dirty) == {"stg_winning_scopes", "int_regions", "targets", "shown", "targets_are_sound"}
    assert "coal" in names(graph, graph.dirty(["winning_scopes", "coal"]))


def test_dirt_stops_at_a_table_that_came_out_as_it_was(graph: Graph) -> None:
    dirty = graph.dirty(["winning_scopes", "coal"], unchanged={"model.p.int_regions"})
    assert names(graph, dirty) == {"stg_winning_scopes", "stg_coal", "coal", "coal_is_sound"}


def test_views_show_what_is_new_without_being_run(graph: Graph) -> None:
    dirty = graph.dirty(["winning_scopes", "gas"])
    assert graph.to_run(dirty, "model", "test") == ["int_regions", "targets", "targets_are_sound"]
    assert graph.models(dirty) == ["int_regions", "shown", "stg_winning_scopes", "targets"]


def test_everything_is_every_part_and_above_is_what_a_part_stands_on(graph: Graph) -> None:
    assert graph.dirty([EVERYTHING]) == set(graph.parts)
    assert graph.dirty([]) == set()
    assert names(graph, graph.above(["model.p.targets"])) == {"targets", "int_regions", "stg_winning_scopes", "plan"}


@pytest.mark.parametrize(
    ("code", "feeds"),
    [
        (OF_COAL, {"coal"}),
        (JOINED, {"a", "b"}),
        ("from {{ ref('stg_winning_scopes') }}", None),
        ("from {{ ref('stg_winning_scopes') }}\n where feed = 'a'\n or feed = 'b'", None),
        (OF_COAL + "\n union all select * from {{ ref('stg_winning_scopes') }}", None),
        ("select 1", None),
    ],
)  # fmt: skip
def test_only_what_is_surely_confined_is_taken_as_confined(code: str, feeds: set[str] | None) -> None:
    assert feeds_of_scopes(code) == (None if feeds is None else frozenset(feeds))

"""Which nodes of the dbt project depend on what is new, read from dbt's manifest.

Dirt spreads along the graph from the tables of raw that changed. It does not spread from the ledger's scopes into a
model that looks only at another feed's scopes, nor through a table that came out of its rebuilding as it was.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from warehouse.build_state import EVERYTHING

# Tables that most deliveries leave as they are, and on which most other models stand: they are rebuilt first, and what
# depends on them is only rebuilt where they differ from what the last good build left.
SETTLING = (
    "int_regions",
    "int_region_parameter_years",
    "int_region_parameters",
    "int_member_periods",
    "int_delivered_periods",
    "int_partial_periods",
    "int_region_years",
    "int_stock_coverage",
    "int_yearly_coverage",
    "int_window_coverage",
    "int_opened_periods",
    "int_indicator_periods",
)
_SCOPES = ("stg_winning_scopes", "winning_scopes")
# a model says directly after the scopes which feeds it wants; one join may stand between
_OF_FEEDS = re.compile(
    r"(?:ref\('stg_winning_scopes'\)|source\('raw', 'winning_scopes'\)) \}\}(?: as \w+)?\s+(?:inner join [^\n]+\s+)?"
    r"where (?:\w+\.)?feed (?:= '(\w+)'|in \(([^()]*)\))(?!\s+or\b)"
)
_ANY_SCOPES = re.compile(r"ref\('stg_winning_scopes'\)|source\('raw', 'winning_scopes'\)")


@dataclass(frozen=True)
class Part:
    """A seed, model or test of the project. `feeds`: those whose scopes it looks at, None when it may be any."""

    id: str
    name: str
    kind: str
    schema: str
    materialized: str
    parents: frozenset[str]
    feeds: frozenset[str] | None


def feeds_of_scopes(code: str) -> frozenset[str] | None:
    """The feeds to which every look of this model at the winning scopes is confined; None when one may not be."""
    confined = _OF_FEEDS.findall(code)
    if not confined or len(confined) != len(_ANY_SCOPES.findall(code)):
        return None
    return frozenset(name for one, several in confined for name in ([one] if one else re.findall(r"'(\w+)'", several)))


def _part(node: Mapping[str, Any]) -> Part:
    return Part(
        id=node["unique_id"],
        name=node["name"],
        kind=node["resource_type"],
        schema=node["schema"],
        materialized=str(node["config"].get("materialized")),
        parents=frozenset(node["depends_on"].get("nodes", ())),
        feeds=feeds_of_scopes(node.get("raw_code") or ""),
    )


@dataclass(frozen=True)
class Graph:
    """The project's parts by their dbt id."""

    parts: Mapping[str, Part] = field(default_factory=dict)

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> Graph:
        """From a manifest.json as dbt writes it."""
        return cls({id: _part(node) for id, node in manifest["nodes"].items()})

    @cached_property
    def settling(self) -> list[Part]:
        """The tables by which the next build sees that nothing changed."""
        return [part for part in self.parts.values() if part.kind == "model" and part.name in SETTLING]

    def dirty(self, sources: Collection[str], unchanged: Collection[str] = ()) -> set[str]:
        """Ids of the parts that depend on these tables of raw, other than only through the parts `unchanged`."""
        if EVERYTHING in sources:
            return set(self.parts)
        known: dict[str, bool] = {}

        def is_dirty(id: str) -> bool:
            if id not in self.parts:
                return id.startswith("source.") and id.rsplit(".", 1)[-1] in sources
            if id not in known:
                known[id] = any(spreads(parent, self.parts[id]) for parent in self.parts[id].parents)
            return known[id] and id not in unchanged

        def spreads(parent: str, into: Part) -> bool:
            is_scopes = parent.rsplit(".", 1)[-1] in _SCOPES
            if is_scopes and into.kind == "model" and into.feeds is not None and into.feeds.isdisjoint(sources):
                return False
            return is_dirty(parent)

        return {id for id in self.parts if is_dirty(id)}

    def above(self, ids: Iterable[str]) -> set[str]:
        """These parts and everything they depend on."""
        found: set[str] = set()
        waiting = [id for id in ids if id in self.parts]
        while waiting:
            id = waiting.pop()
            if id not in found:
                found.add(id)
                waiting += [parent for parent in self.parts[id].parents if parent in self.parts]
        return found

    def to_run(self, ids: Collection[str], *kinds: str) -> list[str]:
        """Names of the parts of these kinds that dbt has to run: a view shows what is new by itself."""
        chosen = [self.parts[id] for id in ids if self.parts[id].kind in kinds]
        return sorted(part.name for part in chosen if part.kind == "test" or part.materialized != "view")

    def models(self, ids: Collection[str]) -> list[str]:
        """Names of the models among these parts, views too."""
        return sorted(self.parts[id].name for id in ids if self.parts[id].kind == "model")

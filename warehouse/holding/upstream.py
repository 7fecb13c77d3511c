"""Where a model of the dbt project stands: the feeds it is made of, the folder it is kept in, the domains of feeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from sources.contract import contracts
from sources.dictionaries import rows
from warehouse.dbt_runs import last_manifest
from warehouse.paths import Home

SOURCE = "source.peak.raw."


class Upstream:
    """Questions to dbt's manifest; without one every model may stand on every feed."""

    def __init__(self, manifest: Mapping[str, Any] | None) -> None:
        self._manifest = manifest

    def feeds(self, models: Iterable[str]) -> frozenset[str]:
        """The feeds that models, by their dbt id, are made of; all when none can be told."""
        parents = self._manifest["parent_map"] if self._manifest else {}
        found, waiting = set(), list(models)
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting += parents.get(node, ())
        named = {node.removeprefix(SOURCE) for node in found if node.startswith(SOURCE)}
        return frozenset(named & contracts().keys()) or frozenset(contracts())

    def folder(self, model: str) -> str | None:
        """The folder of a model below its layer: a domain, or what several share."""
        node = self._manifest["nodes"].get(model) if self._manifest else None
        return node["fqn"][2] if node and len(node["fqn"]) > 3 else None

    @cached_property
    def domains(self) -> dict[str, frozenset[str]]:
        """Per feed the domain of its contract, and those of the plan's indicators that are computed from it."""
        served = {row["code"]: row["domain"] for row in rows("plan_indicators")}
        found = {feed: {contract.domain} for feed, contract in contracts().items()}
        for row in rows("indicator_feeds"):
            found[row["feed"]].add(served[row["indicator"]])
        return {feed: frozenset(names) for feed, names in found.items()}

    def of_domains(self, domains: Iterable[str], feeds: Iterable[str]) -> frozenset[str]:
        """Those of the feeds that have to do with one of the domains; all of them when none has."""
        wanted, given = set(domains), frozenset(feeds)
        return frozenset(feed for feed in given if wanted & self.domains[feed]) or given


def upstream_of(home: Home) -> Upstream:
    """By the manifest of the home's last build."""
    return Upstream(last_manifest(home))

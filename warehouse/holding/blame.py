"""What a failed check of gate 3 is put down to: domains, and the feeds and regions in which the fault may lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from expectations import suites
from expectations.results import ERROR
from sources.contract import contracts
from sources.dictionaries import rows
from warehouse.build_result import BuildResult
from warehouse.dbt_runs import Node
from warehouse.holding.upstream import Upstream
from warehouse.revision_checks import BLAST_RADIUS, NO_VALUE_LOST, SUITE, takers
from warehouse.revisions import Revised

# folders of models that belong to no domain: only the offending rows can name one
SHARED = frozenset({"coverage", "indicators", "ledger", "lineage", "plan", "progress", "shared", "values"})


@dataclass(frozen=True)
class Blame:
    """One failed check. Without `domains` nobody can be named.

    The fault is looked for in `feeds`, in those of the domain's own contracts first; in `regions` (None: any), and
    where the very `deliveries` are known only in these. `is_error`: the check itself failed, which no delivery does.
    """

    check: str
    why_zh: str
    why_en: str
    domains: tuple[str, ...] = ()
    feeds: frozenset[str] = frozenset()
    regions: frozenset[str] | None = None
    deliveries: frozenset[str] | None = None
    is_error: bool = False

    @property
    def own_feeds(self) -> frozenset[str]:
        """The feeds whose contract is of a blamed domain."""
        return frozenset(feed for feed in self.feeds if contracts()[feed].domain in self.domains)


def blames(failed: Iterable[Any], built: BuildResult, revised: Revised | None, upstream: Upstream) -> list[Blame]:
    """One per failed critical result of gate 3: dbt's tests, the suites of the marts, the revisions."""
    nodes = {node.name: node for node in built.nodes}
    return [_blame(result, nodes.get(result.check), revised, upstream) for result in failed]


def _blame(result: Any, node: Node | None, revised: Revised | None, upstream: Upstream) -> Blame:
    name = f"{result.suite}.{result.check}"
    if result.status == ERROR:
        return Blame(name, result.why_zh, result.why_en, is_error=True)
    if result.suite == "dbt":
        return _of_test(name, result, node, upstream)
    if result.suite == SUITE and revised is not None:
        return _of_revisions(name, result, revised, upstream)
    if result.feeds:  # the check looked at delivered rows themselves
        return _of_rows(name, result)
    made_of = upstream.feeds(_looked_at(result.suite))
    feeds = upstream.of_domains(result.domains, made_of) if result.domains else frozenset()
    return Blame(name, result.why_zh, result.why_en, tuple(result.domains), feeds, frozenset(result.regions) or None)


def _looked_at(suite: str) -> list[str]:
    """The models that a mart's suite looks at: the mart, and those it compares with."""
    compared = suites.load("marts", suite).tables if suite in suites.names("marts") else ()
    return [f"model.peak.{name.rsplit('.', 1)[-1]}" for name in (suite, *compared)]


def _of_rows(name: str, result: Any) -> Blame:
    feeds, regions = frozenset(result.feeds), frozenset(result.regions)
    known = frozenset(result.deliveries)
    return Blame(name, result.why_zh, result.why_en, tuple(result.domains), feeds, regions or None, known)


def _of_test(name: str, result: Any, node: Node | None, upstream: Upstream) -> Blame:
    """A test of dbt: the rows it found name indicators or feeds, else the folder of its model is a domain."""
    found = node.offences if node else ()
    models = [parent for parent in node.parents if parent.startswith("model.")] if node else []
    made_of = upstream.feeds(models)
    regions = frozenset(item.region for item in found if item.region)
    if len(regions) < len({item.region for item in found}):
        regions = frozenset()
    served = {row["code"]: row["domain"] for row in rows("plan_indicators")}
    domains = {served[item.indicator] for item in found if item.indicator in served}
    feeds = upstream.of_domains(domains, made_of)
    named = {item.feed for item in found if item.feed in contracts()}
    if named:
        domains, feeds = {contracts()[feed].domain for feed in named}, frozenset(named)
    elif not domains:
        domains = {folder for model in models if (folder := upstream.folder(model))} - SHARED
        feeds = made_of
    return Blame(
        name, result.why_zh, result.why_en, tuple(sorted(domains)), feeds if domains else frozenset(), regions or None
    )


def _of_revisions(name: str, result: Any, revised: Revised, upstream: Upstream) -> Blame:
    """Values lost name the deliveries that took them; values that moved for no known reason only their place."""
    offending = {BLAST_RADIUS: revised.unpredicted, NO_VALUE_LOST: revised.lost}.get(result.check, [])
    taken = [cause.delivery_id for item in revised.lost for cause in takers(revised.causes.get(item.key, ()))]
    feeds = upstream.of_domains(result.domains, contracts())
    regions = frozenset(item.region for item in offending)
    known = frozenset(filter(None, taken)) if result.check == NO_VALUE_LOST else None
    domains: Sequence[str] = result.domains
    return Blame(name, result.why_zh, result.why_en, tuple(domains), feeds, regions or None, known)

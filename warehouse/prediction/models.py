"""Which indicators a model, macro or seed leads to: along dbt's graph, as far as rows of an indicator tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import closing
from functools import cached_property
from typing import Any

import duckdb

from warehouse.dbt_runs import last_manifest
from warehouse.paths import Home

VALUES = "model.peak.indicator_values"
MEASURES = "model.peak.int_measures"
Indicators = frozenset[str]


class Graph:
    """The graph of the last parse and, from build.duckdb, which indicators each model has rows of.

    `everything` are all indicators: what anything leads to when graph or build are not there to tell.
    """

    def __init__(self, home: Home, everything: Indicators, reductions: Indicators) -> None:
        self._home, self._everything, self._reductions = home, everything, reductions

    @cached_property
    def _manifest(self) -> Mapping[str, Any] | None:
        manifest = last_manifest(self._home)
        if manifest is None or not self._home.build_db.exists():
            return None
        return manifest if VALUES in manifest["nodes"] else None

    @cached_property
    def _leading(self) -> frozenset[str]:
        """The nodes that the values are computed from, themselves included."""
        assert self._manifest is not None
        found, waiting = {VALUES}, [VALUES]
        while waiting:
            for parent in self._manifest["parent_map"].get(waiting.pop(), ()):
                if parent not in found:
                    found.add(parent)
                    waiting.append(parent)
        return frozenset(found)

    def of_files(self, files: Iterable[str]) -> Indicators:
        """What files of the dbt project lead to: SQL of models and macros, and descriptions with their settings."""
        manifest = self._manifest
        if manifest is None:
            return self._everything
        by_path: dict[str, set[str]] = defaultdict(set)
        for node in manifest["nodes"].values():
            for path in (node["original_file_path"], (node.get("patch_path") or "").split("://")[-1]):
                by_path[f"dbt_project/{path}"].add(node["unique_id"])
        for macro in manifest["macros"].values():
            if macro["package_name"] == "peak":
                by_path[f"dbt_project/{macro['original_file_path']}"] |= self._users(macro["unique_id"])
        found: set[str] = set()
        for file in files:
            if not file.endswith(".md"):
                # what is known no more may have led anywhere
                found |= self.of_nodes(by_path[file], is_own=True) if file in by_path else self._everything
        return frozenset(found)

    def _users(self, macro: str) -> set[str]:
        """The nodes that use a macro, also through other macros."""
        assert self._manifest is not None
        macros, waiting = {macro}, [macro]
        while waiting:
            used = waiting.pop()
            more = {m["unique_id"] for m in self._manifest["macros"].values() if used in m["depends_on"]["macros"]}
            waiting += more - macros
            macros |= more
        nodes = self._manifest["nodes"].values()
        return {node["unique_id"] for node in nodes if macros & set(node.get("depends_on", {}).get("macros", ()))}

    def of_seed(
        self, seed: str, names: Iterable[str] = (), all_names: Iterable[str] = (), besides: str | None = None
    ) -> Indicators:
        """What a seed leads to, `besides` what it leads to through that one model.

        Given the `names` of the rows that changed, only through models that write one of them, or none of `all_names`.
        """
        manifest = self._manifest
        if manifest is None:
            return self._everything
        chosen, every = set(names), set(all_names)
        codes = {
            user: manifest["nodes"][user]["raw_code"]
            for user in manifest["child_map"].get(f"seed.peak.{seed}", ())
            if user in self._leading and user != besides
        }
        return self.of_nodes(
            user for user, code in codes.items() if not chosen or _writes(code, chosen) or not _writes(code, every)
        )

    def of_nodes(self, nodes: Iterable[str], is_own: bool = False) -> Indicators:
        """What nodes lead to. `is_own`: they were rewritten, so they may have measured what nothing measures now."""
        if self._manifest is None:
            return self._everything
        starts = [node for node in nodes if node in self._leading]
        found: set[str] = set()
        done: set[tuple[str, Indicators | None]] = set()
        waiting: list[tuple[str, Indicators | None]] = [(node, None) for node in starts]
        while waiting:
            node, carried = waiting.pop()
            if (node, carried) in done:
                continue
            done.add((node, carried))
            rows = self._indicators(node)
            if rows is not None and (carried is None or not carried <= rows):
                # from here on the rows say whose value is computed; a model of others takes it over to those
                found, carried = found | rows, rows
            assert self._manifest is not None
            waiting += [
                (child, carried) for child in self._manifest["child_map"].get(node, ()) if child in self._leading
            ]
        if is_own and any(self._indicators(node) is not None for node in starts):
            measured = self._indicators(MEASURES) or frozenset()
            found |= self._everything - measured - self._reductions
        return frozenset(found)

    def _indicators(self, node: str) -> Indicators | None:
        """The indicators that a model has rows of; None when its rows are of none."""
        return self._rows.get(node)

    @cached_property
    def _rows(self) -> dict[str, Indicators]:
        assert self._manifest is not None
        nodes = (self._manifest["nodes"].get(node, {}) for node in self._leading)
        models = {(node["schema"], node["alias"]): node["unique_id"] for node in nodes if node.get("alias")}
        with closing(duckdb.connect(str(self._home.build_db), read_only=True)) as connection:
            telling = connection.execute(
                "select table_schema, table_name from information_schema.columns where column_name = 'indicator'"
            ).fetchall()
            return {
                models[relation]: frozenset(
                    row[0]
                    for row in connection.execute(
                        f"select distinct indicator from {'.'.join(relation)} where indicator is not null"  # noqa: S608
                    ).fetchall()
                )
                for relation in telling
                if relation in models and models[relation].startswith("model.")
            }


def _writes(code: str, names: Iterable[str]) -> bool:
    return any(f"'{name}'" in code for name in names)

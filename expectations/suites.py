"""The suites: one YAML file per feed and per mart, read into plain dataclasses and refused when they are unsound.

A suite says which frames are judged (SQL over the table itself) and what is expected of each. It holds no Python.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from expectations.rule_types import ABSENT, ROW_COUNT, TYPES, unsound
from sources.contract import contracts
from warehouse.paths import SUITES

KINDS = ("deliveries", "marts")
SEVERITIES = ("critical", "warning")
DOMAINS = ("energy", "transport", "buildings", "waste", "land", "industry", "circular", "governance", "innovation")

# The pasts a delivery can be compared with: what the scope itself held, the period before (of a register: the one
# before), the same period a year before, the same day of the week before.
PASTS = ("before", "previous", "year_before", "week_before")
# What a mutant may spoil besides the table: the day of the run, the region, when the past was, what it had.
OF_PAST = ("_as_of", "_today", "_region", "_past_moved", "_past_kept")
_SUITE_KEYS = {
    *("suite", "feeds", "source", "identify", "domain", "domain_column", "by_day"),
    *("derive", "frames", "past", "records", "tables", "expectations"),
}
_CHECK_KEYS = {"check", "expectation", "frame", "arguments", "severity", "domain", "why_zh", "why_en", "mutant"}
_CHECK_NEEDS = {"check", "expectation", "severity", "why_zh", "why_en"}


class SuiteError(ValueError):
    """A suite file that must not be used; the message names the file, the check and the fault."""


@dataclass(frozen=True, eq=False)
class Comparison:
    """A delivery beside the past: groups `by` some columns (within the scope's fields that are no date).

    `measures` and `attributes` are SQL aggregates over a group's rows; a measure also has its ratio to each past,
    unless it is below `least` then and now. `derive` are columns over the whole. With `gone` a group of the past that
    is missing now has a row, too.
    """

    by: tuple[str, ...]
    measures: dict[str, str]
    attributes: dict[str, str]
    least: dict[str, float]
    derive: dict[str, str]
    gone: bool

    @property
    def columns(self) -> dict[str, str]:
        """The SQL of every measure and attribute by its name."""
        return self.measures | self.attributes


@dataclass(frozen=True, eq=False)
class Check:
    """One expectation on one frame. `mutant` maps columns of the table to SQL that breaks this rule and no key."""

    name: str
    expectation: str
    frame: str
    arguments: dict[str, Any]
    severity: str
    why_zh: str
    why_en: str
    domain: str | None = None
    mutant: dict[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns the rule looks at, in the order of its arguments."""
        found: list[str] = []
        for argument in TYPES[self.expectation]:
            value = self.arguments[argument]
            found.extend(value if isinstance(value, list) else [value])
        return tuple(found)


@dataclass(frozen=True, eq=False)
class Suite:
    """All checks of one feed or mart.

    `frames` maps a frame's name to SQL over `this` (the table) or `checked` (the table with `derive`); the frame
    `rows` is `checked` itself. For deliveries `delivery` is every row, empty scopes included. For marts `floor` is
    one row per region that sets `mart_rows` beside `least_rows` and `delivered_rows`, both from what the winning
    deliveries of `feeds` hold: a region may be without rows only where it delivered none. `source` is a select in place
    of the plain mart. `tables` are the other built tables (`marts.fct_forest`) that `source` or a frame compares with:
    when one of them is rebuilt, the suite is judged again. `identify` are the columns that tell which row is meant.
    `domain_column` gives the domain of a row, `domain` that of all. `by_day` is the day column of a large mart whose
    checks hold day by day: there only days that changed need to be judged, and `floor` on the whole. `past` are the
    frames of a delivery beside its past; `scopes`, one row per scope of a delivery, belongs to them, and where
    `records` are the columns that make a row one event, `elsewhere`: one row per event, with the other scope of the
    same period that has it too.
    """

    name: str
    kind: str
    identify: tuple[str, ...]
    derive: dict[str, str]
    frames: dict[str, str]
    checks: tuple[Check, ...]
    source: str | None = None
    domain: str | None = None
    domain_column: str | None = None
    feeds: tuple[str, ...] = ()
    by_day: str | None = None
    tables: tuple[str, ...] = ()
    past: dict[str, Comparison] = field(default_factory=dict)
    records: tuple[str, ...] = ()

    def is_past(self, frame: str) -> bool:
        """Whether a frame compares with the past."""
        return frame in self.past or frame in ("scopes", "elsewhere")


def _refuse(condition: object, where: str, message: str) -> None:
    if condition:
        raise SuiteError(f"{where}: {message}")


def _check(node: Mapping[str, Any], where: str, frames: set[str]) -> Check:
    where = f"{where}, {node.get('check', '?')}"
    missing, unknown = _CHECK_NEEDS - set(node), set(node) - _CHECK_KEYS
    _refuse(missing, where, f"缺少 / missing: {', '.join(sorted(missing))}")
    _refuse(unknown, where, f"多余 / unknown: {', '.join(sorted(unknown))}")
    kind, frame, arguments = node["expectation"], node.get("frame", "rows"), dict(node.get("arguments") or {})
    _refuse(kind not in TYPES, where, f"不支持的规则类型 / unknown expectation type: {kind}")
    _refuse(node["severity"] not in SEVERITIES, where, f"严重程度无效 / bad severity: {node['severity']}")
    _refuse(frame not in frames, where, f"没有这个数据框 / no such frame: {frame}")
    if (why := unsound(kind, arguments)) is not None:
        raise SuiteError(f"{where}: {why}")
    domain = node.get("domain")
    _refuse(domain is not None and domain not in DOMAINS, where, f"领域无效 / bad domain: {domain}")
    _refuse(not str(node["why_zh"]).strip() or not str(node["why_en"]).strip(), where, "没有理由 / no reason given")
    if kind in ABSENT:
        arguments["ignore_row_if"] = ABSENT[kind]
    mutant = {column: str(sql) for column, sql in (node.get("mutant") or {}).items()}
    return Check(
        node["check"], kind, frame, arguments, node["severity"], node["why_zh"], node["why_en"], domain, mutant
    )


def _comparison(node: Mapping[str, Any], where: str) -> Comparison:
    unknown = set(node) - {"by", "measures", "attributes", "least", "derive", "gone"}
    _refuse(unknown, where, f"多余 / unknown: {', '.join(sorted(unknown))}")
    _refuse(not node.get("measures") and not node.get("attributes"), where, "没有可比的量 / nothing to compare")
    texts = {
        part: {k: str(v) for k, v in (node.get(part) or {}).items()} for part in ("measures", "attributes", "derive")
    }
    return Comparison(
        by=tuple(node.get("by") or ()), least=dict(node.get("least") or {}), gone=bool(node.get("gone")), **texts
    )


def parse(document: Mapping[str, Any], kind: str) -> Suite:
    """A suite from a parsed YAML document of kind `deliveries` or `marts`; SuiteError names what is wrong."""
    where = f"{kind}/{document.get('suite', '?')}"
    unknown = set(document) - _SUITE_KEYS
    _refuse(unknown, where, f"多余 / unknown: {', '.join(sorted(unknown))}")
    _refuse(not document.get("suite"), where, "缺少 / missing: suite")
    _refuse(not document.get("expectations"), where, "没有规则 / no expectations")
    frames = {name: str(sql) for name, sql in (document.get("frames") or {}).items()}
    past = {name: _comparison(node, f"{where}, {name}") for name, node in (document.get("past") or {}).items()}
    _refuse(past and kind != "deliveries", where, "只有报送有过去 / only deliveries have a past")
    built_in = {"rows", "delivery", "scopes"} if kind == "deliveries" else {"rows", "floor"}
    built_in |= {"elsewhere"} if document.get("records") else set()
    reserved = (built_in & (set(frames) | set(past))) | (set(frames) & set(past))
    _refuse(reserved, where, f"保留的名字 / reserved frame names: {reserved}")
    checks = tuple(_check(node, where, built_in | set(frames) | set(past)) for node in document["expectations"])
    names = [check.name for check in checks]
    _refuse(len(set(names)) < len(names), where, "规则重名 / two checks of one name")
    floors = [check for check in checks if check.expectation == ROW_COUNT or check.frame == "floor"]
    _refuse(
        any(check.frame == "floor" for check in checks) and not document.get("feeds"), where, "缺少 / missing: feeds"
    )
    _refuse(not floors, where, "没有行数下限 / no row floor: an empty table must not pass")
    return Suite(
        name=document["suite"],
        kind=kind,
        identify=tuple(document.get("identify") or ()),
        derive={name: str(sql) for name, sql in (document.get("derive") or {}).items()},
        frames=frames,
        checks=checks,
        source=document.get("source"),
        domain=document.get("domain"),
        domain_column=document.get("domain_column"),
        feeds=tuple(document.get("feeds") or ()),
        by_day=document.get("by_day"),
        tables=tuple(document.get("tables") or ()),
        past=past,
        records=tuple(document.get("records") or ()),
    )


def names(kind: str) -> list[str]:
    """Every suite of a kind that has a file, sorted."""
    return sorted(path.stem for path in (SUITES / kind).glob("*.yaml"))


def _read(path: Path) -> Any:
    loader, where = getattr(yaml, "CSafeLoader", yaml.SafeLoader), f"{path.parent.name}/{path.stem}"
    try:
        document = yaml.load(path.read_text("utf-8"), Loader=loader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SuiteError(f"{where}: 规则文件不是合格的 YAML / no sound YAML: {error}") from error
    nodes = document.get("expectations") if isinstance(document, dict) else None
    is_sound = isinstance(nodes, list) and all(isinstance(node, dict) for node in nodes)
    _refuse(not is_sound, where, "没有规则 / no expectations")
    return document


def _common(feed: str, own: set[str]) -> list[dict[str, Any]]:
    """The checks that every delivery has, unless its suite has one of the same name."""
    contract, found = contracts()[feed], []
    for node in _read(SUITES / "every_delivery.yaml")["expectations"]:
        feeds, registers = node.pop("frequency", None), node.pop("registers", True)
        is_meant = (feeds is None or contract.frequency in feeds) and (registers or not contract.snapshot)
        if is_meant and node["check"] not in own:
            found.append(node)
    return found


@cache
def load(kind: str, name: str) -> Suite:
    """The suite of one feed or mart; SuiteError when there is none or it is unsound."""
    path = SUITES / kind / f"{name}.yaml"
    _refuse(not path.is_file(), f"{kind}/{name}", "没有校验规则文件 / no suite file")
    document = _read(path)
    if kind == "deliveries" and name in contracts():
        own = {str(node.get("check")) for node in document["expectations"]}
        document["expectations"] += _common(name, own)
    suite = parse(document, kind)
    _refuse(suite.name != name, f"{kind}/{name}", f"文件名与套件名不符 / file and suite name differ: {suite.name}")
    return suite

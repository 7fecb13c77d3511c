"""The contracts: one Open Data Contract Standard file per feed, read into plain dataclasses.

A contract is the only home of a feed's facts. Everything that knows a header, type, unit, key, scope or timetable
reads it from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from warehouse.paths import CONTRACTS

TYPES = ("text", "int", "dec", "bool", "date", "month", "quarter", "year", "ts")


@dataclass(frozen=True)
class UnitFrom:
    """Where a quantity's unit stands: in the row's `column` itself or, with `units`, by that column's code."""

    column: str
    units: dict[str, str] | None = None


@dataclass(frozen=True)
class Field:
    """One column of a feed. `type` is one of TYPES; numbers have bounds in the field's own unit.

    `codes` maps a code to its Chinese name, or to several names joined by `/`. A header that fully matches one of
    `refused_headers` is refused with `refused_advice` ("中文 / English"). `unit` is fixed for the field; a quantity
    whose unit differs by row has `unit_from` instead. `default` is SQL over the row, for missing values. A `private`
    field stays in deliveries/ and never reaches a model.
    """

    name: str
    header: str
    type: str
    description: str
    required: bool = True
    key: bool = False
    scope: bool = False
    aliases: tuple[str, ...] = ()
    refused_headers: tuple[str, ...] = ()
    refused_advice: str | None = None
    unit: str | None = None
    unit_from: UnitFrom | None = None
    codes: dict[str, str] | None = None
    dictionary: str | None = None
    default: str | None = None
    percent: str | None = None
    fraction_when: str | None = None
    private: bool = False
    minimum: str | None = None
    maximum: str | None = None
    exclusive_minimum: str | None = None
    pattern: str | None = None


@dataclass(frozen=True)
class Rule:
    """A condition in DuckDB SQL that holds for every row that is not an empty scope; NULL counts as held.

    `severity` is `error` (quarantines) or `warning`. `column` is the field to blame in the report. With `on_empty`
    the rule speaks of scope fields only and holds for the rows of empty scopes too.
    """

    name: str
    column: str
    condition: str
    severity: str
    description_zh: str
    description_en: str
    on_empty: bool = False


@dataclass(frozen=True)
class Contract:
    """One feed. `frequency` is daily, monthly, quarterly, yearly or, without a timetable, irregular.

    `period` names the field(s) that date a scope.

    `description` says what one row is, `purpose` what the feed is for and who delivers it.
    `contact` is the owner's channel of notifications, by the name it has in the operator's settings, if it has one.
    `servers` are where it is fetched, as written; sources/fetching reads them.
    `member` is the field whose every value is expected in each period (completeness), or None.
    """

    feed: str
    title: str
    domain: str
    description: str
    frequency: str
    snapshot: bool
    due_day: int | None
    owner: str
    contact: str | None
    member: str | None
    period: tuple[str, ...]
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...]
    version: str
    purpose: str
    servers: tuple[dict[str, Any], ...] = ()

    @property
    def scope(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.scope)

    @property
    def key(self) -> tuple[Field, ...]:
        return tuple(f for f in self.fields if f.key)

    def field(self, name: str) -> Field:
        """The field of that name; KeyError if the feed has none."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"{self.feed} has no field {name}")


def _custom(node: dict[str, Any]) -> dict[str, Any]:
    return {item["property"]: item["value"] for item in node.get("customProperties") or ()}


def _bound(options: dict[str, Any], name: str) -> str | None:
    return None if options.get(name) is None else str(options[name])


def _field(node: dict[str, Any]) -> Field:
    custom, options = _custom(node), node.get("logicalTypeOptions") or {}
    return Field(
        name=node["name"],
        header=node["businessName"],
        type=node["physicalType"],
        description=node["description"],
        required=bool(node.get("required", False)),
        key=bool(node.get("primaryKey", False)),
        scope=bool(custom.get("scope", False)),
        aliases=tuple(custom.get("aliases", ())),
        refused_headers=tuple(custom.get("refusedHeaders", ())),
        refused_advice=custom.get("refusedAdvice"),
        unit=custom.get("unit"),
        unit_from=UnitFrom(**custom["unitFrom"]) if "unitFrom" in custom else None,
        codes=custom.get("codes"),
        dictionary=custom.get("dictionary"),
        default=custom.get("default"),
        percent=custom.get("percent"),
        fraction_when=custom.get("fractionWhen"),
        private=bool(custom.get("private", False)),
        minimum=_bound(options, "minimum"),
        maximum=_bound(options, "maximum"),
        exclusive_minimum=_bound(options, "exclusiveMinimum"),
        pattern=options.get("pattern"),
    )


def _rule(node: dict[str, Any]) -> Rule:
    zh, _, en = node["description"].partition(" / ")
    custom, severity = _custom(node), node.get("severity", "error")
    on_empty = bool(custom.get("onEmptyScopes", False))
    return Rule(node["name"], custom["column"], node["implementation"], severity, zh, en, on_empty)


def parse(document: dict[str, Any]) -> Contract:
    """A contract from a parsed ODCS document; KeyError names what is missing."""
    table = document["schema"][0]
    custom = _custom(document)
    sla = {item["property"]: item["value"] for item in document["slaProperties"]}
    return Contract(
        feed=document["name"],
        title=table["businessName"],
        domain=document["domain"],
        description=table["description"],
        frequency=sla["frequency"],
        snapshot=custom.get("kind") == "snapshot",
        due_day=sla.get("dueDay"),
        owner=document["team"]["name"],
        contact=next((item["channel"] for item in document.get("support") or ()), None),
        member=custom.get("member"),
        period=tuple(custom["period"]),
        fields=tuple(_field(node) for node in table["properties"]),
        rules=tuple(_rule(node) for node in table.get("quality") or ()),
        version=document["version"],
        purpose=document["description"]["purpose"],
        servers=tuple(document.get("servers") or ()),
    )


@cache
def contracts() -> dict[str, Contract]:
    """All contracts by feed, in the order of their file names."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    files = sorted(CONTRACTS.glob("*/*.odcs.yaml"))
    parsed = [parse(yaml.load(file.read_text("utf-8"), Loader=loader)) for file in files]
    return {contract.feed: contract for contract in parsed}

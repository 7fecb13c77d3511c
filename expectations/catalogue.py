"""The catalogue: every rule of every gate, how bad a breach is and why it stands, from where the rules themselves live.

What a clerk or an auditor reads; nothing is judged here and dbt is not started.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from expectations import suites
from expectations.suites import TYPES, Check
from sources.contract import Contract, Field, contracts
from warehouse.paths import DBT_PROJECT

FILE, DELIVERY, WAREHOUSE = "file", "delivery", "warehouse"
DBT, UNIT = "dbt", "dbt unit tests"
SEVERITIES = {"error": "critical", "warn": "warning", "warning": "warning"}
# Why each kind of a field's rule stands; keys as in the mutants of fields.
FIELD_WHY = {
    "header": ("一列只能有一个表头指向它，否则不知以哪列为准", "one column for a field, or none could be trusted"),
    "type": (
        "单元格须是该字段类型的值，读不出的不猜",
        "a cell must be a value of the field's type; nothing is guessed",
    ),
    "required": ("必填列不能缺，必填值不能空", "a required column is there and a required value given"),
    "codes": ("编码值须是契约列出的代码或名称", "a coded value is one that the contract lists"),
    "dictionary": (
        "取值须在字典中，否则无法归入指标",
        "the value is in the dictionary, or nothing could be counted by it",
    ),
    "minimum": ("低于下限的数值不可能成立", "a value below the least possible is a mistake"),
    "exclusive_minimum": ("数值须大于下限", "the value must be above its bound"),
    "maximum": ("高于上限的数值不可能成立", "a value above the greatest possible is a mistake"),
    "pattern": ("编号须符合规定的写法", "a code has its prescribed form"),
    "percent": ("此字段不收百分数，防止差一百倍", "no percentages here, which could be a hundred times off"),
    "fraction_when": ("仅部分行可用百分数", "percentages only in rows whose meaning allows them"),
    "unit": ("表头单位须能折算为本字段单位", "a unit in the header must convert to the field's own"),
    "unit_from": ("表头单位须能折算为本行单位", "a unit in the header must convert to the row's own"),
    "refused_headers": (
        "含义不同的列（如累计数）不能冒充本字段",
        "a column of another meaning cannot serve as this one",
    ),
}
FILE_WHY = {
    "key": (
        "同一范围内主键不得重复，否则重复计算",
        "no two rows of a scope share their key, or they would count twice",
    ),
    "scope": ("空范围行不能与同一范围的数据并存", "a scope cannot be both empty and filled"),
    "shape": (
        "须是一张表：有数据行，每行单元格数与表头一致，没有第二个表头，没有无表头的内容",
        "one table: rows of data, each as wide as the header, no second header, no cells without one",
    ),
}
_SOUND_WHY = (
    "模型自身的规则：键唯一、该有的值不缺、条件成立；不成立说明计算有误，不发布",
    "the model's own rules: a unique key, nothing missing, conditions that hold; if not, nothing is published",
)
_DATA_TESTS = {
    "sound": _SOUND_WHY,
    "rows_as_recorded": (
        "每份生效交付的行一行不少、一行不多地进入模型",
        "every row of a winning delivery arrives in its model, none twice",
    ),
}


@dataclass(frozen=True)
class Rule:
    """One rule. `gate` and `suite` as in the results; `how` tells what is looked at, in the rule's own terms."""

    gate: str
    suite: str
    check: str
    severity: str
    how: str
    why_zh: str
    why_en: str


def catalogue(suite: str | None = None) -> list[Rule]:
    """Every rule, by gate and suite; of one suite when it is named. Empty for a suite that does not exist."""
    return [rule for rule in _every() if suite in (None, rule.suite)]


def _every() -> Iterator[Rule]:
    for contract in contracts().values():
        yield from _of_contract(contract)
    for name in suites.names("deliveries"):
        yield from _of_suite(DELIVERY, "deliveries", name)
    for name in suites.names("marts"):
        yield from _of_suite(WAREHOUSE, "marts", name)
    yield from _of_revisions()
    yield from _of_dbt()


def _of_contract(contract: Contract) -> Iterator[Rule]:
    from expectations.mutants.fields import RULES

    for kind, (zh, en) in FIELD_WHY.items():
        fields = [field for field in contract.fields if RULES[kind][0](field)]
        if fields:
            how = "、".join(_said(kind, field) for field in fields)
            yield Rule(FILE, contract.feed, kind, "critical", how, zh, en)
    for check, (zh, en) in FILE_WHY.items():
        named = {"key": contract.key or contract.scope, "scope": contract.scope}.get(check, ())
        yield Rule(FILE, contract.feed, check, "critical", "、".join(field.name for field in named), zh, en)
    for rule in contract.rules:
        why = (rule.description_zh, rule.description_en)
        how = " ".join(rule.condition.split())
        yield Rule(FILE, contract.feed, rule.name, SEVERITIES.get(rule.severity, "critical"), how, *why)


def _said(kind: str, field: Field) -> str:
    told = {"minimum": "≥", "exclusive_minimum": ">", "maximum": "≤"}
    if kind in told:
        return f"{field.name} {told[kind]} {getattr(field, kind)}"
    return f"{field.name}: {field.type}" if kind == "type" else field.name


def _of_suite(gate: str, kind: str, name: str) -> Iterator[Rule]:
    for check in suites.load(kind, name).checks:
        yield Rule(gate, name, check.name, check.severity, _how(check), check.why_zh, check.why_en)


def _how(check: Check) -> str:
    """`columns: arguments`, in the terms of the expectation."""
    named = {*TYPES[check.expectation], "ignore_row_if"}
    told = [f"{name} {_listed(value)}" for name, value in check.arguments.items() if name not in named]
    what = check.expectation.removeprefix("expect_").replace("_", " ")
    return f"{', '.join(check.columns) or check.frame}: {what}" + (f" ({', '.join(told)})" if told else "")


def _listed(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)


def _of_revisions() -> Iterator[Rule]:
    from warehouse.correction_checks import verdicts
    from warehouse.revision_checks import SEVERITY, SUITE, WHY

    for check, why in WHY.items():
        yield Rule(WAREHOUSE, SUITE, check, SEVERITY[check], "indicator_values", *why)
    for of in verdicts(()):
        yield Rule(WAREHOUSE, of.suite, of.check, of.severity, "corrections", of.why_zh, of.why_en)


def _of_dbt() -> Iterator[Rule]:
    """dbt's data tests and unit tests, read from the project's own files."""
    documents = [_read(path) for path in sorted((DBT_PROJECT / "models").glob("**/*.yml"))]
    for document in documents:
        for node in document.get("models") or ():
            for test in node.get("data_tests") or ():
                yield _data_test(node["name"], test)
    for path in sorted((DBT_PROJECT / "tests").glob("*.sql")):
        yield Rule(WAREHOUSE, DBT, path.stem, "critical", "seeds", *_SOUND_WHY)
    for document in documents:
        for node in document.get("unit_tests") or ():
            zh, _, en = str(node.get("description", "")).partition(" / ")
            # they prove the code on made-up rows, once per change, and say nothing about a night's data
            yield Rule(WAREHOUSE, UNIT, node["name"], "info", node["model"], zh, en or zh)


def _read(path: Any) -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=loader) or {}
    return found


def _data_test(model: str, node: Mapping[str, Any]) -> Rule:
    [(kind, entry)] = node.items()
    arguments = entry.get("arguments") or {}
    told = [f"{name}: {_argument(value)}" for name, value in arguments.items()]
    severity = SEVERITIES[(entry.get("config") or {}).get("severity", "error")]
    name = str(entry.get("name") or f"{model}: {kind}")
    return Rule(WAREHOUSE, DBT, name, severity, f"{model} {kind} ({'; '.join(told)})", *_DATA_TESTS[kind])


def _argument(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | dict) else str(value)

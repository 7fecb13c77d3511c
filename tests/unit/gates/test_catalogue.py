"""The catalogue holds every rule of every gate with a reason in both languages, and docs/gates.md is current."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from expectations import gate_docs, suites
from expectations.catalogue import DBT, FIELD_WHY, FILE_WHY, UNIT, Rule, catalogue
from expectations.mutants.fields import RULES
from sources.contract import contracts
from sources.generated import stale
from warehouse.paths import DBT_PROJECT

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def rules() -> list[Rule]:
    return catalogue()


def test_page_of_gates_is_current() -> None:
    assert stale(gate_docs.documents()) == [], "python -m expectations.gate_docs"


def test_every_rule_has_a_reason_in_both_languages(rules: list[Rule]) -> None:
    wrong = [rule for rule in rules if not (CHINESE.search(rule.why_zh) and re.search("[a-z]{2}", rule.why_en))]
    assert wrong == []
    assert {rule.severity for rule in rules} == {"critical", "warning", "info"}
    assert {rule.suite for rule in rules if rule.severity == "info"} == {UNIT}


def test_no_rule_is_left_out_or_told_twice(rules: list[Rule]) -> None:
    told = Counter((rule.gate, rule.suite, rule.check) for rule in rules)
    assert [rule for rule, times in told.items() if times > 1] == []
    for gate, kind in (("delivery", "deliveries"), ("warehouse", "marts")):
        for name in suites.names(kind):
            assert {(gate, name, check.name) for check in suites.load(kind, name).checks} <= set(told)
    for contract in contracts().values():
        assert {("file", contract.feed, rule.name) for rule in contract.rules} <= set(told)
        assert {("file", contract.feed, check) for check in FILE_WHY} <= set(told)


def test_every_kind_of_field_rule_has_a_reason() -> None:
    assert set(FIELD_WHY) == set(RULES)


def test_dbt_tests_and_unit_tests_are_told(rules: list[Rule]) -> None:
    text = "\n".join(path.read_text("utf-8") for path in sorted((DBT_PROJECT / "models").glob("**/*.yml")))
    named = re.findall(r"^  - (?:sound|rows_as_recorded):\n      name: (\w+)", text, re.MULTILINE)
    singular = [path.stem for path in (DBT_PROJECT / "tests").glob("*.sql")]
    assert Counter(rule.check for rule in rules if rule.suite == DBT) == Counter([*named, *singular])
    assert len([rule for rule in rules if rule.suite == UNIT]) == len(re.findall(r"^  model: ", text, re.MULTILINE))


def test_a_suite_that_does_not_exist_has_no_rules() -> None:
    assert catalogue("nowhere") == []

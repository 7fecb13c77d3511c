"""Every suite is sound, every feed and mart has one, and an unsound one is refused by name."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations import suites
from expectations.engine import build
from expectations.good import GOOD
from expectations.mutants import MAKERS
from peak.trouble import sentence
from sources.contract import contracts
from warehouse.paths import DBT_PROJECT

ALL = [(kind, name) for kind in suites.KINDS for name in suites.names(kind)]
SOUND: dict[str, Any] = {
    "suite": "demo",
    "expectations": [
        {
            "check": "has_rows",
            "expectation": suites.ROW_COUNT,
            "arguments": {"min_value": 1},
            "severity": "critical",
            "why_zh": "空表",
            "why_en": "empty",
        }
    ],
}


def test_every_feed_has_a_suite() -> None:
    assert set(suites.names("deliveries")) == set(contracts())


def test_every_mart_has_a_suite() -> None:
    models = {path.stem for path in (DBT_PROJECT / "models" / "marts").glob("**/*.sql")}
    assert models <= set(suites.names("marts"))


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_suite_is_understood_by_great_expectations(kind: str, name: str) -> None:
    suite = suites.load(kind, name)
    for check in suite.checks:
        assert build(check) is not None


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_suite_has_a_critical_floor_and_a_good_table(kind: str, name: str) -> None:
    suite = suites.load(kind, name)
    floors = [c for c in suite.checks if c.expectation == suites.ROW_COUNT or c.frame == "floor"]
    assert any(check.severity == "critical" for check in floors)
    assert list((GOOD / kind).glob(f"{name}.*"))


@pytest.mark.parametrize("feed", suites.names("deliveries"))
def test_delivery_suites_speak_of_the_contracts_fields(feed: str) -> None:
    suite, fields = suites.load("deliveries", feed), {field.name for field in contracts()[feed].fields}
    assert set(suite.identify) <= fields
    for check in suite.checks:
        if check.frame == "rows":
            assert set(check.columns) <= fields | set(suite.derive)
        assert set(check.mutant) - {"where", "keep", "_is_empty", *suites.OF_PAST} <= fields


def test_every_supported_type_is_used_and_has_mutants() -> None:
    used = {check.expectation for kind, name in ALL for check in suites.load(kind, name).checks}
    assert used == set(suites.TYPES) == set(MAKERS)


def _spoil(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    document = copy.deepcopy(SOUND)
    node: Any = document
    for step in path[:-1]:
        node = node[step]
    if value is None:
        del node[path[-1]]
    else:
        node[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("expectations", 0, "expectation"), "expect_the_best", "unknown expectation type"),
        (("expectations", 0, "severity"), "fatal", "bad severity"),
        (("expectations", 0, "why_en"), None, "missing"),
        (("expectations", 0, "why_zh"), " ", "no reason"),
        (("expectations", 0, "frame"), "elsewhere", "no such frame"),
        (("expectations", 0, "frame"), "floor", "no such frame"),
        (("expectations", 0, "domain"), "weather", "bad domain"),
        (("expectations", 0, "colour"), "red", "unknown"),
        (("expectations", 0, "expectation"), "expect_column_values_to_not_be_null", "needs arguments"),
        (("expectations", 0, "arguments"), {"min_value": 0}, "below 1"),
        (("expectations", 0, "arguments"), {}, "without limits"),
        (("expectations", 0, "arguments"), {"min_value": 1, "mostly": 0.5}, "not allowed"),
        (("expectations", 0, "arguments"), {"least": 1}, "not allowed"),
        (("expectations",), [], "no expectations"),
        (("frames",), {"rows": "select 1"}, "reserved"),
        (("colour",), "red", "unknown"),
    ],
)
def test_unsound_suites_are_refused(path: tuple[Any, ...], value: Any, message: str) -> None:
    assert suites.parse(SOUND, "deliveries").checks
    with pytest.raises(suites.SuiteError, match=message):
        suites.parse(_spoil(path, value), "deliveries")


def test_a_suite_without_a_floor_is_refused() -> None:
    document = copy.deepcopy(SOUND)
    document["expectations"][0] |= {
        "expectation": "expect_column_values_to_not_be_null",
        "arguments": {"column": "a"},
    }
    with pytest.raises(suites.SuiteError, match="row floor"):
        suites.parse(document, "marts")


@pytest.mark.parametrize(
    ("kind", "arguments", "message"),
    [
        ("expect_column_values_to_be_in_set", {"column": "a", "value_set": []}, "nothing to compare"),
        ("expect_column_distinct_values_to_contain_set", {"column": "a"}, "nothing to compare"),
        ("expect_column_values_to_match_regex", {"column": "a", "regex": ""}, "nothing to compare"),
        ("expect_column_values_to_be_between", {"column": "a", "strict_min": True}, "without limits"),
        ("expect_column_values_to_be_between", {"column": "a", "min_value": 0, "row_condition": "1=0"}, "not allowed"),
        ("expect_column_pair_values_a_to_be_greater_than_b", {"column_A": "a", "column_B": "b",
         "ignore_row_if": "both_values_are_missing"}, "not allowed"),
        ("expect_column_unique_value_count_to_be_between", {"column": "a", "min_value": 0}, "below 1"),
    ],
)  # fmt: skip
def test_a_rule_that_could_never_fail_is_refused(kind: str, arguments: dict[str, Any], message: str) -> None:
    document = copy.deepcopy(SOUND)
    document["expectations"].append(
        document["expectations"][0] | {"check": "another", "expectation": kind, "arguments": arguments}
    )
    with pytest.raises(suites.SuiteError, match=message):
        suites.parse(document, "deliveries")


def test_bad_arguments_are_refused_when_built() -> None:
    document = copy.deepcopy(SOUND)
    document["expectations"][0]["arguments"] = {"min_value": "many", "max_value": 2}
    with pytest.raises(suites.SuiteError, match="not understood"):
        build(suites.parse(document, "deliveries").checks[0])


def test_a_missing_suite_is_an_error() -> None:
    with pytest.raises(suites.SuiteError, match="no suite file"):
        suites.load("deliveries", "weather")


def test_suites_are_plain_yaml() -> None:
    for kind, name in ALL:
        assert isinstance(yaml.safe_load((suites.SUITES / kind / f"{name}.yaml").read_text("utf-8")), dict)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"suite: weather\nexpectations: [", "不是合格的 YAML / no sound YAML"),
        ("套件".encode("gb18030"), "不是合格的 YAML / no sound YAML"),
        (b"- suite", "no expectations"),
        (b"expectations: [always]", "no expectations"),
        (b"expectations: [{check: a}]", "missing: suite"),
    ],
)
def test_a_file_that_is_no_suite_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, message: str
) -> None:
    (tmp_path / "marts").mkdir()
    (tmp_path / "marts" / "weather_of_tests.yaml").write_bytes(content)
    monkeypatch.setattr(suites, "SUITES", tmp_path)
    with pytest.raises(suites.SuiteError, match=message) as raised:
        suites.load("marts", "weather_of_tests")
    assert "校验规则文件有误" in (sentence(raised.value) or "")

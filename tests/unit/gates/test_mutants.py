"""Every check of every suite can be shown to fail, on its good table spoilt by rule and by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from expectations import suites
from expectations.mutants import MutantResult, self_test, try_suite

ALL = [(kind, name) for kind in suites.KINDS for name in suites.names(kind)]


def _alive(results: list[MutantResult]) -> list[MutantResult]:
    return [result for result in results if not result.killed]


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_good_table_passes_and_no_mutant_lives(kind: str, name: str) -> None:
    results = self_test(kind, name)
    assert _alive(results) == []
    assert {result.check for result in results} == {"*"} | {check.name for check in suites.load(kind, name).checks}


def test_a_toothless_check_is_found() -> None:
    suite = suites.load("deliveries", "waste_weighings")
    toothless = [
        replace(check, arguments=check.arguments | {"max_value": 10**12}) if check.name == "load_plausible" else check
        for check in suite.checks
    ]
    assert {result.check for result in _alive(try_suite(replace(suite, checks=tuple(toothless))))} == {"load_plausible"}


def test_a_derived_column_needs_a_mutant_of_the_table() -> None:
    suite = suites.load("deliveries", "waste_weighings")
    checks = [replace(check, mutant={}) if check.name == "load_plausible" else check for check in suite.checks]
    alive = _alive(try_suite(replace(suite, checks=tuple(checks))))
    assert [(result.check, result.mutant) for result in alive] == [("load_plausible", "hand")]


def test_a_suite_without_a_good_table_is_found() -> None:
    suite = replace(suites.load("deliveries", "meters"), name="nowhere")
    assert [result.mutant for result in _alive(try_suite(suite))] == ["good"]

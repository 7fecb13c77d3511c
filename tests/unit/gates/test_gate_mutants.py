"""Mutants of revisions and of the engine itself: what lost its teeth there is found out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from expectations import suites, telling
from expectations.engine import Judgement
from expectations.mutants import engine, revisions
from expectations.mutants.engine import try_blind, try_engine
from expectations.mutants.result import MutantResult
from expectations.mutants.revisions import try_revisions
from expectations.suites import Check
from warehouse import revision_checks


def _alive(results: Sequence[MutantResult]) -> set[str]:
    return {result.check for result in results if not result.killed}


def test_every_verdict_on_revisions_fails_on_its_mutants() -> None:
    results = try_revisions()
    assert [result for result in results if not result.killed] == []
    assert {result.check for result in results} == {"*", "blast_radius", "no_value_lost", "revision_size"}


def test_a_threshold_that_moved_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision_checks, "LARGE", Decimal("0.3"))
    assert _alive(try_revisions()) == {"revision_size"}


def test_a_waiver_that_waives_too_much_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision_checks, "is_taken", lambda causes, waivers: bool(causes) and not waivers)
    assert _alive(try_revisions()) == {"no_value_lost"}


def test_a_prediction_that_covers_everything_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revisions.Prediction, "covers", lambda *_: True)
    assert _alive(try_revisions()) == {"blast_radius"}


def test_a_verdict_without_a_mutant_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(revisions.MUTANTS, "revision_size")
    assert [(r.check, r.mutant) for r in try_revisions() if not r.killed] == [("revision_size", "none")]


def test_nothing_passes_on_nothing_and_what_breaks_is_an_error() -> None:
    results = try_engine()
    assert [result for result in results if not result.killed] == []
    asked = {f"{kind}/{name}" for kind in suites.KINDS for name in suites.names(kind)}
    assert {result.check for result in results} == asked | {kind for kind, columns in suites.TYPES.items() if columns}


def test_a_gate_that_passes_what_it_skipped_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "SKIPPED", "passed")
    assert _alive(try_blind(suites.load("deliveries", "meters"))) == {"deliveries/meters"}


def test_an_engine_that_takes_errors_for_passes_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def forgiving(_: Any, checks: Sequence[Check]) -> dict[str, Judgement]:
        return {check.name: Judgement(True) for check in checks}

    monkeypatch.setattr("expectations.engine.judge_frame", forgiving)
    assert {result.mutant for result in engine.try_types() if not result.killed} >= {"no column: frame"}


def test_a_suite_whose_floor_is_gone_is_found() -> None:
    suite = suites.load("marts", "clauses")
    checks = [replace(check, severity="warning") for check in suite.checks]
    assert _alive(try_blind(replace(suite, checks=tuple(checks)))) == {"marts/clauses"}

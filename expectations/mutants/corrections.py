"""Mutants of the checks on the table of corrections: each is shown to fail when what a correction met is spoilt."""

from __future__ import annotations

from typing import Any

from expectations.mutants.result import MutantResult
from expectations.results import FAILED, PASSED
from warehouse.correction_checks import IN_FORCE, RULES_HOLD, SINCE_PASSED, STILL_MATCH, SUITE, verdicts

# what a build says of a correction that meets its error
GOOD: dict[str, Any] = {
    "line": 2, "region": "yueyang-etz", "feed": "energy_supply", "key": "month=2024-02;product=diesel;sector=transport",
    "field": "quantity", "wrong_value": "11.5", "right_value": "12.25", "found_value": "11.5", "status": "applied",
    "file_name": "能源.csv", "delivery_id": "d1", "row_number": 4, "broken_zh": None, "broken_en": None,
    "since": "2026-02-01", "is_ahead": False,
}  # fmt: skip
MUTANTS: dict[str, dict[str, dict[str, Any]]] = {
    STILL_MATCH: {
        "the row is gone": {"status": "no_row", "found_value": None, "row_number": None},
        "the bureau mended it": {"status": "already_right", "found_value": "12.25"},
        "another value is there": {"status": "other_value", "found_value": "13"},
        "a missing value is there": {"status": "other_value", "found_value": None},
    },
    RULES_HOLD: {"the corrected row breaks a rule": {"broken_zh": "不符合规则", "broken_en": "breaks a rule"}},
    IN_FORCE: {"its delivery is on hold": {"status": "on_hold"}},
    SINCE_PASSED: {"a day that has not come": {"since": "2099-01-01", "is_ahead": True}},
}


def try_corrections() -> list[MutantResult]:
    """The good case and every mutant; a check without any is a result not `killed`."""
    said = {result.check: result for result in verdicts([GOOD])}
    wrong = [check for check, result in said.items() if result.status != PASSED]
    found = [MutantResult(SUITE, "*", "good", not wrong, ", ".join(wrong))]
    for check in said:
        mutants = MUTANTS.get(check, {})
        found += [_tried(check, name, change) for name, change in mutants.items()]
        if not mutants:
            found.append(MutantResult(SUITE, check, "none", False, "没有变异体 / no mutant"))
    return found


def _tried(check: str, name: str, change: dict[str, Any]) -> MutantResult:
    """Killed when just this check fails, and says which row of which file it speaks of."""
    failed = {result.check: result for result in verdicts([GOOD, GOOD | change]) if result.status == FAILED}
    is_named = check in failed and all(GOOD["key"] in text for text in failed[check].examples)
    return MutantResult(SUITE, check, name, is_named and set(failed) == {check}, ", ".join(failed))

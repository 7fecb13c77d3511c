"""Every check on the table of corrections can fail, and is the only one that does."""

from __future__ import annotations

import pytest

from expectations.mutants import corrections
from expectations.mutants.corrections import MUTANTS, try_corrections
from expectations.results import CheckResult
from warehouse import correction_checks


def test_every_mutant_is_killed() -> None:
    results = try_corrections()
    assert [result for result in results if not result.killed] == []
    assert {result.check for result in results} == {"*", *MUTANTS}


def test_a_check_that_never_fails_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def blind(met: list[dict[str, object]]) -> list[CheckResult]:
        return correction_checks.verdicts([row for row in met if row["status"] != "already_right"])

    monkeypatch.setattr(corrections, "verdicts", blind)
    assert [result.mutant for result in try_corrections() if not result.killed] == ["the bureau mended it"]

"""One try at a release: what was built at which moment, what it revises, and what gate 3 says of it."""

from __future__ import annotations

from dataclasses import dataclass

from expectations.results import CheckResult, critical_failures
from sources.ledger import Position
from warehouse.build import BuildResult
from warehouse.revisions import Revised


@dataclass(frozen=True)
class Attempt:
    """`revised` is None exactly when the build is not good; then `results` has failures."""

    at: Position
    built: BuildResult
    revised: Revised | None
    results: list[CheckResult]

    @property
    def failures(self) -> list[CheckResult]:
        """The critical results that keep it from being published."""
        return critical_failures(self.results)

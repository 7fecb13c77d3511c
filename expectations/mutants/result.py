"""What became of one mutant."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class MutantResult:
    """What became of one mutant; `killed` says that its check failed, as it must. `good` is the unspoilt table.

    `suite` is the suite, feed or kind of test that the rule `check` belongs to.
    """

    suite: str
    check: str
    mutant: str
    killed: bool
    detail: str = ""

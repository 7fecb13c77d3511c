"""What a gate says of one check."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

PASSED, FAILED, ERROR, SKIPPED = "passed", "failed", "error", "skipped"
# a failure that a person lets a delivery have
WAIVED = "waived"


@dataclass(frozen=True)
class CheckResult:
    """The verdict of one check.

    `status`: passed; failed (the data is bad); error (the check itself could not be carried out); skipped (there was
    nothing to judge: a delivery of empty scopes only, or a frame no row belongs to; then `severity` is `info`);
    waived (failed, and let through for the delivery that made it fail).
    `row_count` rows of the frame were looked at and `unexpected_count` of them offend. `rows` are the offenders' own
    rows in the delivered file and `examples` describe the first of them. `domains` are the plan's domains the
    offending rows belong to (all the check stands for when rows carry none), `regions` the regions they name,
    `feeds` and `deliveries` those they are rows of, where the check looks at delivered rows themselves.
    """

    suite: str
    check: str
    severity: str
    status: str
    column: str | None
    observed: str | None
    unexpected_count: int | None
    row_count: int | None
    examples: list[str]
    rows: list[int]
    why_zh: str
    why_en: str
    domains: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    deliveries: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The check with its suite, as it is waived by."""
        return f"{self.suite}.{self.check}"


def critical_failures(results: Iterable[CheckResult]) -> list[CheckResult]:
    """The results that stop a delivery or a publication: critical checks that failed or could not be carried out.

    A check in error proves nothing about the data, so it stops too; its status keeps the two apart.
    """
    return [result for result in results if result.severity == "critical" and result.status in (FAILED, ERROR)]


def warnings(results: Iterable[CheckResult]) -> list[CheckResult]:
    """The results to be shown beside data that is taken in: warnings that failed or could not be carried out."""
    return [result for result in results if result.severity == "warning" and result.status in (FAILED, ERROR)]


def waived(results: Iterable[CheckResult]) -> list[CheckResult]:
    """The failures that a person lets a delivery have: they stop nothing and are shown all the same."""
    return [result for result in results if result.status == WAIVED]

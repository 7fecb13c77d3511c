"""What reading gives back: the typed rows, or every reason why they could not be had."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import pyarrow as pa

MAX_PROBLEMS = 1_000


@dataclass(frozen=True)
class Problem:
    """One thing wrong, or worth a warning. `row` is the file's own row or line, `column` its own header."""

    code: str
    zh: str
    en: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class ScopeInfo:
    """One scope of a delivery. `values` are the spellings in `scope`; periods are days, both ends included.

    `member` is filled only when the contract's member is a scope field. `is_partial`: it may lack a row left out.
    """

    scope: str
    values: dict[str, str]
    rows: int
    is_empty: bool
    period_start: date
    period_end: date
    member: str | None
    is_partial: bool = False


@dataclass
class Reading:
    """A file read by its contract. `table` is None exactly when there are problems.

    `problems` holds at most MAX_PROBLEMS of `total_problems`. `notes` tell which lines were rightly not data.
    `rows_read` counts the data rows found, good or bad. `left_out` are the rows of `sheet` that were not to be read.
    """

    table: pa.Table | None
    problems: list[Problem]
    warnings: list[Problem]
    format: str
    encoding: str | None
    scopes: list[ScopeInfo]
    rows_read: int
    total_problems: int
    notes: list[Problem] = field(default_factory=list)
    sheet: str | None = None
    left_out: list[int] = field(default_factory=list)


class Unreadable(Exception):
    """The file as a whole cannot be read; holds the problems to report."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(problem.en for problem in problems))
        self.problems = problems


class Findings:
    """Collects problems and warnings of one file: all are counted, a bounded number is kept."""

    def __init__(self) -> None:
        self._problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self.notes: list[Problem] = []
        self.total = 0

    def add(self, problem: Problem) -> None:
        self.add_many([problem], 1)

    def add_many(self, problems: Iterable[Problem], total: int) -> None:
        """Problems of one kind; `total` counts those left out as well."""
        self._problems.extend(problems)
        self.total += total

    def warn(self, warning: Problem) -> None:
        if len(self.warnings) < MAX_PROBLEMS:
            self.warnings.append(warning)

    def note(self, note: Problem) -> None:
        self.notes.append(note)

    def problems(self) -> list[Problem]:
        """In the order of the file, whole-file problems first, at most MAX_PROBLEMS."""
        return sorted(self._problems, key=lambda problem: problem.row or 0)[:MAX_PROBLEMS]

"""Many polluted files, one after the other, and the table of what became of them."""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sources.ledger import open_ledger
from tests.faults.polluter.catalogue import FAULTS, chosen, polluted
from tests.faults.polluter.judge import CRASHED, EXACT, FAILURES, HUNG, LEFT, NAMED, REFUSED, SILENT, WRONGLY_REFUSED
from tests.faults.polluter.judge import judge as judged
from tests.faults.polluter.model import GROUPS, Fault, Refused
from warehouse.paths import Home

VERDICTS = (EXACT, NAMED, REFUSED, LEFT, WRONGLY_REFUSED, SILENT, CRASHED, HUNG)
NAMED_TARGET = 0.99


@dataclass(frozen=True)
class Result:
    """What became of the file of a seed. `is_placed`: its one bad row was to be named, and it was not loaded."""

    seed: int
    fault: str
    group: str
    feed: str
    verdict: str
    detail: str
    is_placed: bool

    @property
    def failed(self) -> bool:
        return self.verdict in FAILURES


def run(seeds: Iterable[int], faults: Sequence[Fault] = FAULTS) -> list[Result]:
    """The files of the seeds, in one data home of their own."""
    with tempfile.TemporaryDirectory(prefix="peak-polluter-") as folder:
        home = Home(Path(folder) / "home")
        with closing(open_ledger(home)) as ledger:
            found = []
            for seed in seeds:
                fault, good, file = polluted(seed, faults)
                outcome = judged(file, good, home, ledger)
                is_placed = fault.single_row and isinstance(file.expect, Refused) and file.expect.row is not None
                found.append(
                    Result(seed, fault.name, fault.group, good.feed, outcome.verdict, outcome.detail, is_placed)
                )
            return found


def run_named(seeds: Iterable[int], names: Iterable[str]) -> list[Result]:
    """The files of the seeds, with the faults of some names or classes only when any are named."""
    return run(seeds, chosen(names))


def named_share(results: Iterable[Result]) -> float:
    """The share of faults in a single row that were named exactly; 1 when there are none."""
    placed = [result for result in results if result.is_placed]
    return sum(result.verdict == NAMED for result in placed) / len(placed) if placed else 1.0


def is_good(results: Sequence[Result]) -> bool:
    return not any(result.failed for result in results) and named_share(results) >= NAMED_TARGET


def table(results: Sequence[Result]) -> str:
    """Files by class and verdict as Markdown, and the share of single-row faults that were named."""
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        groups[result.group][result.verdict] += 1
    heads = ("class", "faults", "files", *VERDICTS)
    rows = [heads, tuple("---" for _ in heads)]
    for group in [name for name in GROUPS if name in groups]:
        rows.append((group, *_counts([result for result in results if result.group == group])))
    rows.append(("all", *_counts(results)))
    placed = sum(result.is_placed for result in results)
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([*lines, "", f"single-row faults named exactly: {named_share(results):.2%} of {placed}"])


def _counts(results: Sequence[Result]) -> tuple[str, ...]:
    counted = Counter(result.verdict for result in results)
    faults = {result.fault for result in results}
    return (str(len(faults)), str(len(results)), *(str(counted[verdict] or "") for verdict in VERDICTS))

"""The plan of a backfill, worked out in a scratch copy: what would be read again, rebuilt and moved, and what it costs.

Nothing of the home changes: what the plan says would happen has happened, elsewhere.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date

import duckdb

from expectations.results import CheckResult, critical_failures
from sources.ledger import CellKey, Ledger, WinningScope, open_ledger, position, published_values
from sources.rereading import Reread
from warehouse.backfill import NothingThere, Wish, chosen, keys, read_scopes_again
from warehouse.build import build
from warehouse.harmless import shown_name
from warehouse.judging import Judging, judge_build
from warehouse.paths import Home
from warehouse.progress import telling
from warehouse.revisions import Revised, cells, revise
from warehouse.scratch import scratch_home

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What a backfill would do.

    `scopes` would be rebuilt, `rereads` read again by today's contract first. `revised` is what would be published
    (None when the build fails), `predicted` every cell that may move, `stopped_by` the critical checks that would
    stop the publication. `seconds` are those the staged work took, by stage.
    """

    wish: Wish
    as_of: date
    scopes: list[WinningScope]
    rereads: list[Reread]
    revised: Revised | None
    predicted: list[CellKey]
    stopped_by: list[CheckResult]
    seconds: Mapping[str, float]

    @property
    def refused(self) -> list[Reread]:
        """Deliveries that today's contract or gate refuses: with one of them the backfill does not begin."""
        return [reread for reread in self.rereads if reread.refusal is not None]

    @property
    def refusals(self) -> list[str]:
        """Everything that keeps the backfill from being carried out, in words."""
        files = [f"{shown_name(item.delivery.file_name)}: {item.refusal}" for item in self.refused]
        return files + [f"{check.name}: {check.observed or check.why_en}" for check in self.stopped_by]

    @property
    def is_good(self) -> bool:
        """Whether the backfill may be carried out."""
        return not self.refused and not self.stopped_by

    @property
    def size_bytes(self) -> int:
        """Bytes of the archived files to be read again."""
        return sum(reread.delivery.size_bytes for reread in self.rereads)

    def facts(self) -> list[tuple[str, str, object]]:
        """The plan in figures: 中文, English and the figure of each."""
        differing = sum(not reread.is_same for reread in self.rereads)
        found = [
            ("重算的范围", "scopes rebuilt", len(self.scopes)),
            ("范围内的行数", "rows in them", sum(scope.row_count for scope in self.scopes)),
            ("重新读取的文件", "files read again", len(self.rereads)),
            ("其中行有变的", "of them with other rows", differing),
            ("重新读取的字节", "bytes read again", self.size_bytes),
        ]
        if self.revised is not None:
            found += [
                ("可能变化的数值", "values that may move", len(self.predicted)),
                ("将变化的数值", "values that would move", len(self.revised.revisions)),
            ]
        return [*found, *((f"用时（秒）{stage}", f"seconds {stage}", f"{s:.1f}") for stage, s in self.seconds.items())]


def plan(home: Home, wish: Wish, as_of: date, *, tell: Tell, only_if_read_again: bool = False) -> Plan:
    """Carry the wish out in a scratch copy of `home` and say what came of it; nothing of the home changes.

    With `only_if_read_again` nothing is built unless something has to be read again: readings are recorded and stay,
    a build that does not pass leaves nothing behind. NothingThere when the period has nothing;
    sources.archive.Damaged when bytes to be read again are lost.
    """
    if not home.ledger.exists():
        raise NothingThere("还没有账本 / there is no ledger yet")
    with scratch_home(home, with_build=True) as scratch, closing(open_ledger(scratch)) as ledger:
        scopes, begun = chosen(ledger, wish), time.monotonic()
        rereads = _read_again(scratch, ledger, wish, scopes, Judging(scratch, ledger, as_of), tell)
        read = Plan(wish, as_of, scopes, rereads, None, [], [], {"read": time.monotonic() - begun})
        if read.refused or (only_if_read_again and not rereads):
            return read
        return _staged(scratch, ledger, read, tell)


def _read_again(
    scratch: Home, ledger: Ledger, wish: Wish, scopes: list[WinningScope], judge: Judging, tell: Tell
) -> list[Reread]:
    def on_batch(done: int, total: int) -> None:
        tell(f"  试读 / read in the scratch copy: {done}/{total}")

    places = [(scope.region, scope.scope) for scope in scopes]
    return read_scopes_again(scratch, ledger, wish.feed, places, who="plan", why="plan", judge=judge, on_batch=on_batch)


def _staged(scratch: Home, ledger: Ledger, read: Plan, tell: Tell) -> Plan:
    """The plan with what a build of the scratch copy says."""
    tell("  试算 / staged build")
    at, forced = position(ledger), keys(read.scopes)
    built = build(scratch, read.as_of, telling(tell), ledger=ledger, at=at, force_scopes=forced)
    revised = revise(scratch, ledger, at, read.as_of, forced) if built.is_good else None
    begun = time.monotonic()
    results = judge_build(scratch, ledger, built, revised)
    seconds = {**read.seconds, **built.seconds, "judge": time.monotonic() - begun}
    predicted = _predicted(scratch, ledger, revised) if revised else []
    return replace(read, revised=revised, predicted=predicted, stopped_by=critical_failures(results), seconds=seconds)


def _predicted(scratch: Home, ledger: Ledger, revised: Revised) -> list[CellKey]:
    """Every cell, there now or published before, that the prediction covers."""
    with closing(duckdb.connect(str(scratch.build_db), read_only=True)) as connection:
        ends = {cell.key: cell.period_end for cell in cells(connection)}
    ends |= {key: last.period_end for key, last in published_values(ledger).items() if last.is_complete is not None}
    return [key for key, end in ends.items() if revised.prediction.covers(key, end)]

"""One point: a night is killed, looked at, done again, and compared with the night that nobody disturbed."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from sources.archive import sha256_of
from tests.faults import facts
from tests.faults.forks import in_fork, kill_in_fork
from tests.faults.homes import Bases, copy, remove
from tests.faults.kill import CALL, INSIDE, MOMENT, OPERATION, Death
from tests.faults.nights import BUILD, GATE, PREPARE, PUBLISH, REREAD, SWITCH, TAKE_IN, Known, night
from warehouse.paths import Home

# of a hundred points; a build takes a whole run of dbt to be done again
WEIGHTS = {TAKE_IN: 48, REREAD: 4, PREPARE: 5, BUILD: 8, GATE: 5, PUBLISH: 18, SWITCH: 12}
WAYS = {OPERATION: 45, CALL: 20, INSIDE: 20, MOMENT: 15}


@dataclass(frozen=True)
class Point:
    """Where and how a night dies. `number` counts calls or operations (twice each: before and after), `delay_s` runs
    from the beginning of the operation or of the stage; `is_whole`: the next run starts over, skipping no step."""

    seed: int
    stage: str
    way: str
    number: int
    delay_s: float
    is_whole: bool
    name: str

    def __str__(self) -> str:
        return f"{self.seed} {self.stage}: {self.way} {self.number} {self.name} {self.delay_s * 1000:.1f} ms"


@dataclass(frozen=True)
class Result:
    """What became of a point: `wrong` says what is not as it should be."""

    point: Point
    seconds: float
    wrong: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        """As values for JSON."""
        return asdict(self)


def choose(seed: int, bases: Bases, stage: str | None = None) -> Point:
    """The point of a seed: any stage by weight unless one is asked for, then any way to die in it."""
    dice = Random(f"peak {seed}")
    stage = stage or _weighted(dice, WEIGHTS)
    counts = bases.counts[stage]
    # dbt would take minutes with every call counted
    ways = {way: weight for way, weight in WAYS.items() if way != CALL or stage != BUILD}
    way = _weighted(dice, ways)
    is_whole = dice.random() < 0.1
    if way == CALL:
        return Point(seed, stage, way, dice.randint(1, bases.calls(stage)), 0.0, is_whole, "")
    if way == MOMENT:
        return Point(seed, stage, way, 1, dice.uniform(0, counts.seconds), is_whole, "")
    which = dice.randrange(len(counts.operations))
    name, seconds = counts.operations[which]
    if way == INSIDE:
        return Point(seed, stage, way, which + 1, dice.uniform(0, seconds), is_whole, name)
    return Point(seed, stage, way, 2 * which + dice.randint(1, 2), 0.0, is_whole, name)


def _weighted(dice: Random, weights: dict[str, int]) -> str:
    return dice.choices(list(weights), list(weights.values()))[0]


def try_point(point: Point, bases: Bases, folder: Path) -> Result:
    """Kill a copy of the home at `point`, look at it, run again, compare; the copy goes unless something is wrong."""
    begun = time.monotonic()
    if folder.exists():  # begun when somebody stopped the harness itself
        remove(folder)
    home = copy(bases.home(point.stage), folder)
    try:
        wrong = _killed(point, bases, home) or in_fork(lambda: _looked_at(point, bases, home))
        wrong = wrong or in_fork(lambda: _done_again(point, bases, home))
    except RuntimeError as error:
        wrong = [str(error)[-3000:]]
    if not wrong:
        remove(folder)
    return Result(point, time.monotonic() - begun, wrong)


def _killed(point: Point, bases: Bases, home: Home) -> list[str]:
    def work(pipe: int) -> None:
        death = Death(point.stage, point.way, point.number, pipe)
        night(home, death, bases.known_before(point.stage), only_take_in=point.stage == TAKE_IN)

    said = kill_in_fork(work, point.delay_s)
    return [f"the night that was to die: {said}"] if said else []


def _looked_at(point: Point, bases: Bases, home: Home) -> list[str]:
    return facts.wrong_after_kill(home, bases.before, may_switch=point.stage == SWITCH)


def _done_again(point: Point, bases: Bases, home: Home) -> list[str]:
    only_take_in = point.stage == TAKE_IN and not point.is_whole
    night(home, known=_still_known(point, bases, home), only_take_in=only_take_in)
    if only_take_in:
        return facts.differences(bases.taken_in, facts.taken_in(home))
    return facts.differences(bases.ended, facts.ended(home))


def _still_known(point: Point, bases: Bases, home: Home) -> Known:
    """Steps that the next run may skip: those of a build database that is, byte for byte, what they were done on."""
    if point.is_whole or point.stage not in (PUBLISH, SWITCH):
        return {}
    has_rest = home.build_db.with_name(f"{home.build_db.name}.wal").exists()
    return bases.known if not has_rest and sha256_of(home.build_db) == bases.build_sha256 else {}

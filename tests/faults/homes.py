"""The homes that points start from: one per stage, copied out of one undisturbed night as a crash would leave them."""

from __future__ import annotations

import pickle
import shutil
from dataclasses import dataclass
from pathlib import Path

from sources.archive import sha256_of
from tests.faults import facts, world
from tests.faults.forks import in_fork
from tests.faults.kill import Counts, Recorder
from tests.faults.nights import (
    BUILD,
    GATE,
    PREPARE,
    PUBLISH,
    REREAD,
    SKIPPED,
    STAGES,
    SWITCH,
    TAKE_IN,
    Known,
    night,
    remembered,
)
from warehouse.paths import Home
from warehouse.shelf import current_id

# where a stage is killed, the stages before it are not done again: the home is as they left it
BASES = {stage: stage for stage in STAGES} | {BUILD: PREPARE, SWITCH: PUBLISH}
KNOWN = {GATE: SKIPPED[:1], PUBLISH: SKIPPED, SWITCH: SKIPPED}


@dataclass(frozen=True)
class Bases:
    """A home per stage, what each stage does, and how an undisturbed night ends.

    `before` is the release that is current when the night begins, `build_sha256` that of the build database when it
    ends; `known` are the results of the steps that a killed night may find done.
    """

    root: Path
    counts: dict[str, Counts]
    known: Known
    taken_in: facts.Facts
    ended: facts.Facts
    before: str
    build_sha256: str

    def home(self, stage: str) -> Path:
        """The home to copy for a point of this stage."""
        return self.root / BASES[stage]

    def calls(self, stage: str) -> int:
        """How many Python and C calls the stage makes; counted when somebody first asks."""
        file = self.root / f"{stage}.calls"
        if not file.exists():
            file.write_text(str(in_fork(lambda: _calls(self, stage))))
        return int(file.read_text())

    def known_before(self, stage: str) -> Known:
        """What the stages before this one gave."""
        return {name: self.known[name] for name in KNOWN.get(stage, ())}


def copy(home: Path, target: Path) -> Home:
    """A home as it is, links and modes included."""
    shutil.copytree(home, target, symlinks=True)
    return Home(target)


class _Copier(Recorder):
    """Copies the home whenever a stage of `BASES` begins."""

    def __init__(self, home: Home, root: Path) -> None:
        super().__init__()
        self.home, self.root = home, root

    def enter(self, stage: str) -> None:
        super().enter("")  # copying is nobody's time
        if stage in BASES.values():
            copy(self.home.root, self.root / stage)
        super().enter(stage)


def prepare(root: Path) -> Bases:
    """The bases under `root`; made by two undisturbed nights when they are not there yet."""
    file = root / "bases.pickle"
    if not file.exists():
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        home = Home(root / "home")
        world.deliver(home, world.first_night())
        assert in_fork(lambda: _first_night(home)) == "published"
        world.hold_mistake(home)
        world.owe_backfill(home)
        world.deliver(home, world.second_night())
        counts, known = in_fork(lambda: _undisturbed(home, root))
        taken_in = in_fork(lambda: facts.taken_in(Home(root / REREAD)))
        ended = in_fork(lambda: facts.ended(home))
        assert any(line.startswith("(1,") for line in ended["vintages"]), "the second night revises no value"
        before = current_id(Home(root / TAKE_IN))
        assert before is not None
        bases = Bases(root, counts, known, taken_in, ended, before, sha256_of(home.build_db))
        file.write_bytes(pickle.dumps(bases))
    found: Bases = pickle.loads(file.read_bytes())
    return found


def _first_night(home: Home) -> str:
    """A night when the contract of one feed was another one."""
    from sources import intake

    known = intake.contract_sha256
    intake.contract_sha256 = lambda feed: "0" * 64 if feed == world.OUTDATED else known(feed)
    return night(home)


def _undisturbed(home: Home, root: Path) -> tuple[dict[str, Counts], Known]:
    known: Known = {}
    remembered(known)
    copier = _Copier(home, root)
    assert night(home, copier) == "published"
    return dict(copier.counts), known


class _Calls(Recorder):
    """Counts the calls of one stage and stops the night after it."""

    counts_calls = True

    def __init__(self, stage: str) -> None:
        super().__init__()
        self.only = stage

    def enter(self, stage: str) -> None:
        if self.stage == self.only:
            raise Enough
        super().enter(stage)


class Enough(BaseException):
    """The stage that was looked at is over."""


def _calls(bases: Bases, stage: str) -> int:
    home, recorder = copy(bases.home(stage), bases.root / "counted"), _Calls(stage)
    try:
        night(home, recorder, bases.known_before(stage), only_take_in=stage == TAKE_IN)
    except Enough:
        pass
    finally:
        remove(home.root)
    return recorder.counts[stage].calls


def remove(folder: Path) -> None:
    """A home and everything in it, read-only releases too."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)

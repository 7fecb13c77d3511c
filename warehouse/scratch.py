"""A scratch copy of a data home: builds there see the same ledger, bytes and rows, and nothing of the home changes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from warehouse.lock import holder
from warehouse.paths import Home


def copy_ledger(home: Home, target: Home) -> None:
    """The ledger of `home` at one moment, also while a run writes; FileNotFoundError when it has none."""
    if not home.ledger.exists():
        raise FileNotFoundError(home.ledger)
    log = home.ledger.with_name(f"{home.ledger.name}-wal")
    if not log.exists():
        # nobody has it open: reading it as a plain file leaves nothing beside it
        _back_up(home, target, "immutable=1")
    if log.exists():
        _back_up(home, target, "mode=ro")


def _back_up(home: Home, target: Home, how: str) -> None:
    with (
        closing(sqlite3.connect(f"{home.ledger.as_uri()}?{how}", uri=True)) as source,
        closing(sqlite3.connect(target.ledger)) as copy,
    ):
        source.backup(copy)


def _link_deliveries(home: Home, target: Home) -> None:
    """A link per file, never per folder: a file written again here takes the place of its link, not of the original."""
    for folder, _, names in os.walk(home.deliveries):
        made = target.deliveries / Path(folder).relative_to(home.deliveries)
        made.mkdir(parents=True, exist_ok=True)
        for name in names:
            (made / name).symlink_to(Path(folder) / name)


def _link_releases(home: Home, target: Home) -> None:
    target.releases.mkdir()
    for folder in home.releases.iterdir() if home.releases.is_dir() else ():
        if not folder.name.startswith("."):
            (target.releases / folder.name).symlink_to(folder)


def _copy_build(home: Home, target: Home) -> None:
    """The build database and what dbt keeps beside it, so that a build here is as incremental as it would be there.

    Left out while a run writes: half of a change is worse than a build from nothing.
    """
    if not home.build_db.is_file() or holder(home) is not None:
        return
    before = home.build_db.stat()
    shutil.copyfile(home.build_db, target.build_db)
    if home.build.is_dir():
        shutil.copytree(home.build, target.build, ignore=shutil.ignore_patterns("logs", "spill"))
    after = home.build_db.stat() if home.build_db.is_file() else None
    is_same = after is not None and (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    has_wal = home.build_db.with_name(f"{home.build_db.name}.wal").exists()
    if holder(home) is not None or not is_same or has_wal:
        target.build_db.unlink()


@contextmanager
def scratch_home(home: Home, *, with_deliveries: bool = True, with_build: bool = False) -> Iterator[Home]:
    """A home in the system's temporary folder (TMPDIR) with a copy of the ledger and the archive of `home` to read.

    With `with_deliveries` the typed rows are there too, otherwise they come from the archive when they are needed;
    with `with_build` the state of the last build. Gone at the end. FileNotFoundError when `home` has no ledger.
    """
    with tempfile.TemporaryDirectory(prefix="peak-") as folder:
        target = Home(Path(folder))
        copy_ledger(home, target)
        if home.archive.is_dir():
            target.archive.symlink_to(home.archive)
        _link_releases(home, target)
        if home.current.is_symlink():
            target.current.symlink_to(home.current.readlink())
        if with_deliveries:
            _link_deliveries(home, target)
        if with_build:
            _copy_build(home, target)
        yield target

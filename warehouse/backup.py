"""A copy of what cannot be rebuilt: ledger, archive, accepted rows, settings. A home made of it publishes the same."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sources.archive import fsync_directory, sha256_of
from warehouse.paths import Home
from warehouse.scratch import copy_ledger

Tell = Callable[[str], None]
EVERY = 1000


class BadBackup(Exception):
    """The backup cannot be made there, or is not sound; the message says why."""


@dataclass(frozen=True)
class Backup:
    """What a backup copied: files that were not there yet, their bytes, and how many there are now."""

    copied: int
    copied_bytes: int
    files: int


def back_up(home: Home, folder: Path, tell: Tell = lambda _: None) -> Backup:
    """Copy into `folder` what it has not got yet, also while a run writes. Interrupted, it goes on when begun again.

    The ledger goes first: whatever it speaks of was on disk before it, so the files copied after it are all it needs.

    Raises:
        BadBackup: `folder` lies in the home, or the copy of the ledger is not sound.
        FileNotFoundError: The home has no ledger.
    """
    target = Home(folder.expanduser().absolute())
    if target.root.resolve().is_relative_to(home.root.resolve()):
        raise BadBackup(f"备份不能放在数据目录内 / a backup cannot lie in the data home: {target.root}")
    target.root.mkdir(parents=True, exist_ok=True)
    _copy_ledger(home, target)
    copied = copied_bytes = files = 0
    for source, copy in _files(home, target):
        files += 1
        if not _is_there(source, copy):
            copied_bytes += _copy(source, copy)
            copied += 1
            if copied % EVERY == 0:
                tell(f"  {copied} 个文件 / files")
    if home.settings.is_file():
        _copy(home.settings, target.settings)
    return Backup(copied, copied_bytes, files)


def verify(folder: Path, tell: Tell = lambda _: None) -> list[Path]:
    """The archived files of a backup whose bytes are not those that their names say; every one is read.

    Raises:
        BadBackup: It has no ledger, or not a sound one.
    """
    target = Home(folder.expanduser().absolute())
    if not target.ledger.is_file():
        raise BadBackup(f"没有账本 / no ledger: {target.ledger}")
    _check(target.ledger)
    wrong = []
    for number, file in enumerate(sorted(target.archive.glob("*/*")), 1):
        if not file.name.startswith(".") and sha256_of(file) != file.name:
            wrong.append(file)
        if number % EVERY == 0:
            tell(f"  {number} 个文件已核对 / files verified")
    return wrong


def _copy_ledger(home: Home, target: Home) -> None:
    half = Home(target.root / ".half")
    shutil.rmtree(half.root, ignore_errors=True)
    half.root.mkdir()
    copy_ledger(home, half)
    _check(half.ledger)
    for log in target.root.glob(f"{target.ledger.name}-*"):  # of somebody who looked into the last copy
        log.unlink()
    half.ledger.replace(target.ledger)
    fsync_directory(target.root)
    shutil.rmtree(half.root)


def _check(ledger: Path) -> None:
    try:
        with closing(sqlite3.connect(f"{ledger.as_uri()}?immutable=1", uri=True)) as connection:
            (said,) = connection.execute("pragma integrity_check").fetchone()
    except sqlite3.Error as error:
        said = str(error)
    if said != "ok":
        raise BadBackup(f"账本副本不完好 / the copy of the ledger is not sound: {said}")


def _files(home: Home, target: Home) -> Iterator[tuple[Path, Path]]:
    """Every archived file and file of rows, with its place in the backup; neither ever changes once it is there."""
    for source, copy in ((home.archive, target.archive), (home.deliveries, target.deliveries)):
        for folder, _, names in os.walk(source):
            for name in names:
                if not name.startswith("."):  # half written
                    path = Path(folder) / name
                    yield path, copy / path.relative_to(source)


def _is_there(source: Path, copy: Path) -> bool:
    try:
        return copy.stat().st_size == source.stat().st_size
    except FileNotFoundError:
        return False


def _copy(source: Path, copy: Path) -> int:
    copy.parent.mkdir(parents=True, exist_ok=True)
    half = copy.with_name(f".{copy.name}.half")
    shutil.copyfile(source, half)
    with half.open("rb") as stream:
        os.fsync(stream.fileno())
    half.replace(copy)
    fsync_directory(copy.parent)
    return copy.stat().st_size

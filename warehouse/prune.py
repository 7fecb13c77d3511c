"""Removing the files of old releases. What they said stays in the ledger, and `peak reproduce` builds them anew."""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sources.archive import fsync_directory
from sources.ledger import Ledger, Release, add_prune, cited, pruned, releases
from warehouse.paths import Home
from warehouse.shelf import current_id, record_current

KEEP = 30
DOOMED = ".pruned-"


@dataclass(frozen=True)
class Shelved:
    """A release with its files on disk. `reason` says why it stays: current, cited, newest or young; else None."""

    release: Release
    size_bytes: int
    reason: str | None


def shelved(home: Home, ledger: Ledger, keep: int, days: int = 0, now: datetime | None = None) -> list[Shelved]:
    """Every release whose folder is there, in order of publication, and whether it would stay.

    The `keep` newest stay, those younger than `days`, the current one and every cited one. ValueError when `keep`
    is less than 1: the last one is what the next release is compared with.
    """
    if keep < 1:
        raise ValueError("至少保留一个版本 / at least one release is kept")
    gone = pruned(ledger)
    there = [entry for entry in releases(ledger) if entry.release_id not in gone and _folder(home, entry).is_dir()]
    newest = {entry.release_id for entry in there[-keep:]}
    referred, current = cited(ledger), current_id(home)
    young = (now or datetime.now(UTC)) - timedelta(days=days)

    def reason(entry: Release) -> str | None:
        if entry.release_id == current:
            return "current"
        if entry.release_id in referred:
            return "cited"
        if entry.release_id in newest:
            return "newest"
        return "young" if datetime.fromisoformat(entry.published_at) > young else None

    return [Shelved(entry, _size(_folder(home, entry)), reason(entry)) for entry in there]


def prune(home: Home, ledger: Ledger, keep: int = KEEP, days: int = 0, *, who: str) -> list[Shelved]:
    """Remove the files of the releases that need not stay, and give them; the caller holds the home's lock.

    Each is entered in the ledger before its files go; what a crash left of an earlier time goes too. DamagedRelease
    when it cannot be told which release is current.
    """
    record_current(home, ledger)
    doomed = [item for item in shelved(home, ledger, keep, days) if item.reason is None]
    for item in doomed:
        add_prune(ledger, item.release.release_id, who=who)
        _remove(home, _folder(home, item.release))
    _sweep(home, ledger)
    return doomed


def _folder(home: Home, release: Release) -> Path:
    return home.release(release.release_id)


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _remove(home: Home, folder: Path) -> None:
    """Remove a release so that its name never shows half of it."""
    doomed = folder.with_name(f"{DOOMED}{secrets.token_hex(4)}")
    folder.chmod(0o755)  # or its `..` could not be rewritten
    folder.rename(doomed)
    fsync_directory(home.releases)
    _delete(doomed)
    (home.build / f"verified-{folder.name}.json").unlink(missing_ok=True)


def _delete(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)


def _sweep(home: Home, ledger: Ledger) -> None:
    gone = pruned(ledger)
    for folder in sorted(home.releases.iterdir()) if home.releases.is_dir() else ():
        if folder.name.startswith(DOOMED):
            _delete(folder)
        elif folder.name in gone:  # entered, and not yet removed
            _remove(home, folder)

"""The releases on the shelf: which is current, is it whole, and pointing `current` at another. Light to import."""

from __future__ import annotations

import json
import re
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from sources.archive import fsync_directory, sha256_of
from sources.ledger import (
    Ledger,
    Release,
    Revision,
    add_release,
    add_switch,
    last_switch,
    position_of,
    recorded,
    releases,
    switches,
)
from warehouse.paths import Home

DATABASE = "warehouse.duckdb"
MANIFEST = "release.json"
# what release.json says of each month of each table: large, and of use only beside the tables
PARTITIONS = ("partitions", "history_partitions")
_DATES = ("period_start", "period_end")
RELEASE_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")


class DamagedRelease(Exception):
    """A release is missing, incomplete or not what its release.json says; it must not be served."""


@dataclass(frozen=True)
class ReleaseInfo:
    """A complete release: its folder and release.json as plain values."""

    release_id: str
    folder: Path
    manifest: dict[str, Any]

    @property
    def database(self) -> Path:
        return self.folder / DATABASE

    @property
    def as_of(self) -> str:
        return str(self.manifest["as_of"])

    @property
    def content_sha256(self) -> str:
        return str(self.manifest["content_sha256"])

    @property
    def corrections(self) -> int:
        """How many known errors its table of corrections lists."""
        return int(self.manifest.get("tables", {}).get("corrections", 0))


def open_release(home: Home, release_id: str) -> ReleaseInfo:
    """A release by its id; DamagedRelease when it is not there or not complete."""
    if not RELEASE_ID.fullmatch(release_id):
        raise DamagedRelease(f"没有这个版本 / no such release: {release_id}")
    folder = home.release(release_id)
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
        complete = manifest["release_id"] == release_id and DATABASE in manifest["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DamagedRelease(f"版本不完整或缺失 / release missing or incomplete: {release_id}") from error
    if not complete:
        raise DamagedRelease(f"版本清单不符 / release.json is not this release's: {release_id}")
    return ReleaseInfo(release_id, folder, manifest)


def current_id(home: Home) -> str | None:
    """The id that `current` points at, or None before the first release."""
    try:
        return home.current.readlink().name
    except (FileNotFoundError, NotADirectoryError):  # the latter when the home itself is no folder
        return None
    except OSError as error:
        raise DamagedRelease("current 不是链接 / `current` is not a link") from error


def current_release(home: Home) -> ReleaseInfo | None:
    """The current release, None before the first; DamagedRelease when the link leads nowhere good."""
    release_id = current_id(home)
    return None if release_id is None else open_release(home, release_id)


def complete_releases(home: Home) -> list[ReleaseInfo]:
    """Every complete release on disk, oldest first."""
    if not home.releases.is_dir():
        return []
    found = []
    for folder in sorted(home.releases.iterdir()):
        try:
            found.append(open_release(home, folder.name))
        except DamagedRelease:
            continue
    return found


def verify_release(release: ReleaseInfo) -> None:
    """Compare every file with release.json, size and sha256; DamagedRelease names what differs."""
    wrong = []
    for name, listed in release.manifest["files"].items():
        file = release.folder / name
        if not file.is_file() or file.stat().st_size != listed["size_bytes"] or sha256_of(file) != listed["sha256"]:
            wrong.append(name)
    if (release.folder / f"{DATABASE}.wal").exists():  # DuckDB would replay it without a word
        wrong.append(f"{DATABASE}.wal")
    if wrong:
        names = ", ".join(wrong)
        raise DamagedRelease(
            f"版本 {release.release_id} 的文件损坏：{names} / "
            f"files of release {release.release_id} are damaged: {names}"
        )


def point_current(home: Home, release_id: str) -> None:
    """Let `current` lead to a release, in one step that survives a loss of power."""
    link = home.current.with_name(f".current.{secrets.token_hex(4)}")
    link.symlink_to(Path("releases") / release_id)
    link.replace(home.current)
    fsync_directory(home.root)


def unswitched(home: Home, release_id: str) -> Path:
    """A mark that stands from before a release gets its name until the ledger has it."""
    return home.releases / f".unswitched-{release_id}"


def _remove(folder: Path) -> None:
    for path in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
        path.chmod(0o755)
    shutil.rmtree(folder)


def _sweep(home: Home, ledger: Ledger) -> None:
    """Take away what a crash left: it was never current, so nobody can have it open."""
    known = {release.release_id for release in releases(ledger)}
    for mark in home.releases.glob(unswitched(home, "*").name):
        release_id = mark.name.removeprefix(unswitched(home, "").name)
        if release_id not in known and home.release(release_id).is_dir():
            _remove(home.release(release_id))
        mark.unlink()
    for unfinished in home.releases.glob(".new-*"):
        _remove(unfinished)
    for link in home.root.glob(".current.*"):
        link.unlink()


def record_current(home: Home, ledger: Ledger, *, who: str | None = None, why: str | None = None) -> None:
    """Bring the ledger up to what `current` shows, and take away what never became current: a crash is made good.

    The caller holds the home's lock. A release that `current` led to before is rolled back to, any other is published.
    What a release says of itself, its revisions included, is taken from its own files: they are the same whether a
    crash came between or not.
    """
    release = current_release(home)
    if release is not None:
        _enter(ledger, release, who, why)
    _sweep(home, ledger)


def _enter(ledger: Ledger, release: ReleaseInfo, who: str | None, why: str | None) -> None:
    manifest = release.manifest
    if release.release_id not in {known.release_id for known in releases(ledger)}:
        entry = Release(
            release_id=release.release_id,
            run_id=manifest["run_id"],
            published_at=manifest["published_at"],
            as_of=release.as_of,
            content_sha256=release.content_sha256,
            **recorded(position_of(manifest["ledger"])),
        )
        kept = {name: value for name, value in manifest.items() if name not in PARTITIONS}
        add_release(ledger, entry, kept, _own_revisions(release))
    last = last_switch(ledger)
    if last is None or last.release_id != release.release_id:
        was_current = any(switch.release_id == release.release_id for switch in switches(ledger))
        if not was_current:
            who, why = who or manifest.get("who"), why or manifest.get("why")
        add_switch(
            ledger,
            release.release_id,
            last.release_id if last else None,
            "rollback" if was_current else "publish",
            who=who or "run",
            why=why or "按 current 补记 / entered from what `current` shows",
        )


def _own_revisions(release: ReleaseInfo) -> list[Revision]:
    """What a release revised, as its table says, in order."""
    import duckdb

    names = [item.name for item in fields(Revision) if item.name not in ("release_id", "published_at")]
    listed = ", ".join(f"cast({name} as varchar)" if name in _DATES else name for name in names)
    sql = f"select {listed} from main.indicator_revisions where release_id = ? order by rowid"  # noqa: S608 - own names
    try:
        with duckdb.connect(str(release.database), read_only=True) as connection:
            rows = connection.execute(sql, [release.release_id]).fetchall()
    except duckdb.Error as error:
        name = release.release_id
        raise DamagedRelease(f"版本无法读取 / the release cannot be read: {name}: {error}") from error
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return [Revision(**{**row, "deliveries": tuple(filter(None, row["deliveries"].split(",")))}) for row in found]


def roll_back(home: Home, ledger: Ledger, release_id: str, *, who: str, why: str) -> ReleaseInfo:
    """Point `current` at an older (or newer) complete release after verifying it; recorded with who and why."""
    with suppress(DamagedRelease):  # a damaged release is what one rolls back from
        record_current(home, ledger)
    release = open_release(home, release_id)
    verify_release(release)
    point_current(home, release_id)
    record_current(home, ledger, who=who, why=why)
    return release

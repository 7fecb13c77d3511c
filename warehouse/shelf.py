"""The releases on the shelf: which is current, is it whole, and pointing `current` at another. Light to import."""

from __future__ import annotations

import json
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sources.archive import fsync_directory, sha256_of
from sources.ledger import (
    Ledger,
    Release,
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


def record_current(home: Home, ledger: Ledger, *, who: str = "run", why: str = "") -> None:
    """Bring the ledger up to what `current` shows; does nothing when it knows already (so a crash is made good).

    A release that `current` led to before is rolled back to, any other is published.
    """
    release = current_release(home)
    if release is None:
        return
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
        add_release(ledger, entry, manifest)
    last = last_switch(ledger)
    if last is None or last.release_id != release.release_id:
        was_current = any(switch.release_id == release.release_id for switch in switches(ledger))
        action = "rollback" if was_current else "publish"
        why = why or "按 current 补记 / entered from what `current` shows"
        add_switch(ledger, release.release_id, last.release_id if last else None, action, who=who, why=why)


def roll_back(home: Home, ledger: Ledger, release_id: str, *, who: str, why: str) -> ReleaseInfo:
    """Point `current` at an older (or newer) complete release after verifying it; recorded with who and why."""
    with suppress(DamagedRelease):  # a damaged release is what one rolls back from
        record_current(home, ledger)
    release = open_release(home, release_id)
    verify_release(release)
    point_current(home, release_id)
    record_current(home, ledger, who=who, why=why)
    return release

"""The archive: every byte ever delivered, named by its sha256, never changed.

Nothing here ever looks at a file's name: names are data, and only hashes become paths.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

from sources.opening import NotAFile, StillWritten, identity_of, is_written, open_regular
from warehouse.paths import Home

__all__ = ["Damaged", "NotAFile", "StillWritten", "Stored", "identity_of", "store"]

CHUNK = 1 << 20


class Damaged(Exception):
    """Bytes on disk are not the bytes that were recorded."""


@dataclass(frozen=True)
class Stored:
    """What one file held. `identity` tells this very file, unchanged, from any other: device, inode, change time."""

    sha256: str
    size_bytes: int
    identity: str


def fsync_directory(folder: Path) -> None:
    """Make the names in `folder` survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256_of(path: Path) -> str:
    """The sha256 of a file, as 64 hex digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _copy(source: BinaryIO, target: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        target.write(chunk)
        size += len(chunk)
    target.flush()
    os.fsync(target.fileno())
    return digest.hexdigest(), size


def write_durably(target: Path, content: bytes) -> None:
    """Write a whole file so that its name never shows half of it, not even after a loss of power."""
    temporary = target.with_name(f".{secrets.token_hex(8)}.tmp")
    with temporary.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(target)
    fsync_directory(target.parent)


def store(source: Path, home: Home) -> Stored:
    """Copy `source` into the archive, reading it once. NotAFile, StillWritten, or OSError when it cannot be read.

    Bytes already there are left as they are if they are still right, and replaced by these if they are not.
    """
    home.archive.mkdir(parents=True, exist_ok=True)
    temporary = home.archive / f".{secrets.token_hex(8)}.tmp"
    try:
        with open_regular(source, home.inbox) as stream, temporary.open("wb") as target:
            if is_written(stream.fileno()):
                raise StillWritten(str(source))
            identity = identity_of(os.fstat(stream.fileno()))
            sha256, size = _copy(stream, target)
            temporary.chmod(0o444)
        place = home.archived(sha256)
        place.parent.mkdir(exist_ok=True)
        if not is_intact(home, sha256):
            temporary.replace(place)
            fsync_directory(place.parent)
            fsync_directory(home.archive)
    finally:
        temporary.unlink(missing_ok=True)
    return Stored(sha256, size, identity)


def sweep(home: Home) -> None:
    """Remove what runs that were killed left half-written. The caller holds the home's lock: nobody writes now."""
    found = [*home.archive.glob(".*.tmp"), *home.deliveries.glob("*/*/.*.tmp"), *home.quarantine.glob(".*.tmp")]
    for path in found:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def is_intact(home: Home, sha256: str) -> bool:
    """Whether the archive has these bytes and they are still what their name says."""
    place = home.archived(sha256)
    return place.is_file() and sha256_of(place) == sha256


def archived(home: Home, sha256: str) -> Path:
    """The archived file, verified; Damaged when it is missing or no longer what its name says."""
    if not is_intact(home, sha256):
        raise Damaged(f"归档文件缺失或损坏：{sha256} / archived file missing or damaged: {sha256}")
    return home.archived(sha256)

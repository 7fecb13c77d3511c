"""Putting a received file into the inbox: under a name of ours, whole, at once."""

from __future__ import annotations

import errno
import re
import shutil
import unicodedata
from datetime import date
from pathlib import Path, PurePosixPath

from sources.archive import fsync_directory
from sources.fetching.part import Received
from sources.fetching.servers import Server
from warehouse.paths import Home

_LONGEST = 120  # bytes of the part of the name that comes from elsewhere; file systems take 255 in all
_NOT_KEPT = re.compile(r"[^\w.()（）\[\]【】+-]+")


def arrived_name(server: Server, received: Received, day: date) -> str:
    """`<server>_<day>_<name there>_<hash>.<suffix>`: whatever the name there was, it is no path and no hidden file."""
    there = unicodedata.normalize("NFC", PurePosixPath(received.name.replace("\\", "/")).name)
    stem, dot, suffix = there.rpartition(".")
    if not dot or not re.fullmatch(r"[A-Za-z0-9]{1,8}", suffix):
        stem, suffix = there, ""
    clean = _NOT_KEPT.sub("_", stem).strip("._~")
    clean = clean.encode()[:_LONGEST].decode("utf-8", "ignore") or "file"
    return f"{server.name}_{day}_{clean}_{received.sha256[:8]}" + (f".{suffix.lower()}" if suffix else "")


def arrive(home: Home, server: Server, received: Received, day: date) -> str:
    """Move the file into the inbox of its region and feed. Returns its name there."""
    folder = home.inbox / server.region / server.feed
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / arrived_name(server, received, day)
    try:
        received.path.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _across(received.path, target)
    fsync_directory(folder)
    return target.name


def _across(source: Path, target: Path) -> None:
    """The inbox is another file system: a hidden file there first, which nobody takes in."""
    hidden = target.with_name(f".{target.name}.part")
    shutil.copyfile(source, hidden)
    hidden.replace(target)
    source.unlink()

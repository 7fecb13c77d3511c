"""A file on its way: written beside the inbox, so that the inbox never shows half of it, and resumed when cut."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sources.fetching.trouble import FetchError, Limits


@dataclass(frozen=True)
class Received:
    """Bytes that came whole. `etag` and `modified` are what the server called them by."""

    path: Path
    name: str
    sha256: str
    size_bytes: int
    etag: str | None = None
    modified: str | None = None


class Part:
    """The bytes of one source so far, and the sign under which the rest may be asked for."""

    def __init__(self, folder: Path, source: str, limits: Limits) -> None:
        key = hashlib.sha256(source.encode()).hexdigest()[:32]
        self.path = folder / f"{key}.part"
        self._note = folder / f"{key}.sign"
        self._limits = limits
        self._until = time.monotonic() + limits.longest_s

    def so_far(self) -> tuple[int, str]:
        """Bytes that are there, and the sign they belong to; 0 when nothing can be resumed."""
        try:
            sign = str(json.loads(self._note.read_text("utf-8")))
            return (self.path.stat().st_size, sign) if sign else (0, "")
        except (OSError, ValueError):
            return 0, ""

    def begin(self, sign: str) -> None:
        """Begin anew with bytes of that sign; an empty sign cannot be resumed."""
        self._note.unlink(missing_ok=True)
        self.path.write_bytes(b"")
        if sign:
            self._note.write_text(json.dumps(sign), "utf-8")

    def add(self, chunks: Iterable[bytes]) -> None:
        """Append; FetchError when it becomes too much or takes too long."""
        with self.path.open("ab") as stream:
            size = stream.tell()
            for chunk in chunks:
                size += len(chunk)
                if size > self._limits.max_bytes:
                    most = self._limits.max_bytes
                    self.drop()
                    raise FetchError(f"超过 {most} 字节（maxBytes） / more than {most} bytes (maxBytes)")
                if time.monotonic() > self._until:
                    raise FetchError(f"超过 {self._limits.longest_s:.0f} 秒 / took more seconds than that")
                stream.write(chunk)

    @property
    def size(self) -> int:
        return self.path.stat().st_size

    def whole(self, name: str, etag: str | None = None, modified: str | None = None) -> Received:
        """The file is complete: on disk for good, with its hash."""
        with self.path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            os.fsync(stream.fileno())
        self._note.unlink(missing_ok=True)
        return Received(self.path, name, sha256, self.size, etag, modified)

    def drop(self) -> None:
        """Nothing of it remains."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)

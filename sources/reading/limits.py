"""The bounds of the process in which files are parsed: the only home of these figures."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What one file may cost. `cpu_seconds` counts all threads; `written_bytes` bounds the rows it gives as well.

    `answer_bytes` bounds what is said about them. There is no bound on processes: the kernel counts those of the
    user, not of the reader.
    """

    memory_bytes: int = 12 << 30
    cpu_seconds: int = 240
    wall_seconds: float = 300.0
    written_bytes: int = 4 << 30
    answer_bytes: int = 64 << 20
    open_files: int = 64


def limits() -> Limits:
    """The bounds in force; PEAK_READING_MEMORY_MIB and PEAK_READING_SECONDS change two of them."""
    seconds = float(os.environ.get("PEAK_READING_SECONDS") or Limits.wall_seconds)
    memory = os.environ.get("PEAK_READING_MEMORY_MIB")
    return Limits(
        memory_bytes=int(memory) << 20 if memory else Limits.memory_bytes,
        cpu_seconds=Limits.cpu_seconds if seconds == Limits.wall_seconds else max(1, round(seconds)),
        wall_seconds=seconds,
    )

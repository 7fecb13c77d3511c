"""Reading one line from a process that may never write it."""

from __future__ import annotations

import os
import select
import time


def read_line(stream: int, seconds: float, longest: int) -> bytes:
    """One line of at most `longest` bytes from a pipe.

    TimeoutError after `seconds`, EOFError when the other side ends before the line does, ValueError when it is longer.
    """
    parts: list[bytes] = []
    size, deadline = 0, time.monotonic() + seconds
    while not parts or not parts[-1].endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([stream], [], [], left)[0]:
            raise TimeoutError
        part = os.read(stream, 1 << 16)
        if not part:
            raise EOFError
        parts.append(part)
        size += len(part)
        if size > longest:
            raise ValueError(f"an answer of more than {longest} bytes")
    return b"".join(parts)

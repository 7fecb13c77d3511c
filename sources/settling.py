"""Which of the waiting files are whole: not open for writing, and no longer changing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

from sources.inbox import Inbox, Waiting, left
from sources.opening import NotAFile, StillWritten, identity_of, is_written, open_regular
from warehouse.paths import Home

SETTLE_S = 3.0  # a transfer that writes at all writes more often
WATCHED_S = 10.0  # under the watch of the inbox, which comes back for what still grows


def settle_seconds(usual: float = SETTLE_S) -> float:
    """For how long a file must not have changed: PEAK_SETTLE_SECONDS, else as usual."""
    return float(os.environ.get("PEAK_SETTLE_SECONDS") or usual)


def at_rest(
    inbox: Inbox, home: Home, seconds: float | None = None, sleep: Callable[[float], None] = time.sleep
) -> Inbox:
    """The inbox with the files that are still being written left alone.

    A file that changed less than `seconds` ago is looked at again when it is that old: once, and for all such files
    together. An older one is taken at once unless somebody has it open for writing.
    """
    enough = settle_seconds() if seconds is None else seconds
    seen = {waiting: _look(waiting) for waiting in inbox.waiting}
    ages = [_age(status) for status in seen.values() if status is not None]
    if fresh := [age for age in ages if age < enough]:
        sleep(enough - min(fresh))
    kept, stays = [], list(inbox.left_alone)
    for waiting, before in seen.items():
        code = _trouble(waiting, before, home)
        if code is None:
            kept.append(waiting)
        elif code:
            stays.append(left(waiting.path, code))
    return Inbox(kept, stays)


def _look(waiting: Waiting) -> os.stat_result | None:
    try:
        return waiting.path.lstat()
    except OSError:
        return None


def _age(status: os.stat_result) -> float:
    # the time of change is the system's own; that of modification is the sender's and may lie anywhere
    return max(time.time() - status.st_ctime, 0.0)


def _trouble(waiting: Waiting, before: os.stat_result | None, home: Home) -> str | None:
    """Why a file is left alone, as a code of the inbox; empty when it is gone, None when it can be taken."""
    try:
        with open_regular(waiting.path, home.inbox) as stream:
            status = os.fstat(stream.fileno())
            if is_written(stream.fileno()) or before is None or identity_of(status) != identity_of(before):
                return "still_written"
    except StillWritten:
        return "still_written"
    except FileNotFoundError:
        return ""
    except NotAFile:
        return "not_a_file"
    except OSError:
        return "not_readable"
    return None

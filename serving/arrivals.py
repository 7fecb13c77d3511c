"""When files in the inbox have arrived completely, and when that is worth telling: one batch, not a thousand files.

Nothing here asks the system to be told of changes: on a network mount it would not be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sources.settling import WATCHED_S

SETTLE_S = WATCHED_S  # for so long neither size nor time of a file has changed
LONGEST_S = 30.0  # for so long those that have settled wait for those that still grow
AGAIN_S = 600.0  # what still lies there is told again after that, then after twice that, …

Sign = tuple[int, int]


@dataclass
class _Seen:
    """A file as it was at the last look: since when, until when it need not be told, and how long after that."""

    sign: Sign
    since: float
    quiet_until: float = 0.0
    pause: float = AGAIN_S


class Arrivals:
    """What is known of the files of one inbox between two looks. Times are seconds of a clock that never goes back."""

    def __init__(self) -> None:
        self._seen: dict[str, _Seen] = {}
        self._first_ripe: float | None = None

    def look(self, files: Mapping[str, Sign], now: float) -> list[str]:
        """The files to tell of now; empty while there are none, or while others may soon be complete, too.

        `files` has size and time of modification of each. Until `told`, a later look finds the same files.
        """
        self._remember(files, now)
        waiting = [(path, seen) for path, seen in self._seen.items() if now >= seen.quiet_until]
        ripe = [path for path, seen in waiting if now - seen.since >= SETTLE_S]
        if not ripe:
            self._first_ripe = None
            return []
        if self._first_ripe is None:
            self._first_ripe = now
        is_all = len(ripe) == len(waiting)
        return ripe if is_all or now - self._first_ripe >= LONGEST_S else []

    def told(self, paths: Iterable[str], now: float) -> None:
        """These have been told of; again only when they change, or still lie there much later."""
        self._first_ripe = None
        for path in paths:
            if seen := self._seen.get(path):
                seen.quiet_until, seen.pause = now + seen.pause, seen.pause * 2

    def _remember(self, files: Mapping[str, Sign], now: float) -> None:
        for path in self._seen.keys() - files.keys():
            del self._seen[path]
        for path, sign in files.items():
            seen = self._seen.get(path)
            if seen is None or seen.sign != sign:
                self._seen[path] = _Seen(sign, now)

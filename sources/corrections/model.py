"""One correction, and how its key is written."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as with_default

from sources.ledger import WinningScope

_PART = re.compile(r'\s*(\w+)\s*=\s*("(?:[^"]|"")*"|[^;="]*?)\s*(?:;|$)')
_PLAIN = re.compile(r'[^;="\s]([^;="]*[^;="\s])?')

# region, feed and scope
Place = tuple[str, str, str]


@dataclass(frozen=True)
class Correction:
    """One wrong value of one delivered row. Values are canonical texts of their field's type, None where missing.

    `key` holds every scope and key field in the contract's order; `scope` is the scope they name. `since` is an ISO
    day, `source` who or what says so. `line` of the table is where a reader finds it.
    """

    region: str
    feed: str
    scope: str
    key: tuple[tuple[str, str | None], ...]
    field: str
    wrong: str | None
    right: str | None
    reason: str
    who: str
    since: str | None = None
    source: str | None = None
    line: int = with_default(default=0, compare=False)

    @property
    def place(self) -> Place:
        """Region, feed and scope."""
        return (self.region, self.feed, self.scope)

    @property
    def key_text(self) -> str:
        """The key as the table writes it."""
        return ";".join(f"{name}={_written(value)}" for name, value in self.key)

    @property
    def told(self) -> tuple[str, str, str | None, str | None]:
        """What it does to which value of its scope: neither why nor who said so."""
        return (self.key_text, self.field, self.wrong, self.right)


def parse_key(text: str) -> dict[str, str]:
    """Field -> value of a key as the table writes it; ValueError when it is not written so."""
    found: dict[str, str] = {}
    position = 0
    while position < len(text) or not found:
        matched = _PART.match(text, position)
        if matched is None or matched[1] in found:
            raise ValueError(text)
        value = matched[2]
        found[matched[1]] = value[1:-1].replace('""', '"') if value.startswith('"') else value
        position = matched.end()
    return found


def _written(value: str | None) -> str:
    if value is None or _PLAIN.fullmatch(value):
        return value or ""
    return '"' + value.replace('"', '""') + '"'


def by_place(corrections: Iterable[Correction]) -> Mapping[Place, tuple[Correction, ...]]:
    """The corrections by region, feed and scope, each in one order whatever the table's."""
    found: dict[Place, list[Correction]] = defaultdict(list)
    for one in corrections:
        found[one.place].append(one)
    return {place: tuple(sorted(some, key=lambda one: (one.key_text, one.field))) for place, some in found.items()}


def attach(winners: Iterable[WinningScope], corrections: Iterable[Correction]) -> list[WinningScope]:
    """The winning scopes, each with the corrections of its rows."""
    found = by_place(corrections)
    return [
        replace(winner, corrections=found[place])
        if (place := (winner.region, winner.feed, winner.scope)) in found
        else winner
        for winner in winners
    ]

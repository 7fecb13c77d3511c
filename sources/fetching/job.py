"""What the ways of fetching are given and give back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sources.contract import contracts
from sources.fetching.dates import periods
from sources.fetching.part import Part, Received
from sources.fetching.secrets import Secrets
from sources.fetching.servers import Server
from sources.fetching.trouble import Limits
from sources.ledger.fetches import Fetch
from warehouse.timetable import Period


@dataclass(frozen=True)
class Job:
    """One server's turn. `known` is what was received last from each source; `folder` is where parts are written."""

    server: Server
    known: Mapping[str, Fetch]
    secrets: Secrets
    folder: Path
    limits: Limits
    today: date

    def part(self, source: str) -> Part:
        """The file on its way from a source of this server."""
        return Part(self.folder, f"{self.server.label}\n{source}", self.limits)

    def periods(self) -> list[Period]:
        """The periods to ask for, oldest first."""
        return periods(contracts()[self.server.feed], self.today, self.server.options.get("periods"))


@dataclass(frozen=True)
class Item:
    """One thing to receive. `receive` gives its bytes, None when they are known already, and raises FetchError;
    `source` is where it is, without secrets."""

    source: str
    receive: Callable[[], Received | None]

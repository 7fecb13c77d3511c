"""A home to fetch into, and servers on loopback, each started once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sources.fetching.fetch import Fetched, fetch, fetching
from sources.fetching.servers import server_of
from sources.fetching.trouble import Limits
from tests.support.fetching import Http, http_server
from warehouse.paths import Home

TODAY = date(2026, 4, 5)
FEED, REGION = "power_generation", "yueyang-etz"
FAST = Limits(max_bytes=1_000_000, timeout_s=5, longest_s=20, attempts=4, pause_s=0.01, longest_pause_s=5)
Get = Callable[..., Fetched]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def http() -> Iterator[Http]:
    with http_server() as server:
        yield server


@pytest.fixture
def get(home: Home) -> Get:
    """Fetch from a server as described, once."""

    def once(limits: Limits = FAST, force: bool = False, **written: Any) -> Fetched:
        described = {"server": "grid", "region": REGION, **written}
        with fetching(home, 5):
            return fetch(home, server_of(FEED, described, "test"), force, limits, TODAY)

    return once


def arrived(home: Home) -> dict[str, bytes]:
    """What lies in the inbox of the feed."""
    folder = home.inbox / REGION / FEED
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())} if folder.is_dir() else {}

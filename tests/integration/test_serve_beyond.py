"""`peak serve` for other machines: its history in PostgreSQL, an auth string for whoever comes, one for all parts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from sources.ledger import read_ledger, runs
from tests.support import small
from tests.support.fetching import POSTGRES, postgres_server
from tests.support.served import Served, start
from tests.support.server import free_port
from tests.support.waiting import until
from warehouse.paths import Home

pytestmark = [pytest.mark.slow, pytest.mark.skipif(POSTGRES is None, reason="no PostgreSQL on this machine")]
PASSWORD = "geheim-1"
FILES = small.files()[:3]


@pytest.fixture
def open_peak(tmp_path: Path) -> Iterator[Served]:
    """An instance that listens on every address."""
    home = Home(tmp_path / "home")
    home.root.mkdir()
    home.settings.write_text('[serve]\nhost = "0.0.0.0"\n', "utf-8")
    with postgres_server("peak-pg") as port:
        database = f"postgresql+asyncpg://peak:peak-pg@127.0.0.1:{port}/postgres"
        extra = {"PEAK_AUTH": f"ops:{PASSWORD}", "PEAK_DATABASE": database}
        found = start(home, tmp_path, (free_port(), free_port()), extra)
        try:
            yield found
        finally:
            assert found.stop() == 0, found.said()


def test_others_need_the_password_and_everything_works_with_it(open_peak: Served) -> None:
    """A file arrives, the watch tells the server, its automation begins an intake, the worker runs it."""
    ui = open_peak.url.removesuffix("/api")
    for page in (f"{open_peak.url}/admin/version", f"{open_peak.site}/operations"):
        assert [_status(page, *given) for given in ((), ("ops", "wrong"), ("ops", PASSWORD))] == [401, 401, 200]
    assert _status(ui) == 200  # its pages hold nothing; they ask for the password
    small.deliver(open_peak.home, FILES)
    until(lambda: _taken_in(open_peak.home) == len(FILES), "no intake", 120)
    assert not list(open_peak.home.prefect.glob("prefect.db*"))
    assert PASSWORD not in open_peak.said() + _log_texts(open_peak.home)


def _status(page: str, *auth: str) -> int:
    given = (auth[0], auth[1]) if auth else None
    return httpx.get(page, auth=given, follow_redirects=True, trust_env=False).status_code


def _taken_in(home: Home) -> int:
    ledger = read_ledger(home)
    if ledger is None:
        return 0
    with ledger as reading:
        return sum(run.details.get("counts", {}).get("accepted", 0) for run in runs(reading) if run.state == "ended")


def _log_texts(home: Home) -> str:
    return "".join(path.read_text("utf-8", "replace") for path in (home.prefect / "logs").rglob("*.log*"))

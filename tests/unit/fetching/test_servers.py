"""How servers are described, and what is refused with file, key, value and reason."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from open_data_contract_standard.model import OpenDataContractStandard

from sources import contract as contracts
from sources.fetching import servers as module
from sources.fetching.dates import filled, periods
from sources.fetching.fetch import due
from sources.fetching.servers import BadServer, server_of, servers
from sources.ledger import Fetch, add_fetch, open_ledger
from warehouse.paths import Home

HTTP = {"server": "grid", "type": "api", "region": "r", "location": "https://grid.example/{date:%Y-%m}.csv"}
SQL = {
    **{"server": "db", "type": "postgresql", "region": "r", "host": "h", "database": "d", "user": "u"},
    "query": "select 1 order by 1",
}
BAD: list[tuple[dict[str, Any], str, str]] = [
    (HTTP, "tyqe", "x"),
    (HTTP, "type", "ftp"),
    (HTTP, "server", "../x"),
    (HTTP, "region", "A b"),
    (HTTP, "every", "1w"),
    (HTTP, "periods", 0),
    (HTTP, "maxBytes", "1"),
    (HTTP, "path", "/x"),
    (HTTP, "paging", "all"),
    (HTTP, "paging", "parameter"),
    (HTTP, "location", "ftp://grid.example/a"),
    (HTTP, "location", "https://grid.example/{day}"),
    (HTTP, "location", "https://li:pw-7f3a@grid.example/a"),
    (HTTP, "location", "https://grid.example/a?access_token=pw-7f3a"),
    (HTTP, "token", "pw-7f3a"),
    (SQL, "query", "select 1"),
    (SQL, "periods", 3),
    (SQL, "port", "5432"),
]


@pytest.mark.parametrize(("good", "key", "value"), BAD)
def test_what_cannot_be_meant_is_refused_by_its_key(good: dict[str, Any], key: str, value: Any) -> None:
    assert server_of("power_generation", good, "place").name == good["server"]
    with pytest.raises(BadServer) as refused:
        server_of("power_generation", {**good, key: value}, "settings.toml [[pull]]")
    said = str(refused.value)
    assert said.startswith("settings.toml [[pull]]: ") and " / " in said
    assert ("pageParameter" if value == "parameter" else key) in said and "pw-7f3a" not in said


@pytest.mark.parametrize("key", ["server", "region", "location", "type"])
def test_what_is_missing_is_named(key: str) -> None:
    with pytest.raises(BadServer, match=key):
        server_of("power_generation", {name: value for name, value in HTTP.items() if name != key}, "place")


SETTINGS = """
[[pull.power_generation.yueyang-etz]]
server = "grid"
type = "api"
location = "https://grid.example/a.csv"
every = "6h"
"""


def test_settings_are_read_by_feed_and_region(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert servers(home) == []
    home.settings.write_text(SETTINGS, "utf-8")
    (found,) = servers(home)
    assert (found.feed, found.region, found.every) == ("power_generation", "yueyang-etz", timedelta(hours=6))
    for wrong in (
        SETTINGS + SETTINGS,
        SETTINGS.replace("power_generation", "no_feed"),
        SETTINGS.replace("[[", "[").replace("]]", "]"),
        SETTINGS + 'region = "x"\n',
    ):
        home.settings.write_text(wrong, "utf-8")
        with pytest.raises(BadServer, match=r"power_generation|no_feed"):
            servers(home)


def test_a_contract_may_say_it_within_the_standard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    from warehouse.paths import CONTRACTS

    document = yaml.safe_load((CONTRACTS / "energy" / "power_generation.odcs.yaml").read_text("utf-8"))
    node = {key: HTTP[key] for key in ("server", "type", "region", "location")}
    document["servers"] = [{**node, "customProperties": [{"property": "every", "value": "1h"}]}]
    OpenDataContractStandard.model_validate(document)
    known = {"power_generation": contracts.parse(document)}
    monkeypatch.setattr(module, "contracts", lambda: known)
    (found,) = servers(Home(tmp_path))
    assert (found.region, found.every, found.options) == ("r", timedelta(hours=1), {"location": HTTP["location"]})


def test_periods_are_those_that_are_over() -> None:
    by_month = contracts.contracts()["power_generation"]
    assert [item.start for item in periods(by_month, date(2026, 1, 5))] == [date(2025, 11, 1), date(2025, 12, 1)]
    assert filled("/{date:%Y}/{date:%m}.csv", date(2025, 11, 1)) == "/2025/11.csv"
    irregular = next(item for item in contracts.contracts().values() if item.frequency == "irregular")
    assert [item.start for item in periods(irregular, date(2026, 1, 5), 9)] == [date(2026, 1, 5)]


def test_due_is_what_was_not_fetched_for_so_long_or_failed(tmp_path: Path) -> None:
    home, server = Home(tmp_path), server_of("power_generation", {**HTTP, "every": "1h"}, "place")
    now = datetime(2026, 1, 5, 12, tzinfo=UTC)
    assert due(home, [server], now) == [server]
    for minutes, result, is_due in ((30, "ended", False), (29, "failed", True), (20, "ended", False)):
        with open_ledger(home) as ledger:
            at = (now - timedelta(minutes=minutes)).isoformat()
            add_fetch(ledger, Fetch("r", "power_generation", "grid", None, result, at=at))
        assert (due(home, [server], now) == [server]) == is_due
    assert due(home, [server], now + timedelta(minutes=40)) == [server]

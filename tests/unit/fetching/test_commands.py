"""`peak fetch` and the flow: one server that fails stops no other, is told once, and stays visible."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from peak.cli import main
from sources.fetching import trouble
from warehouse.paths import Home

SETTINGS = """
[[pull.power_generation.yueyang-etz]]
server = "a-broken"
type = "local"
path = "{folder}/none.csv"

[[pull.power_generation.yueyang-etz]]
server = "share"
type = "local"
path = "{folder}/*.csv"
every = "1h"
"""


@pytest.fixture
def peak(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    home = Home(tmp_path / "home")
    home.root.mkdir()
    (tmp_path / "三月.csv").write_text("x")
    home.settings.write_text(SETTINGS.format(folder=tmp_path), "utf-8")
    monkeypatch.setenv("PEAK_HOME", str(home.root))
    return home


def test_the_command_fetches_what_is_due_and_says_what_failed(peak: Home) -> None:
    listed = json.loads(CliRunner().invoke(main, ["fetch", "--dry-run", "--json"]).stdout)
    assert [(one["server"], one["due"]) for one in listed] == [("a-broken", True), ("share", True)]
    assert not peak.inbox.exists() and not peak.ledger.exists()
    first = CliRunner().invoke(main, ["fetch"])
    assert first.exit_code == 1 and "no such file" in first.stdout and "三月" in first.stdout
    second = json.loads(CliRunner().invoke(main, ["fetch", "--json"]).stdout)
    assert [one["server"] for one in second] == ["a-broken"]  # the other is not due
    assert len(list(peak.inbox.rglob("*.csv"))) == 1
    forced = json.loads(CliRunner().invoke(main, ["fetch", "--server", "share", "--force", "--json"]).stdout)
    assert len(forced[0]["files"]) == 1
    told = CliRunner().invoke(main, ["status"])
    assert "a-broken" in told.stdout and "no such file" in told.stdout


def test_settings_that_cannot_be_meant_are_said(peak: Home) -> None:
    peak.settings.write_text(peak.settings.read_text("utf-8") + 'paht = "x"\n', "utf-8")
    said = CliRunner().invoke(main, ["fetch"])
    assert said.exit_code == 1 and "paht" in said.output and "settings.toml" in said.output


def test_the_flow_fails_when_a_server_begins_to_fail(peak: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    from flows import fetch as flow

    monkeypatch.setattr(flow, "fetch_one", flow.fetch_one.fn)
    monkeypatch.setattr(flow, "get_run_logger", lambda: __import__("logging").getLogger("test"))
    with pytest.raises(flow.NewlyFailing, match="a-broken"):
        flow.fetch_due.fn()
    assert len(list(peak.inbox.rglob("*.csv"))) == 1
    assert "1 / 2" in flow.fetch_due.fn()


def test_a_library_that_is_not_installed_is_named() -> None:
    with pytest.raises(trouble.FetchError, match=r"pip install 'peak\[pull\]'"):
        trouble.needs("no_such_library")

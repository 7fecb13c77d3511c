"""What an operator may set about the standing parts, and what is refused with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from serving.environment import environment
from serving.settings import Serve, serve_settings
from sources.settings import BadSettings, revealed, section
from warehouse.paths import Home


def home_with(folder: Path, text: str) -> Home:
    home = Home(folder)
    home.settings.write_text(text, "utf-8")
    return home


def test_without_a_file_all_stands_on_loopback(tmp_path: Path) -> None:
    found = serve_settings(Home(tmp_path), {"host": None, "port": None})
    assert found == Serve() and not found.is_open
    assert (found.api, found.ui, found.site) == (
        "http://127.0.0.1:4200/api",
        "http://127.0.0.1:4200",
        "http://127.0.0.1:4280",
    )


def test_the_command_line_goes_over_the_file_and_secrets_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = home_with(tmp_path, '[serve]\nport = 5000\nsite_port = 5001\nauth = "env:PEAK_TEST_AUTH"\n')
    monkeypatch.setenv("PEAK_TEST_AUTH", "li:secret")
    found = serve_settings(home, {"port": 6000, "host": None})
    assert (found.port, found.site_port, found.auth) == (6000, 5001, "li:secret")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[serve\n", "TOML"),
        ("serve = 3\n", "section"),
        ("[serve]\nprot = 1\n", "prot"),
        ('[serve]\nport = "4200"\n', "port"),
        ("[serve]\nport = true\n", "port"),
        ("[serve]\nport = 0\n", "1 to 65535"),
        ("[serve]\nport = 4280\n", "differ"),
        ('[serve]\nhost = "peak.example"\n', "IP address"),
        ('[serve]\nhost = "0.0.0.0"\n', "auth"),
        ('[serve]\nhost = "10.0.0.5"\nauth = "only-a-user"\n', "auth"),
        ('[serve]\nauth = "li:口令"\n', "ASCII"),
        ('[serve]\nauth = "env:PEAK_NOT_THERE"\n', "PEAK_NOT_THERE"),
        ('[serve]\ndatabase = "sqlite:///x"\n', "postgresql"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(BadSettings, match=said):
        serve_settings(home_with(tmp_path, text), {})


def test_beyond_loopback_an_auth_string_opens_the_door(tmp_path: Path) -> None:
    home = home_with(tmp_path, '[serve]\nhost = "0.0.0.0"\nauth = "li:secret"\nui_url = "https://peak.example/"\n')
    found = serve_settings(home, {})
    assert found.is_open and found.api == "http://127.0.0.1:4200/api" and found.ui == "https://peak.example"


def test_an_address_of_version_6_is_written_in_brackets() -> None:
    assert Serve(host="::1").api == "http://[::1]:4200/api" and not Serve(host="::1").is_open


def test_a_file_that_notepad_saved_is_read(tmp_path: Path) -> None:
    assert section(home_with(tmp_path, "\ufeff[serve]\r\nport = 4300\r\n"), "serve") == {"port": 4300}


def test_other_sections_are_left_to_those_who_read_them(tmp_path: Path) -> None:
    home = home_with(tmp_path, "[pull]\nx = 1\n")
    assert section(home, "pull") == {"x": 1} and section(home, "notify") == {}
    assert revealed(3) == 3 and revealed("plain") == "plain"


def test_parts_see_this_home_and_this_server_and_no_other_prefect_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PREFECT_LOGGING_LEVEL", "DEBUG")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:8080")
    found = environment(Home(tmp_path), Serve(port=5000, auth="li:secret"))
    assert "PREFECT_LOGGING_LEVEL" not in found and found["HTTPS_PROXY"] == "http://proxy.example:8080"
    assert (found["PEAK_HOME"], found["PREFECT_API_URL"]) == (str(tmp_path), "http://127.0.0.1:5000/api")
    assert found["PREFECT_API_AUTH_STRING"] == found["PREFECT_SERVER_API_AUTH_STRING"] == "li:secret"
    assert found["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false" and "127.0.0.1" in found["NO_PROXY"]
    assert "PREFECT_API_DATABASE_CONNECTION_URL" not in found
    database = "postgresql+asyncpg://peak@localhost/prefect"
    given = environment(Home(tmp_path), Serve(database=database))
    assert given["PREFECT_API_DATABASE_CONNECTION_URL"] == database

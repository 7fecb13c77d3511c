"""The site over HTTP: the current release's pages, reports for operators, nothing else of the home."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from serving.site import site
from sources.ledger import open_ledger
from sources.ledger.runs import end_run, start_run
from warehouse.paths import Home
from warehouse.timetable import clock


class Visitor:
    """Somebody who reads the site of a home."""

    def __init__(self, home: Home, auth: str = "") -> None:
        self._app = site(home, auth)

    def get(self, path: str, **more: Any) -> httpx.Response:
        return asyncio.run(self._get(path, more))

    async def _get(self, path: str, more: dict[str, Any]) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self._app), base_url="http://site") as client:
            return await client.get(path, **more)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    home = Home(tmp_path)
    release = home.releases / "one"
    (release / "site" / "zh").mkdir(parents=True)
    (release / "site" / "index.html").write_text("<p>first</p>", "utf-8")
    (release / "site" / "zh" / "index.html").write_text("<p>深</p>", "utf-8")
    (release / "warehouse.duckdb").write_text("private", "utf-8")
    for folder, name in (("runs", "R1"), ("quarantine", "D1")):
        (home.root / folder / name).mkdir(parents=True)
        (home.root / folder / name / "report.html").write_text(f"<p>{name}</p>", "utf-8")
    (home.quarantine / "D1" / "file-secret.csv").write_text("plate", "utf-8")
    home.current.symlink_to(release)
    with open_ledger(home) as ledger:
        start_run(ledger, "R1", {"command": "nightly<script>"})
        end_run(ledger, "R1", {"result": "published"})
    return home


def test_operators_read_the_time_of_their_own_clock() -> None:
    assert clock("2026-11-22T18:00:07.605725Z") == "2026-11-23 02:00:07" and clock(None) == ""


def test_pages_of_the_current_release_and_its_successor(home: Home) -> None:
    client = Visitor(home)
    assert client.get("/").text == "<p>first</p>" and client.get("/zh/").text == "<p>深</p>"
    other = home.releases / "two"
    (other / "site").mkdir(parents=True)
    (other / "site" / "index.html").write_text("<p>second</p>", "utf-8")
    home.current.unlink()
    home.current.symlink_to(other)
    assert client.get("/").text == "<p>second</p>" and client.get("/zh/").status_code == 404


def test_operators_find_runs_with_their_reports(home: Home) -> None:
    client = Visitor(home)
    page = client.get("/operations").text
    assert '<a href="/runs/R1/report.html">R1</a>' in page and "<script>" not in page and "published" in page
    assert "no such release: one" in page  # what is damaged is said, not hidden
    assert client.get("/runs/R1/report.html").text == "<p>R1</p>"
    assert client.get("/quarantine/D1/report.html").text == "<p>D1</p>"


@pytest.mark.parametrize(
    "path",
    [
        "/quarantine/D1/file-secret.csv",
        "/runs/../ledger.sqlite",
        "/runs/%2e%2e/ledger.sqlite",
        "/..%2fwarehouse.duckdb",
        "/warehouse.duckdb",
        "/ledger.sqlite",
        "/runs/R1/",
    ],
)
def test_nothing_else_of_the_home_is_served(home: Home, path: str) -> None:
    assert Visitor(home).get(path).status_code == 404


def test_with_a_password_nobody_reads_without_it(home: Home) -> None:
    client = Visitor(home, "li:秘密")
    assert client.get("/health").status_code == 200
    for headers in ({}, {"authorization": "Basic !"}, {"authorization": "Bearer bGk6"}):
        assert client.get("/operations", headers=headers).status_code == 401
    assert client.get("/", auth=("li", "wrong")).status_code == 401
    assert client.get("/", auth=("li", "秘密")).status_code == 200


def test_before_the_first_release_and_the_first_run_there_is_a_page(tmp_path: Path) -> None:
    answer = Visitor(Home(tmp_path)).get("/")
    assert answer.status_code == 200 and "none yet" in answer.text

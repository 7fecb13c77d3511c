"""What a run says of the domains it held: on the terminal, on the page of the gates, as JSON."""

from __future__ import annotations

import io
from pathlib import Path

from rich.console import Console

from flows.held_page import held_page
from flows.report import Summary
from peak import scorecard
from peak.endings import as_plain
from warehouse.holding import HeldBack
from warehouse.paths import Home

HELD = HeldBack(
    "d1", "r", "forest_inventory", "森林|2022.csv", ("land",), ("fct_forest.forest_within_land",), "为何 / why"
)


def summary(result: str, held: tuple[HeldBack, ...] = (), unexplained: str = "") -> Summary:
    return Summary("run1", result, "release1", {}, [], [], [], [], [], (), False, held, unexplained)


def said(of: Summary) -> str:
    told = io.StringIO()
    console = Console(file=told, width=200)
    scorecard.print_held(console, of.held, of.result == "published")
    scorecard.print_end(console, of, Home(Path("nowhere")))
    return told.getvalue()


def test_a_run_that_published_the_rest_names_domain_file_check_and_what_to_do() -> None:
    told = said(summary("published", (HELD,)))
    for words in ("land", "forest_inventory", "d1", "forest_within_land", "release-hold", "release1", "except"):
        assert words in told
    page = held_page([HELD], "published", "")
    assert "land" in page
    assert "release-hold" in page
    assert "森林\\|2022.csv" in page
    assert as_plain(summary("published", (HELD,)))["held"] == [
        {
            "delivery_id": "d1",
            "region": "r",
            "feed": "forest_inventory",
            "file_name": "森林|2022.csv",
            "domains": ("land",),
            "checks": ("fct_forest.forest_within_land",),
            "why": "为何 / why",
        }
    ]


def test_a_run_that_held_in_vain_says_that_it_took_the_holds_back() -> None:
    told = said(summary("stopped", (HELD,), "x.y：nobody's delivery"))
    assert "taken back" in told
    assert "nobody's delivery" in told
    assert "taken back" in held_page([HELD], "stopped", "")


def test_a_run_in_which_nothing_could_be_held_says_why() -> None:
    assert "nobody's delivery" in held_page([], "stopped", "x.y：nobody's delivery")
    assert held_page([], "published", "") == ""

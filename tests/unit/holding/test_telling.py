"""What a run says of the domains it held: on the terminal, on the page of the gates, as JSON."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from expectations.results import WAIVED, CheckResult
from flows.held_page import held_page
from flows.report import Summary
from peak import ending_tables
from peak.endings import as_plain
from sources.intake import Outcome
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
    ending_tables.print_held(console, of.held, of.result == "published")
    ending_tables.print_end(console, of, Home(Path("nowhere")))
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


CHECK = CheckResult("fct_forest", "forest_within_land", "critical", WAIVED, None, "1 行", 1, 9, [], [], "为何", "why")


def test_a_waiver_and_an_odd_delivery_are_said_at_the_end_of_a_run() -> None:
    odd = replace(CHECK, status="failed", severity="warning", check="jump")
    came = Outcome("accepted", "r", "forest_inventory", "林.csv", "d1")
    ended = replace(summary("published"), waived=(CHECK,), odd=((came, odd),))
    told = io.StringIO()
    ending_tables.print_checks(Console(file=told, width=200), ended)
    ending_tables.print_odd(Console(file=told, width=200), ended.odd)
    for words in ("waived", "forest_within_land", "odd", "林.csv", "jump", "peak gates"):
        assert words in told.getvalue()
    data = as_plain(ended)
    assert [item["check"] for item in data["waived"]] == ["forest_within_land"]  # type: ignore[attr-defined]
    assert [(item["delivery_id"], item["check"]) for item in data["odd"]] == [("d1", "jump")]  # type: ignore[attr-defined]

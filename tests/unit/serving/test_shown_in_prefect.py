"""What operators are shown of a run: pages of files and of an audit, fields of forms. No server is needed for it."""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from flows import pages, parameters
from flows.audit_page import audit_page
from flows.report import files_page, line_of_check
from sources.inbox import left
from sources.intake import Outcome
from sources.ledger import Release
from tests.unit.holding.test_telling import CHECK
from warehouse.input_differences import InputDifferences
from warehouse.reproduce import PartitionDifference, Reproduction

GOOD = Outcome(
    "accepted", "r", "waste_weighings", "磅单.csv", "d1", row_count=2, zh="已接收 2 行", en="accepted 2 rows"
)
BAD = replace(GOOD, status="quarantined", file_name="磅单|湘F·测0A12.csv", delivery_id="d2", zh="因", en="why")


def test_refused_files_come_first_with_their_report_then_those_that_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEAK_SITE_URL", "http://site")
    page = files_page([GOOD, BAD], [left(Path("半份.csv.part"), "temporary")])
    places = [page.index(told) for told in ("退回 / quarantined", "留置 / left", "接收 / accepted")]
    assert places == sorted(places)
    assert "[因 / why](http://site/quarantine/d2/report.html)" in page and "quarantine/d1" not in page
    assert "0A12" not in page and "磅单\\|" in page
    monkeypatch.delenv("PEAK_SITE_URL")
    assert "](" not in files_page([BAD])


def test_the_name_of_a_run_counts_what_came() -> None:
    assert pages.counted([GOOD, BAD, GOOD]) == ["接收 accepted 2", "退回 refused 1"]
    assert pages.counted([]) == []


def test_the_name_of_a_run_says_what_it_held_and_moved() -> None:
    assert pages.ended("published", 1, 14) == ["已发布 published", "暂扣 held 1", "变动 moved 14"]
    assert pages.ended("unchanged", 0, 0) == ["无变化 unchanged"]


def test_what_cannot_be_shown_does_not_fail_the_run(caplog: pytest.LogCaptureFixture) -> None:
    def show() -> None:
        raise OSError("the server is away")

    with caplog.at_level(logging.WARNING):
        pages.never_fails(show)()
    assert "the server is away" in caplog.text


def test_a_failed_check_is_said_with_what_was_seen_and_why() -> None:
    assert line_of_check(CHECK).split("  ")[1:] == [
        "未通过 / failed",
        "fct_forest.forest_within_land（1 行）",
        "为何 / why",
    ]


@pytest.mark.parametrize(
    ("field", "given", "taken"),
    [
        (parameters.Region, "", None),
        (parameters.Region, None, None),
        (parameters.Region, "yueyang-etz", "yueyang-etz"),
        (parameters.PeriodFrom, "2024Q1", "2024Q1"),
        (parameters.AsOf, "2026-03-03", date(2026, 3, 3)),
        (parameters.AsOf, "", None),
        (parameters.Seed, "7", 7),
    ],
)
def test_an_empty_field_of_a_form_is_none(field: Any, given: object, taken: object) -> None:
    assert TypeAdapter(field).validate_python(given) == taken


@pytest.mark.parametrize(
    ("field", "given"),
    [
        (parameters.Region, "岳阳"),
        (parameters.PeriodTo, "last year"),
        (parameters.Wait, 1e308),
        (parameters.Keep, 10**20),
        (parameters.Days, 10**20),
    ],
)
def test_a_field_refuses_what_it_cannot_be(field: Any, given: object) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(field).validate_python(given)


def test_the_page_of_an_audit_tells_what_differs() -> None:
    release = Release("20260101T000000Z-aaaaaa", None, "2026-01-01T00:00:00Z", "2026-01-01", "a" * 64, 1, 0)
    same = InputDifferences("c1", "c1", [], [])
    equal = audit_page(Reproduction(release, same, "a" * 64), "reproduced", 1)
    assert "逐位重现" in equal and "peak reproduce 20260101T000000Z-aaaaaa" in equal and "##" not in equal
    part = PartitionDifference("fct_waste_daily", "2024", 3, 2)
    other = audit_page(Reproduction(release, same, "b" * 64, partitions=[part]), "not_reproduced", 1)
    assert "未能重现" in other and "| fct_waste_daily | 2024 | 3 | 2 |" in other and "b" * 64 in other

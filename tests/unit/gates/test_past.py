"""Gate 2 beside the past: jumps, vanished entries, gaps and the future are said, once and the same again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest

from expectations.results import CheckResult, warnings
from sources import parquet
from sources.checking import check
from sources.contract import contracts
from sources.inbox import scan
from sources.intake import Outcome, take_in
from sources.ledger import Ledger, accepted, add_hold, open_ledger
from sources.readings import read_archived
from warehouse.judging import Judging
from warehouse.paths import Home

AS_OF = date(2024, 6, 10)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    with open_ledger(home) as opened:
        yield opened


def supply(month: str, industry: str, unit: str = "万千瓦时") -> list[str]:
    return [
        "month,product,sector,quantity,unit",
        f"{month},electricity,industry,{industry},{unit}",
        f"{month},electricity,residential,1800,{unit}",
    ]


def deliver(
    home: Home, ledger: Ledger, feed: str, lines: Sequence[str], region: str = "yueyang-etz", as_of: date = AS_OF
) -> Outcome:
    """What becomes of a file of these lines."""
    folder = home.inbox / region / feed
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "file.csv").write_text("\n".join(lines) + "\n", "utf-8")
    [waiting] = scan(home).waiting
    return take_in(waiting.path, feed, region, home, ledger, judge=Judging(home, ledger, as_of))


def warned(results: Sequence[CheckResult]) -> set[str]:
    return {result.check for result in warnings(results)}


def skipped(results: Sequence[CheckResult]) -> set[str]:
    return {result.check for result in results if result.status == "skipped" and result.severity == "info"}


def test_the_first_delivery_has_no_past_and_says_so(home: Home, ledger: Ledger) -> None:
    outcome = deliver(home, ledger, "energy_supply", supply("2024-03", "5200"))
    assert warned(outcome.checks) == set()
    assert {"month_on_month", "year_on_year", "revision_plausible", "no_period_missing"} <= skipped(outcome.checks)


def test_a_jump_is_warned_of_and_taken_in(home: Home, ledger: Ledger) -> None:
    deliver(home, ledger, "energy_supply", supply("2024-03", "5200"))
    assert warned(deliver(home, ledger, "energy_supply", supply("2024-04", "5300")).checks) == set()
    outcome = deliver(home, ledger, "energy_supply", supply("2024-05", "53000"))
    assert (outcome.status, warned(outcome.checks)) == ("accepted", {"month_on_month"})
    [said] = warnings(outcome.checks)
    assert "消费量=53000" in said.examples[0] and "消费量（上期）=5300" in said.examples[0]
    assert "与上月之比=10" in said.examples[0] and said.rows == [2]


def test_a_year_ago_and_the_scope_itself_are_pasts_too(home: Home, ledger: Ledger) -> None:
    deliver(home, ledger, "energy_supply", supply("2023-05", "5200"))
    year_on_year = deliver(home, ledger, "energy_supply", supply("2024-05", "52000"))
    assert warned(year_on_year.checks) == {"year_on_year", "no_period_missing"}
    revised = deliver(home, ledger, "energy_supply", supply("2024-05", "5200"))
    assert warned(revised.checks) == {"revision_plausible", "no_period_missing"}


def test_months_of_one_file_are_compared_with_each_other(home: Home, ledger: Ledger) -> None:
    lines = supply("2024-03", "5200") + supply("2024-04", "52000")[1:]
    assert warned(deliver(home, ledger, "energy_supply", lines).checks) == {"month_on_month"}


def test_another_unit_is_said_and_not_taken_for_a_jump(home: Home, ledger: Ledger) -> None:
    deliver(home, ledger, "energy_supply", supply("2024-03", "5200"))
    lines = [line.replace("1800", "18000000") for line in supply("2024-04", "52000000", "千瓦时")]
    assert warned(deliver(home, ledger, "energy_supply", lines).checks) == {"unit_as_before"}


def test_what_is_on_hold_is_no_past(home: Home, ledger: Ledger) -> None:
    first = deliver(home, ledger, "energy_supply", supply("2024-03", "5200"))
    add_hold(ledger, str(first.delivery_id), "hold", who="Li", why="wrong")
    outcome = deliver(home, ledger, "energy_supply", supply("2024-04", "53000"))
    assert warned(outcome.checks) == set() and "month_on_month" in skipped(outcome.checks)


SESSIONS = "day,operator,session_id,pile_id,started_at,ended_at,kwh"


def sessions(operator: str, *numbers: int) -> list[str]:
    return [f"2024-06-01,{operator},S{n},P{n},2024-06-01 07:{n:02}:00,2024-06-01 08:{n:02}:00,20" for n in numbers]


def test_an_event_counts_under_one_name_only(home: Home, ledger: Ledger) -> None:
    deliver(home, ledger, "charging_sessions", [SESSIONS, *sessions("甲一", *range(40))])
    again = deliver(home, ledger, "charging_sessions", [SESSIONS, *sessions("甲1", 3, 50)])
    assert again.status == "accepted"
    [said] = [check for check in warnings(again.checks) if check.check == "not_delivered_elsewhere"]
    assert (said.rows, said.unexpected_count) == ([2], 1)
    assert "另见于=甲一" in said.examples[0]
    # the same number at another time or of another amount is another event
    other = [line.removesuffix("20") + "21" for line in sessions("甲1", 3)]
    assert "not_delivered_elsewhere" not in warned(
        deliver(home, ledger, "charging_sessions", [SESSIONS, *other]).checks
    )
    # twice in one file is twice, too
    both = [SESSIONS, *sessions("丙", 57), *sessions("丁", 57)]
    assert "not_delivered_elsewhere" in warned(deliver(home, ledger, "charging_sessions", both).checks)
    # a file that withdraws the old name may bring the same under the new one
    moved = [SESSIONS, "2024-06-01,甲一,,,,,", *sessions("甲1", *range(40))]
    outcome = deliver(home, ledger, "charging_sessions", moved)
    assert (outcome.status, "not_delivered_elsewhere" in warned(outcome.checks)) == ("accepted", False)


def test_a_year_far_ahead_is_refused_whatever_day_the_run_is_for(home: Home, ledger: Ledger) -> None:
    assert deliver(home, ledger, "energy_supply", supply("2084-03", "5200")).status == "quarantined"
    assert (
        deliver(home, ledger, "energy_supply", supply("2084-03", "5300"), as_of=date(2084, 1, 1)).status == "accepted"
    )
    # a run for an earlier day does not make the past the future
    assert (
        deliver(home, ledger, "energy_supply", supply("2024-03", "5200"), as_of=date(2004, 1, 1)).status == "accepted"
    )


def test_entries_that_vanish_from_a_register_are_named(home: Home, ledger: Ledger) -> None:
    header, rows = "as_of,meter_id,enterprise_id,sector,rated_kw", [f"M{n:03},91430600MA4L00010A" for n in range(20)]
    march = [header, *(f"2024-03-31,{row},industry,2500" for row in rows)]
    april = [line.replace("03-31", "04-30") for line in march if "M007" not in line]
    assert deliver(home, ledger, "meters", march).status == "accepted"
    outcome = deliver(home, ledger, "meters", april)
    [said] = warnings(outcome.checks)
    assert (said.check, said.unexpected_count) == ("entries_not_gone", 1) and "M007" in said.examples[0]
    half = deliver(home, ledger, "meters", [line.replace("04-30", "05-31") for line in april[:9]])
    assert warned(half.checks) == {"entries_not_gone", "register_size"}


@pytest.mark.parametrize(
    ("month", "region", "expected"),
    [
        ("2024-06", "yueyang-etz", {"period_is_over"}),
        ("2024-05", "yueyang-et", {"region_is_registered"}),
        ("2024-05", "yueyang-etz", set()),
    ],
)
def test_the_future_and_an_unknown_region_are_said(
    home: Home, ledger: Ledger, month: str, region: str, expected: set[str]
) -> None:
    assert warned(deliver(home, ledger, "energy_supply", supply(month, "5200"), region).checks) == expected


def test_gaps_old_periods_and_withdrawals_are_said(home: Home, ledger: Ledger) -> None:
    deliver(home, ledger, "energy_supply", supply("2023-12", "5200"))
    gap = deliver(home, ledger, "energy_supply", supply("2024-03", "5200"))
    assert warned(gap.checks) == {"no_period_missing"}
    old = deliver(home, ledger, "energy_supply", supply("2023-01", "5200"))
    assert warned(old.checks) == {"not_older_than_the_rest"}
    emptied = deliver(home, ledger, "energy_supply", [supply("", "")[0], "2024-03,electricity,,,"])
    assert emptied.status == "accepted" and warned(emptied.checks) == {"scope_not_emptied", "no_period_missing"}


def test_judged_again_it_has_the_past_it_had(home: Home, ledger: Ledger) -> None:
    deliver(home, ledger, "energy_supply", supply("2024-03", "5200"))
    jumped = deliver(home, ledger, "energy_supply", supply("2024-04", "53000"))
    deliver(home, ledger, "energy_supply", supply("2024-03", "52000"))
    delivery = accepted(ledger, str(jumped.delivery_id))
    assert delivery is not None
    contract = contracts()["energy_supply"]
    again = Judging(home, ledger, AS_OF)(
        read_archived(home, ledger, delivery, contract), contract, delivery.region, delivery.seq
    )
    assert list(again) == list(jumped.checks) and warned(again) == {"month_on_month"}


def test_a_damaged_past_is_read_from_the_archive_and_a_lost_one_is_an_error(home: Home, ledger: Ledger) -> None:
    first = deliver(home, ledger, "energy_supply", supply("2024-03", "5200"))
    file = home.delivery("energy_supply", "yueyang-etz", str(first.delivery_id))
    file.unlink()
    assert warned(deliver(home, ledger, "energy_supply", supply("2024-04", "53000")).checks) == {"month_on_month"}
    assert not file.exists()
    delivery = accepted(ledger, str(first.delivery_id))
    assert delivery is not None
    home.archived(delivery.sha256).unlink()
    outcome = deliver(home, ledger, "energy_supply", supply("2024-04", "5300"))
    assert outcome.status == "accepted"
    assert {result.status for result in warnings(outcome.checks)} == {"error"}


def test_only_the_files_of_the_scopes_concerned_are_opened(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    for month in ("2022-03", "2022-04", "2023-04", "2024-01", "2024-03"):
        deliver(home, ledger, "energy_supply", supply(month, "5200"))
    opened: list[list[str]] = []
    whole = parquet.rows_of
    monkeypatch.setattr(parquet, "rows_of", lambda *given: opened.append(list(given[5])) or whole(*given))
    deliver(home, ledger, "energy_supply", supply("2024-04", "5200"))
    assert sorted(opened) == [["2023-04|electricity"], ["2024-03|electricity"]]


def test_peak_check_compares_too_and_writes_nothing(home: Home, ledger: Ledger, tmp_path: Path) -> None:
    deliver(home, ledger, "energy_supply", supply("2024-03", "5200"))
    file = tmp_path / "next.csv"
    file.write_text("\n".join(supply("2024-04", "53000")), "utf-8")
    before = sorted(home.root.rglob("*"))
    verdict = check(file, "energy_supply", "yueyang-etz", Judging(home, ledger, AS_OF))
    assert verdict.is_accepted and warned(verdict.checks) == {"month_on_month"}
    assert sorted(home.root.rglob("*")) == before
    alone = check(file, "energy_supply", "yueyang-etz", Judging(home, None, AS_OF))
    assert warned(alone.checks) == set() and "month_on_month" in skipped(alone.checks)

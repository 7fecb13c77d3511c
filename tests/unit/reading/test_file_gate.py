"""Gate 1 as recorded results: its stages, the contract's rules, the rows that offend, and no number plate."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from sources import ledger as book
from sources.contract import contracts
from sources.file_gate import file_checks
from sources.intake import take_in
from sources.privacy import PLATE
from tests.support.homes import put
from tests.support.small import ENERGY_HEADER, PLATES, WASTE, WASTE_HEADER
from warehouse.paths import Home


def stages(reading: Any, feed: str = "energy_supply") -> dict[str, tuple[str, int | None, tuple[int, ...]]]:
    return {
        result.check: (result.status, result.unexpected_count, result.rows)
        for result in file_checks(reading, contracts()[feed])
    }


def test_every_stage_and_rule_of_a_good_file_passed(read):
    found = stages(read(ENERGY_HEADER + "2024-01,柴油,工业,3,吨\n"))
    assert {result for result in found.values()} == {("passed", 0, ())}
    assert {rule.name for rule in contracts()["energy_supply"].rules} < set(found)


@pytest.mark.parametrize(
    ("text", "check", "rows"),
    [
        ("\0\0", "readable", ()),
        ("a,b\n1,2\n", "header", ()),
        (ENERGY_HEADER + "2024-01,柴油,工业,3,吨,1,2,3\n", "rows", (2,)),
        (ENERGY_HEADER + "2024-01,柴油,工业,三,吨\n2024-02,柴油,工业,x,吨\n", "values", (2, 3)),
        (ENERGY_HEADER + "2024-01,柴油,工业,,吨\n", "required", (2,)),
        (ENERGY_HEADER + "2024-01,柴油,工业,3,吨\n2024-01,柴油,工业,4,吨\n", "keys", (2, 3)),
    ],
)
def test_the_stage_that_failed_is_named_with_its_rows(read, text, check, rows):
    found = stages(read(text))
    assert {name for name, (status, *_) in found.items() if status == "failed"} == {check}
    assert found[check] == ("failed", max(len(rows), 1), rows)
    later = "skipped" if check in ("readable", "header", "rows") else "passed"
    assert found["keys" if check != "keys" else "values"][0] == later


@dataclass(frozen=True)
class Found:
    """A result of the delivery gate that shows a plate."""

    examples: list[str]
    observed: str | None = f"湘F·测0A12 又 {PLATES[0]}"
    suite: str = "waste_weighings"
    check: str = "one_load_a_minute"
    severity: str = "warning"
    status: str = "failed"
    column: str | None = "plate"
    unexpected_count: int | None = 2
    row_count: int | None = 2
    rows: list[int] = field(default_factory=lambda: [2, 3])
    why_zh: str = "因"
    why_en: str = "why"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def take(home: Home, text: str) -> tuple[Any, list[book.GateResult]]:
    path = put(home, "r", "waste_weighings", "磅单.csv", text)
    with closing(book.open_ledger(home)) as ledger:
        judge = lambda *_: [Found([f"车牌号={PLATES[0]}", "车牌号=LKW-77"])]  # noqa: E731
        outcome = take_in(path, "waste_weighings", "r", home, ledger, "run", judge=judge)
        return outcome, book.gate_results(ledger, "run")


def test_plates_stay_out_of_what_is_recorded_and_told(home):
    outcome, results = take(home, WASTE.replace(PLATES[0], "LKW-77", 1))
    assert outcome.status == "accepted"
    (shown,) = (result for result in results if result.gate == "delivery")
    assert shown.examples == ["车牌号=***", "车牌号=***"]
    assert shown.observed == "*** 又 ***"
    assert (shown.region, shown.feed, shown.deliveries) == ("r", "waste_weighings", [outcome.delivery_id])
    assert shown.offending_rows == [2, 3]
    assert outcome.checks[0].examples == shown.examples


@pytest.mark.parametrize(
    "row",
    [
        "2024-01-05,一号焚烧厂,T1,2024-01-05 07:30:00,湘F12345,其他垃圾,焚烧发电,15200,9100,6100,7,8,9\n",
        "湘F12345,一号焚烧厂,T1,2024-01-05 07:30:00,湘F12345,其他垃圾,湘F12345,15200,湘FD12345,6100\n",
        "2024-01-05,一号焚烧厂,T1,2024-01-05 07:30:00,,湘F·12345,焚烧发电,15200,9100,6100\n",
    ],
)
def test_a_refused_file_leaves_no_plate_in_the_ledger(home, row):
    outcome, results = take(home, WASTE_HEADER + row)
    assert outcome.status == "quarantined" and any(result.status == "failed" for result in results)
    said = [f"{outcome.reason} {outcome.zh} {outcome.en}", *map(str, results)]
    assert not [text for text in said if PLATE.search(text) or "12345" in text]
    assert all(result.feed == "waste_weighings" and result.region == "r" for result in results)
    assert all(result.observed for result in results), "also of what was not reached it is said"

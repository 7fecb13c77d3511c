"""history, diff and as-of: what was published when, from the ledger alone."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal

import pytest

from peak.vintage_rows import value_of
from sources.ledger import open_ledger, switches
from tests.unit.commands.conftest import Told, release_id
from warehouse.vintages import end_of, shown_at

INDICATOR = "non_fossil_share"


@pytest.fixture(autouse=True)
def without_release_files(told: Told) -> None:
    """Everything here must come from the ledger."""
    for number in range(1, 5):
        shutil.rmtree(told.home.release(release_id(number)))


def test_history_has_every_vintage_with_its_release_and_cause(told: Told) -> None:
    found = told.json("history", INDICATOR, "--region", "r", "--period", "2023", "--type", "year")
    said = [(item["release_id"], item["previous_value"], item["value"], item["cause"]) for item in found]
    assert said == [
        (release_id(1), None, 10.0, "new_data"),
        (release_id(2), 10.0, 11.0, "revised_data"),
        (release_id(4), 11.0, 10.0, "correction"),
    ]
    assert found[0]["published_at"] == "2026-01-01T02:00:00Z" and found[1]["deliveries"] == ["d2"]
    whole = told.run("history", INDICATOR, "--region", "r").output
    for words in ("ttm 2023-12", "2023-05", "已撤 gone", "10.75 %", "修订：changed_method", release_id(5)):
        assert words in whole


def test_history_by_the_chinese_name_and_one_month(told: Told) -> None:
    found = told.json("history", "非化石能源消费比重", "--region", "r", "--period", "2023-05")
    assert [(item["value"], item["is_complete"]) for item in found] == [(9.0, True), (None, None)]


def test_the_triangle_carries_values_on_and_marks_what_a_release_changed(told: Told) -> None:
    found = told.json("history", INDICATOR, "--region", "r", "--triangle")
    assert [item["release_id"] for item in found["releases"]] == [release_id(number) for number in (1, 2, 4, 5)]
    rows = {cell["period_type"]: (cell["values"], cell["changed_by"]) for cell in found["cells"]}
    assert rows == {
        "year": ([10.0, 11.0, 10.0, 10.0], [release_id(1), release_id(2), release_id(4)]),
        "ttm": ([10.5, 10.5, 10.75, 10.75], [release_id(1), release_id(4)]),
        "month": ([9.0, 9.0, 9.0, None], [release_id(1), release_id(5)]),
    }
    shown = told.run("history", INDICATOR, "--region", "r", "--triangle").output
    line = next(line for line in shown.splitlines() if "2023-05" in line)
    assert [cell.strip() for cell in line.split("│")[3:-1]] == ["9", "·", "·", "—"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("history", "no_such", "--region", "r"), 2),
        (("history", INDICATOR), 2),
        (("history", INDICATOR, "--region", "R!"), 2),
        (("history", INDICATOR, "--region", "r", "--period", "2023-13"), 2),
        (("history", INDICATOR, "--region", "elsewhere"), 1),
        (("history", INDICATOR, "--region", "r", "--period", "1999"), 1),
        (("diff",), 2),
        (("diff", "nonsense"), 2),
        (("diff", release_id(1), "nonsense"), 2),
        (("diff", release_id(1), "--indicator", "no_such"), 2),
        (("as-of", "yesterday", INDICATOR), 2),
        (("as-of", "2026-01-02"), 2),
        (("as-of", "2026-01-02", "no_such"), 2),
        (("as-of", "2020-01-01", INDICATOR), 1),
    ],
)
def test_wrong_questions_get_a_sentence(told: Told, arguments: tuple[str, ...], code: int) -> None:
    done = told.run(*arguments)
    assert done.exit_code == code and "Error: " in done.output and "Traceback" not in done.output


def test_a_mistyped_indicator_is_told_what_it_may_have_meant(told: Told) -> None:
    assert INDICATOR in told.run("history", "non_fosil_share", "--region", "r").output


def differing(told: Told, *arguments: str) -> list[tuple[str, object, object, int]]:
    found = told.json("diff", *arguments)
    return [(v["period_type"], v["before"], v["after"], len(v["revisions"])) for v in found["values"]]


def test_diff_sums_up_what_lies_between_and_turns_round(told: Told) -> None:
    assert differing(told, release_id(1), release_id(2)) == [("year", 10.0, 11.0, 1)]
    assert differing(told, release_id(2), release_id(1)) == [("year", 11.0, 10.0, 1)]
    # the year came back to what it was
    assert differing(told, release_id(1), release_id(4)) == [("ttm", 10.5, 10.75, 1)]
    assert differing(told, release_id(1)) == [("month", 9.0, None, 1), ("ttm", 10.5, 10.75, 1)]
    assert differing(told, release_id(3), release_id(3)) == []
    # the current one alone: from the one before
    assert differing(told, "current") == [("month", 9.0, None, 1)]
    assert differing(told, release_id(1), "--indicator", INDICATOR, "--region", "elsewhere") == []
    text = told.run("diff", release_id(1)).output
    assert "2 个数值不同" in text and "修订：changed_method / changed_method" in text


def test_diff_says_when_it_cuts(told: Told) -> None:
    done = told.run("diff", release_id(1), "--max-rows", "1")
    assert done.exit_code == 0 and "only the first 1 rows" in done.stderr


def test_as_of_follows_current_through_rollbacks(told: Told) -> None:
    """The switches of the fixture were made just now, one after the other: their moments decide."""
    with open_ledger(told.home) as ledger:
        moments = [switch.at for switch in switches(ledger)]
        assert shown_at(ledger, end_of(moments[0].replace("Z", "+00:00"))) == switches(ledger)[0]
        assert shown_at(ledger, end_of("2026-01-01T10:00")) is None
    values = []
    for at in moments:
        found = told.json("as-of", at.replace("Z", "+00:00"), INDICATOR, "--region", "r")
        values.append((found["release_id"], [item["value"] for item in found["values"]]))
    assert values == [(release_id(n + 1), [value]) for n, value in enumerate((10.0, 11.0, 11.0, 10.0, 10.0))]
    month = ("as-of", moments[-1], INDICATOR, "--type", "month")
    assert told.json(*month)["values"] == []  # the row is gone


def test_a_day_means_its_end_in_shanghai() -> None:
    assert end_of("2026-11-22").isoformat() == "2026-11-22T23:59:59.999999+08:00"
    assert end_of("2026-11-22T02:00").isoformat() == "2026-11-22T02:00:00+08:00"
    assert end_of("2026-11-22T02:00:00Z").utcoffset().total_seconds() == 0  # type: ignore[union-attr]
    for text in ("", "today", "2026-02-30", "22.11.2026"):
        with pytest.raises(ValueError):
            end_of(text)


def test_values_are_shown_in_full() -> None:
    assert [value_of(Decimal(text)) for text in ("1234567.890100", "0.000001", "-3", "100")] == [
        "1,234,567.8901", "0.000001", "-3", "100",
    ]  # fmt: skip
    assert value_of(None) == "—" and json.dumps(value_of(Decimal("1"), "%")) == '"1 %"'

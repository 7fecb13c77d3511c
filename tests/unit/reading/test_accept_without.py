"""Taking in a refused delivery less its bad rows: what is recorded, what is refused, what comes back."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest

from peak.cli import main
from sources import ledger as book
from sources import parquet
from sources.acceptance import NotAcceptable, accept_without
from sources.archive import Damaged
from sources.intake import Outcome, take_in
from sources.ledger import Ledger
from sources.reading import NoSuchRow, named
from tests.support.homes import put
from tests.unit.reading.conftest import GOOD, csv_of, supply
from warehouse.paths import Home
from warehouse.status import open_quarantine

BAD = supply(sector="交通运输", quantity="约三吨")
MARCH = csv_of(GOOD, BAD, supply(month="2024-04"))


@pytest.fixture
def home(tmp_path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def ledger(home: Home) -> Ledger:
    return book.open_ledger(home)


def take(home: Home, ledger: Ledger, text: str, name: str = "a.csv") -> Outcome:
    return take_in(put(home, "r", "energy_supply", name, text), "energy_supply", "r", home, ledger, "run1")


def accept(home: Home, ledger: Ledger, refused: Outcome, *rows: str, judge: Any = None) -> Outcome:
    assert refused.delivery_id is not None
    chosen = [named(row) for row in rows]
    return accept_without(home, ledger, refused.delivery_id, chosen, who="me", why="电话核实", judge=judge)


def test_the_rest_is_taken_in_and_what_was_left_out_is_on_record(home, ledger):
    refused = take(home, ledger, MARCH)
    before = book.position(ledger)
    outcome = accept(home, ledger, refused, "3")
    assert (outcome.status, outcome.row_count, outcome.delivery_id) == ("accepted", 2, refused.delivery_id)
    assert book.position(ledger).seq == before.seq + 1 == outcome.seq
    (left,) = book.excluded_rows(ledger, outcome.seq)
    assert (left.sheet, left.row, left.why, left.who) == (None, 3, "电话核实", "me")
    assert {item.scope: item.is_partial for item in book.winners(ledger)} == {
        "2024-03|gasoline": True, "2024-04|gasoline": False,
    }  # fmt: skip
    rows = pq.read_table(home.delivery("energy_supply", "r", outcome.delivery_id)).to_pylist()
    assert [(row["_row"], row["_delivery"]) for row in rows] == [(2, outcome.delivery_id), (4, outcome.delivery_id)]
    assert open_quarantine(book.deliveries(ledger)) == []
    assert take(home, ledger, MARCH, "again.csv").status == "duplicate"


def test_what_is_still_bad_is_refused_again_with_a_report_of_the_rest(home, ledger):
    refused = take(home, ledger, csv_of(GOOD, BAD, supply(month="2024-04", quantity="x")))
    outcome = accept(home, ledger, refused, "3")
    assert (outcome.status, [problem.row for problem in outcome.problems]) == ("quarantined", [4])
    report = json.loads((outcome.report / "report.json").read_text("utf-8"))
    assert (report["rows_left_out"], report["total_problems"]) == ([3], 1)
    assert "3" in (outcome.report / "report.md").read_text("utf-8").split("未读入")[0]
    assert book.winners(ledger) == []
    assert [item.delivery_id for item in open_quarantine(book.deliveries(ledger))] == [refused.delivery_id]
    assert accept(home, ledger, refused, "3", "4").status == "accepted"


def test_the_delivery_gate_judges_the_rest_alone(home, ledger):
    seen: list[int] = []

    def judge(reading: Any, contract: Any, region: str) -> list[Any]:
        seen.append(reading.table.num_rows)
        return [
            SimpleNamespace(
                suite="s", check="jump", severity="critical", status="failed" if len(seen) == 1 else "passed",
                column=None, observed=None, unexpected_count=None, row_count=None, examples=[], rows=[],
                why_zh="因", why_en="why",
            )
        ]  # fmt: skip

    refused = take(home, ledger, MARCH)
    outcome = accept(home, ledger, refused, "3", judge=judge)
    assert (outcome.status, outcome.reason, seen) == ("quarantined", "gate: jump", [2])
    assert accept(home, ledger, refused, "3", judge=judge).status == "accepted"
    subjects = [(result.subject, result.status) for result in book.gate_results(ledger) if result.gate == "delivery"]
    assert subjects == [(refused.delivery_id, "failed"), (refused.delivery_id, "passed")]


def test_only_what_is_in_quarantine_can_be_taken_in_so(home, ledger):
    good = take(home, ledger, csv_of(GOOD))
    with pytest.raises(NotAcceptable, match="was accepted on"):
        accept(home, ledger, good, "2")
    with pytest.raises(NotAcceptable, match="no such delivery"):
        accept_without(home, ledger, "0" * 16, [named("2")], who="me", why="x", judge=None)
    refused = take(home, ledger, MARCH)
    with pytest.raises(NoSuchRow):
        accept(home, ledger, refused, "17")
    home.archived(book.last_of(ledger, refused.delivery_id).sha256).unlink()
    with pytest.raises(Damaged):
        accept(home, ledger, refused, "3")
    assert [item.status for item in book.deliveries(ledger)] == ["accepted", "quarantined"]


def test_old_bytes_never_replace_what_came_after_them(home, ledger):
    refused = take(home, ledger, MARCH)
    corrected = take(home, ledger, csv_of(GOOD), "corrected.csv")
    with pytest.raises(NotAcceptable, match=corrected.delivery_id):
        accept(home, ledger, refused, "3")
    assert len(book.deliveries(ledger)) == 2
    book.add_hold(ledger, corrected.delivery_id, "hold", who="me", why="the old one was right")
    assert accept(home, ledger, refused, "3").status == "accepted"


def test_trying_again_makes_old_bytes_no_newer_but_a_new_file_does(home, ledger):
    refused = take(home, ledger, MARCH)
    take(home, ledger, csv_of(GOOD), "corrected.csv")
    assert accept(home, ledger, refused, "2").status == "quarantined"
    with pytest.raises(NotAcceptable, match="later deliveries"):
        accept(home, ledger, refused, "3")
    again = take(home, ledger, MARCH, "again.csv")
    assert accept(home, ledger, again, "3").status == "accepted"


def test_a_damaged_file_comes_back_less_the_same_rows(home, ledger):
    outcome = accept(home, ledger, take(home, ledger, MARCH), "3")
    path = home.delivery("energy_supply", "r", outcome.delivery_id)
    before = path.read_bytes()
    path.unlink()
    delivery = book.accepted(ledger, outcome.delivery_id)
    assert parquet.ensure(home, ledger, delivery) == (path, True)
    assert path.read_bytes() == before
    assert parquet.ensure(home, ledger, delivery) == (path, False)


def invoke(home: Home, *arguments: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    from click.testing import CliRunner

    monkeypatch.setenv("PEAK_HOME", str(home.root))
    return CliRunner().invoke(main, ["accept", *arguments])


def test_the_command_takes_rows_in_every_way(home, ledger, monkeypatch):
    text = csv_of(GOOD, BAD, supply(month="2024-04", quantity="x"), supply(month="2024-05", quantity="y"))
    refused = take(home, ledger, text)
    given = ("--without-rows", "3,4", "5", "--reason", "核实", "--who", "李四", "--json")
    done = invoke(home, refused.delivery_id, *given, monkeypatch=monkeypatch)
    assert done.exit_code == 0, done.output
    facts = json.loads(done.output)
    assert (facts["status"], facts["row_count"]) == ("accepted", 1)
    assert [(row["row"], row["who"], row["why"]) for row in facts["rows_left_out"]] == [
        (3, "李四", "核实"), (4, "李四", "核实"), (5, "李四", "核实"),
    ]  # fmt: skip
    assert facts["partial_scopes"] == ["2024-03|gasoline"]


@pytest.mark.parametrize(
    ("rows", "reason", "code", "said"),
    [
        ("x", "核实", 2, "no row"),
        ("99", "核实", 2, "no such row of data"),
        ("3", " ", 2, "a reason is needed"),
        ("4", "核实", 1, "refused again"),
    ],
)
def test_the_command_says_what_is_wrong(home, ledger, monkeypatch, rows, reason, code, said):
    refused = take(home, ledger, MARCH)
    done = invoke(home, refused.delivery_id, "--without-rows", rows, "--reason", reason, monkeypatch=monkeypatch)
    assert (done.exit_code, said in done.output) == (code, True), done.output


def test_the_command_refuses_what_is_not_in_quarantine(home, ledger, monkeypatch):
    good = take(home, ledger, csv_of(GOOD))
    done = invoke(home, good.delivery_id, "--without-rows", "2", "--reason", "x", monkeypatch=monkeypatch)
    assert (done.exit_code, "was accepted on" in done.output) == (1, True)
    empty = invoke(Home(home.root / "none"), "d", "--without-rows", "2", "--reason", "x", monkeypatch=monkeypatch)
    assert (empty.exit_code, "nothing was delivered yet" in empty.output) == (1, True)
    assert not (home.root / "none").exists()

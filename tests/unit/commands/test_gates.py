"""`peak gates`: results of a run with failures first, the catalogue, and the self-test's verdict as an exit code."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from expectations import suites
from expectations.catalogue import catalogue
from expectations.mutants import everything
from expectations.mutants.everything import Part, parts, try_all
from expectations.results import CheckResult
from peak.cli import main
from sources.contract import contracts
from sources.ledger import add_gate_results, judged_runs, open_ledger
from warehouse import revision_checks
from warehouse.paths import Home

PASSED = CheckResult("meters", "has_rows", "critical", "passed", None, "3", 0, 3, [], [], "空表", "an empty table")
WARNED = replace(PASSED, check="rated", severity="warning", status="failed", examples=["额定功率=9"], rows=[7])
STOPPED = replace(PASSED, check="sector_known", status="failed", observed="x", unexpected_count=2)
BROKEN = replace(WARNED, suite="lineage", check="linked", severity="critical", status="error", rows=[])


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def judged(home: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("PEAK_HOME", str(home.root))
    with open_ledger(home) as ledger:
        add_gate_results(ledger, [STOPPED], gate="delivery", subject="d" * 16, run_id="20260101T0-a")
        add_gate_results(ledger, [PASSED, WARNED, STOPPED], gate="delivery", subject="e" * 16, run_id="20260102T0-b")
        add_gate_results(ledger, [BROKEN], gate="warehouse", subject="marts", run_id="20260102T0-b")
    return home


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["gates", *arguments])


def listed(*arguments: str) -> list[tuple[str, str]]:
    done = run("--json", *arguments)
    assert done.exit_code == 0, done.output
    return [(found["run_id"], found["check_name"]) for found in json.loads(done.stdout)]


def test_the_last_run_is_shown_failures_first(judged: Home) -> None:
    last = "20260102T0-b"
    assert listed() == [(last, "sector_known"), (last, "linked"), (last, "rated")]
    assert listed("--all") == [*listed(), (last, "has_rows")]
    assert listed("--suite", "lineage") == [(last, "linked")]
    said = run().stdout
    assert "sector_known" in said and "额定功率=9" in said and "has_rows" not in said
    assert "通过 passed 1" in said and "无法判定 error 1" in said


def test_a_run_is_chosen_by_the_beginning_of_its_id(judged: Home) -> None:
    assert listed("--run", "20260101") == [("20260101T0-a", "sector_known")]
    for text, reason in (("2026", "several"), ("nothing", "no such run")):
        done = run("--run", text)
        assert done.exit_code == 2 and reason in done.output and "20260102T0-b" in done.output
    with open_ledger(judged) as ledger:
        assert judged_runs(ledger) == ["20260102T0-b", "20260101T0-a"]


def test_a_run_without_failures_says_so(judged: Home) -> None:
    with open_ledger(judged) as ledger:
        add_gate_results(ledger, [PASSED], gate="delivery", subject="e", run_id="20260103T0-c")
    assert "全部通过" in run().stdout and listed() == []


def test_without_a_ledger_there_is_a_sentence(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEAK_HOME", str(home.root / "nowhere"))
    done = run()
    assert done.exit_code == 1 and "peak run" in done.output and "Traceback" not in done.output


def test_rules_are_listed_with_severity_and_why() -> None:
    told = json.loads(run("--rules", "--suite", "waste_weighings", "--json").stdout)
    assert {rule["gate"] for rule in told} == {"file", "delivery"}
    [tare] = [rule for rule in told if (rule["gate"], rule["check"]) == ("file", "tare_below_gross")]
    assert tare["severity"] == "critical" and tare["why_en"] == "the tare is not below the gross weight"
    assert "皮重不小于毛重" in run("--rules", "--suite", "waste_weighings").stdout
    assert len(json.loads(run("--rules", "--json").stdout)) == len(catalogue())


@pytest.mark.parametrize(
    "arguments", [("--rules", "--suite", "x"), ("--self-test", "--suite", "x"), ("--rules", "--self-test")]
)
def test_wrong_usage(arguments: tuple[str, ...]) -> None:
    assert run(*arguments).exit_code == 2


def test_the_self_test_tells_every_suite_and_succeeds() -> None:
    done = run("--self-test", "--suite", "revisions", "--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 0 and told["survivors"] == []
    assert told["suites"] == [
        {"gate": "warehouse", "suite": "revisions", "rules": 3, "mutants": told["mutants"], "killed": told["mutants"]}
    ]
    assert "[1/1] ● revisions" in done.stderr


def test_the_self_test_names_each_survivor_and_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(revision_checks, "LARGE", Decimal("0.3"))
    done = run("--self-test", "--suite", "revisions")
    assert done.exit_code == 1
    assert "more than a fifth up" in done.stdout and "revision_size" in done.stdout and "✕" in done.stdout


def test_nothing_is_left_out() -> None:
    found = {(part.of, part.name) for part in parts()}
    expected: set[tuple[str, Any]] = {("contract", feed) for feed in contracts()} | {
        (name, "") for name in ("dbt", "corrections", "revisions")
    }
    expected |= {(kind, name) for kind in suites.KINDS for name in suites.names(kind)}
    assert found == expected | {("engine", name) for name in (*suites.KINDS, "types")}


def test_what_keeps_a_part_from_being_tried_is_no_success() -> None:
    [(_, [tally])] = list(try_all([Part(everything.FILE, "contract", "no_such_feed")]))
    assert [(result.suite, result.mutant) for result in tally.alive] == [("no_such_feed", "error")]
    assert "KeyError" in tally.alive[0].detail


@pytest.mark.slow
def test_parts_are_tried_side_by_side() -> None:
    wanted = [Part(everything.FILE, "contract", "building_energy"), Part(everything.WAREHOUSE, "revisions")]
    found = {part: tallies for part, tallies in try_all(wanted, workers=2)}
    assert set(found) == set(wanted)
    assert all(not tally.alive and tally.mutants > 10 for tallies in found.values() for tally in tallies)

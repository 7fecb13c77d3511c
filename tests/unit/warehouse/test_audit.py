"""Which release is proved next, and what counts as a failure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sources.ledger import Ledger, Release, add_release, open_ledger, releases
from sources.ledger.runs import end_run, start_run
from warehouse.audit import choose, differences, has_failed
from warehouse.input_differences import InputDifferences
from warehouse.paths import Home
from warehouse.reproduce import PartitionDifference, Reproduction

RELEASE = Release("r1", None, "2026-01-01T00:00:00Z", "2026-01-01", "aa", 1, 0)
SAME = InputDifferences("c", "c", [], [])
OTHER = InputDifferences("c", "d", ["models"], [])


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    with open_ledger(Home(tmp_path)) as ledger:
        yield ledger  # type: ignore[misc]


def proved(ledger: Ledger, run: str, release: str) -> None:
    start_run(ledger, run, {"command": "reproduce-audit"})
    end_run(ledger, run, {"audited": release})


def test_before_the_first_release_there_is_nothing_to_prove(ledger: Ledger) -> None:
    assert choose(ledger, 1) is None


def test_each_release_is_proved_before_one_is_proved_again(ledger: Ledger) -> None:
    for number in range(5):
        add_release(ledger, replace(RELEASE, release_id=f"r{number}"), {})
    chosen = []
    for number in range(15):
        release = choose(ledger, number)
        assert release is not None
        chosen.append(release.release_id)
        proved(ledger, f"R{number}", release.release_id)
    everything = {release.release_id for release in releases(ledger)}
    assert [set(chosen[start : start + 5]) for start in (0, 5, 10)] == [everything] * 3


def test_the_same_seed_chooses_the_same_release(ledger: Ledger) -> None:
    for number in range(30):
        add_release(ledger, replace(RELEASE, release_id=f"r{number}"), {})
    assert choose(ledger, 7) == choose(ledger, 7)
    assert len({choose(ledger, seed) for seed in range(20)}) > 5


@pytest.mark.parametrize(
    ("found", "is_failure", "said"),
    [
        (Reproduction(RELEASE, SAME, "aa"), False, ""),
        (Reproduction(RELEASE, OTHER, "aa"), False, ""),
        (Reproduction(RELEASE, SAME, "bb", partitions=[PartitionDifference("t", "2024", 1, 2)]), True, "tables: t"),
        (Reproduction(RELEASE, OTHER, "bb"), False, "changed since: models"),
        (Reproduction(RELEASE, OTHER, problem="bytes are missing"), True, "bytes are missing"),
    ],
)
def test_a_difference_that_other_models_explain_is_no_failure(found: Reproduction, is_failure: bool, said: str) -> None:
    assert has_failed(found) == is_failure and said in differences(found) and bool(differences(found)) == bool(said)

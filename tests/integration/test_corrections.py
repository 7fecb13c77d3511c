"""Known errors from the table to the release: put right, explained, no longer matching once mended, reproduced."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.support.corrected_history import REGION
from tests.support.long_history import project_copy

pytestmark = pytest.mark.slow

BEFORE, AFTER = "273761.000000", "276400.500000"
WEIGHED = [
    ["gross_kg", "15200", "16200", "applied", "磅单.csv", 2, "地磅漏记一吨", "李某"],
    ["net_kg", "6100", "7100", "applied", "磅单.csv", 2, "地磅漏记一吨", "李某"],
]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("corrected")
    project = project_copy(folder / "project")
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.corrected_history", str(folder / "home")],
        cwd=project, env={**os.environ, "PYTHONPATH": str(project)}, capture_output=True, encoding="utf-8",
        timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def coal(night: dict[str, Any]) -> dict[str, str]:
    return {start[:4]: value for indicator, _, start, value in night["values"] if indicator == "coal_consumption"}


def test_a_table_that_cannot_be_used_stops_the_night_before_anything_is_built(nights: dict[str, Any]) -> None:
    night = nights["unsound"]
    assert "release" not in night and night["changed"] == []
    assert night["problem"] == (
        "corrections.csv 第 3 行：energy_balance 没有字段 price / "
        "corrections.csv line 3: energy_balance has no field price"
    )


def test_a_correction_moves_what_stands_on_the_row_and_nothing_else(nights: dict[str, Any]) -> None:
    before, after = nights["wrong"], nights["corrected"]
    assert coal(before) == {"2017": "276240.000000", "2018": BEFORE}
    assert coal(after) == {"2017": "276240.000000", "2018": AFTER}
    assert (before["waste"], after["waste"]) == ([["11900.000000000"]], [["12900.000000000"]])
    # only the two scopes are taken up, on what was built before; the blast radius was judged
    assert not after["is_full"] and after["failed"] == []
    assert after["changed"] == [["energy_balance", "2018"], ["waste_weighings", "2024-01-05|一号焚烧厂"]]
    assert after["scope_changes"] == [[*scope, "corrected"] for scope in after["changed"]]


def test_a_revised_value_says_who_corrected_it_and_why(nights: dict[str, Any]) -> None:
    revisions = nights["corrected"]["revisions"]
    assert {(row[2], row[3]) for row in revisions} == {("2018-01-01", "correction")}
    assert all("（更正表：抄错一行）" in row[4] and "(corrected: 抄错一行)" in row[4] for row in revisions)
    assert ["coal_consumption", "year"] in [row[:2] for row in revisions]


def test_lineage_and_the_release_say_what_was_put_right(nights: dict[str, Any]) -> None:
    assert all(count == 0 for _, _, count in nights["wrong"]["lineage"])
    assert nights["corrected"]["lineage"] == [
        ["energy_balance", "2017-01-01", 0], ["energy_balance", "2018-01-01", 1], ["waste_weighings", "2024-01-01", 2],
    ]  # fmt: skip
    coal_row = ["quantity", "273761", "276400.5", "applied", "平衡表.csv", 3, "抄错一行", "王某"]
    assert nights["corrected"]["corrections"] == [*WEIGHED, coal_row]
    assert nights["in_force"] == 3


def test_an_explanation_adds_up_and_names_file_row_and_reason(nights: dict[str, Any]) -> None:
    found = nights["corrected"]["explained"]
    assert found["is_exact"] is True
    (item,) = found["corrections"]
    assert (item["region"], item["file_name"], item["row"], item["field"]) == (REGION, "平衡表.csv", 3, "quantity")
    assert (item["wrong_value"], item["right_value"], item["reason"]) == ("273761", "276400.5", "抄错一行")
    (line,) = [text for text in found["printed"].splitlines() if "抄错一行" in text]
    assert "平衡表.csv [1] 3 quantity: 273761 → 276400.5 — 抄错一行（王某，2026-02-01，电话核实）" in line


def test_once_the_bureau_mends_it_the_gate_fails_until_the_row_goes(nights: dict[str, Any]) -> None:
    mended, removed = nights["mended"], nights["removed"]
    assert "release" not in mended
    ((suite, check, examples, domains, feeds),) = mended["failed"]
    assert (suite, check, domains, feeds) == ("corrections", "still_match", ["energy"], ["energy_balance"])
    assert "该值已是正确值，现为 276400.5，平衡表_改正.csv 第 3 行" in examples[0]
    assert removed["failed"] == [] and removed["corrections"] == WEIGHED
    # what the bureau says now is what was put right, so that nothing is revised
    assert coal(removed) == coal(nights["corrected"]) and removed["revisions"] == []


def test_both_releases_are_reproduced_with_the_tables_they_had(nights: dict[str, Any]) -> None:
    assert len(nights["reproduced"]) == 2 and all(nights["reproduced"].values())

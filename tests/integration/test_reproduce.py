"""A history of eleven releases, with revisions, a hold, a backfill, a changed parameter, rows left out and a sign-off
between them: any of them comes out of the archive and the ledger bit for bit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sources.ledger import open_ledger, read_ledger, releases
from tests.support.command import environment
from tests.support.homes import contents
from tests.support.long_history import NIGHTS, project_copy
from warehouse.paths import Home
from warehouse.prune import prune
from warehouse.reproduce import Reproduction, reproduce

pytestmark = pytest.mark.slow


@dataclass
class History:
    """The home, the copy of the project that made it, and the id of each release by name."""

    home: Home
    project: Path
    ids: dict[str, str]

    def reproduce(self, name: str) -> Reproduction:
        """By the project as it stands here: its seeds and contracts are not those of the later releases."""
        ledger = read_ledger(self.home)
        assert ledger is not None
        with ledger:
            release = next(entry for entry in releases(ledger) if entry.release_id == self.ids[name])
            return reproduce(self.home, ledger, release, lambda line: None)

    def peak(self, *arguments: str) -> tuple[int, Any]:
        """A command of the copied project, and its JSON."""
        extra = {"PYTHONPATH": str(self.project)}
        code = "from peak.cli import main; main()"
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments, "--json"],
            cwd=self.project, env=environment(self.home.root, extra), capture_output=True, encoding="utf-8",
            timeout=900, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, json.loads(done.stdout)


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    folder = tmp_path_factory.mktemp("history")
    project, home = project_copy(folder / "project"), Home(folder / "home")
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.long_history", str(home.root)],
        cwd=project, env={**os.environ, "PYTHONPATH": str(project)}, capture_output=True, encoding="utf-8",
        timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    ids = json.loads(done.stdout.splitlines()[-1])
    # only the last release and what it stands on are there: everything must come from the archive and the ledger
    with open_ledger(home) as ledger:
        prune(home, ledger, 1, who="tester")
    return History(home, project, ids)


def test_the_history_is_one(history: History) -> None:
    ledger = read_ledger(history.home)
    assert ledger is not None
    with ledger:
        published = releases(ledger)
    assert [entry.release_id for entry in published] == [history.ids[name] for name in NIGHTS]
    said = {name: entry.content_sha256 for name, entry in zip(NIGHTS, published, strict=True)}
    # who wins is the same again, or the same rows were read again, and so is every bit; a hold leaves its mark
    assert said["released"] == said["revised"] and said["read_again"] == said["month"]
    assert len(set(said.values())) == len(NIGHTS) - 2


@pytest.mark.parametrize("name", ["held", "month", "signed"])
def test_a_release_is_reproduced_from_archive_and_ledger(history: History, name: str) -> None:
    before = contents(history.home.root)
    found = history.reproduce(name)
    assert found.problem is None and found.reread == []
    assert found.is_equal, (found.partitions, found.cells)
    assert contents(history.home.root) == before
    # the plan's tables of the time are in the archive; the contract was reworded after two of them
    assert ("contracts" in found.inputs.groups) == (name == "signed") and "plan" not in found.inputs.groups


def test_another_program_is_noticed_and_named(history: History) -> None:
    model = history.project / "dbt_project" / "models" / "marts" / "lineage" / "lineage.sql"
    text = model.read_text("utf-8")
    changed = text.replace("deliveries.file_name", "upper(deliveries.file_name) as file_name")
    try:
        model.write_text(changed, "utf-8")
        code, found = history.peak("reproduce", "current")
    finally:
        model.write_text(text, "utf-8")
    assert (code, found["is_equal"], found["problem"]) == (1, False, None)
    assert {part["table"] for part in found["partitions"]} == {"lineage"}
    assert found["cells"] == [] and found["inputs"]["groups"] == ["models"]
    paths = [(item["path"], item["change"]) for item in found["inputs"]["files"]]
    assert paths == [("dbt_project/models/marts/lineage/lineage.sql", "changed")]


def test_without_the_bytes_of_a_delivery_nothing_is_made_up(history: History) -> None:
    ledger = read_ledger(history.home)
    assert ledger is not None
    with ledger:
        sha256 = ledger.rows("select sha256 from deliveries where file_name = '磅单.csv'")[0]["sha256"]
    place = history.home.archived(sha256)
    kept = place.read_bytes()
    try:
        place.unlink()
        found = history.reproduce("first")
    finally:
        place.write_bytes(kept)
    assert not found.is_equal and found.content_sha256 is None
    assert found.problem is not None and sha256 in found.problem

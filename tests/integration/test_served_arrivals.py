"""From a server to an intake with nobody's hand: what is fetched arrives, what has arrived is taken in, all at once."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from sources.ledger import read_ledger, runs
from tests.support import small
from tests.support.served import Served
from tests.support.server import process
from tests.support.waiting import until

pytestmark = pytest.mark.slow
PULL = '\n[[pull.energy_supply.{region}]]\nserver = "share"\ntype = "local"\npath = "{folder}/*.csv"\n'
FILES = 20


@pytest.fixture(scope="module")
def standing(standing_peak: Served, first_night: dict[str, Any]) -> Served:
    """An instance whose home has a release."""
    return standing_peak


def intakes(standing: Served) -> list[dict[str, Any]]:
    """The flow runs of the deployment, newest first."""
    asked = {"deployments": {"name": {"any_": ["intake"]}}, "sort": "EXPECTED_START_TIME_DESC"}
    found: list[dict[str, Any]] = standing.post("/flow_runs/filter", asked)
    return found


def test_what_a_server_has_is_fetched_and_leads_to_one_intake(standing: Served, tmp_path: Path) -> None:
    """The watch as `peak serve` runs it; the instance of these tests has none, so that others deliver undisturbed."""
    before, settings = len(intakes(standing)), standing.home.settings.read_text("utf-8")
    for number in range(FILES):
        text = small.CORRECTION.replace("14.25", f"1{number}.75")
        (tmp_path / f"能源_二月_{number}.csv").write_text(text, "utf-8")
    try:
        standing.home.settings.write_text(settings + PULL.format(region=small.REGION, folder=tmp_path), "utf-8")
        with process([sys.executable, "-m", "serving.watch"], tmp_path / "watch.log", standing.environment):
            fetched = standing.run("fetch/fetch")
            until(lambda: len(intakes(standing)) > before, "no intake", 90)
            taken = standing.wait_for(intakes(standing)[0])
    finally:
        standing.home.settings.write_text(settings, "utf-8")
    assert fetched["state_type"] == taken["state_type"] == "COMPLETED", standing.logs()
    assert f"：接收 accepted {FILES}，" in taken["name"] and len(intakes(standing)) == before + 1
    with read_ledger(standing.home) as ledger:  # type: ignore[union-attr]
        assert runs(ledger)[0].details["result"] == "taken_in"

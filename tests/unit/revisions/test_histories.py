"""Nothing ever moves that was not predicted: small random histories, their values worked out by hand."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from pathlib import Path
from random import Random

import pytest

from sources.ledger import Ledger, open_ledger
from tests.oracle.histories import Told, history
from warehouse.paths import Home
from warehouse.prediction import predict
from warehouse.scope_changes import difference
from warehouse.seed_changes import ChangedInputs

FEW = (
    ("energy_supply", "energy_enterprise", "power_generation", "energy_balance"),
    ("energy_balance", "national_accounts", "region_parameters"),
    ("operating_transport", "assigned_targets", "waste_sorting", "vehicle_stock", "region_parameters"),
    ("generation_projects", "charging_piles", "building_projects", "task_register", "bus_coverage", "park_circularity"),
    ("forest_inventory", "waste_weighings", "reported_indicators", "national_accounts", "cleaner_production"),
)


def surprises(home: Home, ledger: Ledger, told: Told, steps: int) -> list[str]:
    """Cells that moved although nothing led to them, over so many steps."""
    out: list[str] = []
    before, said = None, None
    for at, now in islice(told.steps(), steps):
        if before is not None and said is not None:
            moved = difference(ledger, before, at)
            prediction = predict(home, ledger, moved, ChangedInputs(), is_as_of_new=False)
            for cell in now.keys() | said.keys():
                old, new = said.get(cell), now.get(cell)
                end = (new or old or (None, None, ""))[2]
                if (old and old[:2]) != (new and new[:2]) and not prediction.covers(cell, end):
                    changes = [(change.kind, change.feed, change.scope) for change in moved.changes]
                    out.append(f"{cell}: {old} → {new} although only {changes[:9]} changed")
        before, said = at, now
    return out


@pytest.mark.parametrize(("number", "feeds"), list(enumerate(FEW)))
def test_what_moves_was_predicted(tmp_path: Path, number: int, feeds: tuple[str, ...]) -> None:
    home = Home(tmp_path)
    with closing(open_ledger(home)) as ledger:
        assert surprises(home, ledger, Told(home, ledger, history(number, feeds), Random(number)), 6) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", [5, 7])
def test_what_moves_in_whole_worlds_was_predicted(tmp_path: Path, seed: int) -> None:
    home = Home(tmp_path)
    with closing(open_ledger(home)) as ledger:
        assert surprises(home, ledger, Told(home, ledger, history(seed), Random(seed)), 8) == []

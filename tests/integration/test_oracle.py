"""Every value of every indicator, compared with the computation by hand."""

from __future__ import annotations

import duckdb
import pytest

from tests.integration.conftest import SEEDS
from tests.oracle.compare import differences
from tests.oracle.world import world
from tests.support.homes import Night, accepted_rows
from warehouse.paths import Home

pytestmark = pytest.mark.slow


def _differences(home: Home, region: str) -> list[str]:
    with duckdb.connect(str(home.build_db), read_only=True) as connection:
        return differences(connection, "marts.indicator_values", world(region, accepted_rows(home, region)))


@pytest.mark.parametrize("region", ["yueyang-etz", "china", "china-nbs"])
def test_demo_and_real_regions_agree_with_the_computation_by_hand(demo_home: tuple[Home, Night], region: str) -> None:
    assert _differences(demo_home[0], region) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_random_regions_agree_with_the_computation_by_hand(random_home: tuple[Home, Night], seed: int) -> None:
    home, night = random_home
    refused = [(o.feed, o.en) for o in night.outcomes if o.status != "accepted"]
    assert refused == []
    assert _differences(home, f"random-{seed}") == []

"""Deliveries taken in less some of their rows, through the whole build: complete nowhere that a row may be missing."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from random import Random

import duckdb
import pytest

from sources.acceptance import accept_without
from sources.contract import contracts
from sources.intake import take_in, waiting
from sources.ledger import accepted_scopes, excluded_rows, open_ledger
from sources.reading import named
from tests.integration.conftest import AS_OF
from tests.oracle.compare import differences
from tests.oracle.random_world import random_deliveries, write_csv
from tests.oracle.world import world
from tests.support.homes import accepted_rows, put
from warehouse.build import build
from warehouse.paths import Home
from warehouse.release import publish
from warehouse.shelf import ReleaseInfo

pytestmark = pytest.mark.slow

SEEDS = range(31, 34)
Built = tuple[Home, ReleaseInfo]


def spoil(path: Path, rng: Random) -> list[str]:
    """Make a file one that is refused; the rows to leave out so that it can be taken in.

    A row twice is told from its scope, a row with a cell too many is not; a row that goes with its copy takes data
    along, and at times its whole scope.
    """
    lines = path.read_text("utf-8").splitlines()
    copied = rng.randrange(1, len(lines))
    kind = rng.choice(("twice", "twice", "gone", "ragged"))
    lines.append(lines[copied] + (",多出的单元格" if kind == "ragged" else ""))
    path.write_text("\n".join(lines) + "\n", "utf-8")
    rows = [len(lines), copied + 1] if kind == "gone" else [len(lines)]
    return [str(row) for row in rows]


def take_in_spoilt(home: Home, seed: int) -> None:
    """Random deliveries of one region in order; about every third of them has to be taken in less a row or two."""
    rng, region = Random(seed), f"random-{seed}"
    with closing(open_ledger(home)) as ledger:
        for number, (feed, rows) in enumerate(random_deliveries(seed)):
            fields = {field.name: field.type for field in contracts()[feed].fields}
            path = put(home, region, feed, f"{number:03}.csv", b"")
            write_csv(rows, fields, path)
            bad = spoil(path, rng) if rng.random() < 0.35 and len(rows) > 1 else []
            (one,) = waiting(home)
            outcome = take_in(one.path, feed, region, home, ledger, "test")
            assert outcome.status == ("quarantined" if bad else "accepted"), (feed, outcome.en)
            if bad and outcome.delivery_id:
                chosen = [named(row) for row in bad]
                accept_without(home, ledger, outcome.delivery_id, chosen, who="test", why="spoilt", judge=None)


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Built:
    home = Home(tmp_path_factory.mktemp("spoilt"))
    for seed in SEEDS:
        take_in_spoilt(home, seed)
    with closing(open_ledger(home)) as ledger:
        assert build(home, AS_OF, ledger=ledger).is_good
        return home, publish(home, ledger, AS_OF, run_id="test")


@pytest.mark.parametrize("seed", SEEDS)
def test_values_and_completeness_agree_with_the_computation_by_hand(spoilt: Built, seed: int) -> None:
    home, release = spoilt
    region = f"random-{seed}"
    with duckdb.connect(str(release.database), read_only=True) as connection:
        assert differences(connection, "indicator_values", world(region, accepted_rows(home, region))) == []


def test_rows_left_out_are_in_lineage_and_their_scopes_nowhere_complete(spoilt: Built) -> None:
    home, release = spoilt
    with closing(open_ledger(home)) as ledger:
        scopes = accepted_scopes(ledger)
        left_out = {scope.delivery_id: len(excluded_rows(ledger, scope.seq)) for scope in scopes}
    assert any(left_out.values()) and not all(left_out.values())
    assert any(scope.is_partial for scope in scopes)
    with duckdb.connect(str(release.database), read_only=True) as connection:
        told = dict(connection.execute("select delivery_id, max(excluded_rows) from lineage group by all").fetchall())
        wrong = connection.execute(
            "select count(*) from (select delivery_id from lineage group by delivery_id "
            "having count(distinct excluded_rows) > 1)"
        ).fetchone()
    assert told == {delivery_id: left_out[delivery_id] for delivery_id in told}
    assert any(told.values()) and wrong == (0,)

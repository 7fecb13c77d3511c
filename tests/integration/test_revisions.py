"""Two nights of a small home: the second revises a closed month, and only what follows from it may move."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from sources.ledger import open_ledger, position, published_values, revisions, waivers
from tests.support import small
from tests.support.homes import Night, run
from warehouse.paths import Home
from warehouse.revision_checks import revision_checks
from warehouse.revisions import revise

pytestmark = pytest.mark.slow

Nights = tuple[Home, Night, Night]


@pytest.fixture(scope="module")
def nights(tmp_path_factory: pytest.TempPathFactory) -> Nights:
    """A first night, and one with the correction of a February."""
    home = Home(tmp_path_factory.mktemp("revised"))
    small.deliver(home, small.files())
    first = run(home, small.AS_OF)
    small.deliver(home, [small.correction()])
    return home, first, run(home, date(small.AS_OF.year, small.AS_OF.month, small.AS_OF.day + 1))


def test_the_second_night_revises_what_follows_from_the_corrected_month(nights: Nights) -> None:
    _, first, second = nights
    assert first.revised is not None
    assert second.revised is not None
    assert first.revised.is_first
    assert not second.revised.is_first
    assert second.release is not None
    assert [(c.scope, c.kind) for c in second.revised.scope_changes] == [("2024-02|diesel", "replaced")]
    assert {r.region for r in second.revised.revisions} <= {small.REGION}
    assert {r.cause for r in second.revised.revisions} <= {"revised_data"}
    assert second.revised.unpredicted == second.revised.lost == []


def test_the_ledger_has_every_value_of_both_nights(nights: Nights) -> None:
    home, first, second = nights
    assert first.revised is not None
    assert second.revised is not None
    with closing(open_ledger(home)) as ledger:
        assert len(revisions(ledger)) == len(first.revised.revisions) + len(second.revised.revisions)
        published = published_values(ledger)
    with duckdb.connect(str(home.build_db), read_only=True) as connection:
        rows = connection.execute("select count(*), count(value) from marts.indicator_values").fetchone()
    values = [cell for cell in published.values() if cell.value is not None]
    assert (len(published), len(values)) == rows


def test_a_value_that_was_tampered_with_is_named(nights: Nights, tmp_path: Path) -> None:
    home, *_ = nights
    tampered = Home(tmp_path)
    tampered.build_db.write_bytes(home.build_db.read_bytes())
    tampered.build.symlink_to(home.build)
    with duckdb.connect(str(tampered.build_db)) as connection:
        connection.execute(
            "update marts.indicator_values set value = value + 0.000001 "
            "where region = 'china-nbs' and indicator = 'coal_consumption' and period_start = '2016-01-01'"
        )
    with closing(open_ledger(home)) as ledger:
        revised = revise(tampered, ledger, position(ledger), date(2026, 2, 22))
        checks = {check.check: check for check in revision_checks(revised, waivers(ledger))}
    (one,) = revised.unpredicted
    assert (one.indicator, one.period_start) == ("coal_consumption", "2016-01-01")
    assert one.value is not None
    assert one.previous_value is not None
    assert one.value - one.previous_value == Decimal("0.000001")
    assert checks["blast_radius"].status == "failed"
    assert checks["blast_radius"].domains == ("energy",)

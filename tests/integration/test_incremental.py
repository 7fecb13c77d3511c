"""Nights that take up only what is new end with the same bits as one build of everything from nothing."""

from __future__ import annotations

import shutil
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from sources.ledger import add_hold, deliveries, open_ledger
from tests.support import small
from tests.support.homes import Night, put, run
from warehouse.paths import Home

pytestmark = pytest.mark.slow

HEAVIER = small.WASTE_HEADER + (
    f"2024-01-05,一号焚烧厂,T1,2024-01-05 07:30:00,{small.PLATES[0]},其他垃圾,焚烧发电,16200,9100,7100\n"
)


def content(night: Night) -> str:
    assert night.release is not None, (night.built.problem, night.built.failed, night.failed)
    return str(night.release.manifest["content_sha256"])


def copied(home: Home, folder: Path) -> Home:
    """What cannot be rebuilt, and nothing else."""
    other = Home(folder)
    other.root.mkdir()
    for name in ("archive", "deliveries"):
        shutil.copytree(home.root / name, other.root / name)
    for file in home.root.glob("ledger.sqlite*"):
        shutil.copy(file, other.root / file.name)
    return other


def test_revisions_and_a_hold_night_by_night_and_all_at_once(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    small.deliver(home, small.files())
    first = run(home, small.AS_OF)
    assert first.built.is_full
    seen = [content(first)]

    # a month corrected, and a day of weighings that loses a ticket
    small.deliver(home, [small.correction()])
    put(home, small.REGION, "waste_weighings", "磅单_更正.csv", HEAVIER)
    revised = run(home, small.AS_OF)
    assert not revised.built.is_full and len(revised.built.nodes) < len(first.built.nodes) / 2
    assert {scope.feed for scope in revised.built.changed} == {"energy_supply", "waste_weighings"}
    seen.append(content(revised))

    with closing(open_ledger(home)) as ledger:
        entry = next(entry for entry in deliveries(ledger) if entry.file_name == small.correction()[2])
        add_hold(ledger, entry.delivery_id, "hold", who="test", why="test")
    held = run(home, small.AS_OF + timedelta(1))
    assert {(scope.feed, scope.scope) for scope in held.built.changed} == {("energy_supply", "2024-02|diesel")}
    seen.append(content(held))
    assert len(set(seen)) == 3

    anew = run(copied(home, tmp_path / "anew"), small.AS_OF + timedelta(1))
    assert anew.built.is_full and content(anew) == seen[-1]

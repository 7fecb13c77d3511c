"""The test of the seeds, on the real ones: each loses its key or a value that it must have."""

from __future__ import annotations

import re
from collections.abc import Iterator

from expectations.frames import joined
from expectations.mutants.data_tests.compiled import DataTest
from expectations.mutants.data_tests.maker import Maker, Spoilt, added, changed
from warehouse.paths import SEEDS


def good(test: DataTest) -> list[str]:
    return [
        joined("create table", seed.place, f"as from read_csv('{SEEDS / seed.name}.csv', all_varchar = true)")
        for seed in test.parents.values()
    ]


def rules(test: DataTest) -> list[str]:
    return [*(f"{name}: key" for name in test.parents), *(f"{seed}.{column}" for seed, column in _filled(test))]


def _filled(test: DataTest) -> list[tuple[str, str]]:
    """The seeds and columns the test says must not be missing."""
    return re.findall(r"'(\w+): (\w+) is missing'", test.sql)


def spoil(test: DataTest) -> Iterator[Spoilt]:
    for name, seed in test.parents.items():
        again = added(seed.place, "from", seed.place, "limit 1")
        yield Spoilt(f"{name}: key", "first row twice", (again,))
    for name, column in _filled(test):
        nulled = changed(test.parents[name].place, column, "null", "rowid = 0")
        yield Spoilt(f"{name}.{column}", "null", (nulled,))


SEEDS_ARE_SOUND = Maker(good, spoil, rules)

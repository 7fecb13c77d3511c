"""The test `sound`, the rules of one model: keys, filled columns, and by hand each condition that must hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from expectations.frames import joined
from expectations.mutants.data_tests.compiled import DataTest
from expectations.mutants.data_tests.maker import Maker, Spoilt, added, changed, cleared

_KINDS = ("key", "filled", "held")
BY_HAND = Path(__file__).with_name("held.yaml")
_GOOD_TEXT = {"boolean": "true", "date": "2024-01-01", "timestamp": "2024-01-01 00:00:00"}
# the type of a column whose model says none: any will do, as the rules then only ask whether it is there
_ANY_TYPE = "decimal(38, 9)"


def _row(test: DataTest, changes: Mapping[str, str]) -> str:
    """A good row of the test's model, some columns replaced by SQL."""
    replaced = {**by_hand().get(test.name, {}).get("good", {}), **changes}
    cells = []
    for name, said in test.looked_at.columns.items():
        type = said or _ANY_TYPE
        value = replaced.get(name, f"'{_GOOD_TEXT.get(type.lower(), '1')}'")
        cells.append(f"cast({value} as {type}) as {name}")
    return joined("select", ", ".join(cells))


def good(test: DataTest) -> list[str]:
    return [joined("create table", test.looked_at.place, "as", _row(test, {}))]


def rules(test: DataTest) -> list[str]:
    key, filled, held = (list(test.arguments.get(name) or ()) for name in _KINDS)
    return [*(["key"] if key else []), *filled, *held, *(set(test.arguments) - {"model", *_KINDS})]


def spoil(test: DataTest) -> Iterator[Spoilt]:
    table, filled = test.looked_at.place, list(test.arguments.get("filled") or ())
    yield from _doubled(test, list(test.arguments.get("key") or ()))
    for column in filled:
        yield Spoilt(column, "null", (changed(table, column, "null"),))
    for condition, mutants in by_hand().get(test.name, {}).get("held", {}).items():
        for changes in mutants:
            label = ", ".join(f"{column}={sql}" for column, sql in changes.items())
            yield Spoilt(condition, label, (cleared(table), added(table, _row(test, changes))))


def _doubled(test: DataTest, key: list[str]) -> Iterator[Spoilt]:
    table, filled = test.looked_at.place, test.arguments.get("filled") or ()
    if key:
        yield Spoilt("key", "second row", (added(table, _row(test, {})),))
    if gaps := {column: "null" for column in key if column not in filled}:
        twice = added(table, _row(test, gaps))
        yield Spoilt("key", "second row with gaps", (cleared(table), twice, twice))


@cache
def by_hand() -> Mapping[str, Mapping[str, Any]]:
    """How to break conditions: test → `good` and `held`, see the file."""
    found: Mapping[str, Any] = yaml.safe_load(BY_HAND.read_text("utf-8"))
    return found


SOUND = Maker(good, spoil, rules)

"""Compare a release's indicator_values of one region with the computation by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import duckdb

from .values import Key, Value, all_values
from .world import World

SELECT = """
select indicator, method, base_year, period_type, period_end, value, is_complete, coverage, basis
from {table} where region = ?
"""


def published(connection: duckdb.DuckDBPyConnection, table: str, region: str) -> dict[Key, tuple[Any, ...]]:
    rows = connection.execute(SELECT.format(table=table), [region]).fetchall()
    return {(code, method, base, kind, end): rest for code, method, base, kind, end, *rest in rows}  # type: ignore[misc]


def differences(connection: duckdb.DuckDBPyConnection, table: str, world: World) -> list[str]:
    """Every row that is missing, too much, or says something else; empty when both agree."""
    found, expected = published(connection, table, world.region), all_values(world)
    out = [
        f"{world.region} {key}: missing, by hand {expected[key]}"
        for key in sorted(expected.keys() - found.keys(), key=str)
    ]
    out += [f"{world.region} {key}: too much, {found[key]}" for key in sorted(found.keys() - expected.keys(), key=str)]
    for key in sorted(expected.keys() & found.keys(), key=str):
        if not _same(expected[key], found[key]):
            out.append(f"{world.region} {key}: published {found[key]}, by hand {expected[key]}")
    return out


def _same(hand: Value, row: tuple[Any, ...]) -> bool:
    value, is_complete, coverage, basis = row
    if (value is None) != (hand.value is None) or (value is not None and value != hand.value):
        return False
    if is_complete != hand.is_complete or basis != hand.basis:
        return False
    return hand.coverage is None or abs(Fraction(coverage) - hand.coverage) < Fraction(1, 10**5)

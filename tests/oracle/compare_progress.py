"""Compare the marts about targets, agencies and tasks of one region with the computation by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

import duckdb

from .accountability import NOBODY, days_overdue, indicators_led, tasks, tasks_led
from .lineage import lineage, winners
from .progress import Progress, progress
from .targets import targets
from .values import Key, Value, all_values
from .world import Row, World, world

FIGURES = tuple(Progress.__dataclass_fields__)
STATUSES = (
    "met", "on_track", "at_risk", "off_track", "missed", "pending", "open", "not_quantified", "no_data", "held",
    "no_target",
)  # fmt: skip
TASK_STATUSES = ("not_started", "in_progress", "done", "blocked")


def _table(
    connection: duckdb.DuckDBPyConnection, sql: str, region: str, keys: int
) -> dict[tuple[Any, ...], tuple[Any, ...]]:
    rows = connection.execute(sql, [region]).fetchall()
    out = {tuple(row[:keys]): tuple(row[keys:]) for row in rows}
    assert len(out) == len(rows), "rows of one key"
    return out


def _unequal(what: str, hand: Mapping[Any, Any], found: Mapping[Any, Any]) -> Iterator[str]:
    for key in sorted(hand.keys() | found.keys(), key=str):
        if key not in found:
            yield f"{what} {key}: missing, by hand {hand[key]}"
        elif key not in hand:
            yield f"{what} {key}: too much, {found[key]}"
        elif hand[key] != found[key]:
            yield f"{what} {key}: published {found[key]}, by hand {hand[key]}"


def target_differences(connection: duckdb.DuckDBPyConnection, w: World) -> list[str]:
    sql = """select indicator, target_year, level, kind, target, base_year, method, source
             from marts.indicator_targets where region = ?"""
    hand = {goal: tuple(asdict(target).values()) for goal, target in targets(w).items()}
    return list(_unequal(f"{w.region} target", hand, _table(connection, sql, w.region, 3)))


def progress_differences(
    connection: duckdb.DuckDBPyConnection, w: World, values: dict[Key, Value], as_of: date
) -> list[str]:
    """Rows of indicator_progress and agency_scorecard that say something else; empty when all agree."""
    found = progress(w, values, as_of)
    sql = f"select indicator, target_year, level, {', '.join(FIGURES)} from marts.indicator_progress where region = ?"
    hand = {goal: tuple(asdict(row).values()) for goal, row in found.items()}
    out = list(_unequal(f"{w.region} progress", hand, _table(connection, sql, w.region, 3)))
    columns = ", ".join((*STATUSES, *(f"tasks_{name}" for name in TASK_STATUSES), "tasks_overdue"))
    cards = _table(connection, f"select agency, {columns} from marts.agency_scorecard where region = ?", w.region, 1)
    led, items = indicators_led(w, found), tasks_led(w, as_of)
    by_hand = {
        (agency,): (
            *(led.get(agency, Counter())[name] for name in STATUSES),
            *(items.get(agency, Counter())[name] for name in (*TASK_STATUSES, "overdue")),
        )
        for agency in led.keys() | items.keys()
    }
    return out + list(_unequal(f"{w.region} agency", by_hand, cards)) + _first(connection, w, NOBODY in led)


def _first(connection: duckdb.DuckDBPyConnection, w: World, is_expected: bool) -> list[str]:
    sql = "select agency from marts.agency_scorecard where region = ? order by position limit 1"
    row = connection.execute(sql, [w.region]).fetchone()
    return [f"{w.region}: {row} stands first"] if is_expected and row != (NOBODY,) else []


def task_differences(connection: duckdb.DuckDBPyConnection, w: World, as_of: date) -> list[str]:
    sql = """select item_id, clause, lead_agency, status, progress, days_overdue
             from marts.task_progress where region = ?"""
    hand = {
        (row["item_id"],): (row["clause"], row["lead_agency"], row["status"], row["progress"], days_overdue(row, as_of))
        for row in tasks(w)
    }
    return list(_unequal(f"{w.region} task", hand, _table(connection, sql, w.region, 1)))


def lineage_differences(
    connection: duckdb.DuckDBPyConnection, w: World, deliveries: list[tuple[str, list[Row]]], values: dict[Key, Value]
) -> list[str]:
    """Annual rows of lineage of the computed indicators, but for parameters and the peak, which looks at all years."""
    sql = """select indicator, year(period_start), feed, delivery_id, scopes from marts.lineage
             where region = ? and period_type = 'year' and indicator <> 'co2_peak_year'
                 and feed not in ('region_parameters', 'task_register', 'reported_indicators')"""
    hand = {
        (*pair, *source): (scopes,)
        for pair, found in lineage(w, winners(deliveries), values).items()
        for source, scopes in found.items()
    }
    return list(_unequal(f"{w.region} lineage", hand, _table(connection, sql, w.region, 4)))


def all_differences(
    connection: duckdb.DuckDBPyConnection, region: str, deliveries: list[tuple[str, list[Row]]], as_of: date
) -> list[str]:
    """Everything in which the marts and the computation by hand differ for a region; empty when they agree."""
    w = world(region, deliveries)
    values = all_values(w)
    return [
        *target_differences(connection, w),
        *progress_differences(connection, w, values, as_of),
        *task_differences(connection, w, as_of),
        *lineage_differences(connection, w, deliveries, values),
    ]

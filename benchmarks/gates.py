"""What judging 10 M rows by Great Expectations costs against plain SQL of the very same checks.

Run: `python -m benchmarks.gates [--rows 10000000] [--feeds waste_weighings charging_sessions meter_readings]`. For each
feed one typed delivery of that many good rows is made and judged: by the suite as the delivery gate judges it; by plain
SQL, one statement a check that counts the offenders; and by plain SQL of as few statements as can be, which nobody
writes by hand. All run in this process on the same table; the cheapest of three times counts, in CPU seconds of all
threads, so that a busy machine matters less. The goal is a ratio of at most 3 against the plain statements.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from typing import Any

import duckdb

from expectations import suites
from expectations.frames import joined, sql_of
from expectations.gate import judge
from expectations.results import critical_failures
from expectations.suites import ROW_COUNT, Check, Suite

GOAL = 3.0
SOURCE = "select * from delivery"
# One row of every feed, of row number i; keys stay apart and every rule of the suite holds.
ROWS = {
    "waste_weighings": """
        date '2024-03-01' as day, 'F' || (i % 40) as facility, 'T' || i as ticket_id, '湘F' || (i % 9973) as plate,
        timestamp '2024-03-01 00:00:00' + interval 1 second * (i // 120) as weighed_at,
        'residual' as stream, 'incineration_power' as route,
        cast(12000 + i % 5000 as decimal(18, 3)) as gross_kg, cast(6000 + i % 9973 % 50 as decimal(18, 3)) as tare_kg,
        cast(6000 + i % 5000 - i % 9973 % 50 as decimal(18, 3)) as net_kg""",
    "charging_sessions": """
        date '2024-03-01' as day, 'O' || (i % 9) as operator, 'S' || i as session_id, 'P' || i as pile_id,
        timestamp '2024-03-01 00:00:00' + interval 1 second * (i % 80000) as started_at,
        timestamp '2024-03-01 01:00:00' + interval 1 second * (i % 80000) as ended_at,
        cast(10 + i % 40 as decimal(18, 3)) as kwh""",
    "meter_readings": """
        date '2024-03-01' as day, 'M' || (i // 96) as meter_id,
        timestamp '2024-03-01 00:00:00' + interval 15 minute * (i % 96) as ts, cast(i % 97 as decimal(18, 4)) as kwh""",
}


def delivery(connection: duckdb.DuckDBPyConnection, feed: str, rows: int) -> None:
    """A typed delivery of so many rows, as the reader leaves it, registered as `delivery`."""
    marks = "cast(i + 2 as bigint) as _row, 'day' as _scope, false as _is_empty, cast(null as varchar) as _sheet"
    whole = rows // 96 * 96  # days of a meter are complete
    sql = f"select {ROWS[feed]}, {marks} from range({whole}) as r(i)"  # noqa: S608 - constants of this module
    connection.register("delivery", connection.sql(sql).to_arrow_table())


def offends(check: Check) -> str | None:
    """The condition of a row that breaks a rule, as a person would write it; None for rules that are not about rows."""
    given, column = check.arguments, (*check.columns, "")[0]
    if check.expectation.endswith("not_be_null"):
        return f"{column} is null"
    if check.expectation.endswith("be_in_set"):
        return f"{column} not in ({', '.join(repr(value) for value in given['value_set'])})"
    if check.expectation.endswith("match_regex"):
        return f"not regexp_matches({column}, '{given['regex']}')"
    if check.expectation.endswith("a_to_be_greater_than_b"):
        return f"{check.columns[0]} {'<' if given.get('or_equal') else '<='} {check.columns[1]}"
    if check.expectation == "expect_column_values_to_be_between":
        low, high = "<=" if given.get("strict_min") else "<", ">=" if given.get("strict_max") else ">"
        bounds = [(low, given.get("min_value")), (high, given.get("max_value"))]
        return " or ".join(f"{column} {sign} {bound}" for sign, bound in bounds if bound is not None)
    return None


def _whole(check: Check) -> str:
    columns = ", ".join(check.columns)
    if check.expectation == ROW_COUNT:
        return "select count(*) from framed"
    if "distinct" in check.expectation or "unique_value_count" in check.expectation:
        return f"select count(distinct {columns}) from framed"  # noqa: S608
    return f"select count(*) from (select {columns} from framed group by {columns} having count(*) > 1)"  # noqa: S608


def here(suite: Suite) -> list[Check]:
    """The checks on the delivery itself; what compares it with the past reads aggregates of both."""
    return [check for check in suite.checks if not suite.is_past(check.frame)]


def statements(suite: Suite, is_joined: bool) -> list[str]:
    """The checks as SQL: one statement each, or all rules on the rows of a frame in one."""
    found: list[str] = []
    by_frame: dict[str, list[str]] = {}
    for check in here(suite):
        # only the derived columns that the check needs, as a person would write it
        columns = None if is_joined else check.columns
        framed = joined("with framed as not materialized (", sql_of(suite, check.frame, SOURCE, columns), ")")
        condition = offends(check)
        if condition is None:
            found.append(joined(framed, _whole(check)))
        else:
            by_frame.setdefault(framed, []).append(condition)
    for framed, conditions in by_frame.items():
        if is_joined:
            counted = ", ".join(f"count(*) filter ({condition})" for condition in conditions)
            found.append(joined(framed, "select", counted, "from framed"))
        else:
            found += [joined(framed, "select count(*) from framed where", condition) for condition in conditions]
    return found


def best(work: Callable[[], Any], times: int = 3) -> float:
    """The least CPU seconds of a few, of all threads."""
    taken = []
    for _ in range(times):
        begun = time.process_time()
        work()
        taken.append(time.process_time() - begun)
    return min(taken)


def measure(feed: str, rows: int) -> float:
    """Print the times of one feed; the ratio against plain statements."""
    suite = suites.load("deliveries", feed)
    with duckdb.connect() as connection:
        delivery(connection, feed, rows)

        def by_suite() -> None:
            results = judge(connection, suite, SOURCE)
            if wrong := critical_failures(results):
                raise SystemExit(f"{feed}: {wrong[0]}")

        def by_sql(asked: Sequence[str]) -> None:
            for statement in asked:
                connection.execute(statement).fetchall()

        gate = best(by_suite)
        plain = best(lambda: by_sql(statements(suite, False)))
        fewest = best(lambda: by_sql(statements(suite, True)))
    print(f"{feed:<18} {len(here(suite)):>3} checks  gate {gate:6.2f} s", end="")
    print(f"  plain SQL {plain:6.2f} s  ratio {gate / plain:4.2f}", end="")
    print(f"  fewest statements {fewest:6.2f} s  ratio {gate / fewest:4.2f}", flush=True)
    return gate / plain


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--feeds", nargs="*", choices=sorted(ROWS), default=sorted(ROWS))
    given = parser.parse_args()
    worst = max(measure(feed, given.rows) for feed in given.feeds)
    print(f"worst ratio {worst:.2f}, goal {GOAL:.1f}: {'met' if worst <= GOAL else 'MISSED'}")


if __name__ == "__main__":
    main()

"""Tables too large for frames: SQL finds the values that decide a rule, and Great Expectations judges these.

A rule on values holds for a whole column exactly when it holds for its witnesses: a range for the least and the
greatest value, a list for every distinct value, an order of two columns for the pair furthest the wrong way, a key for
one key that occurs twice. So each rule costs an aggregate in DuckDB and a frame of a few rows, however long the table;
the rows that offend are looked for only when a rule has failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from expectations.engine import MOST_EXAMPLES, Judgement, judge_frame
from expectations.large import Large
from expectations.offenders import BETWEEN, KEYS, LISTED, NULL, PAIR, described, doubled_keys, no_rows
from expectations.suites import ROW_COUNT, Check

if TYPE_CHECKING:
    import pandas

    from expectations.offenders import Said


def judge_large(
    table: Large, checks: Sequence[Check], shown: Iterable[str], places: Sequence[str] = ()
) -> dict[str, Said]:
    """Per check its judgement and the columns `shown` of its first offenders, the first of every place where the
    columns `places` are given; never raises for what the table holds.
    """
    import duckdb

    said = _judge_in_passes(table, checks)
    columns = [column for column in dict.fromkeys(shown) if column in table.types]
    for check in checks:
        try:
            verdict, witnesses = said[check.name] if check.name in said else _judge_one(table, check)
            said[check.name] = verdict, no_rows()
            if not verdict.passed and verdict.error is None:
                said[check.name] = described(table, check, verdict, witnesses, columns, places)
        except duckdb.Error as error:
            said[check.name] = Judgement(False, error=str(error)), no_rows()
    return said


def _is_ranged(table: Large, check: Check) -> bool:
    """Whether the least value, the greatest and a gap decide the rule; of truth values these two are all there are."""
    column = (*check.columns, "")[0]
    is_listed = check.expectation in LISTED and table.types.get(column) == "BOOLEAN"
    return column in table.types and (check.expectation in (NULL, BETWEEN) or is_listed)


def _judge_in_passes(table: Large, checks: Sequence[Check]) -> dict[str, Said]:
    """The rules on ranges, gaps and the order of two columns: their witnesses are aggregates of one pass.

    Columns that cost a sort have a pass of their own, or the sort would carry all the others along.
    """
    ranged = [check for check in checks if _is_ranged(table, check)]
    ordered = [check for check in checks if check.expectation == PAIR and set(check.columns) <= set(table.types)]
    passes: dict[frozenset[str], tuple[list[Check], list[Check]]] = {}
    for at, chosen in enumerate((ranged, ordered)):
        for check in chosen:
            passes.setdefault(table.sorting & set(check.columns), ([], []))[at].append(check)
    said: dict[str, Said] = {}
    for of_one in passes.values():
        said |= _judge_pass(table, *of_one)
    return said


def _judge_pass(table: Large, ranged: Sequence[Check], ordered: Sequence[Check]) -> dict[str, Said]:
    ranges = list(dict.fromkeys(check.columns[0] for check in ranged))
    asked = [_range_of(table, column) for column in ranges]
    asked += [_furthest(table, check, number) for number, check in enumerate(ordered)]
    columns = {*ranges, *(column for check in ordered for column in check.columns)}
    found = table.frame(columns, "select", ", ".join(asked), "from large")
    said: dict[str, Said] = {}
    for number, check in enumerate(ordered):
        both = found[[f"pair_{number}_{side}" for side in "ab"]].set_axis(check.columns, axis=1)
        said[check.name] = _judged(both, [check])[check.name], both
    if not ranged:
        return said
    frame = _three_rows(found, ranges, table.row_count)
    return said | {name: (verdict, frame) for name, verdict in _judged(frame, ranged).items()}


def _range_of(table: Large, column: str) -> str:
    given = table.given(column)
    return (
        f"min({column}) filter ({given}) as least_{column}, max({column}) filter ({given}) as most_{column}, "
        f"count(*) filter ({given}) as given_{column}"
    )


def _furthest(table: Large, check: Check, number: int) -> str:
    """The two values of the row in which the second is furthest above the first."""
    larger, smaller = check.columns
    both, difference = f"{table.given(larger)} and {table.given(smaller)}", _difference(table, check)
    return ", ".join(
        f"arg_min({column}, {difference}) filter ({both}) as pair_{number}_{side}"
        for column, side in zip(check.columns, "ab", strict=True)
    )


def _three_rows(found: pandas.DataFrame, columns: Sequence[str], row_count: int) -> pandas.DataFrame:
    """The least value of each column, the greatest, and a gap where the column has one."""
    import pandas

    parts = {}
    for column in columns:
        least, most, given = (found[f"{name}_{column}"] for name in ("least", "most", "given"))
        parts[column] = pandas.concat([least, most, least.where(given == row_count)], ignore_index=True)
    return pandas.DataFrame(parts)


def _judge_one(table: Large, check: Check) -> Said:
    frame = _witnesses(table, check)
    return _judged(frame, [check])[check.name], frame


def _judged(witnesses: pandas.DataFrame, checks: Sequence[Check]) -> dict[str, Judgement]:
    """Only of a list are the witnesses that offend looked for; what else is broken, SQL finds in the table itself."""
    is_listed = any(check.expectation in LISTED for check in checks)
    return judge_frame(witnesses, checks, MOST_EXAMPLES if is_listed else 0)


def _witnesses(table: Large, check: Check) -> pandas.DataFrame:
    """The few rows of which the rule holds exactly when it holds of all."""
    import pandas

    columns = ", ".join(check.columns)
    if check.expectation == ROW_COUNT:
        return pandas.DataFrame(index=range(table.row_count))
    if check.expectation in KEYS:
        twice = table.frame(check.columns, doubled_keys(table, check), "limit 1")
        one = table.frame(check.columns, "select", columns, "from large limit 1")
        return pandas.concat([twice, twice]) if len(twice) else one
    return table.frame(check.columns, "select distinct", columns, "from large")


def _difference(table: Large, check: Check) -> str:
    larger, smaller = check.columns
    if any(table.types.get(column, "").startswith(("DATE", "TIME", "INTERVAL")) for column in check.columns):
        return f"{larger} - {smaller}"
    return f"cast({larger} as double) - cast({smaller} as double)"  # wide decimals would overflow

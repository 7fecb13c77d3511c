"""Tables too large for frames: SQL finds the values that decide a rule, and Great Expectations judges these.

A rule on values holds for a whole column exactly when it holds for its witnesses: a range for the least and the
greatest value, a list for every distinct value, an order of two columns for the pair furthest the wrong way, a key for
one key that occurs twice. So each rule costs an aggregate in DuckDB and a frame of a few rows, however long the table;
the rows that offend are looked for only when a rule has failed.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from expectations.engine import MOST_EXAMPLES, Judgement, judge_frame
from expectations.frames import joined, to_pandas
from expectations.suites import ROW_COUNT, Check

if TYPE_CHECKING:
    import duckdb
    import pandas

    Said = tuple[Judgement, pandas.DataFrame]

_NULL = "expect_column_values_to_not_be_null"
_BETWEEN = "expect_column_values_to_be_between"
_PAIR = "expect_column_pair_values_a_to_be_greater_than_b"
_KEYS = ("expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique")
_LISTED = ("expect_column_values_to_be_in_set", "expect_column_values_to_match_regex")
_FLOATS = ("FLOAT", "DOUBLE")


@dataclass(frozen=True)
class Large:
    """A table to be judged where it lies: `select` gives the SQL of the columns asked for (None: all), or more.

    `types` are the types of all its columns by name, `sorting` the columns that cost a sort. A query calls it `large`.
    """

    cursor: duckdb.DuckDBPyConnection
    select: Callable[[Collection[str] | None], str]
    types: Mapping[str, str]
    sorting: frozenset[str] = frozenset()
    row_count: int = 0

    def frame(self, columns: Collection[str], *asked: str, params: Sequence[Any] | None = None) -> pandas.DataFrame:
        """What a query gives that looks at these columns."""
        sql = joined("with large as not materialized (", self.select(columns), ")", *asked)
        return to_pandas(self.cursor.sql(sql, params=params).to_arrow_table())

    def number(self, columns: Collection[str], *asked: str, params: Sequence[Any] | None = None) -> int:
        """The one number that a query gives."""
        found = self.frame(columns, *asked, params=params).iloc[0, 0]
        return 0 if found != found else int(found)

    def given(self, column: str) -> str:
        """The condition that a column has a value; pandas counts NaN among the gaps, and so do we."""
        is_given = f"{column} is not null"
        return f"({is_given} and not isnan({column}))" if self.types.get(column) in _FLOATS else is_given


def large(
    cursor: duckdb.DuckDBPyConnection,
    select: Callable[[Collection[str] | None], str] | str,
    sorting: Iterable[str] = (),
) -> Large:
    """A table by its select, its rows counted; raises duckdb.Error when the select cannot be run."""
    asked = (lambda _: select) if isinstance(select, str) else select
    relation = cursor.sql(asked(None))
    table = Large(cursor, asked, dict(zip(relation.columns, map(str, relation.types), strict=True)), frozenset(sorting))
    return replace(table, row_count=table.number((), "select count(*) from large"))


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
            said[check.name] = verdict, _none()
            if not verdict.passed and verdict.error is None:
                said[check.name] = _described(table, check, verdict, witnesses, columns, places)
        except duckdb.Error as error:
            said[check.name] = Judgement(False, error=str(error)), _none()
    return said


def _none() -> pandas.DataFrame:
    import pandas

    return pandas.DataFrame()


def _is_ranged(table: Large, check: Check) -> bool:
    """Whether the least value, the greatest and a gap decide the rule; of truth values these two are all there are."""
    column = (*check.columns, "")[0]
    is_listed = check.expectation in _LISTED and table.types.get(column) == "BOOLEAN"
    return column in table.types and (check.expectation in (_NULL, _BETWEEN) or is_listed)


def _judge_in_passes(table: Large, checks: Sequence[Check]) -> dict[str, Said]:
    """The rules on ranges, gaps and the order of two columns: their witnesses are aggregates of one pass.

    Columns that cost a sort have a pass of their own, or the sort would carry all the others along.
    """
    ranged = [check for check in checks if _is_ranged(table, check)]
    ordered = [check for check in checks if check.expectation == _PAIR and set(check.columns) <= set(table.types)]
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
    is_listed = any(check.expectation in _LISTED for check in checks)
    return judge_frame(witnesses, checks, MOST_EXAMPLES if is_listed else 0)


def _witnesses(table: Large, check: Check) -> pandas.DataFrame:
    """The few rows of which the rule holds exactly when it holds of all."""
    import pandas

    columns = ", ".join(check.columns)
    if check.expectation == ROW_COUNT:
        return pandas.DataFrame(index=range(table.row_count))
    if check.expectation in _KEYS:
        twice = table.frame(check.columns, _doubled(table, check), "limit 1")
        one = table.frame(check.columns, "select", columns, "from large limit 1")
        return pandas.concat([twice, twice]) if len(twice) else one
    return table.frame(check.columns, "select distinct", columns, "from large")


def _doubled(table: Large, check: Check) -> str:
    """The keys that occur twice; in a key of several columns a gap is a value, a single column's gaps are none."""
    columns = ", ".join(check.columns)
    where = "" if len(check.columns) > 1 else f"where {table.given(columns)}"
    return joined("select", columns, "from large", where, "group by", columns, "having count(*) > 1")


def _difference(table: Large, check: Check) -> str:
    larger, smaller = check.columns
    if any(table.types.get(column, "").startswith(("DATE", "TIME", "INTERVAL")) for column in check.columns):
        return f"{larger} - {smaller}"
    return f"cast({larger} as double) - cast({smaller} as double)"  # wide decimals would overflow


def _described(
    table: Large,
    check: Check,
    verdict: Judgement,
    witnesses: pandas.DataFrame,
    shown: Sequence[str],
    places: Sequence[str],
) -> Said:
    """A failed judgement with the number of rows that offend, and the first of them."""
    if check.expectation in _KEYS:
        matched = " and ".join(f"large.{name} is not distinct from doubled.{name}" for name in check.columns)
        doubled, params = joined(", doubled as (", _doubled(table, check), ")"), None
        offending = f"from large semi join doubled on {matched}"
    else:
        where, params = _offending(table, check, verdict, witnesses)
        doubled, offending = "", f"from large where {where}"
        if not where:
            return verdict, _none()
    count = table.number(check.columns, doubled, "select count(*)", offending, params=params)
    by_place = f"qualify row_number() over (partition by {', '.join(places)}) <= {MOST_EXAMPLES}"
    first = ("select", ", ".join(shown) or "1", offending, by_place if places else f"limit {MOST_EXAMPLES}")
    rows = table.frame({*shown, *check.columns}, doubled, *first, params=params)
    return replace(verdict, observed=None, unexpected_count=count), rows


def _offending(
    table: Large, check: Check, verdict: Judgement, witnesses: pandas.DataFrame
) -> tuple[str, list[Any] | None]:
    """The condition of the rows that broke the rule, with its parameters; "" when a rule is not about single rows."""
    column, arguments = (*check.columns, "")[0], check.arguments
    if check.expectation == _NULL:
        return f"not ({table.given(column)})", None
    if check.expectation == _PAIR:
        larger, smaller = check.columns
        return f"{larger} {'<' if arguments.get('or_equal') else '<='} {smaller}", None
    if check.expectation in _LISTED:
        wrong = witnesses[column].iloc[list(verdict.positions)].tolist()
        return f"{column} in ({', '.join('?' * len(wrong))})", wrong
    if check.expectation == _BETWEEN:
        below, above = "<=" if arguments.get("strict_min") else "<", ">=" if arguments.get("strict_max") else ">"
        bounds = [(sign, arguments.get(name)) for sign, name in ((below, "min_value"), (above, "max_value"))]
        given = [(sign, bound) for sign, bound in bounds if bound is not None]
        past = " or ".join(f"{column} {sign} ?" for sign, _ in given)
        return f"{table.given(column)} and ({past})", [bound for _, bound in given]
    return "", None

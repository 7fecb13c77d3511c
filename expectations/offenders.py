"""The rows of a large table that broke a rule: SQL counts them in the table itself and shows the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from expectations.engine import MOST_EXAMPLES, Judgement
from expectations.frames import joined
from expectations.large import Large
from expectations.suites import Check

if TYPE_CHECKING:
    import pandas

    Said = tuple[Judgement, pandas.DataFrame]

NULL = "expect_column_values_to_not_be_null"
BETWEEN = "expect_column_values_to_be_between"
PAIR = "expect_column_pair_values_a_to_be_greater_than_b"
KEYS = ("expect_column_values_to_be_unique", "expect_compound_columns_to_be_unique")
LISTED = ("expect_column_values_to_be_in_set", "expect_column_values_to_match_regex")


def no_rows() -> pandas.DataFrame:
    """A frame of nothing, where there is no offender to show."""
    import pandas

    return pandas.DataFrame()


def described(
    table: Large,
    check: Check,
    verdict: Judgement,
    witnesses: pandas.DataFrame,
    shown: Sequence[str],
    places: Sequence[str],
) -> Said:
    """A failed judgement with the number of rows that offend, and the columns `shown` of the first of them.

    With `places` the first of every place. `witnesses` are the rows that were judged: of a list they tell what is
    wrong.
    """
    if check.expectation in KEYS:
        matched = " and ".join(f"large.{name} is not distinct from doubled.{name}" for name in check.columns)
        doubled, params = joined(", doubled as (", doubled_keys(table, check), ")"), None
        offending = f"from large semi join doubled on {matched}"
    else:
        where, params = _offending(table, check, verdict, witnesses)
        doubled, offending = "", f"from large where {where}"
        if not where:
            return verdict, no_rows()
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
    if check.expectation == NULL:
        return f"not ({table.given(column)})", None
    if check.expectation == PAIR:
        larger, smaller = check.columns
        return f"{larger} {'<' if arguments.get('or_equal') else '<='} {smaller}", None
    if check.expectation in LISTED:
        wrong = witnesses[column].iloc[list(verdict.positions)].tolist()
        return f"{column} in ({', '.join('?' * len(wrong))})", wrong
    if check.expectation == BETWEEN:
        below, above = "<=" if arguments.get("strict_min") else "<", ">=" if arguments.get("strict_max") else ">"
        bounds = [(sign, arguments.get(name)) for sign, name in ((below, "min_value"), (above, "max_value"))]
        given = [(sign, bound) for sign, bound in bounds if bound is not None]
        past = " or ".join(f"{column} {sign} ?" for sign, _ in given)
        return f"{table.given(column)} and ({past})", [bound for _, bound in given]
    return "", None


def doubled_keys(table: Large, check: Check) -> str:
    """The keys that occur twice; in a key of several columns a gap is a value, a single column's gaps are none."""
    columns = ", ".join(check.columns)
    where = "" if len(check.columns) > 1 else f"where {table.given(columns)}"
    return joined("select", columns, "from large", where, "group by", columns, "having count(*) > 1")

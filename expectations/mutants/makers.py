"""Mutants by rule: from an expectation alone, the smallest change of the judged frame that must break it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from expectations.suites import Check

if TYPE_CHECKING:
    import pandas

    Maker = Callable[[pandas.DataFrame, Check], Iterator[tuple[str, pandas.DataFrame]]]


def _with(frame: pandas.DataFrame, column: str, value: Any, rows: slice = slice(0, 1)) -> pandas.DataFrame:
    spoilt = frame.copy()
    spoilt[column] = spoilt[column].astype(object)
    spoilt.iloc[rows, spoilt.columns.get_loc(column)] = value
    return spoilt.infer_objects()


def _repeated(frame: pandas.DataFrame, times: int) -> pandas.DataFrame:
    return frame.loc[list(frame.index) * times].reset_index(drop=True)


def _row_count(frame: pandas.DataFrame, check: Check) -> Iterator[tuple[str, pandas.DataFrame]]:
    least, most = check.arguments.get("min_value"), check.arguments.get("max_value")
    if least is not None:
        yield "too few rows", frame.head(int(least) - 1)
    if most is not None:
        yield "too many rows", _repeated(frame, int(most) // max(len(frame), 1) + 2)


def _null(frame: pandas.DataFrame, check: Check) -> Iterator[tuple[str, pandas.DataFrame]]:
    yield "null", _with(frame, check.arguments["column"], None)


def _second_key(frame: pandas.DataFrame, check: Check) -> Iterator[tuple[str, pandas.DataFrame]]:
    for at in range(min(len(frame), 3)):  # keys with gaps must count too, so more than the first row is doubled
        yield f"row {at} twice", _repeated(frame, 1).loc[[*range(len(frame)), at]].reset_index(drop=True)


def _past_bounds(frame: pandas.DataFrame, check: Check) -> Iterator[tuple[str, pandas.DataFrame]]:
    column, least, most = check.columns[0], check.arguments.get("min_value"), check.arguments.get("max_value")
    if least is not None:
        yield "below", _with(frame, column, least - max(abs(least), 1) * 1e-3)
        if check.arguments.get("strict_min"):
            yield "at the lower bound", _with(frame, column, least)
    if most is not None:
        yield "above", _with(frame, column, most + max(abs(most), 1) * 1e-3)
        if check.arguments.get("strict_max"):
            yield "at the upper bound", _with(frame, column, most)


def _outside_set(frame: pandas.DataFrame, check: Check) -> Iterator[tuple[str, pandas.DataFrame]]:
    allowed = check.arguments["value_set"]
    if all(isinstance(value, bool) for value in allowed):
        yield "other truth", _with(frame, check.arguments["column"], not allowed[0])
    else:
        yield "outside the set", _with(frame, check.arguments["column"], "不在范围")


def _no_match(frame: pandas.DataFrame, check: Check) -> Iterator[tuple[str, pandas.DataFrame]]:
    for text in ("", " ", "###"):
        if not re.search(check.arguments["regex"], text):
            yield f"text {text!r}", _with(frame, check.arguments["column"], text)


def _distinct_count(frame: pandas.DataFrame, check: Check) -> Iterator[tuple[str, pandas.DataFrame]]:
    column, most = check.arguments["column"], check.arguments.get("max_value")
    if check.arguments.get("min_value") is not None:
        yield "too few values", _with(frame, column, None, slice(None))
    if most is not None:
        many = _repeated(frame, int(most) + 1)
        yield "too many values", many.assign(**{column: [str(at) for at in range(len(many))]})


def _missing_member(frame: pandas.DataFrame, check: Check) -> Iterator[tuple[str, pandas.DataFrame]]:
    column = check.arguments["column"]
    for value in check.arguments["value_set"]:
        yield f"without {value}", frame[frame[column] != value].reset_index(drop=True)


def _not_greater(frame: pandas.DataFrame, check: Check) -> Iterator[tuple[str, pandas.DataFrame]]:
    larger, smaller = check.columns
    both = frame[frame[larger].notna() & frame[smaller].notna()].reset_index(drop=True)
    value = both[smaller].iloc[0]
    if not check.arguments.get("or_equal"):
        yield "equal", _with(both, larger, value)
    yield "smaller", _with(both, larger, value - 1)


MAKERS: dict[str, Maker] = {
    "expect_table_row_count_to_be_between": _row_count,
    "expect_column_values_to_not_be_null": _null,
    "expect_column_values_to_be_unique": _second_key,
    "expect_column_values_to_be_between": _past_bounds,
    "expect_column_values_to_be_in_set": _outside_set,
    "expect_column_values_to_match_regex": _no_match,
    "expect_column_unique_value_count_to_be_between": _distinct_count,
    "expect_column_distinct_values_to_contain_set": _missing_member,
    "expect_column_pair_values_a_to_be_greater_than_b": _not_greater,
    "expect_compound_columns_to_be_unique": _second_key,
}

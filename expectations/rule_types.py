"""The types of expectations a suite may use, what each must be given, and what would keep one from ever failing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

ROW_COUNT = "expect_table_row_count_to_be_between"
BETWEEN = "expect_column_values_to_be_between"
MATCH = "expect_column_values_to_match_regex"
PAIR = "expect_column_pair_values_a_to_be_greater_than_b"
COMPOUND = "expect_compound_columns_to_be_unique"
DISTINCT = "expect_column_unique_value_count_to_be_between"
# Each supported type and the arguments that name its columns. A type enters here together with its mutants.
TYPES: dict[str, tuple[str, ...]] = {
    ROW_COUNT: (),
    "expect_column_values_to_not_be_null": ("column",),
    "expect_column_values_to_be_unique": ("column",),
    BETWEEN: ("column",),
    "expect_column_values_to_be_in_set": ("column",),
    MATCH: ("column",),
    DISTINCT: ("column",),
    "expect_column_distinct_values_to_contain_set": ("column",),
    PAIR: ("column_A", "column_B"),
    COMPOUND: ("column_list",),
}
# What a missing value means, said once: a comparison needs both sides, a key counts its gaps as values.
ABSENT: dict[str, str] = {PAIR: "either_value_is_missing", COMPOUND: "never"}
_LIMITS = ("min_value", "max_value")
# the further arguments of a type; anything else (`mostly`, `row_condition`) would let offenders pass
_FURTHER: dict[str, tuple[str, ...]] = {
    ROW_COUNT: _LIMITS,
    BETWEEN: (*_LIMITS, "strict_min", "strict_max"),
    "expect_column_values_to_be_in_set": ("value_set",),
    MATCH: ("regex",),
    DISTINCT: _LIMITS,
    "expect_column_distinct_values_to_contain_set": ("value_set",),
    PAIR: ("or_equal",),
}


def unsound(kind: str, arguments: Mapping[str, Any]) -> str | None:
    """Why a rule of this type must not be used with these arguments, in both languages; None when it may."""
    if set(TYPES[kind]) - set(arguments):
        return f"缺少列参数 / needs arguments {TYPES[kind]}"
    further = _FURTHER.get(kind, ())
    if unknown := sorted(set(arguments) - set(TYPES[kind]) - set(further)):
        return f"不允许的参数 / arguments that are not allowed: {', '.join(unknown)}"
    if further == _LIMITS or kind == BETWEEN:
        least, most = (arguments.get(name) for name in _LIMITS)
        if least is None and most is None:
            return "没有界限，永远不会失败 / without limits it can never fail"
        if kind in (ROW_COUNT, DISTINCT) and most is None and least is not None and least < 1:
            return "下限须至少为 1 / a floor below 1 can never fail"
    if not all(arguments.get(name) for name in ("value_set", "regex") if name in further):
        return "没有可比的值，永远不会失败 / with nothing to compare with it can never fail"
    return None

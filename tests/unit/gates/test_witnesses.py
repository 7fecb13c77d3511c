"""A table judged by its witnesses gets the verdict that its frame would get, and no mutant gets past them either."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations import suites
from expectations.frames import fetch, to_pandas
from expectations.gate import judge
from expectations.good import load_good
from expectations.good_past import GoodPast
from expectations.large import large
from expectations.mutants import MAKERS, past_of, spoilt_sql
from expectations.past import Past, prepare
from expectations.results import FAILED, PASSED, CheckResult
from expectations.suites import Suite
from expectations.witnesses import judge_large

ALL = [(kind, name) for kind in suites.KINDS for name in suites.names(kind)]
COLUMN = "expect_column_values_to_"
RULES: list[dict[str, Any]] = [
    {"expectation": suites.ROW_COUNT, "arguments": {"min_value": 2, "max_value": 6}},
    {"expectation": f"{COLUMN}not_be_null", "arguments": {"column": "a"}},
    {"expectation": f"{COLUMN}not_be_null", "arguments": {"column": "f"}},
    {"expectation": f"{COLUMN}be_unique", "arguments": {"column": "b"}},
    {"expectation": f"{COLUMN}be_between", "arguments": {"column": "a", "min_value": -1, "max_value": 2}},
    {"expectation": f"{COLUMN}be_between", "arguments": {"column": "a", "min_value": -2, "strict_min": True}},
    {"expectation": f"{COLUMN}be_between", "arguments": {"column": "f", "max_value": 1.5, "strict_max": True}},
    {"expectation": f"{COLUMN}be_in_set", "arguments": {"column": "t", "value_set": ["x", "甲"]}},
    {"expectation": f"{COLUMN}match_regex", "arguments": {"column": "t", "regex": "^[x甲]"}},
    {
        "expectation": "expect_column_unique_value_count_to_be_between",
        "arguments": {"column": "t", "min_value": 1, "max_value": 2},
    },
    {
        "expectation": "expect_column_distinct_values_to_contain_set",
        "arguments": {"column": "t", "value_set": ["x"]},
    },
    {
        "expectation": "expect_column_pair_values_a_to_be_greater_than_b",
        "arguments": {"column_A": "a", "column_B": "b", "or_equal": True},
    },
    {
        "expectation": "expect_column_pair_values_a_to_be_greater_than_b",
        "arguments": {"column_A": "f", "column_B": "a"},
    },
    {"expectation": "expect_compound_columns_to_be_unique", "arguments": {"column_list": ["b", "t"]}},
]
SUITE = suites.parse(
    {
        "suite": "demo",
        "identify": ["n"],
        "expectations": [
            {"check": f"rule {at}", "severity": "critical", "why_zh": "因", "why_en": "why"} | rule
            for at, rule in enumerate(RULES)
        ],
    },
    "marts",
)
ROWS = st.lists(
    st.tuples(
        st.none() | st.decimals(-3, 3, places=1),
        st.none() | st.integers(-3, 3),
        st.none() | st.sampled_from([float("nan"), -0.0, 0.0, 1.5, 1.6, 9.0]),
        st.none() | st.sampled_from(["x", "甲", "xy", "乙", ""]),
    ),
    min_size=1,
    max_size=8,
)


def _said(
    source: str, cursor: duckdb.DuckDBPyConnection, suite: Suite, most_rows: int, past: Past | None = None
) -> dict[str, CheckResult]:
    return {result.check: result for result in judge(cursor, suite, source, most_rows=most_rows, past=past)}


@settings(max_examples=60, deadline=None)
@given(ROWS)
def test_witnesses_and_frames_agree(rows: list[tuple[Any, ...]]) -> None:
    with duckdb.connect() as connection:
        connection.execute("create table t (n integer, a decimal(9, 1), b bigint, f double, t varchar)")
        connection.executemany("insert into t values (?, ?, ?, ?, ?)", [(n, *row) for n, row in enumerate(rows)])
        frames = _said("select * from t", connection, SUITE, 1000)
        witnesses = _said("select * from t", connection, SUITE, 0)
    for name, frame in frames.items():
        other = witnesses[name]
        assert (other.status, other.row_count) == (frame.status, frame.row_count), name
        assert (other.unexpected_count or 0) == (frame.unexpected_count or 0), name
        assert set(other.examples) == set(frame.examples) or len(other.examples) == 5, name


@pytest.mark.parametrize(("kind", "name"), ALL)
def test_no_mutant_gets_past_the_witnesses(kind: str, name: str) -> None:
    suite, alive = suites.load(kind, name), []
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        load_good(connection, suite)
        good = judge(connection, suite, "select * from good", most_rows=0, past=past_of(connection, suite))
        assert {result.status for result in good} == {PASSED}
        for check in suite.checks:
            spoilt: list[tuple[str, pd.DataFrame | None]] = [("hand", None)] if check.mutant else []
            if suite.is_past(check.frame):
                prepare(connection, suite, "select * from good", GoodPast(connection))
            frame = to_pandas(fetch(connection, suite, check.frame, "select * from good"))
            for label, table in [*spoilt, *MAKERS[check.expectation](frame, check)]:
                if table is None:
                    past = past_of(connection, suite, check.mutant)
                    alone = replace(suite, checks=(check,))
                    said = _said(spoilt_sql(check.mutant), connection, alone, 0, past)[check.name].status
                else:
                    connection.register("spoilt", table)
                    found = judge_large(large(connection, "select * from spoilt"), [check], table.columns)[check.name]
                    said = FAILED if not found[0].passed and found[0].error is None else str(found[0].error)
                alive += [(check.name, label, said)] if said != FAILED else []
    assert alive == []

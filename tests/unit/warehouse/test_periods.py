"""Periods as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from warehouse.periods import span_of


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024Q1", date(2024, 1, 1), date(2024, 3, 31)),
        ("2023q4", date(2023, 10, 1), date(2023, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        (" 2024-12-05 ", date(2024, 12, 5), date(2024, 12, 5)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(text: str, first: date, last: date) -> None:
    assert span_of(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "24", "2024Q5", "2024Q0", "2024-13", "2024-00", "2024-2", "2023-02-29", "2024-02-30", "2024/02", "0000"],
)
def test_what_is_no_period_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(ValueError, match="2024Q1"):
        span_of(text)

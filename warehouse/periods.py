"""Periods as people write them: `2024`, `2024Q1`, `2024-03`, `2024-03-05`."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

_FORMS = re.compile(r"(?P<year>\d{4})(?:[Qq](?P<quarter>[1-4])|-(?P<month>\d{2})(?:-(?P<day>\d{2}))?)?")


def span_of(text: str) -> tuple[date, date]:
    """First and last day of a period; ValueError says how periods are written."""
    match = _FORMS.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError
        quarter, month, day = (int(part) if part else None for part in match.group("quarter", "month", "day"))
        return _span(int(match["year"]), quarter, month, day)
    except ValueError:
        forms = "2024, 2024Q1, 2024-03, 2024-03-05"
        raise ValueError(f"期间应写作 / a period is written {forms}: {text}") from None


def _span(year: int, quarter: int | None, month: int | None, day: int | None) -> tuple[date, date]:
    if month is not None and day is not None:
        return date(year, month, day), date(year, month, day)
    first, last = (month, month) if month is not None else (1, 12)
    if quarter is not None:
        first, last = 3 * quarter - 2, 3 * quarter
    start = date(year, first, 1)  # before the calendar, which takes any number for a month
    return start, date(year, last, monthrange(year, last)[1])

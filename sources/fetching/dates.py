"""Dates in addresses: `{date:%Y-%m}` is each of the periods that are over and may have been delivered."""

from __future__ import annotations

import re
from datetime import date, timedelta

from sources.contract import Contract
from warehouse.timetable import Period, period_of

_DATE = re.compile(r"\{date:([^{}]+)\}")
_BOUND = re.compile(r"(?<!:):(start|end)\b")
PERIODS = {"daily": 7}  # a server that is away for a weekend loses no day
_OTHERS = 2


def is_template(text: str) -> bool:
    """Whether whatever stands in braces is a date."""
    return not set("{}") & set(_DATE.sub("", text))


def has_date(text: str) -> bool:
    """Whether an address or a query differs by period."""
    return bool(_DATE.search(text) or _BOUND.search(text))


def filled(text: str, day: date) -> str:
    """The address of the period that begins on `day`."""
    return _DATE.sub(lambda found: day.strftime(found[1]), text)


def periods(contract: Contract, today: date, count: int | None = None) -> list[Period]:
    """The last `count` periods that are over on `today`, oldest first; of an irregular feed today itself.

    Without `count` two, of a daily feed seven.
    """
    current = period_of(contract.frequency, today)
    if current is None:
        return [Period(today, today)]
    found: list[Period] = []
    for _ in range(count or PERIODS.get(contract.frequency, _OTHERS)):
        current = period_of(contract.frequency, current.start - timedelta(days=1))
        if current is None:
            break
        found.append(current)
    return found[::-1]

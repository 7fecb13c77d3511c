"""Periods of a feed's timetable as plain numbers: which is the last one due on a day, and when the next one is."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sources.contract import Contract

_MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}

SHANGHAI = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """The date in Shanghai: what a run or a look at the timetable takes for today unless told otherwise."""
    return datetime.now(SHANGHAI).date()


def clock(moment: str | None) -> str:
    """A moment of the ledger as the clock on the wall showed it: Shanghai's, to the second; empty for none."""
    return f"{datetime.fromisoformat(moment).astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}" if moment else ""


@dataclass(frozen=True, order=True)
class Period:
    """One period of a feed: first and last day, both included."""

    start: date
    end: date


def _add_months(start: date, months: int) -> date:
    index = start.year * 12 + start.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def period_of(frequency: str, day: date) -> Period | None:
    """The period that holds `day`; None for irregular feeds."""
    if frequency == "daily":
        return Period(day, day)
    months = _MONTHS.get(frequency)
    if months is None:
        return None
    start = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(start, _add_months(start, months) - timedelta(days=1))


def next_period(frequency: str, period: Period) -> Period:
    """The period after this one."""
    following = period_of(frequency, period.end + timedelta(days=1))
    if following is None:
        raise ValueError(frequency)
    return following


def due_on(contract: Contract, period: Period) -> date:
    """The last day on which the delivery for `period` is on time.

    That is the contract's due day in the month after it; without one, the end of the next period.
    """
    if contract.due_day is None:
        return next_period(contract.frequency, period).end
    month = period.end + timedelta(days=1)
    last = calendar.monthrange(month.year, month.month)[1]
    return month.replace(day=min(contract.due_day, last))


def last_due(contract: Contract, as_of: date) -> Period | None:
    """The newest period whose due day is past on `as_of`; None for irregular feeds."""
    period = period_of(contract.frequency, as_of)
    while period is not None and due_on(contract, period) >= as_of:
        period = period_of(contract.frequency, period.start - timedelta(days=1))
    return period


def served(contract: Contract, start: date) -> Period | None:
    """The period a scope starting on `start` serves. A register of the first of a month shows the month before."""
    return period_of(contract.frequency, start - timedelta(days=1) if contract.snapshot else start)

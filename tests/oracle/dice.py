"""Dice for random deliveries: amounts, months with gaps, register dates, credit codes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from .world import shift

Row = dict[str, Any]
FIRST, LAST = 2019, 2022


def amount(rng: Random, top: int = 1000, places: int = 3) -> Decimal:
    return Decimal(rng.randrange(0, top * 10**places)).scaleb(-places)


def months(rng: Random, gap: float = 0.0) -> Iterator[date]:
    """Months of the span, with gaps now and then and a random end."""
    month, last = date(FIRST, 1, 1), date(LAST, rng.choice((3, 9, 12)), 1)
    while month <= last:
        if rng.random() >= gap:
            yield month
        month = shift(month, 1)


def as_ofs(rng: Random, step: int = 12) -> list[date]:
    """Register dates: year ends early or late, now and then one missing."""
    out = []
    for year in range(FIRST, LAST + 1, max(step // 12, 1)):
        if rng.random() < 0.85:
            out.append(rng.choice((date(year, 12, 28), date(year + 1, 1, 10), date(year, 10, 31), date(year, 12, 1))))
    return sorted(set(out)) or [date(LAST, 12, 31)]


def some_day(rng: Random, first: int = FIRST, last: int = LAST) -> date:
    return date(first, 1, 1) + timedelta(rng.randrange(0, 365 * (last - first + 1)))


def code18(rng: Random) -> str:
    """A valid unified social credit code (GB 32100)."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    body = "91430600" + "".join(rng.choice(letters) for _ in range(9))
    total = sum(letters.index(char) * 3**place % 31 for place, char in enumerate(body))
    return body + letters[(31 - total % 31) % 31]

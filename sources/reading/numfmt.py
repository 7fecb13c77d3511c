"""What a workbook's number formats say about a number: a plain one, a percentage, a day or a time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from math import inf, isfinite

from sources.reading import cells

# Built-in formats: 14-17 days, 18-21 and 45-47 times, 22 both; 27-36 and 50-58 are the East Asian ones.
_DAYS = {14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58}
_TIMES = {18, 19, 20, 21, 22, 32, 33, 34, 35, 45, 46, 47, 55, 56}
_PERCENTS = {9, 10}
_LITERAL = re.compile(r'"[^"]*"|[\\!].|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,9})?")
MAX_SERIAL = 2_958_466


def kind_of(number: int, code: str | None) -> str:
    """The kind of a number cell by its format's number and, for a custom format, its code."""
    if code is None:
        by_number = ((_DAYS, cells.DATE), (_TIMES, cells.MOMENT), (_PERCENTS, cells.PERCENT))
        return next((kind for numbers, kind in by_number if number in numbers), cells.NUMBER)
    plain = _LITERAL.sub("", code).split(";")[0].lower()
    if "general" in plain:
        return cells.NUMBER
    if "%" in plain:
        return cells.PERCENT
    if re.search(r"[hs]|am/pm|上午", plain):
        return cells.MOMENT
    return cells.DATE if re.search(r"[dmy]|e(?![+-])", plain) else cells.NUMBER


def moment_of(serial: float, is_1904: bool) -> datetime | None:
    """The time a serial number stands for, to the millisecond; None when it stands for no time since March 1900."""
    first = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)
    if not 0 <= serial < MAX_SERIAL or (serial < 61 and not is_1904):
        return None
    moment = first + timedelta(milliseconds=round(serial * 86_400_000))
    return moment if moment.year <= 9999 else None


@lru_cache(1 << 16)
def number_cell(text: str, kind: str, is_1904: bool) -> str:
    """The marked cell of a stored number under a format of that kind; an error when it is no finite number."""
    value = float(text) if _NUMBER.fullmatch(text) else inf
    if not isfinite(value):
        return cells.tag(cells.ERROR, f"{text} 不是数字 / not a number")
    if kind in (cells.DATE, cells.MOMENT):
        moment = moment_of(value, is_1904)
        if moment is None:
            return cells.tag(cells.ERROR, f"{text} 不是日期 / not a date")
        at_midnight = moment.time() == datetime.min.time()
        return cells.tag(
            kind, moment.date().isoformat() if kind == cells.DATE and at_midnight else moment.isoformat(" ")
        )
    return cells.tag(kind, cells.shortest(value))

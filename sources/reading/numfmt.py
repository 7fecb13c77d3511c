"""What a workbook's number formats make of a number: a plain one, a percentage, a day, a time, or something else.

Runs in the worker process. A format may show another number than is stored (`0"万"`, `0,`, `000000`), or none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from math import inf, isfinite

from sources.reading import cells
from sources.reading.number_sections import Section, section_for, sections_of, text_change

# Built-in formats: 14-16 days, 17 months, 18-21 and 45-47 times, 22 both; 27-36 and 50-58 are the East Asian ones.
_DAYS = {14, 15, 16, 28, 29, 30, 31, 51, 53, 54, 58}
_MONTHS = {17, 27, 36, 50, 52, 57}
_TIMES = {18, 19, 20, 21, 22, 32, 33, 34, 35, 45, 46, 47, 55, 56}
_PERCENTS = {9, 10}
_CURRENCIES = {5, 6, 7, 8, 42, 44}
_LITERAL = re.compile(r'"[^"]*"|[\\!].|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,9})?")
# Excel takes 255 characters; escapes may double what other programs write.
MAX_CODE = 1_000
MAX_SERIAL = 2_958_466


@dataclass(frozen=True, eq=False)
class NumberFormat:
    """A cell format: its kind, and its sections unless every number under it is shown as the number it is.

    `of_text` tells how it shows texts otherwise than stored, None when it does not.
    """

    kind: str
    sections: tuple[Section, ...] = ()
    of_text: str | None = None


PLAIN = NumberFormat(cells.NUMBER)


@lru_cache(1 << 12)
def format_of(number: int, code: str | None) -> NumberFormat:
    """A cell format by its number and, for a custom one, its code."""
    if not code:
        by_number = (
            (_DAYS, cells.DATE),
            (_MONTHS, cells.MONTH),
            (_TIMES, cells.MOMENT),
            (_PERCENTS, cells.PERCENT),
        )
        kind = next((kind for numbers, kind in by_number if number in numbers), cells.NUMBER)
        return NumberFormat(kind, sections_of('"¥"0') if number in _CURRENCIES else ())
    if len(code) > MAX_CODE:
        return NumberFormat(cells.NUMBER, sections_of('""'), cells.HIDDEN)
    plain = _LITERAL.sub("", code).split(";")[0].lower()
    if "general" not in plain and "通用格式" not in plain and "%" not in plain:
        if re.search(r"[hs]|am/pm|上午", plain):
            return NumberFormat(cells.MOMENT, (), text_change(code))
        if re.search(r"[dmy]|e(?![+-])", plain):
            return NumberFormat(cells.DATE if "d" in plain else cells.MONTH, (), text_change(code))
    sections = sections_of(code)
    is_uniform = len({section.is_percent for section in sections}) == 1 and not any(s.condition for s in sections)
    if is_uniform and all(section.is_plain for section in sections):
        return NumberFormat(cells.PERCENT if sections[0].is_percent else cells.NUMBER, (), text_change(code))
    return NumberFormat(cells.NUMBER, sections, text_change(code))


def moment_of(serial: float, is_1904: bool) -> datetime | None:
    """The time a serial number stands for, to the millisecond; None when it stands for no time since March 1900."""
    first = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)
    if not 0 <= serial < MAX_SERIAL or (serial < 61 and not is_1904):
        return None
    moment = first + timedelta(milliseconds=round(serial * 86_400_000))
    return moment if moment.year <= 9999 else None


@lru_cache(1 << 16)
def number_cell(text: str, shown_as: NumberFormat, is_1904: bool) -> str:
    """The marked cell of a stored number under a format; an odd one when it is no finite number."""
    value = float(text) if _NUMBER.fullmatch(text) else inf
    if not isfinite(value):
        return cells.tag(cells.ODD, text)
    if shown_as.kind in (cells.DATE, cells.MONTH, cells.MOMENT):
        return _day_cell(text, value, shown_as.kind, is_1904)
    stored = cells.shortest(value)
    if shown_as.sections:
        section = section_for(shown_as.sections, value)
        shown = section.change(value, stored) if section else cells.HIDDEN
        kind = cells.PERCENT if section is not None and section.is_percent else cells.NUMBER
        return cells.tag(kind, stored) if shown is None else cells.shown_otherwise(stored, shown)
    return cells.tag(shown_as.kind, stored)


def _day_cell(text: str, value: float, kind: str, is_1904: bool) -> str:
    moment = moment_of(value, is_1904)
    if moment is None:
        return cells.tag(cells.ODD, text)
    is_day = kind != cells.MOMENT and moment.time() == datetime.min.time()
    return cells.tag(kind, moment.date().isoformat() if is_day else moment.isoformat(" "))

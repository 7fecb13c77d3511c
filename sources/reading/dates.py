"""Days, months, quarters, years and times: the spellings a file may use for them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from sources.reading import cells
from sources.reading.numbers import Bad, wrong_kind
from sources.reading.text import fold_width

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_YEAR, LAST_YEAR = 1900, 2100

_DAY = (
    r"(?:(?P<y1>[0-9]{4})-(?P<m1>[0-9]{1,2})-(?P<d1>[0-9]{1,2})|(?P<y2>[0-9]{4})/(?P<m2>[0-9]{1,2})/(?P<d2>[0-9]{1,2})"
    r"|(?P<y3>[0-9]{4})(?P<m3>[0-9]{2})(?P<d3>[0-9]{2})"
    r"|(?P<y4>[0-9]{4}) ?年 ?(?P<m4>[0-9]{1,2}) ?月 ?(?P<d4>[0-9]{1,2}) ?日)"
)
_TIME = (
    r"(?:T| +)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,9}))?)?"
    r" ?(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_DATE = re.compile(_DAY)
_MOMENT = re.compile(_DAY + _TIME)
_MONTH = re.compile(
    r"([0-9]{4})-([0-9]{1,2})|([0-9]{4})/([0-9]{1,2})|([0-9]{4})([0-9]{2})|([0-9]{4}) ?年 ?([0-9]{1,2}) ?月"
)
_QUARTER = re.compile(r"([0-9]{4})[Qq]([1-4])|([0-9]{4}) ?年 ?第?([1-4一二三四]) ?季度")
_YEAR = re.compile(r"([0-9]{4}) ?年?")
_DATED = (cells.DATE, cells.MONTH, cells.MOMENT)
_CHINESE = {"一": "1", "二": "2", "三": "3", "四": "4"}


def _checked(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Bad("bad_date", f"年份不在 {FIRST_YEAR}—{LAST_YEAR} 之间", f"year outside {FIRST_YEAR}-{LAST_YEAR}")
    return year


def _calendar(parts: re.Match[str]) -> date:
    for group in "1234":
        if parts[f"y{group}"] is not None:
            break
    try:
        return date(_checked(int(parts[f"y{group}"])), int(parts[f"m{group}"]), int(parts[f"d{group}"]))
    except ValueError:
        raise Bad("bad_date", "没有这一天", "no such day") from None


def _is_interval(parts: re.Match[str]) -> bool:
    """`00:15-00:30` is a quarter of an hour to its writer; a time with T or with seconds means a zone."""
    return parts["second"] is None and parts["zone"].startswith("-") and "T" not in parts[0]


def _zone(text: str) -> timezone:
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    if minutes >= 24 * 60:
        raise Bad("bad_time", "时区不正确", "no such time zone")
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _moment(parts: re.Match[str]) -> datetime:
    """The local time a match stands for, in Shanghai when the file says a zone."""
    day, fraction = _calendar(parts), (parts["fraction"] or "").ljust(9, "0")
    if fraction[6:].strip("0"):
        raise Bad("bad_time", "时间精度超过微秒", "finer than a microsecond")
    try:
        clock = (int(parts["hour"]), int(parts["minute"]), int(parts["second"] or 0), int(fraction[:6]))
        moment = datetime(day.year, day.month, day.day, *clock)
    except ValueError:
        raise Bad("bad_time", "没有这一时刻", "no such time of day") from None
    if parts["zone"] is None:
        return moment
    if _is_interval(parts):
        raise Bad("bad_time", "是时段，不是一个时刻（请写开始时刻）", "an interval, not a time: write its start")
    return moment.replace(tzinfo=_zone(parts["zone"])).astimezone(SHANGHAI).replace(tzinfo=None)


def _written(kind: str, text: str) -> str:
    """The spelling in a text or plain number cell, e.g. 202403 typed as a number; other kinds are refused."""
    if kind not in (cells.TEXT, cells.NUMBER, cells.EXACT):
        raise wrong_kind(kind)
    return fold_width(text)


def day(kind: str, text: str) -> date:
    """A day: `2024-03-01`, `2024/3/1`, `20240301`, `2024年3月1日`, a date cell, or a time at midnight."""
    written = text if kind in _DATED else _written(kind, text)
    parts = _DATE.fullmatch(written)
    if parts is not None:
        return _calendar(parts)
    parts = _MOMENT.fullmatch(written)
    if parts is None:
        raise Bad("bad_date", "不是日期（如 2024-03-01）", "not a date such as 2024-03-01")
    moment = _moment(parts)
    if moment.time() != datetime.min.time():
        raise Bad("bad_date", "日期带有非零点的时间", "a date with a time other than midnight")
    return moment.date()


def month(kind: str, text: str) -> date:
    """The first day of a month: `2024-03`, `2024/3`, `202403`, `2024年3月`, or a date cell."""
    if kind in _DATED:
        return _day_of(kind, text).replace(day=1)
    found = _MONTH.fullmatch(_written(kind, text))
    if found is None:
        raise Bad("bad_month", "不是月份（如 2024-03）", "not a month such as 2024-03")
    year, number = (int(part) for part in found.groups() if part is not None)
    if not 1 <= number <= 12:
        raise Bad("bad_month", "没有这个月", "no such month")
    return date(_checked(year), number, 1)


def shows_other_day(kind: str, text: str) -> bool:
    """Whether a cell of a month shows a day that is not the month's first; one that cannot be read does not."""
    try:
        return kind in (cells.DATE, cells.MOMENT) and _day_of(kind, text).day != 1
    except Bad:
        return False


def _day_of(kind: str, text: str) -> date:
    """The day of a date cell, whatever its time."""
    parts = _MOMENT.fullmatch(text)
    return _moment(parts).date() if parts else day(kind, text)


def quarter(kind: str, text: str) -> date:
    """The first day of a quarter: `2024Q1`, `2024年第1季度`, `2024年一季度`."""
    found = _QUARTER.fullmatch(_written(kind, text))
    if found is None:
        raise Bad("bad_quarter", "不是季度（如 2024Q1）", "not a quarter such as 2024Q1")
    year, number = (part for part in found.groups() if part is not None)
    return date(_checked(int(year)), 3 * int(_CHINESE.get(number, number)) - 2, 1)


def year(kind: str, text: str) -> int:
    """A year: `2024` or `2024年`."""
    found = _YEAR.fullmatch(_written(kind, text))
    if found is None:
        raise Bad("bad_year", "不是四位年份", "not a year of four digits")
    return _checked(int(found[1]))


def moment(kind: str, text: str) -> datetime:
    """A local time: a day and a time of day; a zone converts to Shanghai, a day alone is refused."""
    written = text if kind == cells.MOMENT else _written(kind if kind not in _DATED else cells.TEXT, text)
    parts = _MOMENT.fullmatch(written)
    if parts is not None:
        return _moment(parts)
    if _DATE.fullmatch(written):
        raise Bad("bad_time", "只有日期，缺少时刻", "a day without a time")
    raise Bad("bad_time", "不是时间（如 2024-03-01 00:15:00）", "not a time such as 2024-03-01 00:15:00")

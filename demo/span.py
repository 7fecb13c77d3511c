"""The months, quarters, days and year-ends that a demonstration covers, cut into files as bureaus would send them."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

FIRST_YEAR = 2020  # the district's paths are drawn from here on
RECENT_MONTHS = 12
SINGLE_DAYS = 5


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(month: date, count: int) -> date:
    """The first day of the month `count` months after (before, if negative) that of `month`."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True)
class Batch:
    """The periods from `start` to `end` that travel in one file; `label` goes into the file's name."""

    label: str
    start: date
    end: date
    arrived: datetime

    @property
    def months(self) -> list[date]:
        months, month = [], self.start.replace(day=1)
        while month <= self.end:
            months.append(month)
            month = add_months(month, 1)
        return months

    @property
    def days(self) -> list[date]:
        return [self.start + timedelta(days=n) for n in range((self.end - self.start).days + 1)]


@dataclass(frozen=True)
class Span:
    """From `first` (a 1 January) to `last` (the end of a complete month); nothing arrives after `as_of`."""

    first: date
    last: date
    as_of: date

    @classmethod
    def of(cls, years: range | tuple[int, int], as_of: date) -> Span:
        """The span of whole years, cut at the last month complete before `as_of`.

        ValueError when nothing is left or it begins before FIRST_YEAR.
        """
        opening, closing = (years[0], years[-1]) if len(years) else (1, 0)
        if len(years) and opening < FIRST_YEAR:
            raise ValueError(f"演示数据始于 {FIRST_YEAR} 年 / demo data begin in {FIRST_YEAR}")
        last = min(date(closing, 12, 31), as_of.replace(day=1) - timedelta(days=1)) if closing else as_of
        if opening > closing or last < date(opening, 1, 31):
            raise ValueError(f"没有完整月份可生成：{years}，截至 {as_of} / no complete month in {years} before {as_of}")
        return cls(date(opening, 1, 1), last, as_of)

    @property
    def recent(self) -> date:
        """First month that is sent alone; everything before travels in files of a year or a quarter."""
        return max(self.first, add_months(self.last, 1 - RECENT_MONTHS))

    @property
    def years(self) -> list[int]:
        """The complete years."""
        return [y for y in range(self.first.year, self.last.year + 1) if date(y, 12, 31) <= self.last]

    @property
    def quarters(self) -> list[tuple[int, int]]:
        """The complete quarters as (year, 1…4)."""
        every = ((y, q) for y in range(self.first.year, self.last.year + 1) for q in (1, 2, 3, 4))
        return [(y, q) for y, q in every if month_end(date(y, q * 3, 1)) <= self.last]

    def arrival(self, day: date, hour: int = 9) -> datetime:
        """When a file meant for `day` is in the inbox: never after `as_of`."""
        return datetime.combine(min(day, self.as_of), time(hour))

    def after(self, end: date, due_day: int) -> datetime:
        """Arrival on `due_day` of the month after `end`."""
        return self.arrival(add_months(end, 1).replace(day=due_day))

    def month_batches(self, due_day: int) -> Iterator[Batch]:
        """History in files of a calendar year, the recent months one by one."""
        yield from self._history(12, due_day)
        yield from self._singles(due_day, self.last)

    def day_batches(self, history_months: int, first: date | None = None) -> Iterator[Batch]:
        """History in files of `history_months` (3, 6, 12), recent months one by one, the last days one by one."""
        started = first or self.first
        last_days = self.last - timedelta(days=SINGLE_DAYS)
        batches = [*self._history(history_months, 3), *self._singles(3, last_days)]
        for n in range(1, SINGLE_DAYS + 1):
            day = last_days + timedelta(days=n)
            batches.append(Batch(f"{day:%Y%m%d}", day, day, self.arrival(day + timedelta(days=1), 6)))
        for batch in batches:
            if batch.end >= started:
                yield Batch(batch.label, max(batch.start, started), batch.end, batch.arrived)

    def year_ends(self, *, quarterly: bool = False) -> list[date]:
        """Dates of registers: every complete year's last day and the span's; `quarterly` adds the recent quarters'."""
        ends = {date(y, 12, 31) for y in self.years} | {self.last}
        if quarterly:
            ends |= {end for y, q in self.quarters if (end := month_end(date(y, q * 3, 1))) >= self.recent}
        return sorted(ends)

    def _history(self, size: int, due_day: int) -> Iterator[Batch]:
        start = self.first
        while start < self.recent:
            block_end = add_months(date(start.year, 1, 1), ((start.month - 1) // size + 1) * size)
            end = min(block_end, self.recent) - timedelta(days=1)
            label = f"{start:%Y}年" if size == 12 and end.month == 12 else f"{start:%Y%m}-{end:%Y%m}"
            yield Batch(label, start, end, self.after(end, due_day))
            start = end + timedelta(days=1)

    def _singles(self, due_day: int, until: date) -> Iterator[Batch]:
        month = self.recent
        while month <= until:
            end = min(month_end(month), until)
            yield Batch(f"{month:%Y}年{month.month}月", month, end, self.after(end, due_day))
            month = add_months(month, 1)

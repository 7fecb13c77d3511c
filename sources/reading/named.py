"""Naming rows of a file as the report of a refused file does: by its own row or line, in a workbook also by sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAMED = re.compile(r"(?:(?P<sheet>.+)!)?(?P<first>[0-9]{1,9})(?:-(?P<last>[0-9]{1,9}))?", re.DOTALL)


class NoSuchRow(ValueError):
    """Rows were named that the file does not have, or that are no data: nothing was read."""


@dataclass(frozen=True)
class Named:
    """Rows `first` to `last` of a file, of its sheet `sheet` when one is named."""

    first: int
    last: int
    sheet: str | None = None

    def __str__(self) -> str:
        rows = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        return f"{self.sheet}!{rows}" if self.sheet is not None else rows


def named(text: str) -> Named:
    """`12`, `12-15`, `Sheet1!12` or `'My sheet'!12-15` as rows; ValueError when it is none of these."""
    found = _NAMED.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"不是行号 / no row: {text}（12, 12-15, Sheet1!12）")
    first = int(found["first"])
    last = int(found["last"] or first)
    if not 0 < first <= last:
        raise ValueError(f"行号次序不对 / rows out of order: {text}")
    sheet = found["sheet"]
    if sheet is not None and len(sheet) > 1 and sheet[0] == sheet[-1] == "'":
        sheet = sheet[1:-1].replace("''", "'")
    return Named(first, last, sheet)

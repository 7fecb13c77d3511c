"""Cells of formats that have types of their own, carried as strings: a mark, one letter for the kind, the value.

Text files give plain strings only. No text of such a file is taken for a marked cell: `Grid.tagged` tells them apart,
and a marked format marks any text that begins with the mark.
"""

from __future__ import annotations

from decimal import Decimal
from math import isfinite

MARK = "\x01"
TEXT, NUMBER, EXACT, PERCENT = "t", "n", "x", "p"
DATE, MOMENT, BOOL = "d", "s", "b"
ERROR, NO_VALUE, NESTED = "e", "f", "u"
# a day whose format shows no more of it than its month
MONTH = "m"
# what does not fit its own type, and a number that its format shows otherwise
ODD, OTHERWISE = "o", "w"
# how it is shown: with zeros in front (they follow), as another number, or not at all; else with words beside it
PADDED, CHANGED, HIDDEN = "\x02", "\x03", "\x04"
_BETWEEN = "\x1f"


def tag(kind: str, value: str) -> str:
    return f"{MARK}{kind}{value}"


def text_cell(value: str) -> str:
    return tag(TEXT, value) if value.startswith(MARK) else value


def shown_otherwise(stored: str, how: str) -> str:
    """The cell of a number or text that its format shows otherwise: `how` is one of the marks above, or words."""
    return tag(OTHERWISE, f"{stored}{_BETWEEN}{how}")


def stored_and_shown(text: str) -> tuple[str, str]:
    """What is stored and how it is shown, of such a cell's value."""
    stored, _, how = text.rpartition(_BETWEEN)
    return stored, how


def split(cell: str, tagged: bool) -> tuple[str, str]:
    """Kind and value of a cell."""
    if tagged and cell.startswith(MARK):
        return cell[1], cell[2:]
    return TEXT, cell


def shortest(value: float) -> str:
    """The shortest decimal form of a double, integers without a point: `202403`, `0.1`, `1E-7`, `NaN`."""
    written = repr(value)
    if "e" not in written and isfinite(value):
        return written.removesuffix(".0") if value else "0"
    number = Decimal(written)
    return str(int(number)) if isfinite(value) and value == int(value) else str(number)


def significant_digits(number: str) -> int:
    """How many digits a plain number is written with, leading zeros apart."""
    digits = number.upper().partition("E")[0].lstrip("+-").replace(".", "").lstrip("0")
    return len(digits)

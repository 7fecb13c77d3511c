"""Numbers: what spellings they have in a file, held exactly."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

from sources.reading import cells
from sources.reading.text import fold_width

PLACES = 9
MAX_INTEGER_DIGITS = 15
_QUANTUM = Decimal(1).scaleb(-PLACES)
_EXACT = Context(prec=400, Emax=10_000, Emin=-10_000)
_PLAIN = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?|\.[0-9]+)")
_LIMIT = Decimal(10) ** MAX_INTEGER_DIGITS
MAX_LENGTH = 200


class Bad(Exception):
    """A cell that cannot be read; says why in both languages."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(en)
        self.code, self.zh, self.en = code, zh, en


def wrong_kind(kind: str) -> Bad:
    """Why a cell of this kind is no value for its field."""
    known = {
        cells.ERROR: ("error_cell", "单元格是错误值", "the cell holds an error"),
        cells.NO_VALUE: ("formula_without_value", "公式没有缓存的计算结果", "the formula has no cached value"),
        cells.NESTED: ("unsupported_value", "不支持的数据类型", "a kind of value that is not supported"),
        cells.DATE: ("bad_type", "此列不应为日期", "a date is not expected here"),
        cells.MOMENT: ("bad_type", "此列不应为日期时间", "a time is not expected here"),
        cells.BOOL: ("bad_type", "此列不应为真假值", "a true/false cell is not expected here"),
        cells.PERCENT: ("percent_not_expected", "此列不接受百分数", "a percentage is not expected here"),
    }
    code, zh, en = known.get(kind, ("bad_type", "类型不符", "of the wrong type"))
    return Bad(code, zh, en)


def _plain(text: str) -> Decimal:
    if len(text) > MAX_LENGTH or _PLAIN.fullmatch(text) is None:
        raise Bad("bad_number", "不是数字", "not a number")
    return Decimal(text.replace(",", ""))


def held(value: Decimal, exact: bool) -> Decimal:
    """The value with nine places; half-even when not `exact`, refused when exact and longer."""
    if not value.is_finite():
        raise Bad("bad_number", "不是有限的数", "not a finite number")
    if exact and value != value.quantize(_QUANTUM, ROUND_HALF_EVEN, _EXACT):
        raise Bad("too_many_places", f"小数超过 {PLACES} 位", f"more than {PLACES} decimal places")
    rounded = value.quantize(_QUANTUM, ROUND_HALF_EVEN, _EXACT)
    if abs(rounded) >= _LIMIT:
        raise Bad("overflow", f"整数部分超过 {MAX_INTEGER_DIGITS} 位", f"more than {MAX_INTEGER_DIGITS} integer digits")
    return abs(rounded) if rounded == 0 else rounded


def decimal(kind: str, text: str, percent: str | None = None) -> tuple[Decimal, bool]:
    """The number in a cell and whether it was written as a percentage.

    `percent` is the field's way with percentages: `percent` keeps 75 of `75%`, `fraction` makes 0.75, None refuses.
    """
    if kind in (cells.NUMBER, cells.PERCENT):
        value = _double(text)
        if kind == cells.NUMBER:
            return held(value, exact=False), False
        if percent is None:
            raise wrong_kind(kind)
        return held(_EXACT.multiply(value, Decimal(100)) if percent == "percent" else value, exact=False), True
    if kind == cells.EXACT:
        return held(Decimal(text), exact=True), False
    if kind != cells.TEXT:
        raise wrong_kind(kind)
    plain = fold_width(text)
    if not plain.endswith("%"):
        return held(_plain(plain), exact=True), False
    value = _plain(plain[:-1].rstrip())
    if percent is None:
        raise wrong_kind(cells.PERCENT)
    return held(value if percent == "percent" else value.scaleb(-2, _EXACT), exact=True), True


def _double(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise Bad("bad_number", "不是有限的数", "not a finite number")
    return value


def integer(kind: str, text: str) -> int:
    """The whole number in a cell; `12.0` is one, `12.5` is not."""
    value, _ = decimal(kind, text)
    if value != int(value):
        raise Bad("not_whole", "不是整数", "not a whole number")
    return int(value)


def converted(value: Decimal, factor: Decimal) -> Decimal:
    """A value in another unit, rounded half-even to nine places; Bad when it overflows."""
    return held(_EXACT.multiply(value, factor), exact=False)

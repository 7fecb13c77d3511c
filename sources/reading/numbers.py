"""Numbers: what spellings they have in a file, held exactly."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

from sources.reading import cells
from sources.reading.text import fold_width

PLACES = 9
MAX_INTEGER_DIGITS = 15
ONE = Decimal(1)
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
        cells.ODD: (
            "odd_cell",
            "单元格的内容与其类型或格式不符",
            "what the cell holds does not fit its type or format",
        ),
        cells.NO_VALUE: ("formula_without_value", "公式没有缓存的计算结果", "the formula has no cached value"),
        cells.NESTED: ("unsupported_value", "不支持的数据类型", "a kind of value that is not supported"),
        cells.DATE: ("bad_type", "此列不应为日期", "a date is not expected here"),
        cells.MONTH: ("bad_type", "此列不应为日期", "a date is not expected here"),
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
    if exact:
        _check_places(value)
    rounded = value.quantize(_QUANTUM, ROUND_HALF_EVEN, _EXACT)
    if abs(rounded) >= _LIMIT:
        raise Bad("overflow", f"整数部分超过 {MAX_INTEGER_DIGITS} 位", f"more than {MAX_INTEGER_DIGITS} integer digits")
    return abs(rounded) if rounded == 0 else rounded


def _check_places(value: Decimal) -> None:
    if value != value.quantize(_QUANTUM, ROUND_HALF_EVEN, _EXACT):
        raise Bad("too_many_places", f"小数超过 {PLACES} 位", f"more than {PLACES} decimal places")


def decimal(kind: str, text: str, percent: str | None = None, factor: Decimal = ONE) -> tuple[Decimal, bool]:
    """The number in a cell, in the unit that `factor` converts to, and whether it was written as a percentage.

    `percent` is the field's way with percentages: `percent` keeps 75 of `75%`, `fraction` makes 0.75, None refuses.
    """
    if kind in (cells.NUMBER, cells.PERCENT):
        value = _double(text)
        if kind == cells.NUMBER:
            return _in_unit(value, factor, exact=False), False
        if percent is None:
            raise wrong_kind(kind)
        return _in_unit(value.scaleb(2, _EXACT) if percent == "percent" else value, factor, exact=False), True
    if kind == cells.EXACT:
        return _in_unit(Decimal(text), factor, exact=True), False
    if kind != cells.TEXT:
        raise wrong_kind(kind)
    plain = fold_width(text)
    if not plain.endswith("%"):
        return _in_unit(_plain(plain), factor, exact=True), False
    value = _plain(plain[:-1].rstrip())
    if percent is None:
        raise wrong_kind(cells.PERCENT)
    return _in_unit(value if percent == "percent" else value.scaleb(-2, _EXACT), factor, exact=True), True


def _in_unit(value: Decimal, factor: Decimal, exact: bool) -> Decimal:
    """The value times `factor` with nine places, rounded once: a double keeps its own places until then."""
    if factor == ONE or not value.is_finite():
        return held(value, exact)
    if exact:
        _check_places(value)
    return held(_EXACT.multiply(value, factor), exact=False)


def _double(text: str) -> Decimal:
    value = Decimal(text)
    if not value.is_finite():
        raise Bad("bad_number", "不是有限的数", "not a finite number")
    return value


def integer(kind: str, text: str, factor: Decimal = ONE) -> int:
    """The whole number in a cell; `12.0` is one, `12.5` is not."""
    value, _ = decimal(kind, text, factor=factor)
    if value != int(value):
        raise Bad("not_whole", "不是整数", "not a whole number")
    return int(value)

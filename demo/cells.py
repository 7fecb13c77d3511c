"""One value as a bureau writes it, by the field's type and the look of the file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from demo.looks import Look
from sources.contract import Field
from sources.dictionaries import products

FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
QUARTERS = "一二三四"


def _date(day: date, style: str) -> str:
    plain = {"iso": f"{day:%Y-%m-%d}", "plain": f"{day:%Y%m%d}", "slash": f"{day.year}/{day.month}/{day.day}"}
    return plain.get(style, f"{day.year}年{day.month}月{day.day}日")


def _month(day: date, style: str) -> str:
    plain = {"iso": f"{day:%Y-%m}", "plain": f"{day:%Y%m}", "slash": f"{day.year}/{day.month}"}
    return plain.get(style, f"{day.year}年{day.month}月")


def _quarter(day: date, style: str) -> str:
    number = (day.month + 2) // 3
    if style == "iso":
        return f"{day.year}Q{number}"
    return f"{day.year}年{QUARTERS[number - 1]}季度" if style == "zh" else f"{day.year}年第{number}季度"


@cache
def _product_names() -> Mapping[str, str]:
    return {code: product.name for code, product in products().items()}


def _named(field: Field, value: str, look: Look) -> str:
    """A coded value as the file writes it: the code in English looks, else the Chinese name."""
    if look.english:
        return value
    if field.dictionary and field.dictionary.startswith("energy_products"):
        return _product_names().get(value, value)
    return (field.codes or {}).get(value, value)


def _number(field: Field, value: Decimal | int, look: Look) -> str:
    text = f"{value:,}" if look.thousands else f"{value}"
    return f"{text}%" if field.percent == "percent" and look.missing == "/" else text


def as_text(field: Field, value: Any, look: Look) -> str:
    """The text of a value in CSV; a value that is already text where a number is due is kept."""
    if value is None:
        return look.missing
    style = "iso" if look.english else look.dates
    if field.type == "ts":
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if field.type in ("date", "month", "quarter"):
        return {"date": _date, "month": _month, "quarter": _quarter}[field.type](value, style)
    if field.type == "year":
        return f"{value}年" if style == "zh" else str(value)
    if field.type == "bool":
        return ("true" if value else "false") if look.english else ("是" if value else "否")
    if isinstance(value, str):
        return _named(field, value, look)
    return _number(field, value, look)


def as_cell(field: Field, value: Any, look: Look) -> Any:
    """The value of a workbook cell: numbers and dates as such, the rest as text."""
    if value is None:
        return look.missing or None
    if field.type in ("date", "ts", "month"):
        return value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, int) and field.type != "bool":
        return value
    return as_text(field, value, look)


def as_json(field: Field, value: Any, look: Look) -> Any:
    """The JSON value: numbers and booleans as such, dates as ISO text, null for missing."""
    if value is None or isinstance(value, bool | int):
        return value
    return float(value) if isinstance(value, Decimal) else as_text(field, value, look)

"""One converter per field: a cell in, a typed value out, or the reason why not. The only home of value rules."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pyarrow as pa

from sources import dictionaries
from sources.contract import Field
from sources.reading import cells, dates, numbers
from sources.reading.damage import check_identifier, check_not_total, check_text
from sources.reading.garbled import check_name
from sources.reading.numbers import Bad, wrong_kind
from sources.reading.otherwise import as_meant, as_shown
from sources.reading.text import fold_width, shown

DECIMAL = pa.decimal128(24, 9)
ARROW = {
    "text": pa.string(),
    "int": pa.int64(),
    "dec": DECIMAL,
    "bool": pa.bool_(),
    "date": pa.date32(),
    "month": pa.date32(),
    "quarter": pa.date32(),
    "year": pa.int32(),
    "ts": pa.timestamp("us"),
}
MAX_TEXT_DIGITS = 15
TICK = "√"
_BOOLEANS = {"是": True, "否": False, "true": True, "false": False, "1": True, "0": False, TICK: True}
Converter = Callable[[str, str], Any]


@dataclass(frozen=True)
class Percentage:
    """A number that the file wrote as a percentage; only fields with `fraction_when` need to know."""

    value: Decimal


def _boolean(kind: str, text: str) -> bool:
    if kind not in (cells.TEXT, cells.NUMBER, cells.EXACT, cells.BOOL):
        raise wrong_kind(kind)
    value = _BOOLEANS.get(fold_width(text).lower())
    if value is None:
        raise Bad("bad_boolean", "不是 是/否（true/false、1/0、√）", "not 是/否, true/false, 1/0 or √")
    return value


def _text(kind: str, text: str) -> str:
    if kind == cells.TEXT:
        if "\0" in text:
            raise Bad("bad_text", "文本含 NUL 字符", "a NUL character in the text")
        check_text(text)
        return text.strip()
    if kind not in (cells.NUMBER, cells.EXACT):
        raise wrong_kind(kind)
    if kind == cells.NUMBER and not Decimal(text).is_finite():
        raise Bad("bad_number", "不是有限的数", "not a finite number")
    if kind == cells.NUMBER and cells.significant_digits(text) > MAX_TEXT_DIGITS:
        raise Bad(
            "digits_lost",
            f"数字单元格超过 {MAX_TEXT_DIGITS} 位，末位可能已失真，请设为文本格式",
            f"a numeric cell of more than {MAX_TEXT_DIGITS} digits may have lost some: format it as text",
        )
    return text


def _name(kind: str, text: str) -> str:
    value = _text(kind, text)
    check_name(value)
    check_not_total(value)
    return value


def _identifier(kind: str, text: str) -> str:
    value = _name(kind, text)
    check_identifier(value)
    return value


def _patterned(pattern: str) -> Converter:
    compiled = re.compile(pattern, re.ASCII)

    def convert(kind: str, text: str) -> str:
        value = _text(kind, text)
        if compiled.fullmatch(value) is None:
            raise Bad("bad_pattern", f"格式不符（{pattern}）", f"does not have the form {pattern}")
        return value

    return convert


def _coded(field: Field) -> Converter:
    spellings = dictionaries.spellings(field) or {}
    names = [name for name in dictionaries.choices(field)]
    some = "、".join(names[:12]) + ("…" if len(names) > 12 else "")

    def convert(kind: str, text: str) -> str | int:
        written = _text(kind, text)
        code = spellings.get(dictionaries.fold(written))
        if code is None:
            raise Bad("not_in_domain", f"不在取值范围内（{some}）", f"not one of the allowed values ({some})")
        return int(code) if field.type == "int" else code

    return convert


def _decimal(field: Field, factor: Decimal) -> Converter:
    def convert(kind: str, text: str) -> Decimal | Percentage:
        value, is_percent = numbers.decimal(kind, text, field.percent, factor)
        _bounded(field, value)
        return Percentage(value) if is_percent and field.fraction_when else value

    return convert


def _integer(field: Field, factor: Decimal) -> Converter:
    def convert(kind: str, text: str) -> int:
        value = numbers.integer(kind, text, factor)
        _bounded(field, Decimal(value))
        return value

    return convert


def _bounded(field: Field, value: Decimal) -> None:
    """Bad when the value is outside the field's bounds."""
    if field.minimum is not None and value < Decimal(field.minimum):
        raise Bad("out_of_range", f"小于下限 {field.minimum}", f"below the minimum {field.minimum}")
    if field.exclusive_minimum is not None and value <= Decimal(field.exclusive_minimum):
        raise Bad("out_of_range", f"应大于 {field.exclusive_minimum}", f"must be above {field.exclusive_minimum}")
    if field.maximum is not None and value > Decimal(field.maximum):
        raise Bad("out_of_range", f"大于上限 {field.maximum}", f"above the maximum {field.maximum}")


def _year(field: Field) -> Converter:
    def convert(kind: str, text: str) -> int:
        value = dates.year(kind, text)
        _bounded(field, Decimal(value))
        return value

    return convert


def converter(field: Field, factor: Decimal = Decimal(1)) -> Converter:
    """The converter of a field: `(kind, cell) -> value`, raising Bad. Missing cells are not its business.

    `factor` converts from the unit that the header names to the field's own.
    """
    read = _converter(field, factor)

    def convert(kind: str, text: str) -> Any:
        return read(*as_meant(field, factor, text)) if kind == cells.OTHERWISE else read(kind, text)

    return convert


def _converter(field: Field, factor: Decimal) -> Converter:
    if field.codes is not None or field.dictionary is not None:
        return _coded(field)
    if field.type == "text":
        if field.pattern:
            return _patterned(field.pattern)
        if field.key or field.scope:
            return _identifier
        return _name if field.required else _text
    if field.type == "dec":
        return _decimal(field, factor)
    if field.type == "int":
        return _integer(field, factor)
    simple: dict[str, Converter] = {
        "bool": _boolean,
        "date": dates.day,
        "month": dates.month,
        "quarter": dates.quarter,
        "ts": dates.moment,
        "year": _year(field),
    }
    return simple[field.type]


def display(cell: str | None, tagged: bool) -> str | None:
    """A cell as a report shows it."""
    if cell is None:
        return None
    kind, text = cells.split(cell, tagged)
    if kind == cells.OTHERWISE:
        return shown(as_shown(text))
    return shown(f"{numbers.Decimal(text) * 100:f}%" if kind == cells.PERCENT else text)

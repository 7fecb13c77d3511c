"""What the cells of the table mean, by the contract: read as a delivered file's cells are, and written in one way."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sources.contract import Contract, Field
from sources.reading import cells
from sources.reading.numbers import Bad
from sources.reading.scopes import spelling
from sources.reading.text import is_missing
from sources.reading.values import Percentage, converter


class Refused(Exception):
    """Why a line of the table cannot be used, in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def canonical(field: Field, value: Any) -> str | None:
    """A typed value as it is written in corrections: as scopes are, times with a blank, `true` and `false`."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return None if value is None else spelling(field, value)


def value_of(field: Field, text: str) -> str | None:
    """The canonical text of a cell, None for a missing value; Refused when the contract does not allow it."""
    if is_missing(text):
        if field.required:
            zh, en = f"{field.name} 必填，不能为空", f"{field.name} is required and cannot be missing"
            raise Refused(zh, en)
        return None
    try:
        value = converter(field)(cells.TEXT, text)
    except Bad as bad:
        raise Refused(f"{field.name} 的值“{text}”{bad.zh}", f"{field.name} “{text}”: {bad.en}") from None
    if isinstance(value, Percentage):
        zh, en = f"{field.name} 的值“{text}”应写为小数", f"{field.name} “{text}”: write a fraction, not a percentage"
        raise Refused(zh, en)
    return canonical(field, value)


def key_of(contract: Contract, given: Mapping[str, str]) -> tuple[tuple[str, str | None], ...]:
    """Every scope and key field with its canonical value, in the contract's order; Refused when they are not those."""
    wanted = [field for field in contract.fields if field.scope or field.key]
    names = [field.name for field in wanted]
    if set(given) != set(names):
        listed = ", ".join(names)
        raise Refused(f"主键应为 {listed}", f"the key must name {listed}, and nothing else")
    return tuple((field.name, value_of(field, given[field.name])) for field in wanted)


def scope_of(contract: Contract, key: tuple[tuple[str, str | None], ...]) -> str:
    """The scope that a key names."""
    values = dict(key)
    return "|".join(values[field.name] or "" for field in contract.scope)


def corrected_field(contract: Contract, name: str) -> Field:
    """The field of that name; Refused when it cannot be corrected: unknown, part of the key, or private."""
    field = next((field for field in contract.fields if field.name == name), None)
    if field is None:
        raise Refused(f"{contract.feed} 没有字段 {name}", f"{contract.feed} has no field {name}")
    if field.scope or field.key:
        raise Refused(f"主键和范围字段 {name} 不可更正", f"{name} is part of the key or the scope, which stay as sent")
    if field.private:
        raise Refused(f"{name} 不出交付文件，不可更正", f"{name} never leaves the deliveries: nothing to correct")
    return field

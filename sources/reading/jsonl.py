"""JSON lines: one object per line, keys as headers."""

from __future__ import annotations

import json
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from math import isfinite
from typing import Any

import numpy as np
import pyarrow as pa

from sources.reading import broken, cells
from sources.reading.delimited import MAX_COLUMNS
from sources.reading.formats import refusal
from sources.reading.grid import Grid, Header, place
from sources.reading.model import Problem, Unreadable

MAX_NUMBER = 400
_MAX_REPORTED = 100


class _Fault(Exception):
    """Why a line cannot be read, in Chinese and English."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are told apart; a key given twice is a fault."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Fault("同一键出现两次", "a key is given twice")
    return found


class _Number(str):
    """A number that the decoder made into a marked cell; a plain str is text of the file."""


@lru_cache(1 << 16)
def _float(text: str) -> _Number:
    if len(text) > MAX_NUMBER:
        raise _Fault("数字过长", "a number too long")
    double = float(text)
    if isfinite(double) and not _is_double(text, double):
        return _Number(cells.tag(cells.EXACT, text))
    return _Number(cells.tag(cells.NUMBER, cells.shortest(double)))


def _is_double(text: str, double: float) -> bool:
    """Whether a program wrote this double so: in its shortest form or with all 17 digits. Else digits would be lost."""
    try:
        exact = Decimal(text)
    except InvalidOperation:
        raise _Fault("数字过长", "a number too long") from None
    return exact == Decimal(repr(double)) or exact == Decimal(f"{double:.17g}")


@lru_cache(1 << 16)
def _int(text: str) -> _Number:
    if len(text) > MAX_NUMBER:
        raise _Fault("数字过长", "a number too long")
    return _Number(cells.tag(cells.EXACT, str(Decimal(text))))


def _constant(text: str) -> _Number:
    """NaN and the infinities, which are no numbers of any field."""
    return _Number(cells.tag(cells.NUMBER, text))


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_float, parse_int=_int, parse_constant=_constant)


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, _Number):
        return value
    if isinstance(value, str):
        return cells.text_cell(value)
    if isinstance(value, bool):
        return cells.tag(cells.BOOL, str(value).lower())
    return cells.tag(cells.NESTED, "{…}" if isinstance(value, dict) else "[…]")


def _is_text(found: Any) -> bool:
    """Whether every string in a value is text that can be written."""
    try:
        json.dumps(found, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _parse(line: str) -> dict[str, Any]:
    try:
        found = _DECODER.decode(line)
    except (json.JSONDecodeError, RecursionError, OverflowError) as error:
        raise _Fault(*broken.of_json(error)) from None
    if "\\u" in line and not _is_text(found):
        raise _Fault("含不成对的代理字符", "a lone surrogate")
    if not isinstance(found, dict):
        raise _Fault("不是 JSON 对象", "not a JSON object")
    if not found:
        raise _Fault("空的 JSON 对象", "an empty JSON object")
    return found


def first_keys(content: bytes) -> list[str]:
    """The keys of the first line that is an object; none when there is none."""
    for line in content.decode("utf-8").split("\n"):
        try:
            return list(_parse(line))
        except _Fault:
            continue
    return []


def read_jsonl(content: bytes) -> Grid:
    """The table of a JSON lines file in UTF-8; Unreadable with every line that is not one JSON object."""
    columns: dict[str, list[str | None]] = {}
    first: dict[str, int] = {}
    rows: list[int] = []
    problems: list[Problem] = []
    for number, line in enumerate(content.decode("utf-8").split("\n"), 1):
        if not line.strip():
            continue
        try:
            found = _parse(line)
        except _Fault as fault:
            problems.append(Problem("bad_json", fault.zh, fault.en, row=number))
            if len(problems) == _MAX_REPORTED:
                break
            continue
        rows.append(number)
        _append(columns, found, len(rows))
        if len(first) < len(columns):
            first |= dict.fromkeys(columns.keys() - first.keys(), number)
    if problems:
        raise Unreadable(*problems)
    arrays = [pa.array(values, pa.string()) for values in columns.values()]
    places = [place(index) for index in range(len(columns))]
    return Grid(
        Header(list(columns), 0, tuple(first[key] for key in columns)),
        np.array(rows, dtype=np.int64),
        arrays,
        places,
        tagged=True,
    )


def _append(columns: dict[str, list[str | None]], found: dict[str, Any], height: int) -> None:
    """Add one object as row number `height` of the columns."""
    if found.keys() == columns.keys():
        for key, value in found.items():
            columns[key].append(_cell(value))
        return
    for key, value in found.items():
        if key not in columns:
            if len(columns) == MAX_COLUMNS:
                raise refusal("too_many_columns", f"超过 {MAX_COLUMNS} 个键", f"more than {MAX_COLUMNS} keys")
            columns[key] = [None] * (height - 1)
        columns[key].append(_cell(value))
    for values in columns.values():
        if len(values) < height:
            values.append(None)

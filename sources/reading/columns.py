"""Whole columns of cells into typed columns: each distinct spelling once, the plain spellings all at once.

What a spelling means is decided in values.py alone. Here the spellings that Arrow reads in the same way are left to
Arrow; a test holds both ways against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sources.contract import Field
from sources.reading import cells
from sources.reading.damage import Role, may_be_spoiled
from sources.reading.dates import FIRST_YEAR, LAST_YEAR
from sources.reading.grid import column_bytes
from sources.reading.header import Match
from sources.reading.numbers import Bad
from sources.reading.text import MISSING, fold_width, is_missing
from sources.reading.values import ARROW, TICK, Percentage, converter

DATED = ("date", "month", "quarter", "year")
SAMPLE = 20_000
FEW = 64
_PLAIN = {
    "dec": r"^-?[0-9]{1,15}(\.[0-9]{1,9})?$",
    "int": r"^-?[0-9]{1,15}$",
    "date": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
    "ts": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}(:[0-9]{2})?$",
}
_NUMBER_SIGNS = b"0123456789.-"
# White space that str.strip takes off, and the first bytes of the dashes that mean missing.
_TRIMMED = [bytes([sign]) for sign in (*range(9, 14), *range(28, 33))]
_TRIMMED += [b"\xc2\x85", b"\xc2\xa0", b"\xe1\x9a\x80", b"\xe2\x80", b"\xe2\x81\x9f", b"\xe3\x80\x80", b"\xef\xbc"]


@dataclass
class Column:
    """One field's typed values. `bad` maps positions to reasons; `missing` marks cells that are truly missing.

    `percents` marks numbers written as percentages where the field wants to know, else None.
    """

    match: Match
    raw: pa.Array
    typed: pa.Array
    bad: dict[int, Bad]
    missing: np.ndarray
    percents: np.ndarray | None = None

    @property
    def field(self) -> Field:
        return self.match.field


@dataclass
class _Words:
    """The distinct cells of a column, or all of them when nearly all differ (`indices` None)."""

    values: pa.Array
    indices: pa.Array | None

    def spread(self, array: pa.Array) -> pa.Array:
        return array if self.indices is None else array.take(self.indices)

    def positions(self, chosen: list[int]) -> tuple[np.ndarray, np.ndarray]:
        """Positions in the column of some of the distinct cells, and which cell stands at each."""
        if self.indices is None:
            same = np.array(chosen, dtype=np.int64)
            return same, same
        if not chosen:
            return np.array([], dtype=np.int64), np.array([], dtype=np.int64)
        mask = np.zeros(len(self.values), dtype=bool)
        mask[chosen] = True
        indices = self.indices.to_numpy()
        rows = np.flatnonzero(mask[indices])
        return rows, indices[rows]


def _words(raw: pa.Array) -> _Words:
    sample = raw.slice(0, SAMPLE)
    if len(raw) > SAMPLE and pc.count_distinct(sample).as_py() > SAMPLE * 0.9:
        return _Words(raw, None)
    encoded = raw.dictionary_encode("encode")
    return _Words(encoded.dictionary, encoded.indices)


def convert(match: Match, raw: pa.Array, tagged: bool) -> Column:
    """The typed column of a field. `raw` are its cells, marked ones when `tagged`."""
    words = _words(raw)
    typed = None if tagged else _all_plain(match, words.values)
    if typed is not None:
        spread = words.spread(typed)
        return Column(match, raw, spread, {}, np.zeros(len(raw), dtype=bool))
    return _mixed(match, raw, words, tagged)


def _is_free_text(field: Field) -> bool:
    return field.type == "text" and not (field.codes or field.dictionary or field.pattern)


def _role(field: Field) -> Role:
    if field.key or field.scope:
        return Role.IDENTIFIER
    return Role.NAME if field.required else Role.REMARK


def _all_plain(match: Match, values: pa.Array) -> pa.Array | None:
    """The typed values when every cell is a plain spelling and within bounds, else None."""
    field = match.field
    if values.null_count or match.factor != 1 or field.codes or field.dictionary:
        return None
    if _is_free_text(field):
        is_sound = _needs_no_trimming(values) and not may_be_spoiled(values, _role(field))
        return values if is_sound else None
    if field.type not in _PLAIN or len(values) < FEW:
        return None
    if not (_has_number_signs(values) if field.type == "dec" else _matches(values, field.type)):
        return None
    try:
        typed = values.cast(ARROW[field.type])
    except pa.ArrowInvalid:
        return None
    return typed if _is_within(field, typed) else None


def _needs_no_trimming(values: pa.Array) -> bool:
    """Whether every cell is its own trimmed text and none is missing."""
    data = column_bytes(values)
    if any(sign in data for sign in _TRIMMED):
        return False
    short = [token for token in MISSING if token.isascii()]
    return not pc.any(pc.is_in(values, value_set=pa.array(short))).as_py()


def _has_number_signs(values: pa.Array) -> bool:
    return not column_bytes(values).translate(None, _NUMBER_SIGNS)


def _matches(values: pa.Array, type: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(values, _PLAIN[type])).as_py())


def _is_within(field: Field, typed: pa.Array) -> bool:
    """Whether all values keep the field's bounds, or the calendar's."""
    extremes = pc.min_max(typed)
    if not extremes["min"].is_valid:
        return True
    if field.type in ("date", "ts"):  # years that Python's dates do not reach are told as well
        return pc.year(extremes["min"]).as_py() >= FIRST_YEAR and pc.year(extremes["max"]).as_py() <= LAST_YEAR
    low, high = extremes["min"].as_py(), extremes["max"].as_py()
    return (
        (field.minimum is None or low >= Decimal(field.minimum))
        and (field.exclusive_minimum is None or low > Decimal(field.exclusive_minimum))
        and (field.maximum is None or high <= Decimal(field.maximum))
    )


def _mixed(match: Match, raw: pa.Array, words: _Words, tagged: bool) -> Column:
    """The column cell by cell, the plain ones of a long column still all at once."""
    values = words.values.to_pylist()
    plain = _plain_part(match, words.values, tagged)
    rest = range(len(values)) if plain is None else np.setdiff1d(np.arange(len(values)), plain[0], True).tolist()
    found: list[Any] = [None] * len(values)
    bad: dict[int, Bad] = {}
    missing: list[int] = []
    percents: list[int] = []
    read = converter(match.field, match.factor)
    for position in rest:
        kind, text = cells.split(values[position] or "", tagged)
        if kind == cells.TEXT and is_missing(text):
            missing.append(position)
            continue
        try:
            found[position] = read(kind, text)
        except Bad as reason:
            bad[position] = reason
        if isinstance(found[position], Percentage):
            percents.append(position)
            found[position] = found[position].value
    array = pa.array(found, ARROW[match.field.type])
    if plain is not None:
        mask = np.zeros(len(values), dtype=bool)
        mask[plain[0]] = True
        array = pc.replace_with_mask(array, pa.array(mask), plain[1])
    return _spread(match, raw, words, array, bad, missing, percents)


def _plain_part(match: Match, values: pa.Array, tagged: bool) -> tuple[np.ndarray, pa.Array] | None:
    """Positions and typed values of the plain cells of a long column; None when it is not worth it."""
    field = match.field
    if tagged or field.type not in _PLAIN or len(values) < 10 * FEW or match.factor != 1 or field.codes:
        return None
    matched = pc.match_substring_regex(values, _PLAIN[field.type]).fill_null(False)
    chosen = np.flatnonzero(matched.to_numpy(zero_copy_only=False))
    part = values.filter(matched)
    try:
        typed = part.cast(ARROW[field.type])
    except pa.ArrowInvalid:
        return None
    return (chosen, typed) if len(chosen) and _is_within(field, typed) else None


def _spread(
    match: Match,
    raw: pa.Array,
    words: _Words,
    array: pa.Array,
    bad: dict[int, Bad],
    missing: list[int],
    percents: list[int],
) -> Column:
    """The column from what its distinct cells became."""
    typed = words.spread(array)
    is_missing_row = np.zeros(len(raw), dtype=bool)
    is_missing_row[words.positions(missing)[0]] = True
    if raw.null_count:
        is_missing_row |= raw.is_null().to_numpy(zero_copy_only=False)
    rows, which = words.positions(list(bad))
    reasons = {row: bad[position] for row, position in zip(rows.tolist(), which.tolist(), strict=True)}
    marks = None
    if percents:
        marks = np.zeros(len(raw), dtype=bool)
        marks[words.positions(percents)[0]] = True
    return Column(match, raw, typed, reasons, is_missing_row, marks)


def uses_ticks(column: Column, tagged: bool) -> bool:
    """Whether a boolean column ticks its true cells, so that blank ones are false."""
    return any(
        value is not None and fold_width(cells.split(value, tagged)[1]) == TICK
        for value in column.raw.unique().to_pylist()
    )


def whole_row(matches: Sequence[Match], tagged: bool) -> Callable[[Sequence[str | None]], bool]:
    """Tells whether cells are a row of data: every required one is filled and the scope's days and times are sound."""
    required = [match.index for match in matches if match.field.required and match.field.default is None]
    dated = {
        match.index: converter(match.field) for match in matches if match.field.scope and match.field.type in DATED
    }

    def is_whole(row: Sequence[str | None]) -> bool:
        if not dated or any(index >= len(row) or is_missing(row[index] or "") for index in required):
            return False
        try:
            for index, read in dated.items():
                read(*cells.split(row[index] or "", tagged))
        except Bad:
            return False
        return True

    return is_whole


def is_blank_cell(column: Column) -> np.ndarray:
    """Which cells hold nothing at all, not even a dash for missing."""
    return np.array([value is None or not value.strip() for value in column.raw.to_pylist()], dtype=bool)

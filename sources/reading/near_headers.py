"""Headers of no field that are nearly an absent optional one's: left out, its values would be lost in silence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher

import pyarrow.compute as pc

from sources.contract import Contract, Field
from sources.reading.grid import Grid, Header
from sources.reading.model import Problem
from sources.reading.text import header_key, shown
from sources.reading.unit_sizes import size

_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_BRACKETS = re.compile(r"[(\[{【〔〖〈《「『<].*")
_LIKENESS = 0.8


def unclear(
    unknown: Sequence[str], missing: Sequence[Field], contract: Contract, header: Header, sheet: str | None
) -> Iterator[Problem]:
    """A problem for every unknown header that may well be an optional field that is missing."""
    optional = {field.name for field in missing if not field.required}
    for text in unknown if optional else ():
        field = _nearest(text, contract)
        if field is not None and field.name in optional:
            yield _unclear(text, field, header, sheet)


def unclear_keys(grid: Grid, unknown: Sequence[int], known: Mapping[str, int], contract: Contract) -> Iterator[Problem]:
    """The same of keys in lines of JSON, where one line may spell a key as the others do not.

    `known` are the positions of the fields that the file has.
    """
    for index in unknown if grid.header.first_rows else ():
        text = grid.header.cells[index]
        field = _nearest(text, contract)
        if field is not None and not field.required and field.name in known:
            own, other = grid.columns[known[field.name]].is_valid(), grid.columns[index].is_valid()
            if not pc.any(pc.and_(own, other)).as_py():
                yield _unclear(text, field, grid.header, grid.sheet)


def _unclear(text: str, field: Field, header: Header, sheet: str | None) -> Problem:
    zh = f"表头像是“{field.header}”，写法却不同，不能确定是否为该字段"
    en = f"the header is nearly that of `{field.name}`: it may or may not be that field"
    return Problem("unclear_header", zh, en, sheet, header.row_of(text), shown(text))


def _nearest(text: str, contract: Contract) -> Field | None:
    """The field whose name or title a header is most like; None when it is like none."""
    bare = _AROUND.sub("", _BRACKETS.sub("", header_key(text)))
    found = [
        (_likeness(bare, header_key(name)), field)
        for field in contract.fields
        for name in (field.name, field.header, *field.aliases)
    ]
    likeness, field = max(found, key=lambda one: one[0])
    return field if likeness >= _LIKENESS else None


def _likeness(text: str, name: str) -> float:
    """How alike two names are: 1 when they are equal, or when the longer one adds a unit to the other."""
    if text.startswith(name) and (text == name or size(_AROUND.sub("", text[len(name) :])) is not None):
        return 1.0
    return SequenceMatcher(None, text, name, autojunk=False).ratio() if text else 0.0

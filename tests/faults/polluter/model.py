"""What the polluter makes: a correct file's content, one fault, and the outcomes that are right for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa

from sources.contract import Contract, Field, contracts

# The classes that the intake promises to stand, and what each of them means.
GROUPS = {
    "plain": "not polluted: the truth itself",
    "delimiters": "wrong, mixed, full-width",
    "quotes": "unbalanced, wrongly doubled, inside cells, other signs",
    "newlines": "CR, mixed, inside quotes, other line breaks, no last one",
    "ragged": "too few or too many cells",
    "shifted": "a further empty cell pushes the row aside",
    "encodings": "wrong, mixed, cut, UTF-16, marks",
    "control": "NULs, control, zero-width and full-width characters",
    "preambles": "titles, notes, units above the header",
    "headers": "several, faulty, misspelt, doubled",
    "tables": "two tables in one file",
    "totals": "totals, remarks and signatures",
    "numbers": "text numbers, thousands marks, 1e400, NaN, −0",
    "dates": "days that are none, other calendars and orders, zones",
    "keys": "rows and keys given twice",
    "values": "missing, unknown and impossible values",
    "json": "broken and odd JSON lines",
    "archives": "cut, bombed and false archives",
    "names": "odd and false file names",
    "size": "very long, very wide, empty",
    "workbooks": "hidden and doubled sheets, merged, formula and error cells, 1904 dates, bombs, XML entities",
    "parquet": "wrong and nested types, broken files",
    "places": "links, pipes, folders, files still being written",
}


@dataclass(frozen=True)
class Good:
    """A correct file's content before it is dressed.

    `rows` are the cells as a bureau types them under `header`, `values` what each row means by field (text, int,
    Decimal, date, …; None when missing); `table` is the exact load of the plain CSV: contract columns, `_scope`,
    `_is_empty`, `_sheet`, `_row`.
    """

    feed: str
    region: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    values: tuple[dict[str, Any], ...]
    table: pa.Table

    @property
    def contract(self) -> Contract:
        return contracts()[self.feed]

    @property
    def fields(self) -> tuple[Field, ...]:
        """The contract's fields in the order of the header."""
        return self.contract.fields

    def columns(self, *types: str, required: bool | None = None) -> list[int]:
        """Positions of the columns of some types; of required or optional ones only when asked."""
        return [
            index
            for index, field in enumerate(self.fields)
            if field.type in types and (required is None or field.required == required)
        ]


@dataclass(frozen=True)
class Exact:
    """The load must equal the truth, or `table`, cell for cell; `rows` are then the file's own row numbers."""

    table: pa.Table | None = None
    rows: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Refused:
    """The file must be refused. With `row` (as the file counts) and `column` (header text) the report names exactly
    these; `also` are further rows that it may name, as the other one of two that are equal."""

    row: int | None = None
    column: str | None = None
    also: tuple[int, ...] = ()


@dataclass(frozen=True)
class Left:
    """The file must stay in the inbox, unopened, and be reported with this code."""

    code: str


@dataclass(frozen=True)
class Either:
    """An exact load and a refusal are both right, and nothing else; `why`."""

    exact: Exact
    refused: Refused
    why: str


Expectation = Exact | Refused | Left | Either


@dataclass(frozen=True)
class Polluted:
    """One file with exactly one fault: its bytes, or a function that makes it at a path."""

    name: str
    content: bytes | Callable[[Path], None]
    expect: Expectation


@dataclass(frozen=True)
class Fault:
    """One way to spoil a file. `single_row`: what is wrong sits in one row. `feeds`: where it can be made."""

    name: str
    group: str
    make: Callable[[Random, Good], Polluted]
    single_row: bool = False
    feeds: tuple[str, ...] | None = None

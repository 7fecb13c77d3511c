"""Mutants of a contract's fields: for every rule of a field, from the rule alone, the file that must be refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from expectations.mutants.files import HEADER_ROW, Delivered, line
from sources import dictionaries
from sources.contract import Field

OUTSIDE = "不在范围"
# How a cell of each type can be wrong, and what the reader has to call it. Any text is a text.
WRONG = {
    "dec": (
        ("不是数", "bad_number"),
        ("1e400", "bad_number"),
        ("NaN", "bad_number"),
        ("0.1234567891", "too_many_places"),
        ("1000000000000000", "overflow"),
    ),
    "int": (("不是数", "bad_number"), ("1.5", "not_whole"), ("1000000000000000", "overflow")),
    "bool": (("也许", "bad_boolean"), ("2", "bad_boolean")),
    "date": (("2024-02-30", "bad_date"), ("2024", "bad_date"), ("1899-12-31", "bad_date")),
    "month": (("2024-13", "bad_month"), ("2024", "bad_month"), ("1899-12", "bad_date")),
    "quarter": (("2024Q5", "bad_quarter"), ("2024-01", "bad_quarter")),
    "year": (("24", "bad_year"), ("2024-01", "bad_year"), ("2101", "bad_date")),
    "ts": (("2024-03-01", "bad_time"), ("2024-03-01 24:01:00", "bad_time"), ("2024-02-30 08:00:00", "bad_date")),
    "text": (),
}


@dataclass(frozen=True)
class Mutant:
    """A spoilt file and what must be said of it: `code` at each of `rows` (file lines) of the column `column`."""

    label: str
    file: Delivered
    code: str
    rows: tuple[int, ...]
    column: str | None
    is_warning: bool = False


Maker = Callable[[Delivered, Field], Iterator[Mutant]]


def _cell(file: Delivered, field: Field, text: str, code: str) -> Mutant:
    return Mutant(f"{text!r}", file.with_cell(field, text), code, (line(0),), field.header)


def _head(file: Delivered, field: Field, text: str, code: str) -> Mutant:
    return Mutant(f"{text!r}", file.with_header(field, text), code, (HEADER_ROW,), text)


def is_coded(field: Field) -> bool:
    return field.codes is not None or field.dictionary is not None


def _has_type(field: Field) -> bool:
    return not is_coded(field) and bool(WRONG[field.type])


def _wrong_type(file: Delivered, field: Field) -> Iterator[Mutant]:
    for text, code in WRONG[field.type]:
        yield _cell(file, field, text, code)


def _missing(file: Delivered, field: Field) -> Iterator[Mutant]:
    if field.default is None:
        for text in ("", "—"):
            yield _cell(file, field, text, "missing_value")
    yield Mutant("no column", file.without_column(field), "missing_column", (HEADER_ROW,), field.header)


def _outside(file: Delivered, field: Field) -> Iterator[Mutant]:
    yield _cell(file, field, OUTSIDE, "not_in_domain")


def _past(bound: str, field: Field, direction: int) -> str:
    step = Decimal(1).scaleb(-9) if field.type == "dec" else Decimal(1)
    return f"{Decimal(bound) + direction * step:f}"


def _below(file: Delivered, field: Field) -> Iterator[Mutant]:
    yield _cell(file, field, _past(str(field.minimum), field, -1), "out_of_range")


def _at_least(file: Delivered, field: Field) -> Iterator[Mutant]:
    yield _cell(file, field, str(field.exclusive_minimum), "out_of_range")
    yield _cell(file, field, _past(str(field.exclusive_minimum), field, -1), "out_of_range")


def _above(file: Delivered, field: Field) -> Iterator[Mutant]:
    yield _cell(file, field, _past(str(field.maximum), field, 1), "out_of_range")


def _unlike(file: Delivered, field: Field) -> Iterator[Mutant]:
    value = file.cell(field)
    for text in (f"{value}#", f"#{value}", value[:-1]):
        if re.fullmatch(str(field.pattern), text) is None:
            yield _cell(file, field, text, "bad_pattern")


def _takes_no_percent(field: Field) -> bool:
    return field.type in ("dec", "int") and not is_coded(field) and field.percent is None


def _percentage(file: Delivered, field: Field) -> Iterator[Mutant]:
    yield _cell(file, field, "12%", "percent_not_expected")


def _foreign(unit: str) -> str | None:
    """A unit that does not convert to another."""
    return next((other for other in dictionaries.units() if dictionaries.conversion(other, unit) is None), None)


def _other_unit(file: Delivered, field: Field) -> Iterator[Mutant]:
    if (other := _foreign(str(field.unit))) is not None:
        yield _head(file, field, f"{field.header}({other})", "wrong_unit")


def _row_unit(file: Delivered, field: Field, row: int) -> str | None:
    source = field.unit_from
    assert source is not None
    told = file.cell(file.contract.field(source.column), row)
    return told if source.units is None else source.units.get(told)


def _other_row_unit(file: Delivered, field: Field) -> Iterator[Mutant]:
    units = [(row, unit) for row in range(len(file.rows)) if (unit := _row_unit(file, field, row)) is not None]
    for unit in dict.fromkeys(unit for _, unit in units):
        if (other := _foreign(unit)) is not None:
            text = f"{field.header}({other})"
            rows = tuple(line(row) for row, own in units if own == unit)
            yield Mutant(f"{text!r}", file.with_header(field, text), "wrong_unit", rows, text)


def _refused_header(file: Delivered, field: Field) -> Iterator[Mutant]:
    """For every pattern the first of some headers that it alone must keep out."""
    words = (field.header, re.sub(r"(量|合计|用作|加工转换|库存)", "", field.header), field.name)
    shapes = ("{}累计", "累计{}", "1-本月{}", "累计", "{}_ytd", "ytd_{}")
    tried = [shape.format(word) for word in words for shape in shapes]
    for pattern in field.refused_headers:
        if (text := next((text for text in tried if re.fullmatch(pattern, text)), None)) is not None:
            yield _head(file, field, text, "refused_header")


def _doubled(file: Delivered, field: Field) -> Iterator[Mutant]:
    column = [row[file.place(field)] for row in file.rows]
    for name in dict.fromkeys((field.name, *field.aliases)):
        yield Mutant(f"also {name!r}", file.with_column(name, column), "doubled_header", (HEADER_ROW,), name)


# Every rule a field can have: whether this one has it, and the mutants.
RULES: dict[str, tuple[Callable[[Field], bool], Maker]] = {
    "header": (lambda field: True, _doubled),
    "type": (_has_type, _wrong_type),
    "required": (lambda field: field.required, _missing),
    "codes": (lambda field: field.codes is not None, _outside),
    "dictionary": (lambda field: field.dictionary is not None, _outside),
    "minimum": (lambda field: field.minimum is not None and not is_coded(field), _below),
    "exclusive_minimum": (lambda field: field.exclusive_minimum is not None and not is_coded(field), _at_least),
    "maximum": (lambda field: field.maximum is not None and not is_coded(field), _above),
    "pattern": (lambda field: field.pattern is not None, _unlike),
    "percent": (_takes_no_percent, _percentage),
    "fraction_when": (lambda field: field.fraction_when is not None, _percentage),
    "unit": (lambda field: field.unit is not None, _other_unit),
    "unit_from": (lambda field: field.unit_from is not None, _other_row_unit),
    "refused_headers": (lambda field: bool(field.refused_headers), _refused_header),
}
# What a contract says of a field that refuses nothing by itself, or is judged over the whole file.
NO_RULE = frozenset({"name", "description", "aliases", "refused_advice", "default", "private", "key", "scope"})

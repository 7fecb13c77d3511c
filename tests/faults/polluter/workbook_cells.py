"""Workbooks with one odd cell, or one kind of cell: errors, formulas, numbers, dates and strings as XLSX has them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from random import Random
from xml.sax.saxutils import escape

from tests.faults.polluter.book import (
    DAY,
    FAITHFUL,
    MOMENT,
    PERCENT,
    SCIENCE,
    THOUSANDS,
    UNFAITHFUL,
    UNFAITHFUL_TO_TEXT,
    Book,
    Cell,
    delivered,
    error,
    exact,
    formula,
    number,
    replaced,
    serial,
    styles_of,
    text,
    typed,
)
from tests.faults.polluter.dress import NUMERIC
from tests.faults.polluter.model import Fault, Good, Polluted, Refused

DATED = ("meter_readings", "charging_sessions", "waste_weighings", "task_register")
TIMED = ("meter_readings", "charging_sessions", "waste_weighings")
SUPPLY = ("energy_supply",)


def _place(random: Random, good: Good, *types: str) -> tuple[int, int]:
    """A row and a required column of some types."""
    return random.randrange(len(good.rows)), random.choice(good.columns(*types, required=True))


def bad(cell: Cell | Callable[[Random], Cell], *types: str) -> Callable[[Random, Good], Polluted]:
    """A workbook with one such cell in a column of these types: refused there."""

    def make(random: Random, good: Good) -> Polluted:
        book, sheet = typed(random, good)
        row, column = _place(random, good, *(types or ("dec", "int")))
        sheet.cells[row + 2, column] = cell(random) if callable(cell) else cell
        return delivered(book, Refused(row + 2, good.header[column]))

    return make


def one_of(*cells: Cell) -> Callable[[Random], Cell]:
    return lambda random: random.choice(cells)


def same(change: Callable[[Book, str], Cell], *types: str) -> Callable[[Random, Good], Polluted]:
    """A workbook in which every filled cell of these types is written otherwise but says the same."""

    def make(random: Random, good: Good) -> Polluted:
        book, sheet = typed(random, good)
        for column in good.columns(*types):
            for row in range(len(good.rows)):
                if good.rows[row][column] and (row + 2, column) in sheet.cells:
                    sheet.cells[row + 2, column] = change(book, good.rows[row][column])
        return delivered(book, exact(good))

    return make


def valued(written: str, value: str, style: int | None = None) -> Callable[[Random, Good], Polluted]:
    """One quantity stored in an odd way, and the number that it is."""

    def make(random: Random, good: Good) -> Polluted:
        book, sheet = typed(random, good)
        row, column = _place(random, good, "dec")
        sheet.cells[row + 2, column] = number(written, style)
        return delivered(book, exact(good, values=replaced(good, row, column, Decimal(value))))

    return make


def _odd_text(random: Random, good: Good) -> Polluted:
    """One text under a format that adds words to texts, hides them or writes them twice."""
    book, sheet = typed(random, good)
    row, column = _place(random, good, "text")
    style = random.choice(styles_of(UNFAITHFUL_TO_TEXT))
    sheet.cells[row + 2, column] = replace(book.shared(good.rows[row][column]), style=style)
    return delivered(book, Refused(row + 2, good.header[column]))


def _dates(is_1904: bool) -> Callable[[Random, Good], Polluted]:
    def make(random: Random, good: Good) -> Polluted:
        book, sheet = typed(random, good, is_1904=is_1904)
        for column in good.columns("date", "ts", "month"):
            style = MOMENT if good.fields[column].type == "ts" else DAY
            for row, values in enumerate(good.values):
                value = values[good.fields[column].name]
                if value is not None:
                    sheet.cells[row + 2, column] = number(serial(value, is_1904), style)
        return delivered(book, exact(good))

    return make


def _iso_dates(random: Random, good: Good) -> Polluted:
    book, sheet = typed(random, good)
    for column in good.columns("date", "ts"):
        for row, values in enumerate(good.values):
            value = values[good.fields[column].name]
            if value is not None:
                sheet.cells[row + 2, column] = Cell(f"<v>{value.isoformat()}</v>", "d")
    return delivered(book, exact(good))


def _unformatted_date(random: Random, good: Good) -> Polluted:
    book, sheet = typed(random, good)
    row, column = _place(random, good, "date")
    sheet.cells[row + 2, column] = number(serial(good.values[row][good.fields[column].name]))
    return delivered(book, Refused(row + 2, good.header[column]))


def _day_with_time(random: Random, good: Good) -> Polluted:
    book, sheet = typed(random, good)
    row, column = _place(random, good, "date")
    day = serial(good.values[row][good.fields[column].name])
    sheet.cells[row + 2, column] = number(f"{day}.4375", MOMENT)
    return delivered(book, Refused(row + 2, good.header[column]))


def _percents(random: Random, good: Good) -> Polluted:
    book, sheet = typed(random, good)
    column = good.header.index("进度")
    for row, values in enumerate(good.values):
        sheet.cells[row + 2, column] = number(f"{values['progress'].scaleb(-2):f}", PERCENT)
    return delivered(book, exact(good))


def _booleans(random: Random, good: Good) -> Polluted:
    book, sheet = typed(random, good)
    (column,) = good.columns("bool")
    for row, values in enumerate(good.values):
        sheet.cells[row + 2, column] = Cell(f"<v>{int(values['obliged'])}</v>", "b")
    return delivered(book, exact(good))


def _noted(xml: str, value: str | None) -> Callable[[Random, Good], Polluted]:
    """A remark among the shared strings as this XML, and the text that it is; None when it must be refused."""

    def make(random: Random, good: Good) -> Polluted:
        book, sheet = typed(random, good)
        row, column = random.randrange(len(good.rows)), good.header.index("备注")
        sheet.cells[row + 2, column] = book.item(xml)
        if value is None:
            return delivered(book, Refused(row + 2, "备注"))
        return delivered(book, exact(good, values=replaced(good, row, column, value)))

    return make


def _no_strings(random: Random, good: Good) -> Polluted:
    book, _ = typed(random, good)
    book.changes["xl/sharedStrings.xml"] = lambda part: None
    return delivered(book, Refused())


def _spaced_blank(random: Random, good: Good) -> Polluted:
    """Optional cells that were blank hold white space."""
    book, sheet = typed(random, good)
    for row, cells in enumerate(good.rows):
        for column, written in enumerate(cells):
            if written == "":
                sheet.cells[row + 2, column] = text(random.choice((" ", "\u3000", "\u00a0", "—")))
    return delivered(book, exact(good))


def _right(random: Random, good: Good) -> Polluted:
    book, _ = typed(random, good)
    return delivered(book, exact(good))


def _wide(written: str) -> str:
    return written.translate({code: code + 0xFEE0 for code in range(0x21, 0x7F)})


def _styled(style: int, book: Book, written: str) -> Cell:
    return number(written, style)


def _marked(written: str) -> str:
    """A number with thousands marks."""
    whole, point, rest = written.partition(".")
    return f"{int(whole):,}{point}{rest}"


def _named(name: str, make: Callable[[Random, Good], Polluted], feeds: tuple[str, ...] = NUMERIC) -> Fault:
    return Fault(name, "workbooks", make, single_row=True, feeds=feeds)


def _whole(name: str, make: Callable[[Random, Good], Polluted], feeds: tuple[str, ...] | None = None) -> Fault:
    return Fault(name, "workbooks", make, feeds=feeds)


_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!")
_RICH = '<si><r><rPr><b/></rPr><t>按计划</t></r><r><t xml:space="preserve">,推进 </t></r></si>'
_PHONETIC = '<si><t>岳阳</t><rPh sb="0" eb="2"><t>ガクヨウ</t></rPh><phoneticPr fontId="1"/></si>'
FAULTS = (
    _whole("right_workbook", _right),
    _named("error_cell", bad(one_of(*map(error, _ERRORS)))),
    _named("error_cell_text", bad(one_of(*map(error, _ERRORS)), "text")),
    _named("formula_of_error", bad(one_of(*(formula(name, "1/0", "e") for name in _ERRORS)))),
    _named("formula_without_value", bad(Cell("<f>SUM(A1:A2)</f>"))),
    _named("formula_with_empty_value", bad(Cell("<f>SUM(A1:A2)</f><v></v>"))),
    _whole("formulas_cached", same(lambda book, written: formula(written), "dec", "int")),
    _whole("formulas_volatile", same(lambda book, written: formula(written, "RAND()*NOW()"), "dec", "int")),
    _whole(
        "formulas_shared",
        same(lambda book, written: Cell(f'<f t="shared" si="0"/><v>{written}</v>'), "dec", "int"),
    ),
    _whole("formulas_of_text", same(lambda book, written: formula(escape(written), 'A1&"x"', "str"), "text")),
    _whole("numbers_as_text", same(lambda book, written: text(f"{written} "), "dec", "int")),
    _whole("numbers_full_width", same(lambda book, written: text(_wide(written)), "dec", "int")),
    _whole("numbers_with_marks", same(lambda book, written: book.shared(_marked(written)), "dec", "int")),
    _whole("numbers_formatted", same(lambda book, written: number(written, THOUSANDS), "dec", "int")),
    _named("format_unfaithful_to_text", _odd_text),
    _named("format_unfaithful", bad(one_of(*(number("12", style) for style in styles_of(UNFAITHFUL))))),
    *(_whole(f"format_faithful_{n}", same(partial(_styled, n), "dec", "int")) for n in styles_of(FAITHFUL)),
    _named("number_spaced", bad(one_of(text("1 234"), text("12\u00a0345"), text("1 2"), text("1'234")))),
    _named("number_of_words", bad(one_of(text("约100"), text("100吨"), text("1e5"), text("NaN"), text("１２Ｘ")))),
    _whole("percent_cells", _percents, ("task_register",)),
    _named("percent_elsewhere", bad(number("0.5", PERCENT), "dec"), SUPPLY),
    _whole("boolean_cells", _booleans, ("cleaner_production",)),
    _named(
        "boolean_odd", bad(one_of(Cell("<v>2</v>", "b"), Cell("<v>TRUE!</v>", "b")), "bool"), ("cleaner_production",)
    ),
    _named("boolean_in_number", bad(Cell("<v>1</v>", "b"))),
    _named("number_huge", bad(one_of(number("1e400"), number("-1E400"), number("1e308"), number("1E+16")))),
    _named("number_none", bad(one_of(*map(number, ("NaN", "INF", "-INF", "Infinity", "nan"))))),
    _named("number_none_text", bad(one_of(*map(number, ("NaN", "INF", "1e400"))), "text")),
    _named("number_garbage", bad(one_of(*map(number, ("abc", "1,5", "1 2", "--1", "12.5x", "0x1F", "1_000", "１２"))))),
    _named("number_beyond_double", bad(number("9007199254740993"), "int", "dec")),
    _named("number_of_other_digits", bad(number("430601123456789012345"), "text")),
    _whole("minus_zero", valued("-0", "0"), SUPPLY),
    _whole("seventeen_digits", valued("0.10000000000000001", "0.1"), SUPPLY),
    _whole("exponent", valued("1.25E+2", "125", SCIENCE), SUPPLY),
    _whole("long_fraction", valued("1234.5678901234499", "1234.567890123"), SUPPLY),
    _whole("inline_strings", same(lambda book, written: text(written), "text", "bool")),
    _whole("rich_text", _noted(_RICH, "按计划,推进"), ("task_register",)),
    _whole("phonetic_guide", _noted(_PHONETIC, "岳阳"), ("task_register",)),
    _whole("escaped_underscore", _noted("<si><t>_x005F_x0041_</t></si>", "_x0041_"), ("task_register",)),
    _named("escaped_nul", _noted("<si><t>甲_x0000_乙</t></si>", None), ("task_register",)),
    _named("shared_beyond", bad(Cell("<v>999999</v>", "s"), "text")),
    _named("shared_negative", bad(Cell("<v>-1</v>", "s"), "text")),
    _named(
        "shared_garbage", bad(one_of(Cell("<v>x</v>", "s"), Cell("<v>1.5</v>", "s"), Cell("<v>1_0</v>", "s")), "text")
    ),
    _whole("shared_missing", _no_strings),
    _named("value_twice", bad(Cell("<v>1</v><v>2</v>"))),
    _named("value_and_text", bad(one_of(Cell("<v>1</v><is><t>2</t></is>"), Cell("<is><t>2</t></is>")))),
    _named("type_unknown", bad(Cell("<v>12</v>", "x"))),
    _named("style_beyond", bad(number("12", 400))),
    _named("style_negative", bad(number("12", -1))),
    _named("date_before_1900", bad(one_of(number("-5", DAY), text("1899-12-31"), number("0", DAY)), "date"), DATED),
    _named("date_of_1900_02_29", bad(number("60", DAY), "date"), DATED),
    _named(
        "date_beyond", bad(one_of(number("2958466", DAY), number("1e300", DAY), number("90000", DAY)), "date"), DATED
    ),
    _named("date_unformatted", _unformatted_date, DATED),
    _named("date_with_time", _day_with_time, DATED),
    _named("date_in_number", bad(number("45352", DAY), "dec"), SUPPLY),
    _named("time_only", bad(number("0.5", 8), "ts"), TIMED),
    _whole("dates_1900", _dates(False), DATED + SUPPLY),
    _whole("dates_1904", _dates(True), DATED + SUPPLY),
    _whole("dates_iso", _iso_dates, DATED),
    _whole("blanks_of_space", _spaced_blank),
)

"""Workbooks with an odd sheet, or odd sheets: hidden, doubled, merged, sparse, out of order, with several tables."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.faults.polluter.book import (
    Book,
    Cell,
    Sheet,
    delivered,
    error,
    exact,
    letters,
    number,
    text,
    typed,
)
from tests.faults.polluter.model import Either, Fault, Good, Polluted, Refused

Make = Callable[[Random, Good], Polluted]
NAMES = ("2024年3月", "a & b", "<x>", 'it"s', "表 '1'", "😀数据", "Sheet!1", "..", "x" * 31, "=SUM(A1)")


def _with(change: Callable[[Random, Good, Book, Sheet], object], refused: Refused | None = None) -> Make:
    """The right workbook after a change that keeps its content, or that must be refused."""

    def make(random: Random, good: Good) -> Polluted:
        book, sheet = typed(random, good)
        change(random, good, book, sheet)
        return delivered(book, refused or exact(good, sheet=sheet.name))

    return make


def _another(state: str, is_same: bool) -> Callable[[Random, Good, Book, Sheet], object]:
    """A further sheet: a copy of the table, or a note."""

    def change(random: Random, good: Good, book: Book, sheet: Sheet) -> None:
        more = Sheet("草稿", state, dict(sheet.cells) if is_same else {(1, 0): text("说明")})
        book.sheets.insert(random.randrange(2), more)

    return change


def _hide(random: Random, good: Good, book: Book, sheet: Sheet) -> None:
    sheet.state = random.choice(("hidden", "veryHidden"))
    book.sheets.append(Sheet("封面", cells={(1, 0): text("封面")}))


def _rename(random: Random, good: Good, book: Book, sheet: Sheet) -> None:
    sheet.name = random.choice(NAMES)


def _down(random: Random, good: Good, lines: int, titles: bool) -> Polluted:
    book, sheet = typed(random, good, top=lines + 1)
    if titles:
        sheet.fill(1, [text("2024 年度报表")])
        sheet.fill(2, [text("填报单位："), text("甲公司")])
        sheet.merge(f"A1:{letters(len(good.header) - 1)}1")
    return delivered(book, exact(good, rows=range(lines + 2, lines + 2 + len(good.rows))))


def _preamble(random: Random, good: Good) -> Polluted:
    return _down(random, good, random.randint(2, 9), True)


def _far_header(random: Random, good: Good) -> Polluted:
    made = _down(random, good, 300, False)
    return Polluted(made.name, made.content, Either(made.expect, Refused(), "blank rows above are no fault"))  # type: ignore[arg-type]


def _aside(random: Random, good: Good) -> Polluted:
    book, _ = typed(random, good, left=random.randint(1, 5))
    return delivered(book, exact(good))


def _gaps(random: Random, good: Good) -> Polluted:
    """Blank rows between the rows, some of them with formats only."""
    book, sheet = typed(random, good)
    rows: list[int] = []
    moved = {(1, column): cell for (row, column), cell in sheet.cells.items() if row == 1}
    at = 1
    for row in range(len(good.rows)):
        at += random.choice((1, 1, 2, 3))
        rows.append(at)
        moved.update({(at, column): cell for (old, column), cell in sheet.cells.items() if old == row + 2})
    sheet.cells = {**moved, (at + 3, 0): Cell("", style=1), (at + 4, 0): text("")}
    return delivered(book, exact(good, rows=rows))


def _blank_column(random: Random, good: Good) -> Polluted:
    book, sheet = typed(random, good)
    at = random.randint(1, len(good.header) - 1)
    sheet.cells = {(row, column + (column >= at)): cell for (row, column), cell in sheet.cells.items()}
    return delivered(book, exact(good))


def _totals(random: Random, good: Good) -> Polluted:
    book, sheet = typed(random, good)
    last = len(good.rows) + 2
    sheet.fill(last, [text(random.choice(("合计", "总 计", "小计：")))])
    sheet.cells[last, len(good.header) - 1] = error("#REF!")
    sheet.fill(last + 2, [text("填表人：张三"), None, text("负责人：李四")])
    sheet.merge(f"A{last}:B{last}", f"A{last + 2}:C{last + 3}")
    return delivered(book, exact(good))


def _merged_header(random: Random, good: Good) -> Polluted:
    book, sheet = typed(random, good)
    at = random.choice([index for index in range(1, len(good.header)) if good.fields[index].required])
    del sheet.cells[1, at]
    sheet.merge(f"{letters(at - 1)}1:{letters(at)}1")
    return delivered(book, Refused(1, good.header[at]))


def _merged_rows(random: Random, good: Good) -> Polluted:
    """Two rows share a cell: the lower one has none of its own."""
    book, sheet = typed(random, good)
    row, at = random.randrange(len(good.rows) - 1), random.randrange(len(good.header))
    sheet.cells.pop((row + 3, at), None)
    sheet.merge(f"{letters(at)}{row + 2}:{letters(at)}{row + 3}")
    return delivered(book, Refused(row + 3, good.header[at], also=(row + 2,)))


def _merged_across(random: Random, good: Good) -> Polluted:
    """Two columns of a row share a cell: the right one has none of its own."""
    book, sheet = typed(random, good)
    row, at = random.randrange(len(good.rows)), random.randrange(len(good.header) - 1)
    sheet.cells.pop((row + 2, at + 1), None)
    sheet.merge(f"{letters(at)}{row + 2}:{letters(at + 1)}{row + 2}")
    return delivered(book, Refused(row + 2, good.header[at]))


def _copy_at(row_step: int, column_step: int) -> Make:
    """The same table once more, so many rows below the first or columns right of it."""

    def make(random: Random, good: Good) -> Polluted:
        book, sheet = typed(random, good)
        below = (len(good.rows) + row_step) if row_step else 0
        right = (len(good.header) + column_step) if column_step else 0
        again = {(row + below, column + right): cell for (row, column), cell in sheet.cells.items()}
        sheet.cells.update(again)
        return delivered(book, Refused())

    return make


def _other_below(random: Random, good: Good) -> Polluted:
    """Another table under the first, with a header of its own."""
    book, sheet = typed(random, good)
    row = len(good.rows) + 4
    sheet.fill(row, [text("部门"), text("人数")])
    sheet.fill(row + 1, [text("一科"), number(3)])
    return delivered(book, Refused(row, good.header[0], also=(row + 1,)))


def _far_cell(random: Random, good: Good) -> Polluted:
    book, sheet = typed(random, good)
    sheet.cells[1_048_576, 16_383] = text("x")
    return delivered(book, Refused(1_048_576))


def _changed_xml(old: str, new: Callable[[Good], str], expect: Callable[[Good], Refused]) -> Make:
    """The right sheet with the first `old` in its XML (with `{last}` the last row) another text."""

    def make(random: Random, good: Good) -> Polluted:
        book, _ = typed(random, good)
        before, after = old.format(last=len(good.rows) + 1).encode(), new(good).encode()
        book.changes["xl/worksheets/sheet1.xml"] = lambda part: part.replace(before, after, 1)
        return delivered(book, expect(good))

    return make


def _last(good: Good) -> int:
    return len(good.rows) + 1


def _no_references(random: Random, good: Good, book: Book, sheet: Sheet) -> None:
    sheet.has_references = False


def _dimension(random: Random, good: Good, book: Book, sheet: Sheet) -> None:
    sheet.before = f'<dimension ref="{random.choice(("A1", "A1:B2", "A1:XFD1048576", "Z9:A1", "x"))}"/>'


def _filter(random: Random, good: Good, book: Book, sheet: Sheet) -> None:
    sheet.rows = {row + 2: ' hidden="1"' for row in range(len(good.rows)) if random.random() < 0.4}
    sheet.before = '<sheetPr filterMode="1"/><cols><col min="1" max="2" width="9" hidden="1"/></cols>'
    sheet.after = f'<autoFilter ref="A1:{letters(len(good.header) - 1)}{len(good.rows) + 1}"/>'


def _second_header(random: Random, good: Good) -> Polluted:
    book, sheet = typed(random, good)
    row = random.randint(1, len(good.rows))
    later = {(at + (at > row), column): cell for (at, column), cell in sheet.cells.items()}
    sheet.cells = later
    sheet.fill(row + 1, [text(name) for name in good.header])
    return delivered(book, Refused(row + 1))


def _wide(random: Random, good: Good) -> Polluted:
    book, sheet = typed(random, good)
    sheet.fill(1, [text(f"列{number}") for number in range(600)], len(good.header) + 1)
    return delivered(book, Refused())


def _remark(random: Random, good: Good, book: Book, sheet: Sheet) -> None:
    sheet.cells[2 + random.randrange(len(good.rows)), len(good.header)] = text("已核对")


def _unknown(random: Random, good: Good, book: Book, sheet: Sheet) -> None:
    sheet.fill(1, [text("内部编码")], len(good.header))
    sheet.fill(2, [error("#REF!")], len(good.header))


def _header_only(random: Random, good: Good) -> Polluted:
    book, sheet = typed(random, good)
    sheet.cells = {at: cell for at, cell in sheet.cells.items() if at[0] == 1}
    return delivered(book, Refused(1))


def _several(random: Random, good: Good, book: Book, sheet: Sheet) -> None:
    for name in ("封面", "说明", "Sheet3"):
        book.sheets.insert(random.randrange(len(book.sheets) + 1), Sheet(name))


def _whole(name: str, make: Make) -> Fault:
    return Fault(name, "workbooks", make)


def _named(name: str, make: Make) -> Fault:
    return Fault(name, "workbooks", make, single_row=True)


def _in_last(good: Good) -> Refused:
    return Refused(_last(good))


def _last_row(number: str, named: int | None = None) -> Make:
    """The last row under another number; the report names that number where it can be one."""
    return _changed_xml('<row r="{last}"', lambda good: f'<row r="{number}"', lambda good: Refused(named))


FAULTS = (
    _whole("sheet_hidden", _with(_another("hidden", True))),
    _whole("sheet_very_hidden", _with(_another("veryHidden", True))),
    _whole("sheet_of_notes", _with(_another("visible", False))),
    _whole("sheet_of_data_hidden", _with(_hide, Refused())),
    _whole("sheets_both_match", _with(_another("visible", True), Refused())),
    _whole("sheet_names", _with(_rename)),
    _whole("sheets_empty", _with(_several)),
    _whole("sheet_preamble", _preamble),
    _whole("sheet_header_far_down", _far_header),
    _whole("sheet_aside", _aside),
    _whole("sheet_blank_rows", _gaps),
    _whole("sheet_blank_column", _blank_column),
    _whole("sheet_totals_merged", _totals),
    _whole("sheet_filtered", _with(_filter)),
    _whole("sheet_dimension", _with(_dimension)),
    _whole("sheet_without_references", _with(_no_references)),
    _whole("sheet_remark_aside", _with(_remark)),
    _whole("sheet_unknown_column", _with(_unknown)),
    _whole("sheet_too_wide", _wide),
    _whole("sheet_header_only", _header_only),
    _named("merged_header", _merged_header),
    _named("merged_rows", _merged_rows),
    _named("merged_across", _merged_across),
    _named("merged_garbage", _with(lambda r, g, b, sheet: sheet.merge("A:1"), Refused())),
    _named("second_header", _second_header),
    _whole("tables_below", _copy_at(3, 0)),
    _whole("tables_at_once", _copy_at(1, 0)),
    _whole("tables_aside", _copy_at(0, 2)),
    _whole("tables_other_below", _other_below),
    _whole("sheet_sparse", _far_cell),
    _named("row_out_of_order", _changed_xml('<row r="{last}"', lambda good: '<row r="1"', lambda good: Refused(1))),
    _named("row_twice", _changed_xml('<row r="2"', lambda good: '<row r="1"', lambda good: Refused(1))),
    _named("row_number_odd", _last_row("-3")),
    _named("row_beyond", _last_row("1048577", 1_048_577)),
    _named("row_far_beyond", _last_row("99999999999999999999")),
    _named("cell_twice", _changed_xml('<c r="A{last}"', lambda good: f'<c r="C{_last(good)}"', _in_last)),
    _named("cell_of_other_row", _changed_xml('<c r="A{last}"', lambda good: '<c r="B2000"', _in_last)),
    _named("cell_in_small_letters", _changed_xml('<c r="A{last}"', lambda good: f'<c r="a{_last(good)}"', _in_last)),
    _named("cell_beyond_columns", _changed_xml('<c r="A{last}"', lambda good: f'<c r="XFE{_last(good)}"', _in_last)),
    _named("cell_without_place", _changed_xml('<c r="A{last}"', lambda good: '<c r=""', _in_last)),
)  # fmt: skip

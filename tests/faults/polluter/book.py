"""Workbooks written by hand, part by part and cell by cell, so that any of them can be wrong."""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import pyarrow as pa

from tests.faults.polluter.goods import Default, Row, truth
from tests.faults.polluter.model import Exact, Expectation, Good, Polluted

SHEET = "数据"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
DAY, MOMENT, PERCENT, PLAIN_TEXT, MONTH, THOUSANDS, SCIENCE, CLOCK = range(1, 9)
# number formats of a workbook's own: what shows the number that is stored, and what shows another or none
FAITHFUL = (
    "#,##0.00_);[Red]\\(#,##0.00\\)",
    '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    "[$-804]0.0_ ;[Red]\\-0.0\\ ",
    "[DBNum1][$-804]General",
    "0000000.00",
    "[>1000]#,##0;0.00",
    "+0.00;-0.00;0.00;@",
)
UNFAITHFUL = (
    '0"万"',
    "#,##0,",
    "0.0,,",
    '0"000"',
    ";;;",
    "0!.00",
    '"约"0',
    '0"‰"',
    '"US$"0',
    '""',
    "[>=0]\\-0;0",
    "0*0",
    "0%%",
    '0"+"',
)
UNFAITHFUL_TO_TEXT = ('@"号"', '0;-0;0;"有"', "@@")
_OWN = ('yyyy"年"m"月"', *FAITHFUL, *UNFAITHFUL, *UNFAITHFUL_TO_TEXT)
_FORMATS = (0, 14, 22, 10, 49, 164, 4, 11, 20, *range(165, 164 + len(_OWN)))
_FIRST_OWN = 9


def styles_of(codes: Sequence[str]) -> list[int]:
    """The cell styles of some of these formats."""
    return [_FIRST_OWN - 1 + _OWN.index(code) for code in codes]


@dataclass(frozen=True)
class Cell:
    """What stands inside `<c …>…</c>` and its attributes after the reference."""

    inner: str
    type: str = ""
    style: int | None = None

    def xml(self, reference: str | None) -> str:
        place = f' r="{reference}"' if reference else ""
        style = "" if self.style is None else f' s="{self.style}"'
        return f"<c{place}{style}{f' t={quoteattr(self.type)}' if self.type else ''}>{self.inner}</c>"


def number(value: object, style: int | None = None) -> Cell:
    return Cell(f"<v>{value}</v>", style=style)


def text(value: str) -> Cell:
    """A text in the cell itself."""
    return Cell(f'<is><t xml:space="preserve">{escape(value)}</t></is>', "inlineStr")


def formula(value: object, made_by: str = "A1+1", type: str = "") -> Cell:
    return Cell(f"<f>{escape(made_by)}</f><v>{value}</v>", type)


def error(name: str) -> Cell:
    return Cell(f"<v>{name}</v>", "e")


def letters(column: int) -> str:
    """The letters of a column counted from 0."""
    found, column = "", column + 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def serial(value: date, is_1904: bool = False) -> str:
    """A day or time as Excel stores it."""
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    since = moment - (datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30))
    return str(since.days) if not since.seconds else repr(since.days + since.seconds / 86_400)


@dataclass
class Sheet:
    """A sheet: cells by row (from 1) and column (from 0), and whatever else its XML holds."""

    name: str = SHEET
    state: str = "visible"
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    rows: dict[int, str] = field(default_factory=dict)
    before: str = ""
    after: str = ""
    has_references: bool = True

    def fill(self, row: int, cells: Sequence[Cell | None], column: int = 0) -> None:
        for offset, cell in enumerate(cells):
            if cell is not None:
                self.cells[row, column + offset] = cell

    def merge(self, *areas: str) -> None:
        self.after += f'<mergeCells count="{len(areas)}">' + "".join(f'<mergeCell ref="{a}"/>' for a in areas)
        self.after += "</mergeCells>"

    def _row(self, row: int) -> str:
        place = f' r="{row}"' if self.has_references else ""
        filled = sorted(column for at, column in self.cells if at == row)
        columns = filled if self.has_references else range(filled[-1] + 1)
        blank = Cell("")
        cells = "".join(
            self.cells.get((row, column), blank).xml(f"{letters(column)}{row}" if self.has_references else None)
            for column in columns
        )
        return f"<row{place}{self.rows.get(row, '')}>{cells}</row>"

    def xml(self) -> str:
        rows = "".join(self._row(row) for row in sorted({row for row, _ in self.cells}))
        return (
            f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{self.before}'
            f"<sheetData>{rows}</sheetData>{self.after}</worksheet>"
        )


@dataclass
class Book:
    """Sheets, shared strings and what is to be done to the parts before they are packed."""

    sheets: list[Sheet]
    strings: list[str] = field(default_factory=list)
    is_1904: bool = False
    changes: dict[str, Callable[[bytes], bytes | None]] = field(default_factory=dict)
    more: dict[str, bytes] = field(default_factory=dict)

    def parts(self) -> dict[str, bytes]:
        """Every part by its name; a change that gives None leaves the part out."""
        parts = {
            "[Content_Types].xml": self._types(),
            "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        }
        parts["xl/workbook.xml"] = self._workbook()
        names = [("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(self.sheets) + 1)]
        parts["xl/_rels/workbook.xml.rels"] = _relations(
            [*names, ("styles", "styles.xml"), ("sharedStrings", "sharedStrings.xml")]
        )
        for number_, sheet in enumerate(self.sheets, 1):
            parts[f"xl/worksheets/sheet{number_}.xml"] = sheet.xml().encode()
        parts["xl/styles.xml"] = _styles()
        items = "".join(self.strings)
        parts["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{MAIN}">{items}</sst>'.encode()
        changed = {name: self.changes.get(name, lambda part: part)(part) for name, part in parts.items()}
        return {**{name: part for name, part in changed.items() if part is not None}, **self.more}

    def shared(self, value: str) -> Cell:
        """A text among the shared strings."""
        return self.item(f'<si><t xml:space="preserve">{escape(value)}</t></si>')

    def item(self, xml: str) -> Cell:
        self.strings.append(xml)
        return Cell(f"<v>{len(self.strings) - 1}</v>", "s")

    def _types(self) -> bytes:
        base = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        sheets = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{base}.worksheet+xml"/>'
            for n in range(1, len(self.sheets) + 1)
        )
        return (
            f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{base}.sheet.main+xml"/>{sheets}</Types>'
        ).encode()

    def _workbook(self) -> bytes:
        sheets = "".join(
            f'<sheet name={quoteattr(sheet.name)} sheetId="{n}" state="{sheet.state}" r:id="rId{n}"/>'
            for n, sheet in enumerate(self.sheets, 1)
        )
        kind = '<workbookPr date1904="1"/>' if self.is_1904 else "<workbookPr/>"
        return (
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{kind}<sheets>{sheets}</sheets></workbook>'
        ).encode()

    def packed(self) -> bytes:
        return zipped(list(self.parts().items()))


def _relations(targets: Sequence[tuple[str, str]]) -> bytes:
    items = "".join(
        f'<Relationship Id="rId{n}" Type="{OFFICE}/{type}" Target="{target}"/>'
        for n, (type, target) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'.encode()


def _styles() -> bytes:
    formats = "".join(f'<xf numFmtId="{number}"/>' for number in _FORMATS)
    codes = "".join(
        f"<numFmt numFmtId={quoteattr(str(164 + n))} formatCode={quoteattr(c)}/>" for n, c in enumerate(_OWN)
    )
    own = f'<numFmts count="{len(_OWN)}">{codes}</numFmts>'
    return f'{HEAD}<styleSheet xmlns="{MAIN}">{own}<cellXfs>{formats}</cellXfs></styleSheet>'.encode()


def zipped(entries: Sequence[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive, the same bytes for the same entries."""
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w", method) as archive:
        warnings.simplefilter("ignore")  # two entries of one name are meant
        for name, content in entries:
            info = name if isinstance(name, zipfile.ZipInfo) else zipfile.ZipInfo(name)
            info.compress_type = method
            archive.writestr(info, content)
    return target.getvalue()


def cell_of(book: Book, good: Good, row: int, column: int, dated: bool) -> Cell | None:
    """A cell as a workbook holds it: numbers as numbers, dates as dates when `dated`, all else as shared text."""
    field_, written = good.fields[column], good.rows[row][column]
    value = good.values[row][field_.name]
    if written == "":
        return None
    if field_.type in ("dec", "int", "year"):
        return number(repr(float(value)) if isinstance(value, Decimal) else value)
    if dated and field_.type in ("date", "ts", "month"):
        return number(serial(value), {"date": DAY, "ts": MOMENT, "month": MONTH}[field_.type])
    return book.shared(written)


def typed(random: Random, good: Good, top: int = 1, left: int = 0, is_1904: bool = False) -> tuple[Book, Sheet]:
    """A right workbook of one sheet, the header in row `top` (from 1) and column `left` (from 0)."""
    sheet = Sheet()
    book = Book([sheet], is_1904=is_1904)
    sheet.fill(top, [book.shared(name) for name in good.header], left)
    dated = not is_1904 and random.random() < 0.5
    for row in range(len(good.rows)):
        cells = [cell_of(book, good, row, column, dated) for column in range(len(good.header))]
        sheet.fill(top + 1 + row, cells, left)
    return book, sheet


def exact(
    good: Good, rows: Sequence[int] | None = None, values: Sequence[Row] | None = None, sheet: str | None = SHEET
) -> Exact:
    """The truth as it loads from a sheet of that name; `rows` are the sheet's own."""
    table = truth(good.contract, values or good.values, rows)
    place = table.column_names.index("_sheet")
    return Exact(table.set_column(place, "_sheet", pa.array([sheet] * table.num_rows, pa.string())))


def delivered(book: Book, expect: Expectation, name: str = "delivery.xlsx") -> Polluted:
    return Polluted(name, book.packed(), expect)


def replaced(good: Good, row: int, column: int, value: Any) -> list[Row]:
    """The values with one of them another one."""
    name = good.fields[column].name
    value = value.value if isinstance(value, Default) else value
    return [{**one, name: value} if number == row else one for number, one in enumerate(good.values)]

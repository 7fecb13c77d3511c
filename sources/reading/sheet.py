"""One sheet of an XLSX file: its XML into marked cells. Runs in the worker process."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from typing import IO, Any
from xml.parsers import expat

from sources.reading import cells
from sources.reading.layout import Layout, area, column_number
from sources.reading.numfmt import PLAIN, NumberFormat, number_cell
from sources.reading.strikes import WHOLLY, Runs
from sources.reading.text import is_missing

MAX_COLUMNS = 500
MAX_COLUMN, MAX_ROW = 16_384, 1_048_576
MAX_MERGED = 100_000
TRUE = ("1", "true")
_INDEX = re.compile("[0-9]{1,9}")
_LETTERS = re.compile("[A-Z]{1,3}")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class BadWorkbook(Exception):
    """Why a workbook cannot be read: a code, the reason in both languages, and the row of the sheet if it is in one."""

    def __init__(self, code: str, zh: str, en: str, row: int | None = None) -> None:
        super().__init__(code, zh, en)
        self.code, self.zh, self.en, self.row = code, zh, en, row


def parse(stream: IO[bytes], start: Callable[..., None], end: Callable[..., None], data: Callable[..., None]) -> None:
    """Run a namespace-blind parser over a part; document types are refused."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data

    def doctype(*_: Any) -> None:
        raise BadWorkbook("bad_workbook", "工作簿含有文档类型声明", "the workbook declares a document type")

    parser.StartDoctypeDeclHandler = doctype
    parser.ParseFile(stream)


def local_name(name: str) -> str:
    return name.rpartition(":")[2]


def unescape(text: str) -> str:
    """Undo the `_x000D_` escapes of stored strings."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class Sheet:
    """The filled cells of one sheet, gathered while its XML is parsed. `columns[c]` maps a row's position to a cell."""

    def __init__(self, strings: list[str], formats: list[NumberFormat], is_1904: bool) -> None:
        self.rows: list[int] = []
        self.columns: dict[int, dict[int, str]] = {}
        self.layout = Layout()
        self._strings, self._formats, self._is_1904 = strings, formats, is_1904
        self._of_text = {str(n): format.of_text for n, format in enumerate(formats) if format.of_text}
        self._text: Callable[[str], str] = self._text_as_shown if self._of_text else cells.text_cell
        self._row, self._row_text = 0, "0"
        self._column = -1
        self._type = "n"
        self._style = "0"
        self._value: list[str] | None = None
        self._texts: list[str] = []
        self._values = 0
        self._has_text = self._has_formula = self._in_phonetic = False
        self._columns_by_name: dict[str, int] = {}
        self._struck_styles: Set[str] = frozenset()
        self._struck_strings: Mapping[str, str] = {}
        self._runs = Runs()

    def strike(self, styles: Set[str], strings: Mapping[str, str]) -> None:
        """The styles and, by number, the shared strings that are struck out."""
        self._struck_styles, self._struck_strings = styles, strings

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name if ":" not in name else local_name(name)
        if name == "c":
            self._start_cell(attributes)
        elif name == "v":
            self._value, self._values = self._texts, self._values + 1
        elif name == "t":
            self._value, self._has_text = None if self._in_phonetic else self._texts, True
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "rPh":
            self._in_phonetic = True
        elif name in ("mergeCell", "col"):
            self._lay_out(name, attributes)
        elif name in ("r", "strike"):
            self._runs.start(name, attributes)

    def _start_row(self, attributes: dict[str, str]) -> None:
        text = attributes.get("r", "")
        row = (int(text) if _INDEX.fullmatch(text) else 0) if "r" in attributes else self._row + 1
        if row > MAX_ROW:
            raise BadWorkbook("bad_workbook", f"行号超过 {MAX_ROW}", f"a row beyond {MAX_ROW}", row)
        if row <= self._row:
            zh, en = "工作表的行次序混乱", "the rows of the sheet are out of order"
            raise BadWorkbook("bad_workbook", zh, en, row or None)
        self._row, self._row_text, self._column = row, str(row), -1
        if attributes.get("hidden") in TRUE:
            self.layout.hidden_rows.append(row)

    def _lay_out(self, name: str, attributes: dict[str, str]) -> None:
        if name == "col":
            if attributes.get("hidden") in TRUE and len(self.layout.hidden_columns) < MAX_COLUMN:
                self.layout.hidden_columns.append((int(attributes["min"]) - 1, int(attributes["max"]) - 1))
            return
        merged = area(attributes.get("ref", ""))
        if merged is None or len(self.layout.merged) == MAX_MERGED:
            raise BadWorkbook("bad_workbook", "合并单元格的记录有误", "merged cells that cannot be")
        self.layout.merged.append(merged)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            column = self._columns_by_name.get(letters)
            if column is None:
                column = self._columns_by_name[letters] = self._known(letters)
            if reference[len(letters) :] != self._row_text:
                zh, en = f"单元格 {reference} 不在其行内", f"the cell {reference} does not stand in its row"
                raise BadWorkbook("bad_workbook", zh, en, self._row)
            self._column = column
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "0")
        self._texts.clear()
        self._values = 0
        self._has_text = self._has_formula = False

    def _known(self, letters: str) -> int:
        """The column of these letters, which must be one of a sheet's."""
        column = column_number(letters) if _LETTERS.fullmatch(letters) else MAX_COLUMN
        if column >= MAX_COLUMN:
            zh, en = f"没有这样的列：{letters[:9]}", f"no such column: {letters[:9]}"
            raise BadWorkbook("bad_workbook", zh, en, self._row)
        return column

    def data(self, text: str) -> None:
        if self._value is not None:
            self._value.append(text)
            if self._has_text:
                self._runs.add(text)

    def end(self, name: str) -> None:
        name = name if ":" not in name else local_name(name)
        if name in ("v", "t"):
            self._value = None
        elif name == "rPh":
            self._in_phonetic = False
        elif name == "c":
            cell = self._cell("".join(self._texts))
            how = self._runs.end() if self._has_text else None
            if cell is not None:
                self._store(cell)
                self._note_strike(how)

    def _store(self, cell: str) -> None:
        if not self.rows or self.rows[-1] != self._row:
            self.rows.append(self._row)
        column = self.columns.get(self._column)
        if column is None:
            if len(self.columns) == MAX_COLUMNS:
                raise BadWorkbook(
                    "too_many_columns", f"工作表超过 {MAX_COLUMNS} 列", f"more than {MAX_COLUMNS} columns"
                )
            column = self.columns[self._column] = {}
        if column.setdefault(len(self.rows) - 1, cell) is not cell:
            raise BadWorkbook("bad_workbook", "同一单元格出现两次", "a cell is given twice", self._row)

    def _note_strike(self, how: str | None) -> None:
        if self._style in self._struck_styles:
            how = WHOLLY
        elif self._type == "s" and self._struck_strings:
            how = self._struck_strings.get("".join(self._texts))
        if how and len(self.layout.struck) < MAX_MERGED:
            self.layout.struck[self._row, self._column] = how

    def _cell(self, text: str) -> str | None:
        """The marked cell, None when it is empty."""
        type = self._type
        if self._values > 1 or (self._has_text != (type == "inlineStr") and (self._has_text or self._values)):
            return cells.tag(cells.ODD, text)
        if type == "s":
            if not text:
                return None
            is_there = _INDEX.fullmatch(text) is not None and int(text) < len(self._strings)
            return self._text(self._strings[int(text)]) if is_there else cells.tag(cells.ODD, text)
        if type == "inlineStr" or (type == "str" and self._values):
            return self._text(unescape(text)) or None
        if self._has_formula and not text:
            return cells.tag(cells.NO_VALUE, "")
        return self._typed(type, text.strip()) if text else None

    def _text_as_shown(self, text: str) -> str:
        how = self._of_text.get(self._style)
        return cells.shown_otherwise(text, how) if how and not is_missing(text) else cells.text_cell(text)

    def _typed(self, type: str, text: str) -> str:
        """A cell whose type is not text."""
        if type == "e":
            return cells.tag(cells.ERROR, text)
        if type == "b":
            value = {"1": "1", "true": "1", "0": "0", "false": "0"}.get(text)
            return cells.tag(cells.BOOL, value) if value else cells.tag(cells.ODD, text)
        if type == "d":
            return cells.tag(cells.DATE if len(text) == 10 else cells.MOMENT, text)
        if type != "n":
            return cells.tag(cells.ODD, text)
        if not _INDEX.fullmatch(self._style) or int(self._style) >= max(len(self._formats), 1):
            return cells.tag(cells.ODD, text)
        return number_cell(text, self._formats[int(self._style)] if self._formats else PLAIN, self._is_1904)

"""One sheet of an XLSX file: its XML into marked cells. Runs in the worker process."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import IO, Any
from xml.parsers import expat

from sources.reading import cells
from sources.reading.numfmt import number_cell

MAX_COLUMNS = 500
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class BadWorkbook(Exception):
    """Why a workbook cannot be read: a code and the reason in both languages."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(code, zh, en)


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


def _column_of(reference: str) -> int:
    """The column of a cell reference, counted from 0."""
    number = 0
    for letter in reference:
        if not "A" <= letter <= "Z":
            break
        number = number * 26 + ord(letter) - 64
    return number - 1


class Sheet:
    """The filled cells of one sheet, gathered while its XML is parsed. `columns[c]` maps a row's position to a cell."""

    def __init__(self, strings: list[str], kinds: list[str], is_1904: bool) -> None:
        self.rows: list[int] = []
        self.columns: dict[int, dict[int, str]] = {}
        self._strings, self._kinds, self._is_1904 = strings, kinds, is_1904
        self._row = 0
        self._column = -1
        self._type: str | None = None
        self._style = 0
        self._value: list[str] | None = None
        self._texts: list[str] = []
        self._has_value = self._has_formula = self._in_phonetic = False
        self._columns_by_name: dict[str, int] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        name = name if ":" not in name else local_name(name)
        if name == "c":
            self._start_cell(attributes)
        elif name == "v":
            self._value, self._has_value = self._texts, True
        elif name == "t":
            self._value = None if self._in_phonetic else self._texts
        elif name == "f":
            self._has_formula = True
        elif name == "row":
            self._start_row(attributes)
        elif name == "rPh":
            self._in_phonetic = True

    def _start_row(self, attributes: dict[str, str]) -> None:
        row = int(attributes["r"]) if "r" in attributes else self._row + 1
        if row <= self._row:
            raise BadWorkbook("bad_workbook", "工作表的行次序混乱", "the rows of the sheet are out of order")
        self._row, self._column = row, -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            column = self._columns_by_name.get(letters)
            if column is None:
                column = self._columns_by_name[letters] = _column_of(reference)
            self._column = column
        self._type = attributes.get("t", "n")
        self._style = int(attributes.get("s", "0"))
        self._texts.clear()
        self._has_value = self._has_formula = False

    def data(self, text: str) -> None:
        if self._value is not None:
            self._value.append(text)

    def end(self, name: str) -> None:
        name = name if ":" not in name else local_name(name)
        if name in ("v", "t"):
            self._value = None
        elif name == "rPh":
            self._in_phonetic = False
        elif name == "c":
            cell = self._cell("".join(self._texts))
            if cell is not None:
                self._store(cell)

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
            raise BadWorkbook("bad_workbook", "同一单元格出现两次", "a cell is given twice")

    def _cell(self, text: str) -> str | None:
        """The marked cell, None when it is empty."""
        type = self._type
        if type == "s":
            return cells.text_cell(self._strings[int(text)]) if text else None
        if type == "inlineStr" or (type == "str" and self._has_value):
            return cells.text_cell(unescape(text)) or None
        if self._has_formula and not text:
            return cells.tag(cells.NO_VALUE, "")
        if not text:
            return None
        if type == "e":
            return cells.tag(cells.ERROR, text)
        if type == "b":
            return cells.tag(cells.BOOL, "1" if text in ("1", "true") else "0")
        if type == "d":
            return cells.tag(cells.DATE if len(text) == 10 else cells.MOMENT, text)
        kind = self._kinds[self._style] if self._style < len(self._kinds) else cells.NUMBER
        return number_cell(text.strip(), kind, self._is_1904)

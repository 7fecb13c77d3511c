"""XLSX, read cell by cell from its own XML. Runs in the worker process.

Libraries hide what decides here (a percentage's format, an error, a formula without a value, a hidden sheet), and
one of them can abort the process on a small sheet with two far cells; so the few parts that matter are read directly.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from typing import IO, Any
from xml.parsers import expat

from sources.reading import cells
from sources.reading.numfmt import kind_of, number_cell

MAX_UNPACKED = 1 << 30
MAX_RATIO = 250
SMALL = 32 << 20
MAX_PARTS = 5_000
MAX_COLUMNS = 500
MAX_CELLS = 60_000_000
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


class BadWorkbook(Exception):
    """Why a workbook cannot be read: a code and the reason in both languages."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(code, zh, en)


def _parse(stream: IO[bytes], start: Callable[..., None], end: Callable[..., None], data: Callable[..., None]) -> None:
    """Run a namespace-blind parser over a part; document types are refused."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data

    def doctype(*_: Any) -> None:
        raise BadWorkbook("bad_workbook", "工作簿含有文档类型声明", "the workbook declares a document type")

    parser.StartDoctypeDeclHandler = doctype
    parser.ParseFile(stream)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _attribute(attributes: dict[str, str], name: str) -> str | None:
    """An attribute by its local name (`r:id` for `id`)."""
    return next((value for key, value in attributes.items() if _local(key) == name), None)


def _elements(book: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    """Local name and attributes of every element of a small part, in order; an end shows as `/name`."""
    found: list[tuple[str, dict[str, str]]] = []
    with book.open(part) as stream:
        _parse(
            stream,
            lambda name, attributes: found.append((_local(name), attributes)),
            lambda name: found.append(("/" + _local(name), {})),
            lambda text: None,
        )
    return found


class Workbook:
    """An XLSX file: its sheets, shared strings and number formats. Raises BadWorkbook, BadZipFile or ExpatError."""

    def __init__(self, path: str) -> None:
        self._zip = zipfile.ZipFile(path)
        self._check_sizes()
        root = self._related("", "officeDocument")
        if not root or not root[0].endswith(".xml"):
            raise BadWorkbook("unsupported_format", "不是 XLSX 工作簿", "not an XLSX workbook")
        self._main = root[0]
        self.is_1904 = False
        self.sheets: list[tuple[str, str, bool]] = []
        self._read_book()
        self._strings: list[str] | None = None
        self._kinds = self._read_kinds()

    def _check_sizes(self) -> None:
        parts = self._zip.infolist()
        size = sum(part.file_size for part in parts)
        packed = sum(part.compress_size for part in parts)
        if len(parts) > MAX_PARTS or size > MAX_UNPACKED or (size > SMALL and size > packed * MAX_RATIO):
            raise BadWorkbook("too_large", "工作簿解压后过大", "the workbook unpacks to too much")
        if any(part.flag_bits & 1 for part in parts):
            raise BadWorkbook("unsupported_format", "工作簿已加密", "the workbook is encrypted")

    def _relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relation id → type and the target part's name."""
        folder, name = posixpath.split(part)
        relations = posixpath.join(folder, "_rels", name + ".rels")
        if relations not in self._zip.namelist():
            return {}
        found = {}
        for element, attributes in _elements(self._zip, relations):
            if element == "Relationship" and attributes.get("TargetMode") != "External":
                target = attributes.get("Target", "")
                full = (
                    target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                )
                found[attributes.get("Id", "")] = attributes.get("Type", "").rpartition("/")[2], full
        return found

    def _related(self, part: str, type: str) -> list[str]:
        return [target for found, target in self._relations(part).values() if found == type]

    def _read_book(self) -> None:
        relations = self._relations(self._main)
        for element, attributes in _elements(self._zip, self._main):
            if element == "workbookPr":
                self.is_1904 = attributes.get("date1904", "0") in ("1", "true")
            elif element == "sheet":
                type, target = relations.get(_attribute(attributes, "id") or "", ("", ""))
                if type == "worksheet":
                    hidden = attributes.get("state", "visible") != "visible"
                    self.sheets.append((attributes.get("name", ""), target, hidden))

    def _read_kinds(self) -> list[str]:
        """The kind of number each cell style shows."""
        parts = self._related(self._main, "styles")
        codes: dict[str, str] = {}
        kinds: list[str] = []
        in_cell_styles = False
        for element, attributes in _elements(self._zip, parts[0]) if parts else ():
            if element == "numFmt" and not in_cell_styles:
                codes.setdefault(attributes.get("numFmtId", ""), attributes.get("formatCode", ""))
            elif element in ("cellXfs", "/cellXfs"):
                in_cell_styles = element == "cellXfs"
            elif element == "xf" and in_cell_styles:
                number = attributes.get("numFmtId", "0")
                kinds.append(kind_of(int(number), codes.get(number)))
        return kinds

    def _shared(self) -> list[str]:
        if self._strings is None:
            parts = self._related(self._main, "sharedStrings")
            self._strings = []
            if parts:
                with self._zip.open(parts[0]) as stream:
                    self._strings = _read_strings(stream)
        return self._strings

    def read(self, part: str) -> Sheet:
        """The cells of a sheet."""
        sheet = Sheet(self._shared(), self._kinds, self.is_1904)
        with self._zip.open(part) as stream:
            _parse(stream, sheet.start, sheet.end, sheet.data)
        return sheet


def unescape(text: str) -> str:
    """Undo the `_x000D_` escapes of stored strings."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


def _read_strings(stream: IO[bytes]) -> list[str]:
    """The shared strings, phonetic guides left out."""
    strings: list[str] = []
    parts: list[str] = []
    inside = {"t": False, "rPh": False}

    def start(name: str, _: dict[str, str]) -> None:
        local = _local(name)
        if local == "si":
            parts.clear()
        elif local in inside:
            inside[local] = True

    def end(name: str) -> None:
        local = _local(name)
        if local == "si":
            strings.append(unescape("".join(parts)))
        elif local in inside:
            inside[local] = False

    def data(text: str) -> None:
        if inside["t"] and not inside["rPh"]:
            parts.append(text)

    _parse(stream, start, end, data)
    return strings


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
        name = name if ":" not in name else _local(name)
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
        name = name if ":" not in name else _local(name)
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

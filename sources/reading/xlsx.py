"""XLSX, read cell by cell from its own XML. Runs in the worker process.

Libraries hide what decides here (a percentage's format, an error, a formula without a value, a hidden sheet), and
one of them can abort the process on a small sheet with two far cells; so the few parts that matter are read directly.
"""

from __future__ import annotations

import posixpath
import stat
import zipfile
from collections.abc import Sequence
from typing import IO

from sources.reading.numfmt import NumberFormat, format_of
from sources.reading.sheet import BadWorkbook, Sheet, local_name, parse, unescape
from sources.reading.strikes import Runs, struck_styles

MAX_UNPACKED = 1 << 30
MAX_RATIO = 250
SMALL = 32 << 20
MAX_PARTS = 5_000


def _attribute(attributes: dict[str, str], name: str) -> str | None:
    """An attribute by its local name (`r:id` for `id`)."""
    return next((value for key, value in attributes.items() if local_name(key) == name), None)


def _elements(book: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    """Local name and attributes of every element of a small part, in order; an end shows as `/name`."""
    found: list[tuple[str, dict[str, str]]] = []
    with book.open(part) as stream:
        parse(
            stream,
            lambda name, attributes: found.append((local_name(name), attributes)),
            lambda name: found.append(("/" + local_name(name), {})),
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
        self._struck_strings: dict[str, str] = {}
        parts = self._related(self._main, "styles")
        styles = _elements(self._zip, parts[0]) if parts else []
        self._formats = _read_formats(styles)
        self._struck_styles = struck_styles(styles)

    def _check_sizes(self) -> None:
        parts = self._zip.infolist()
        size = sum(part.file_size for part in parts)
        packed = sum(part.compress_size for part in parts)
        if len(parts) > MAX_PARTS or size > MAX_UNPACKED or (size > SMALL and size > packed * MAX_RATIO):
            raise BadWorkbook("too_large", "工作簿解压后过大", "the workbook unpacks to too much")
        if any(part.flag_bits & 1 for part in parts):
            raise BadWorkbook("unsupported_format", "工作簿已加密", "the workbook is encrypted")
        self._check_names(parts)

    def _check_names(self, parts: list[zipfile.ZipInfo]) -> None:
        """Refuse names that lead out of the archive, links, and two parts of one name: none knows which counts."""
        names = [part.filename.casefold() for part in parts]
        if len(set(names)) < len(names):
            raise BadWorkbook("bad_workbook", "工作簿中有重名的部件", "two parts of the workbook have one name")
        for part in parts:
            steps = part.filename.replace("\\", "/").split("/")
            is_link = stat.S_ISLNK(part.external_attr >> 16)
            if is_link or ".." in steps or steps[0] == "" or ":" in steps[0]:
                zh, en = "工作簿中有指向包外的部件", "a part of the workbook leads out of it"
                raise BadWorkbook("bad_workbook", zh, en)

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

    def _shared(self) -> list[str]:
        if self._strings is None:
            parts = self._related(self._main, "sharedStrings")
            self._strings = []
            if parts:
                with self._zip.open(parts[0]) as stream:
                    self._strings, self._struck_strings = _read_strings(stream)
        return self._strings

    def read(self, part: str) -> Sheet:
        """The cells of a sheet."""
        sheet = Sheet(self._shared(), self._formats, self.is_1904)
        sheet.strike(self._struck_styles, self._struck_strings)
        with self._zip.open(part) as stream:
            parse(stream, sheet.start, sheet.end, sheet.data)
        return sheet


def _read_formats(styles: Sequence[tuple[str, dict[str, str]]]) -> list[NumberFormat]:
    """How each cell style shows a number, from the elements of the styles part."""
    codes: dict[str, str] = {}
    formats: list[NumberFormat] = []
    in_cell_styles = False
    for element, attributes in styles:
        if element == "numFmt" and not in_cell_styles:
            codes.setdefault(attributes.get("numFmtId", ""), attributes.get("formatCode", ""))
        elif element in ("cellXfs", "/cellXfs"):
            in_cell_styles = element == "cellXfs"
        elif element == "xf" and in_cell_styles:
            number = attributes.get("numFmtId", "0")
            formats.append(format_of(int(number), codes.get(number)))
    return formats


def _read_strings(stream: IO[bytes]) -> tuple[list[str], dict[str, str]]:
    """The shared strings, phonetic guides left out, and which of them, by number, are struck out wholly or partly."""
    strings: list[str] = []
    struck: dict[str, str] = {}
    parts: list[str] = []
    inside = {"t": False, "rPh": False}
    runs = Runs()

    def start(name: str, attributes: dict[str, str]) -> None:
        local = local_name(name)
        if local == "si":
            parts.clear()
        elif local in inside:
            inside[local] = True
        else:
            runs.start(local, attributes)

    def end(name: str) -> None:
        local = local_name(name)
        if local == "si":
            if how := runs.end():
                struck[str(len(strings))] = how
            strings.append(unescape("".join(parts)))
        elif local in inside:
            inside[local] = False

    def data(text: str) -> None:
        if inside["t"] and not inside["rPh"]:
            parts.append(text)
            runs.add(text)

    parse(stream, start, end, data)
    return strings, struck

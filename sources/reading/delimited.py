"""CSV: the delimiter that makes the contract's header match, then the rows, by a fast way or an exact one.

The fast way serves files in which every quote is where RFC 4180 wants it and no quoted cell holds a line break; it
gives the same grid as the exact one, Python's own strict csv reader, which serves all others.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from sources.reading import broken
from sources.reading.encoding import UTF8_MARK
from sources.reading.formats import refusal
from sources.reading.grid import Grid, Header, Ragged, place
from sources.reading.header import MAX_HEADER_ROW, Names, find_header
from sources.reading.model import Problem, Unreadable

DELIMITERS = (",", ";", "\t")
START = 1 << 18
MAX_COLUMNS = 500
BLOCK = 1 << 22
_MAX_RAGGED = 30
_BREAK = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True)
class Start:
    """How a file begins: its delimiter, its header, and the lines that both take up."""

    delimiter: str
    header: Header
    lines: int
    score: int
    above: list[tuple[int, Sequence[str | None]]]


def read_csv(content: bytes, names: Names, *, exact: bool = False) -> Grid:
    """The table of a CSV file in UTF-8; Unreadable when it has no header or breaks the quoting rules.

    `exact` forces the exact way (the tests compare both).
    """
    start = find_start(content, names)
    if start is None:
        wanted = "、".join(field.header for field in names.contract.fields if field.required)
        raise refusal("no_header", f"找不到表头（应有：{wanted}）", f"no header row found (expected: {wanted})")
    if len(start.header.cells) > MAX_COLUMNS:
        raise refusal("too_many_columns", f"超过 {MAX_COLUMNS} 列", f"more than {MAX_COLUMNS} columns")
    body = Body(content, _offset(content, start.lines))
    is_plain = _is_plain(body, start.delimiter)
    body = _emptied(body) if is_plain else body
    grid = _fast(body, start) if is_plain and not exact else None
    return replace(grid if grid is not None else _exact(body, start), above=start.above)


def find_start(content: bytes, names: Names) -> Start | None:
    """The delimiter and header row that name most fields; None when no delimiter shows a header."""
    text = content[:START].decode("utf-8", "ignore")
    found = [start for delimiter in DELIMITERS if (start := _try(text, delimiter, names)) is not None]
    return max(found, key=lambda start: start.score, default=None)


def _try(text: str, delimiter: str, names: Names) -> Start | None:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    ends: list[int] = []
    try:
        before = 0
        for cells in reader:
            rows.append((before + 1, cells))
            ends.append(reader.line_num)
            before = reader.line_num
            if len(rows) == MAX_HEADER_ROW:
                break
    except csv.Error:
        pass  # what comes before the fault is still there to look for a header in
    position = find_header(rows, names)
    if position is None:
        return None
    row, cells = rows[position]
    return Start(delimiter, Header(cells, row), ends[position], names.score(cells), list(rows[:position]))


def _offset(content: bytes, lines: int) -> int:
    """Where the line after the first `lines` lines begins; lines end with LF, CR LF or CR."""
    position = 0
    for ending in re.finditer(rb"\r\n|\n|\r", content):
        lines -= 1
        position = ending.end()
        if lines == 0:
            return position
    return len(content)


@dataclass(frozen=True)
class Body:
    """The lines below the header: what `content` holds from `offset` on, not copied without need."""

    content: bytes
    offset: int

    def has(self, sign: bytes) -> bool:
        return self.content.find(sign, self.offset) >= 0

    def bytes(self) -> bytes:
        return self.content[self.offset :]

    def buffer(self) -> pa.Buffer:
        return pa.py_buffer(self.content).slice(self.offset)


def _is_plain(body: Body, delimiter: str) -> bool:
    """Whether lines end in one way, and every quote opens, closes or is doubled in a cell as RFC 4180 has it."""
    if body.has(b"\r") and re.search(rb"\r(?!\n)", body.bytes()):
        return False
    if body.content.startswith(UTF8_MARK, body.offset):  # Arrow would take it off the first cell
        return False
    if not body.has(b'"'):
        return True
    edge = re.escape(delimiter.encode())
    cell = re.compile(rb'(?:(?<=[\n%s])|\A)"[^"\r\n]*(?:""[^"\r\n]*)*"(?=[\r\n%s]|\Z)' % (edge, edge))
    return b'"' not in cell.sub(b"", body.bytes())


def _fast(body: Body, start: Start) -> Grid | None:
    """The grid of a plain file by pyarrow, or None when it has nothing that Arrow could read."""
    if len(start.header.cells) < 2 or body.offset == len(body.content):
        return None
    texts: list[str] = []

    def leave_out(row: pa_csv.InvalidRow) -> str:
        texts.append(row.text)
        return "skip"

    table = _arrow(body, start, leave_out)
    lines = _lines_of(body, texts) if table is not None else None
    if table is None or lines is None:
        return None
    rows = np.arange(1, table.num_rows + len(lines) + 1, dtype=np.int64)
    if lines:
        rows = np.delete(rows, np.array([line - 1 for line in lines]))
    ragged = [
        Ragged(line + start.lines, next(csv.reader([text], delimiter=start.delimiter, strict=True)))
        for line, text in lines.items()
    ]
    columns = [_one(column) for column in table.columns]
    return Grid(start.header, rows + start.lines, columns, _places(start), ragged=ragged)


def _emptied(body: Body) -> Body:
    """The same lines, those of nothing but spaces empty: Arrow is slow with millions of lines of one cell."""
    if not body.has(b"\n ") and not body.content.startswith(b" ", body.offset):
        return body
    return Body(re.sub(rb"^ +(?=\r?$)", b"", body.bytes(), flags=re.MULTILINE), 0)


def _one(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def _lines_of(body: Body, texts: list[str]) -> dict[int, str] | None:
    """The lines, counted from 1, at which left-out rows stand; None when they are too many to look for.

    Equal lines are left out alike, so every place of such a text counts.
    """
    if not texts:
        return {}
    if len(set(texts)) > _MAX_RAGGED:
        return None
    content = body.bytes()
    ends = np.flatnonzero(np.frombuffer(content, dtype=np.uint8) == ord("\n"))
    found: dict[int, str] = {}
    for text in set(texts):
        line = re.compile(rb"^%s\r?$" % re.escape(text.encode()), re.MULTILINE)
        for hit in line.finditer(content):
            found[int(np.searchsorted(ends, hit.start())) + 1] = text
    return dict(sorted(found.items())) if len(found) == len(texts) else None


def _arrow(body: Body, start: Start, on_ragged: Callable[[pa_csv.InvalidRow], str]) -> pa.Table | None:
    names = [str(index) for index in range(len(start.header.cells))]
    try:
        return pa_csv.read_csv(
            pa.BufferReader(body.buffer()),
            read_options=pa_csv.ReadOptions(column_names=names, block_size=BLOCK),
            parse_options=pa_csv.ParseOptions(
                delimiter=start.delimiter,
                quote_char='"' if body.has(b'"') else False,
                ignore_empty_lines=False,
                invalid_row_handler=on_ragged,
            ),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None


def _places(start: Start) -> list[str]:
    return [place(index) for index in range(len(start.header.cells))]


def _records(body: Body, start: Start) -> Iterator[tuple[int, list[str]]]:
    """Line number and cells of every record, an empty line as empty cells; Unreadable when quoting is broken."""
    reader = csv.reader(io.StringIO(body.bytes().decode("utf-8"), newline=""), delimiter=start.delimiter, strict=True)
    line = start.lines + 1
    try:
        for cells in reader:
            if any("\n" in cell or "\r" in cell for cell in cells):
                _check_swallowed(line, cells, start)
            yield line, cells or [""] * len(start.header.cells)
            line = start.lines + reader.line_num + 1
    except csv.Error as error:
        raise Unreadable(Problem("broken_csv", *broken.of_quotes(line, error), row=line)) from None


def _check_swallowed(line: int, cells: list[str], start: Start) -> None:
    """Unreadable when a cell of several lines holds whole rows: a quote was opened and closed rows further down."""
    last = len(start.header.cells) - 1
    for index, cell in enumerate(cells):
        counts = [part.count(start.delimiter) for part in _BREAK.split(cell)]
        if last > 1 and len(counts) > 1 and counts[0] >= last - index and counts[-1] >= index:
            if not all(count >= last for count in counts[1:-1]):
                continue
            zh = f"第 {line} 行的引号到后面的行才闭合，中间的 {len(counts) - 1} 行被当作一个单元格"
            en = f"a quote opened in line {line} closes rows further down: {len(counts) - 1} rows look like one cell"
            raise Unreadable(Problem("broken_csv", zh, en, row=line))


def _exact(body: Body, start: Start) -> Grid:
    """The grid by Python's csv reader: slow, and right for every file."""
    width = len(start.header.cells)
    rows: list[int] = []
    kept: list[list[str]] = []
    ragged: list[Ragged] = []
    for line, cells in _records(body, start):
        if len(cells) == width:
            rows.append(line)
            kept.append(cells)
        else:
            ragged.append(Ragged(line, cells))
    columns = [pa.array(column, pa.string()) for column in zip(*kept, strict=True)] if kept else []
    columns = columns or [pa.array([], pa.string()) for _ in range(width)]
    return Grid(start.header, np.array(rows, dtype=np.int64), columns, _places(start), ragged=ragged)

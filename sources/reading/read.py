"""Reading one file by its contract: format, header, rows, values, checks; all or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from sources.contract import Contract
from sources.reading import checks
from sources.reading.columns import convert, is_blank_cell, uses_ticks, whole_row
from sources.reading.delimited import find_start
from sources.reading.encoding import decode
from sources.reading.formats import CSV, Source, recognise
from sources.reading.grid import Grid
from sources.reading.header import Matched, Names, match_header
from sources.reading.jsonl import first_keys
from sources.reading.keys import check_keys
from sources.reading.layout import check_layout
from sources.reading.leaving_out import LeftOut, mark_partial, read_text, take_out
from sources.reading.model import Findings, Problem, Reading, Unreadable
from sources.reading.named import Named
from sources.reading.near_headers import unclear_keys
from sources.reading.plates import warn_of_plates
from sources.reading.rows import data_rows
from sources.reading.scopes import Scopes
from sources.reading.suspicions import warn_of_alike, warn_of_days, warn_of_null_words
from sources.reading.text import shown
from sources.reading.titles import check_title, warn_of_other_year
from sources.reading.typed import read_typed
from sources.reading.unit_remarks import check_unit_remarks
from sources.reading.units import to_row_units
from sources.reading.values import display


def read_here(path: Path, contract: Contract, name: str | None = None, without: Sequence[Named] = ()) -> Reading:
    """The typed rows of a file, or every problem that keeps them out; read in this very process, without bounds.

    `name` is the file's own name where `path` is another (the archive); the rows `without` are read as if the file
    did not have them. Raises OSError when the file cannot be opened and NoSuchRow when it has no such rows; whatever
    is wrong inside it becomes a Problem. Columns of the table: the contract's fields in order, `_scope`, `_is_empty`,
    `_sheet`, `_row`.
    """
    findings = Findings()
    format, encoding, height = "unknown", None, 0
    left: LeftOut | None = None
    try:
        source = recognise(Path(path), name or Path(path).name)
        format = source.format
        for warning in source.warnings:
            findings.warn(warning)
        encoding, grid, left = _grid(source, Names(contract), findings, without)
        matched = match_header(grid.header, Names(contract), grid.sheet)
        if without and left is None:
            grid, left = take_out(grid, without, whole_row(matched.matches, grid.tagged))
        rows, height = _rows(grid, matched, contract, findings)
        if rows is not None:
            return _finish(rows, findings, format, encoding, left)
    except Unreadable as error:
        findings.add_many(error.problems, len(error.problems))
    reading = Reading(None, findings.problems(), findings.warnings, format, encoding, [], height, findings.total)
    return replace(reading, notes=findings.notes, **_left_out(left))


def _grid(
    source: Source, names: Names, findings: Findings, without: Sequence[Named]
) -> tuple[str | None, Grid, LeftOut | None]:
    """The encoding of a text format, the file's table, and the rows left out if they had to be before it was one."""
    if source.content is None:
        return None, read_typed(source.path, source.format, names, findings), None
    encoding, content = decode(source.content, partial(header_of, source.format, names))
    return encoding, *read_text(content, source.format, names, without)


def header_of(format: str, names: Names, content: bytes) -> Sequence[str] | None:
    """The header of a text in UTF-8, the keys of its first object in JSON lines; None when nothing looks like one."""
    if format == CSV:
        start = find_start(content, names)
        return start.header.cells if start else None
    keys = first_keys(content)
    return keys if names.looks_like_header(keys) else None


def _left_out(left: LeftOut | None) -> dict[str, Any]:
    return {"sheet": left.grid.sheet, "left_out": left.rows} if left else {}


def _rows(grid: Grid, matched: Matched, contract: Contract, findings: Findings) -> tuple[checks.Rows | None, int]:
    """The typed rows and how many data rows there were; None when the header is at fault or rows are."""
    known = {match.field.name: match.index for match in matched.matches}
    problems = [*matched.problems, *unclear_keys(grid, matched.unknown, known, contract)]
    findings.add_many(problems, len(problems))
    whole = grid
    grid = data_rows(grid, findings, whole_row(matched.matches, grid.tagged))
    check_unit_remarks(whole, matched, _beside(whole, grid), findings)
    check_title(grid, contract, findings)
    _warn(grid, matched, findings)
    if not grid.height and not findings.total:
        zh, en = "表头之下没有数据行", "no data rows below the header"
        findings.add(Problem("no_rows", zh, en, grid.sheet, grid.header.row or None))
    if problems or not grid.height:
        return None, grid.height
    if grid.layout is not None:
        check_layout(grid, grid.layout, matched.matches, findings)
    columns = [convert(match, grid.columns[match.index], grid.tagged) for match in matched.matches]
    rows = checks.Rows(contract, grid, columns, findings)
    _tick(rows)
    _check(rows)
    return (rows, grid.height) if not findings.total else (None, grid.height)


def _beside(whole: Grid, data: Grid) -> list[int]:
    """The rows below the last row of data."""
    last = int(data.rows[-1]) if data.height else whole.header.row
    return [row for row in (*whole.rows[-200:].tolist(), *(one.row for one in whole.ragged)) if row > last]


def _tick(rows: checks.Rows) -> None:
    """Blank cells of columns that tick their true cells are false, empty scopes apart; a dash is missing there too."""
    for name, column in rows.columns.items():
        if column.field.type == "bool" and column.missing.any() and uses_ticks(column, rows.grid.tagged):
            blank = column.missing & is_blank_cell(column) & ~rows.is_empty
            false = pa.scalar(False)
            rows.values[name] = pc.if_else(pa.array(blank), false, rows.values[name])
            column.missing = column.missing & ~blank


def _check(rows: checks.Rows) -> None:
    checks.report_second_headers(rows)
    checks.report_bad_cells(rows)
    to_row_units(rows)
    checks.fill_defaults(rows)
    checks.check_required(rows)
    checks.check_percentages(rows)
    check_keys(rows)
    checks.check_rules(rows)
    warn_of_plates(rows)
    warn_of_alike(rows)
    warn_of_null_words(rows)
    warn_of_days(rows)
    if rows.is_empty.any():
        Scopes(rows).check_empty()


def _warn(grid: Grid, matched: Matched, findings: Findings) -> None:
    """Warnings of columns that are not read and of optional ones that are absent."""
    for index in matched.unknown:
        text = shown(grid.header.cells[index])
        if text:
            zh, en = f"多余的列“{text}”未读入", f"the column {text} is not of this feed and was not read"
            findings.warn(Problem("unknown_column", zh, en, grid.sheet, grid.header.row or None, text))
        elif (filled := _filled(grid, index)) is not None:
            _nameless(grid, index, filled, findings, min((match.index for match in matched.matches), default=0))
    for field in matched.missing:
        if not field.required:
            zh, en = (
                f"没有可选列“{field.header}”，按缺失处理",
                f"the optional column `{field.name}` is absent: taken as missing",
            )
            findings.warn(Problem("absent_column", zh, en, grid.sheet, grid.header.row or None, field.header))


def _filled(grid: Grid, index: int) -> int | None:
    """The position of the first cell of a column that is not blank."""
    found = (row for row, cell in enumerate(grid.columns[index].to_pylist()) if cell and cell.strip())
    return next(found, None)


def _nameless(grid: Grid, index: int, row: int, findings: Findings, first: int) -> None:
    """A filled column without a header: a remark in a sheet, row numbers left of all fields; else cells have slipped.

    `first` is the position of the first column that is read: what slips in CSV slips to the right.
    """
    column, value = grid.places[index], display(grid.columns[index][row].as_py(), grid.tagged)
    zh, en = f"第 {column} 列没有表头却有内容", f"column {column} has cells but no header"
    problem = Problem("nameless_column", zh, en, grid.sheet, int(grid.rows[row]), column, value)
    if grid.tagged or index < first:
        findings.warn(problem)
    else:
        findings.add(problem)


def _finish(rows: checks.Rows, findings: Findings, format: str, encoding: str | None, left: LeftOut | None) -> Reading:
    scopes = Scopes(rows)
    infos = scopes.infos() if left is None else mark_partial(scopes.infos(), left, rows.contract)
    warn_of_other_year(rows.grid, infos, findings)
    height = rows.grid.height
    table = pa.table(
        {
            **rows.values,
            "_scope": scopes.column(),
            "_is_empty": pa.array(rows.is_empty),
            "_sheet": pa.repeat(pa.scalar(rows.grid.sheet, pa.string()), height),
            "_row": pa.array(rows.grid.rows),
        }
    )
    reading = Reading(table, [], findings.warnings, format, encoding, infos, height, 0, findings.notes)
    return replace(reading, **_left_out(left))

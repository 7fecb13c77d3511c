"""What is checked once every cell has its type: defaults, required cells, keys, contract rules, empty scopes."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sources.contract import Contract, Field, Rule
from sources.reading import cells, lookups
from sources.reading.columns import Column
from sources.reading.grid import Grid
from sources.reading.header import Names
from sources.reading.model import MAX_PROBLEMS, Findings, Problem
from sources.reading.numbers import wrong_kind
from sources.reading.text import shown
from sources.reading.values import ARROW, display


class Rows:
    """The typed rows of a delivery under check, field by field. `absent` fields have no column in the file."""

    def __init__(self, contract: Contract, grid: Grid, columns: Sequence[Column], findings: Findings) -> None:
        self.contract, self.grid, self.findings = contract, grid, findings
        self.columns = {column.field.name: column for column in columns}
        self.values: dict[str, pa.Array] = {
            field.name: self.columns[field.name].typed
            if field.name in self.columns
            else pa.nulls(grid.height, ARROW[field.type])
            for field in contract.fields
        }
        self.is_empty = self._empty_scopes()

    def missing(self, name: str) -> np.ndarray:
        """Which rows miss a field; cells that are filled but bad do not count."""
        column = self.columns.get(name)
        return column.missing if column else np.ones(self.grid.height, dtype=bool)

    def _empty_scopes(self) -> np.ndarray:
        """Rows in which no field but those of the scope is filled, and the scope is."""
        empty = np.ones(self.grid.height, dtype=bool)
        for field in self.contract.fields:
            if not field.scope:
                empty &= self.missing(field.name)
            elif field.required and field.default is None:
                empty &= ~self.missing(field.name)
            if not empty.any():
                break
        return empty

    def whole(self, fields: Sequence[Field]) -> np.ndarray:
        """Rows in which none of some fields is missing or bad; optional fields may be missing."""
        found = np.ones(self.grid.height, dtype=bool)
        for field in fields:
            if self.values[field.name].null_count:
                is_there = self.values[field.name].is_valid().to_numpy(zero_copy_only=False)
                found &= is_there | self.missing(field.name) if not field.required else is_there
        return found

    def table(self) -> pa.Table:
        return pa.table({**self.values, "_is_empty": pa.array(self.is_empty)})

    def report(self, rows: np.ndarray, name: str, code: str, zh: str, en: str) -> None:
        """One problem per row at a field, with what stands there."""
        column = self.columns.get(name)
        self.findings.add_many(
            (self._problem(int(row), name, column, code, zh, en) for row in rows[:MAX_PROBLEMS]), len(rows)
        )

    def warn(self, rows: np.ndarray, name: str, code: str, zh: str, en: str) -> None:
        """One warning per row at a field, with what stands there."""
        for row in rows[:MAX_PROBLEMS].tolist():
            self.findings.warn(self._problem(row, name, self.columns.get(name), code, zh, en))

    def _problem(self, row: int, name: str, column: Column | None, code: str, zh: str, en: str) -> Problem:
        header = shown(column.match.text) if column else self.contract.field(name).header
        cell = column.raw[row].as_py() if column else None
        return Problem(code, zh, en, self.grid.sheet, int(self.grid.rows[row]), header, display(cell, self.grid.tagged))


def report_second_headers(rows: Rows) -> None:
    """Name rows that repeat the header: their cells are then not reported one by one."""
    names = Names(rows.contract)
    suspects = sorted({row for column in rows.columns.values() for row in list(column.bad)[:MAX_PROBLEMS]})
    for row in suspects:
        if names.looks_like_header(_texts(rows.grid.cells(row), rows.grid.tagged)):
            zh, en = "数据中又出现一行表头（第二个表）", "a second header, or table, among the rows"
            rows.findings.add(Problem("second_header", zh, en, rows.grid.sheet, int(rows.grid.rows[row])))
            for column in rows.columns.values():
                column.bad.pop(row, None)


def _texts(row: Sequence[str | None], tagged: bool) -> list[str | None]:
    return [None if cell is None else cells.split(cell, tagged)[1] for cell in row]


def report_bad_cells(rows: Rows) -> None:
    """Every cell that could not be read."""
    for name, column in rows.columns.items():
        for row, reason in sorted(column.bad.items())[:MAX_PROBLEMS]:
            rows.findings.add_many([rows._problem(row, name, column, reason.code, reason.zh, reason.en)], 0)
        rows.findings.add_many([], len(column.bad))


def fill_defaults(rows: Rows) -> None:
    """Put the contract's defaults where a cell is missing: scope fields everywhere, others in filled rows."""
    waiting = [field for field in rows.contract.fields if field.default is not None and rows.missing(field.name).any()]
    for field in sorted(waiting, key=lambda field: not field.scope):
        where = rows.missing(field.name) & (True if field.scope else ~rows.is_empty)
        if not where.any():
            continue
        type = _sql_type(field)
        connection = lookups.cursor(rows.table())
        try:
            query = f"select cast(({field.default}) as {type}) as value from data t"  # noqa: S608
            value = connection.execute(query).to_arrow_table().column(0).combine_chunks()
        finally:
            connection.close()
        value = value.cast(ARROW[field.type])
        rows.values[field.name] = pc.if_else(pa.array(where), value, rows.values[field.name])


def _sql_type(field: Field) -> str:
    types = {
        "text": "varchar",
        "int": "bigint",
        "dec": "decimal(24, 9)",
        "bool": "boolean",
        "year": "integer",
        "ts": "timestamp",
    }
    return types.get(field.type, "date")


def check_required(rows: Rows) -> None:
    """Missing cells of required fields, empty scopes apart."""
    for field in rows.contract.fields:
        if not field.required or field.default is not None or field.name not in rows.columns:
            continue
        lacking = np.flatnonzero(rows.missing(field.name) & ~rows.is_empty)
        zh, en = f"缺少必填值“{field.header}”", f"the required value `{field.name}` is missing"
        rows.report(lacking, field.name, "missing_value", zh, en)


def check_percentages(rows: Rows) -> None:
    """Percentages in rows whose meaning allows none."""
    for name, column in rows.columns.items():
        condition = column.field.fraction_when
        if column.percents is None or condition is None:
            continue
        allowed = _evaluate(rows, [condition])[0]
        refused = np.flatnonzero(column.percents & ~allowed)
        reason = wrong_kind(cells.PERCENT)
        rows.report(refused, name, reason.code, reason.zh, reason.en)


def _evaluate(rows: Rows, conditions: Sequence[str]) -> list[np.ndarray]:
    """For each condition which rows hold it; NULL counts as not."""
    parts = ", ".join(f"coalesce(({condition}), false) as c{number}" for number, condition in enumerate(conditions))
    connection = lookups.cursor(rows.table())
    try:
        found = connection.execute(f"select {parts} from data t").to_arrow_table()  # noqa: S608
    finally:
        connection.close()
    return [column.to_numpy(zero_copy_only=False) for column in found.columns]


def check_rules(rows: Rows) -> None:
    """The contract's rules over the rows; broken ones become problems, or warnings by their severity."""
    for on_empty in (False, True):
        rules = [rule for rule in rows.contract.rules if rule.on_empty == on_empty]
        if not rules:
            continue
        scope = np.ones(rows.grid.height, dtype=bool) if on_empty else ~rows.is_empty
        positions = np.flatnonzero(scope)
        for rule, broken in zip(rules, _broken(rows, rules, scope), strict=True):
            if len(broken):
                _report_rule(rows, rule, positions[broken])


def _broken(rows: Rows, rules: Sequence[Rule], scope: np.ndarray) -> list[np.ndarray]:
    """For each rule the positions, among the rows of `scope`, that break it: its condition is false there."""
    table = rows.table()
    table = table if scope.all() else table.filter(pa.array(scope))
    table = table.append_column("_place", pa.array(np.arange(table.num_rows)))
    parts = ", ".join(f"({rule.condition}) as c{number}" for number, rule in enumerate(rules))
    counts = ", ".join(f"count(*) filter (not c{number})" for number in range(len(rules)))
    connection = lookups.cursor(table)
    try:
        counted = connection.execute(f"select {counts} from (select {parts} from data t)").fetchone()  # noqa: S608
        assert counted is not None
        return [
            _positions(connection, rule) if count else np.array([], dtype=np.int64)
            for rule, count in zip(rules, counted, strict=True)
        ]
    finally:
        connection.close()


def _positions(connection: duckdb.DuckDBPyConnection, rule: Rule) -> np.ndarray:
    # a rule with a window function gives its rows back in another order, so every row carries its place
    held = f"select t._place as place, ({rule.condition}) as held from data t"  # noqa: S608
    found = connection.execute(f"select place from ({held}) where not held order by place")  # noqa: S608
    return found.to_arrow_table().column(0).to_numpy()


def _report_rule(rows: Rows, rule: Rule, broken: np.ndarray) -> None:
    if rule.severity == "error":
        rows.report(broken, rule.column, rule.name, rule.description_zh, rule.description_en)
        return
    rows.warn(broken, rule.column, rule.name, rule.description_zh, rule.description_en)

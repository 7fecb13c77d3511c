"""Quantities whose header names one unit while each row names its own: converted into the row's."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pyarrow as pa

from sources import dictionaries
from sources.reading import cells
from sources.reading.checks import Rows
from sources.reading.columns import Column
from sources.reading.numbers import Bad, decimal
from sources.reading.values import ARROW


def to_row_units(rows: Rows) -> None:
    """Convert every column whose header's unit may differ from its rows'; rows that do not convert are problems."""
    for name, column in rows.columns.items():
        source = column.field.unit_from
        if column.match.row_unit is not None and source is not None and source.column in rows.columns:
            _convert(rows, name, column, column.match.row_unit)


def _row_unit(column: Column, code: str | None) -> str | None:
    """The unit of a row whose deciding column holds `code`."""
    assert column.field.unit_from is not None
    units = column.field.unit_from.units
    return code if units is None or code is None else units.get(code)


def _convert(rows: Rows, name: str, column: Column, header_unit: str) -> None:
    assert column.field.unit_from is not None
    deciding = rows.values[column.field.unit_from.column].dictionary_encode("encode")
    indices = deciding.indices.to_numpy()
    for position, code in enumerate(deciding.dictionary.to_pylist()):
        unit = _row_unit(column, code)
        if unit is None:
            continue
        factor = dictionaries.conversion(header_unit, unit)
        where = indices == position
        if factor is None:
            zh = f"表头单位“{header_unit}”不能折算为本行单位“{unit}”"
            en = f"the header's unit {header_unit} does not convert to the row's {unit}"
            rows.report(np.flatnonzero(where & ~rows.is_empty), name, "wrong_unit", zh, en)
        elif factor != 1:
            _multiply(rows, column, where, factor)
            if column.field.unit_from.units is None:
                _warn_of_two_units(rows, name, np.flatnonzero(where), header_unit, unit)


def _warn_of_two_units(rows: Rows, name: str, where: np.ndarray, header_unit: str, unit: str) -> None:
    """Where the row itself names a unit, a header that names another may be a slip of the pen: the header counts, and
    the first such row is shown to whoever sent the file."""
    if not len(where):
        return
    first = int(where[0])
    zh = f"表头单位“{header_unit}”与本行单位“{unit}”不同，按表头折算（共 {len(where)} 行），请核对"
    en = f"the header says {header_unit}, the row {unit}: read by the header ({len(where)} rows), please check"
    rows.findings.warn(rows._problem(first, name, rows.columns[name], "two_units", zh, en))


def _multiply(rows: Rows, column: Column, where: np.ndarray, factor: Decimal) -> None:
    """Read the cells anew with the factor: what they already were rounded to would be rounded twice."""
    field = column.field
    values = rows.values[field.name].to_pylist()
    for row in np.flatnonzero(where).tolist():
        if values[row] is not None:
            kind, text = cells.split(column.raw[row].as_py(), rows.grid.tagged)
            try:
                values[row] = decimal(kind, text, field.percent, factor)[0]
            except Bad as bad:
                values[row] = None
                rows.report(np.array([row]), field.name, bad.code, bad.zh, bad.en)
    rows.values[field.name] = pa.array(values, ARROW[field.type])

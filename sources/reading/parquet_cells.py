"""Parquet as columns of marked cells. Runs in the worker process."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sources.reading import cells
from sources.reading.sheet import BadWorkbook

MAX_UNPACKED = 4 << 30
MAX_ROWS = 20_000_000
MAX_COLUMNS = 500


def _prefixed(kind: str, text: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(pa.scalar(cells.MARK + kind), text, "")


def _texts(column: pa.Array) -> pa.Array:
    """Text as it is, marked only where it begins with the mark itself."""
    column = column.cast(pa.string())
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        return pa.array([_decoded(value) for value in column.cast(pa.binary()).to_pylist()], pa.string())
    marked = pc.starts_with(column, cells.MARK)
    return pc.if_else(marked, _prefixed(cells.TEXT, column), column) if pc.any(marked).as_py() else column


def _decoded(value: bytes | None) -> str | None:
    """A stored text; an error cell when its bytes are none."""
    try:
        return None if value is None else cells.text_cell(value.decode())
    except UnicodeDecodeError:
        shown = value.decode("utf-8", "replace")  # type: ignore[union-attr]
        return cells.tag(cells.ODD, shown)


def _moments(column: pa.Array, zone: str | None) -> pa.Array:
    if zone is None:
        return _prefixed(cells.MOMENT, column.cast(pa.string()))
    unit = column.type.unit
    instants = column.cast(pa.timestamp(unit, "UTC")).cast(pa.timestamp(unit))
    return _prefixed(cells.MOMENT, pc.binary_join_element_wise(instants.cast(pa.string()), pa.scalar("Z"), ""))


def _doubles(column: pa.Array) -> pa.Array:
    """Each distinct double in its shortest form; 32-bit floats in theirs."""
    encoded = column.dictionary_encode()
    values = encoded.dictionary
    if pa.types.is_float64(values.type):
        forms = [cells.shortest(value) for value in values.to_pylist()]
    else:
        forms = values.cast(pa.float32()).cast(pa.string()).to_pylist()
        forms = [cells.shortest(float(form)) for form in forms]
    return _prefixed(cells.NUMBER, pa.array(forms, pa.string()).take(encoded.indices))


def marked(column: pa.Array) -> pa.Array:
    """One column as marked cells; kinds that no field takes become `nested` cells."""
    type = column.type
    if pa.types.is_dictionary(type):
        return marked(column.dictionary_decode())
    if pa.types.is_null(type):
        return column.cast(pa.string())
    if pa.types.is_string(type) or pa.types.is_large_string(type) or type == pa.string_view():
        return _texts(column)
    if pa.types.is_boolean(type):
        return _prefixed(cells.BOOL, column.cast(pa.string()))
    if pa.types.is_integer(type) or pa.types.is_decimal(type):
        return _prefixed(cells.EXACT, column.cast(pa.string()))
    if pa.types.is_floating(type):
        return _doubles(column)
    if pa.types.is_date(type):
        return _prefixed(cells.DATE, column.cast(pa.date32()).cast(pa.string()))
    if pa.types.is_timestamp(type):
        return _moments(column, type.tz)
    nested = pa.array([cells.tag(cells.NESTED, str(type))] * len(column), pa.string())
    return pc.if_else(column.is_valid(), nested, pa.scalar(None, pa.string()))


def read_parquet(path: str) -> tuple[list[str], pa.Table]:
    """The column names and the columns as marked cells; BadWorkbook beyond the bounds, ArrowInvalid when broken."""
    file = pq.ParquetFile(path, page_checksum_verification=True)
    meta = file.metadata
    size = sum(meta.row_group(group).total_byte_size for group in range(meta.num_row_groups))
    if size > MAX_UNPACKED or meta.num_rows > MAX_ROWS:
        raise BadWorkbook("too_large", "Parquet 文件解压后过大", "the Parquet file unpacks to too much")
    if len(file.schema_arrow) > MAX_COLUMNS:
        raise BadWorkbook("too_many_columns", f"超过 {MAX_COLUMNS} 列", f"more than {MAX_COLUMNS} columns")
    names = list(file.schema_arrow.names)
    table = file.read()
    columns = [marked(column.combine_chunks()) for column in table.columns]
    return names, pa.table(columns, names=[str(index) for index in range(len(columns))])

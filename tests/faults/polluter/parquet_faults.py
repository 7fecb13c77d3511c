"""Parquet of wrong, odd and nested types, with odd columns and numbers, cut, damaged and lying."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tests.faults.polluter.dress import NUMERIC
from tests.faults.polluter.goods import truth
from tests.faults.polluter.model import Exact, Expectation, Fault, Good, Polluted, Refused
from tests.faults.polluter.workbook_cells import DATED, SUPPLY, TIMED

Make = Callable[[Random, Good], Polluted]


@dataclass
class File:
    """A Parquet file about to be written: columns by position, and how to write them."""

    names: list[str]
    columns: list[pa.Array]

    def packed(self, **options: Any) -> bytes:
        target = io.BytesIO()
        pq.write_table(pa.table(self.columns, names=self.names), target, **options)
        return target.getvalue()


def _column(good: Good, column: int) -> pa.Array:
    """A column as a program writes it: numbers and days in their types, all else as text."""
    field = good.fields[column]
    values = [row[field.name] if good.rows[at][column] else None for at, row in enumerate(good.values)]
    if field.type == "dec":
        return pa.array([None if value is None else float(value) for value in values], pa.float64())
    types = {"int": pa.int64(), "year": pa.int32(), "date": pa.date32(), "ts": pa.timestamp("us"), "bool": pa.bool_()}
    if field.type in types:
        return pa.array(values, types[field.type])
    return pa.array([row[column] or None for row in good.rows], pa.string())


def typed(good: Good) -> File:
    return File(list(good.header), [_column(good, column) for column in range(len(good.header))])


def exact(good: Good, values: Sequence[dict[str, Any]] | None = None) -> Exact:
    """The truth as it loads from Parquet, whose rows count from 1."""
    return Exact(truth(good.contract, values or good.values, range(1, len(good.rows) + 1)))


def delivered(file: File, expect: Expectation, **options: Any) -> Polluted:
    return Polluted("delivery.parquet", file.packed(**options), expect)


def same(change: Callable[[pa.Array], pa.Array], *types: str, **options: Any) -> Make:
    """All columns of these types in another type that holds the same values."""

    def make(random: Random, good: Good) -> Polluted:
        file = typed(good)
        for column in good.columns(*types) if types else range(len(good.header)):
            file.columns[column] = change(file.columns[column])
        return delivered(file, exact(good), **options)

    return make


def bad(change: Callable[[pa.Array], pa.Array], *types: str, required: bool = True) -> Make:
    """One column of these types in a type that its field does not take: refused, naming the column."""

    def make(random: Random, good: Good) -> Polluted:
        file = typed(good)
        column = random.choice(good.columns(*types, required=required))
        file.columns[column] = change(file.columns[column])
        return delivered(file, Refused(None, good.header[column]))

    return make


def cell(value: Any, *types: str, type: pa.DataType | None = None) -> Make:
    """One cell of a required column of these types is another one: refused there."""

    def make(random: Random, good: Good) -> Polluted:
        file = typed(good)
        row, column = random.randrange(len(good.rows)), random.choice(good.columns(*types, required=True))
        array = file.columns[column] if type is None else _cast(file.columns[column], type)
        values = array.to_pylist()
        values[row] = value
        file.columns[column] = pa.array(values, array.type)
        return delivered(file, Refused(row + 1, good.header[column]))

    return make


def _cast(column: pa.Array, type: pa.DataType) -> pa.Array:
    """A column in another type; doubles become decimals by way of few places, which is what they mean."""
    return (column.cast(pa.decimal128(18, 4)) if pa.types.is_decimal(type) else column).cast(type)


def _nested(make_one: Callable[[Any], Any]) -> Callable[[pa.Array], pa.Array]:
    return lambda column: pa.array([make_one(value) for value in column.to_pylist()])


def _zoned(random: Random, good: Good) -> Polluted:
    file = typed(good)
    for column in good.columns("ts"):
        local = pc.assume_timezone(file.columns[column], "Asia/Shanghai")
        zone = random.choice(("Asia/Shanghai", "UTC", "America/New_York"))
        file.columns[column] = local.cast(pa.timestamp("us", zone))
    return delivered(file, exact(good))


def _no_utf8(random: Random, good: Good) -> Polluted:
    """One text whose bytes are GB18030 in a column of texts in UTF-8."""
    file = typed(good)
    row, column = random.randrange(len(good.rows)), random.choice(good.columns("text", required=True))
    values = [value.encode() for value in file.columns[column].to_pylist()]
    values[row] = "岳阳".encode("gb18030")
    bytes_ = pa.array(values, pa.binary())
    file.columns[column] = pa.StringArray.from_buffers(len(bytes_), bytes_.buffers()[1], bytes_.buffers()[2])
    return delivered(file, Refused(row + 1, good.header[column]))


def _nanoseconds(random: Random, good: Good) -> Polluted:
    """One time that is a nanosecond late."""
    file = typed(good)
    row, column = random.randrange(len(good.rows)), random.choice(good.columns("ts"))
    values = file.columns[column].cast(pa.timestamp("ns")).cast(pa.int64()).to_pylist()
    values[row] += 1
    file.columns[column] = pa.array(values, pa.int64()).cast(pa.timestamp("ns"))
    return delivered(file, Refused(row + 1, good.header[column]))


def _singles(random: Random, good: Good) -> Polluted:
    """Quantities as 32-bit floats, which are read in their own shortest form."""
    file = typed(good)
    column = good.header.index("消费量")
    values = [Decimal(random.randint(0, 9_999)).scaleb(-2) for _ in good.rows]
    file.columns[column] = pa.array([float(value) for value in values], pa.float32())
    named = [{**row, "quantity": value} for row, value in zip(good.values, values, strict=True)]
    return delivered(file, exact(good, named))


def _minus_zero(random: Random, good: Good) -> Polluted:
    file = typed(good)
    column = good.header.index("消费量")
    file.columns[column] = pa.array([-0.0] * len(good.rows), pa.float64())
    return delivered(file, exact(good, [{**row, "quantity": Decimal(0)} for row in good.values]))


def _without(random: Random, good: Good) -> Polluted:
    file = typed(good)
    column = random.choice([at for at, field in enumerate(good.fields) if field.required and field.default is None])
    del file.names[column], file.columns[column]
    return delivered(file, Refused(None, good.header[column]))


def _twice(random: Random, good: Good) -> Polluted:
    file = typed(good)
    column = random.randrange(len(good.header))
    file.names.append(good.header[column])
    file.columns.append(file.columns[column])
    return delivered(file, Refused(None, good.header[column]))


def _more(random: Random, good: Good) -> Polluted:
    file = typed(good)
    file.names.append("__index_level_0__")
    file.columns.append(pa.array([[n] for n in range(len(good.rows))]))
    return delivered(file, exact(good))


def _shuffled(random: Random, good: Good) -> Polluted:
    file = typed(good)
    order = random.sample(range(len(good.header)), len(good.header))
    return delivered(File([file.names[at] for at in order], [file.columns[at] for at in order]), exact(good))


def _english(random: Random, good: Good) -> Polluted:
    file = typed(good)
    return delivered(File([field.name for field in good.fields], file.columns), exact(good))


def _no_rows(random: Random, good: Good) -> Polluted:
    file = typed(good)
    return delivered(File(file.names, [column.slice(0, 0) for column in file.columns]), Refused())


def _wide(random: Random, good: Good) -> Polluted:
    file = typed(good)
    file.names += [f"x{n}" for n in range(600)]
    file.columns += [pa.nulls(len(good.rows), pa.int8())] * 600
    return delivered(file, Refused())


def _bytes(change: Callable[[Random, bytes], bytes], **options: Any) -> Make:
    return lambda random, good: Polluted("delivery.parquet", change(random, typed(good).packed(**options)), Refused())


def _in_page(random: Random, content: bytes) -> bytes:
    """One byte of the first column's packed values is another one; the page carries its checksum."""
    meta = pq.read_metadata(io.BytesIO(content)).row_group(0).column(0)
    start = meta.dictionary_page_offset if meta.has_dictionary_page else meta.data_page_offset
    at = start + meta.total_compressed_size - 1 - random.randrange(3)
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


def _footer(random: Random, content: bytes) -> bytes:
    return content[:-8] + random.choice((0, 7, 2**31 - 1, 2**32 - 1)).to_bytes(4, "little") + b"PAR1"


def _garbled(random: Random, content: bytes) -> bytes:
    length = int.from_bytes(content[-8:-4], "little")
    return content[: -8 - length] + random.randbytes(length) + content[-8:]


def _zeroed(random: Random, content: bytes) -> bytes:
    return content[:4] + bytes(200) + content[204:]


def _many_rows(random: Random, good: Good) -> Polluted:
    """One value, told to stand in more rows than any delivery has."""
    target, rows = io.BytesIO(), 21_000_000
    column = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int8()), rows), ["2024-03"])
    pq.write_table(pa.table({good.header[0]: column}), target, row_group_size=rows)
    return Polluted("delivery.parquet", target.getvalue(), Refused())


def _swollen(random: Random, good: Good) -> Polluted:
    """A few kilobytes that unpack to gigabytes of text."""
    target, rows = io.BytesIO(), 5_000
    column = pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int8()), rows), ["x" * 2_000_000])
    pq.write_table(pa.table({name: column for name in good.header}), target, use_dictionary=True)
    return Polluted("delivery.parquet", target.getvalue(), Refused())


def _checked(options: dict[str, Any]) -> Make:
    return same(lambda column: column, **options)


def _whole(name: str, make: Make, feeds: tuple[str, ...] | None = None) -> Fault:
    return Fault(name, "parquet", make, feeds=feeds)


def _named(name: str, make: Make, feeds: tuple[str, ...] | None = None) -> Fault:
    return Fault(name, "parquet", make, single_row=True, feeds=feeds)


_REAL = tuple(feed for feed in NUMERIC if feed != "vehicle_stock")
FAULTS = (
    _whole("right_parquet", same(lambda column: column)),
    _whole("parquet_names_english", _english),
    _whole("parquet_shuffled", _shuffled),
    _whole("parquet_checksums", _checked({"write_page_checksum": True})),
    _whole("parquet_small_groups", _checked({"row_group_size": 2, "compression": "zstd"})),
    _whole("parquet_version_1", _checked({"version": "1.0", "use_dictionary": False, "compression": "none"})),
    _whole("ints_as_text", same(lambda column: column.cast(pa.string()), "int", "year")),
    _whole("ints_as_doubles", same(lambda column: column.cast(pa.float64()), "int", "year")),
    _whole("ints_unsigned", same(lambda column: column.cast(pa.uint64()), "int")),
    _whole("decimals", same(lambda column: column.cast(pa.decimal128(18, 4)), "dec"), _REAL),
    _whole(
        "decimals_wide",
        same(lambda column: column.cast(pa.decimal128(18, 4)).cast(pa.decimal256(60, 20)), "dec"),
        _REAL,
    ),
    _whole("singles", _singles, SUPPLY),
    _whole("texts_in_dictionary", same(lambda column: column.dictionary_encode(), "text")),
    _whole("texts_large", same(lambda column: column.cast(pa.large_string()), "text")),
    _whole("dates_as_moments", same(lambda column: column.cast(pa.timestamp("ms")), "date"), DATED),
    _whole("dates_64", same(lambda column: column.cast(pa.date64()), "date"), DATED),
    _whole("moments_in_seconds", same(lambda column: column.cast(pa.timestamp("s")), "ts"), TIMED),
    _whole("moments_in_nanoseconds", same(lambda column: column.cast(pa.timestamp("ns")), "ts"), TIMED),
    _whole("moments_with_zone", _zoned, TIMED),
    _whole("minus_zero_double", _minus_zero, SUPPLY),
    _whole("parquet_column_more", _more),
    _named("text_blank", cell(" ", "text")),
    _named("double_none", cell(float("nan"), "dec"), _REAL),
    _named("double_infinite", cell(float("inf"), "dec"), _REAL),
    _named("double_huge", cell(1e300, "dec"), _REAL),
    _named("double_null", cell(None, "dec"), _REAL),
    _named("int_huge", cell(2**62, "int"), ("vehicle_stock",)),
    _named("int_not_whole", cell(1.5, "int", type=pa.float64()), ("vehicle_stock",)),
    _named("decimal_overflow", cell(Decimal(10) ** 20, "dec", type=pa.decimal128(38, 6)), _REAL),
    _named("decimal_too_fine", cell(Decimal("1.0000000001"), "dec", type=pa.decimal128(38, 12)), _REAL),
    _named("moment_too_fine", _nanoseconds, TIMED),
    _named("date_far", cell(datetime(9999, 1, 1).date(), "date"), DATED),
    _named("text_not_utf8", _no_utf8),
    _named("text_with_nul", cell("甲\0乙", "text")),
    _whole("dates_as_numbers", bad(lambda column: column.cast(pa.int32()), "date"), DATED),
    _whole("doubles_in_text", bad(lambda column: pa.array([float("nan")] * len(column)), "text")),
    _whole("dates_in_text", bad(lambda column: pa.array([datetime(2024, 3, 1)] * len(column)), "text")),
    _whole("booleans_in_number", bad(lambda column: pa.array([True] * len(column)), "dec", "int"), NUMERIC),
    _whole("texts_as_bytes", bad(lambda column: column.cast(pa.binary()), "text")),
    _whole("nulls_only", bad(lambda column: pa.nulls(len(column)), "text")),
    _whole("lists", bad(_nested(lambda value: [value]), "text", "dec", "int")),
    _whole("structs", bad(_nested(lambda value: {"value": value}), "text", "dec", "int")),
    _whole(
        "maps", bad(lambda c: pa.array([[("k", 1)]] * len(c), pa.map_(pa.string(), pa.int8())), "text", "dec", "int")
    ),
    _whole("clocks", bad(lambda column: column.cast(pa.int64()).cast(pa.time64("us")), "int"), ("vehicle_stock",)),
    _whole("durations", bad(lambda column: column.cast(pa.duration("s")), "int"), ("vehicle_stock",)),
    _whole("parquet_column_missing", _without),
    _whole("parquet_column_twice", _twice),
    _whole("parquet_too_wide", _wide),
    _whole("parquet_without_rows", _no_rows),
    _whole("parquet_many_rows", _many_rows),
    _whole("parquet_swollen", _swollen),
    _whole("parquet_cut", _bytes(lambda random, content: content[: random.randrange(8, len(content) - 1)])),
    _whole("parquet_head_only", _bytes(lambda random, content: b"PAR1")),
    _whole("parquet_tail", _bytes(lambda random, content: content + b"tail")),
    _whole("parquet_footer_length", _bytes(_footer)),
    _whole("parquet_footer_garbled", _bytes(_garbled)),
    _whole("parquet_footer_encrypted", _bytes(lambda random, content: b"PARE" + content[4:-4] + b"PARE")),
    _whole("parquet_page_damaged", _bytes(_in_page, write_page_checksum=True)),
    _whole("parquet_middle_zeroed", _bytes(_zeroed, write_page_checksum=True)),
)

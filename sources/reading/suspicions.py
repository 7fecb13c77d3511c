"""Cells that are read as they stand and look like a slip of the pen: whoever sent the file is asked to look at them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from sources.contract import Field
from sources.reading import cells
from sources.reading.checks import Rows
from sources.reading.damage import NULL_WORDS
from sources.reading.dates import shows_other_day
from sources.reading.keys import combined

_MAX_GROUPS = 20
_BLANKS = r"[\s\x{a0}\x{3000}]+"
# What stands for a hyphen besides it: the signs of typesetting, the minus, the dashes of small and full width.
_HYPHENS = r"[\x{ad}\x{2010}-\x{2015}\x{2212}\x{fe58}\x{fe63}\x{ff0d}]"


def _is_free(field: Field) -> bool:
    return field.type == "text" and not (field.codes or field.dictionary)


def warn_of_alike(rows: Rows) -> None:
    """Rows of one key but for case, width, blanks and kinds of hyphens: most likely the same thing, written twice."""
    scope = [field for field in rows.contract.fields if field.scope]
    warned: set[tuple[int, ...]] = set()
    for fields in (scope, [field for field in rows.contract.fields if field.scope or field.key]):
        folded = {field.name: found for field in fields if _is_free(field) and (found := _folded(rows, field))}
        if folded:
            groups = _groups(rows, fields, [folded.get(field.name, rows.values[field.name]) for field in fields])
            _warn(rows, list(folded)[-1], [group for group in groups if group not in warned])
            warned |= set(groups)


def _folded(rows: Rows, field: Field) -> pa.Array | None:
    """The field's texts without what hardly tells them apart; None when they all differ even so."""
    words = rows.values[field.name].dictionary_encode()
    bare = pc.utf8_lower(pc.utf8_normalize(pc.replace_substring_regex(words.dictionary, _HYPHENS, "-"), "NFKC"))
    bare = pc.replace_substring_regex(bare, _BLANKS, "")
    return bare.take(words.indices) if pc.count_distinct(bare).as_py() < len(bare) else None


def _groups(rows: Rows, fields: Sequence[Field], folded: Sequence[pa.Array]) -> list[tuple[int, ...]]:
    """The first rows of keys that are written in several ways, one for each way."""
    _, first = np.unique(combined([rows.values[field.name] for field in fields]), return_index=True)
    alike = combined(folded)[first]
    found: dict[int, list[int]] = {}
    for row, code in zip(first.tolist(), alike.tolist(), strict=True):
        found.setdefault(code, []).append(row)
    return [tuple(sorted(group)) for group in found.values() if len(group) > 1][:_MAX_GROUPS]


def _warn(rows: Rows, name: str, groups: Sequence[tuple[int, ...]]) -> None:
    for group in groups:
        listed = [int(rows.grid.rows[row]) for row in group]
        zh = f"第 {'、'.join(map(str, listed))} 行的编号或名称只差大小写、全半角、空格或连字符，按不同处理，请核对"
        en = f"rows {', '.join(map(str, listed))} differ only in case, width, blanks or hyphens: please check"
        rows.warn(np.array([group[-1]]), name, "alike_keys", zh, en)


def warn_of_null_words(rows: Rows) -> None:
    """Names that are a program's word for no value: a text is a text, but hardly anybody is called NULL."""
    for name, column in rows.columns.items():
        field = column.field
        if _is_free(field) and field.required and not (field.key or field.scope):
            words = rows.values[name].dictionary_encode()
            is_null = pc.is_in(pc.utf8_lower(words.dictionary), value_set=pa.array(NULL_WORDS))
            if pc.any(is_null).as_py():
                found = is_null.take(words.indices).fill_null(False).to_numpy(zero_copy_only=False)
                zh, en = (
                    "像是程序写的空值，按文本读入，请核对",
                    "looks like a program's word for no value: kept as text",
                )
                rows.warn(np.flatnonzero(found), name, "null_word", zh, en)


def warn_of_days(rows: Rows) -> None:
    """Date cells in a month field that show a day inside the month: read as the month, perhaps meant otherwise."""
    for name, column in rows.columns.items():
        if column.field.type != "month" or not rows.grid.tagged:
            continue
        words = column.raw.dictionary_encode()
        odd = [cell is not None and shows_other_day(*cells.split(cell, True)) for cell in words.dictionary.to_pylist()]
        if any(odd):
            where = np.flatnonzero(pa.array(odd).take(words.indices).fill_null(False).to_numpy(zero_copy_only=False))
            zh = f"月份列写的是某一天，按所在月份读入（共 {len(where)} 行），请核对"
            en = f"a day in a column of months: read as its month ({len(where)} rows), please check"
            rows.warn(where[:1], name, "day_in_month", zh, en)

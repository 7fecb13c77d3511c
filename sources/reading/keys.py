"""Keys: no two rows of one scope may have the same."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from sources.contract import Field
from sources.reading.checks import Rows
from sources.reading.model import MAX_PROBLEMS


def check_keys(rows: Rows) -> None:
    """Rows of one scope whose keys are equal; every one of them is named, with the others' rows."""
    fields = [field for field in rows.contract.fields if field.scope or field.key]
    codes = combined([rows.values[field.name] for field in fields])
    if _all_differ(codes):
        return
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    same = np.flatnonzero(ordered[1:] == ordered[:-1])
    doubled = np.unique(np.concatenate([order[same], order[same + 1]]))
    known = np.where(rows.is_empty, rows.whole(rows.contract.scope), rows.whole(fields))
    _report_doubles(rows, fields, codes, doubled[known[doubled]])


def _all_differ(codes: np.ndarray) -> bool:
    """Whether no code occurs twice; counted where the codes are small enough, else sorted."""
    if not len(codes):
        return True
    if int(codes.max()) < 4 * len(codes):
        return int(np.bincount(codes).max()) == 1
    return len(np.unique(codes)) == len(codes)


def combined(arrays: Sequence[pa.Array]) -> np.ndarray:
    """One number per row, equal for equal rows."""
    total = np.zeros(len(arrays[0]), dtype=np.int64)
    size = 1
    for array in arrays:
        encoded = array.dictionary_encode("encode")
        width = len(encoded.dictionary)
        if size * max(width, 1) >= 1 << 62:
            distinct, total = np.unique(total, return_inverse=True)
            size = len(distinct)
        total = total * width + encoded.indices.to_numpy().astype(np.int64)
        size *= max(width, 1)
    return total


def _report_doubles(rows: Rows, fields: Sequence[Field], codes: np.ndarray, doubled: np.ndarray) -> None:
    groups: dict[int, list[int]] = {}
    for row in doubled.tolist():
        groups.setdefault(int(codes[row]), []).append(row)
    names = "、".join(field.header for field in fields)
    blamed = next((field.name for field in reversed(fields) if field.key), fields[-1].name)
    shown_rows, total = 0, sum(len(group) for group in groups.values())
    for group in groups.values():
        if shown_rows >= MAX_PROBLEMS:
            break
        lines = [int(rows.grid.rows[row]) for row in group]
        listed = "、".join(str(line) for line in lines[:20]) + ("…" if len(lines) > 20 else "")
        zh, en = f"主键重复（{names}）：第 {listed} 行", f"duplicate key: rows {listed}"
        rows.report(np.array(group), blamed, "duplicate_key", zh, en)
        shown_rows += len(group)
    rows.findings.add_many([], max(total - shown_rows, 0))

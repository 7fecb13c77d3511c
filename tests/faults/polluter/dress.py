"""Writing content as text files, with every quote, delimiter and line end under control."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from tests.faults.polluter.model import Exact, Good, Polluted, Refused

Cells = Sequence[str]


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def cell(text: str, delimiter: str = ",") -> str:
    """A cell by RFC 4180: quoted only where it must be."""
    return quoted(text) if any(sign in text for sign in (delimiter, '"', "\n", "\r")) else text


def line(cells: Cells, delimiter: str = ",") -> str:
    return delimiter.join(cell(text, delimiter) for text in cells)


def lines(good: Good, delimiter: str = ",") -> list[str]:
    """Header and rows as lines without their ends."""
    return [line(cells, delimiter) for cells in (good.header, *good.rows)]


def joined(parts: Sequence[str], end: str = "\n") -> bytes:
    return "".join(part + end for part in parts).encode()


def plain(good: Good) -> bytes:
    return joined(lines(good))


def csv(good: Good, expect: Exact | Refused, change: Callable[[list[str]], Any], end: str = "\n") -> Polluted:
    """The plain CSV after `change` had its way with its lines (0 the header)."""
    parts = lines(good)
    change(parts)
    return Polluted("delivery.csv", joined(parts, end), expect)


def with_cell(good: Good, row: int, column: int, text: str, expect: Exact | Refused) -> Polluted:
    """The plain CSV with one cell another one; `row` counts data rows from 0."""
    cells = list(good.rows[row])
    cells[column] = text
    return csv(good, expect, lambda parts: parts.__setitem__(row + 1, line(cells)))


def packed(content: bytes) -> bytes:
    return gzip.compress(content, mtime=0)


def objects(good: Good) -> list[dict[str, Any]]:
    """The rows as JSON objects: numbers as numbers, blank cells as null."""
    return [
        {name: _json(text, good, index) for index, (name, text) in enumerate(zip(good.header, row, strict=True))}
        for row in good.rows
    ]


def _json(text: str, good: Good, index: int) -> Any:
    if text == "":
        return None
    if good.fields[index].type == "int":
        return int(text)
    return float(Decimal(text)) if good.fields[index].type == "dec" else text


def json_lines(good: Good) -> list[str]:
    return [json.dumps(one, ensure_ascii=False) for one in objects(good)]


NUMERIC = (
    "energy_supply",
    "energy_enterprise",
    "meter_readings",
    "vehicle_stock",
    "charging_sessions",
    "waste_weighings",
    "forest_inventory",
    "task_register",
)
FREE_TEXT = {
    "energy_enterprise": "enterprise_name",
    "charging_sessions": "pile_id",
    "waste_weighings": "plate",
    "task_register": "name",
}


def free_text(good: Good) -> int:
    """The position of a required text column that holds anything, and is no key."""
    return good.contract.fields.index(good.contract.field(FREE_TEXT[good.feed]))


def file_row(row: int) -> int:
    """The line of the plain CSV at which a data row, counted from 0, stands."""
    return row + 2

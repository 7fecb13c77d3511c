"""A small stand-in for the reader, so that these tests say something about the warehouse only."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa

from sources.contract import Contract
from warehouse.paths import Home

SCHEMA = pa.schema(
    [
        ("month", pa.date32()),
        ("product", pa.string()),
        ("sector", pa.string()),
        ("quantity", pa.decimal128(24, 9)),
        ("unit", pa.string()),
        ("_region", pa.string()),
        ("_delivery", pa.string()),
        ("_scope", pa.string()),
        ("_is_empty", pa.bool_()),
        ("_sheet", pa.string()),
        ("_row", pa.int64()),
    ]
)


@dataclass(frozen=True)
class FakeProblem:
    code: str
    zh: str
    en: str
    row: int | None = None
    sheet: str | None = None
    column: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class FakeScope:
    scope: str
    rows: int
    is_empty: bool
    period_start: date
    period_end: date
    member: str | None
    is_partial: bool = False


@dataclass
class FakeReading:
    table: pa.Table | None
    problems: list[FakeProblem]
    scopes: list[FakeScope] = field(default_factory=list)
    warnings: list[FakeProblem] = field(default_factory=list)
    format: str = "csv"
    encoding: str | None = "utf-8"
    rows_read: int = 0
    total_problems: int = 0
    notes: list[FakeProblem] = field(default_factory=list)


def fake_read_file(path: Path, contract: Contract, name: str | None = None, without: object = ()) -> FakeReading:
    """energy_supply as plain CSV; `boom` in the file raises, a quantity that is no number is a problem."""
    text = path.read_text("utf-8")
    if "boom" in text:
        raise RuntimeError("boom")
    rows, scopes = [], {}
    for number, row in enumerate(csv.DictReader(text.splitlines()), 2):
        if not row["quantity"].replace(".", "").isdigit():
            return FakeReading(None, [FakeProblem("bad_number", "不是数字", "not a number", number)], rows_read=1)
        month = date.fromisoformat(row["month"] + "-01")
        scope = f"{row['month']}|{row['product']}"
        scopes[scope] = FakeScope(
            scope, (scopes[scope].rows if scope in scopes else 0) + 1, False, month, month.replace(day=28),
            row["product"],
        )  # fmt: skip
        rows.append(
            {**row, "month": month, "quantity": Decimal(row["quantity"]), "_scope": scope, "_is_empty": False,
             "_sheet": None, "_row": number, "_region": None, "_delivery": None}
        )  # fmt: skip
    return FakeReading(pa.Table.from_pylist(rows, SCHEMA), [], list(scopes.values()), rows_read=len(rows))


def put(home: Home, text: str, name: str = "a.csv", region: str = "r", feed: str = "energy_supply") -> Path:
    """Drop a file into the inbox."""
    folder = home.inbox / region / feed
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, "utf-8")
    return folder / name


def supply(*rows: tuple[str, str, str]) -> str:
    """A deliverable CSV of (month, product, quantity)."""
    lines = [f"{month},{product},industry,{quantity},吨" for month, product, quantity in rows]
    return "\n".join(["month,product,sector,quantity,unit", *lines]) + "\n"

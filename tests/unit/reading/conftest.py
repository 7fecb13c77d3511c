"""Small deliveries of real contracts, written in whatever form a test needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from sources.contract import contracts
from sources.reading import Reading, read_file

SUPPLY = ["统计月份", "能源品种", "用能部门", "消费量", "计量单位"]
GOOD = ["2024-03", "gasoline", "工业", "12.5", "吨"]


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Reading]:
    """Reads content (text in UTF-8, or bytes) as a delivery of a feed."""

    def run(content: str | bytes, feed: str = "energy_supply", name: str = "delivery.csv") -> Reading:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_file(path, contracts()[feed])

    return run


@pytest.fixture
def read_book(tmp_path: Path) -> Callable[..., Reading]:
    """Reads a workbook of one sheet of rows, after `change` had its way with it."""

    def run(
        rows: Iterable[Iterable[Any]],
        feed: str = "energy_supply",
        change: Callable[[Workbook], None] = lambda book: None,
    ) -> Reading:
        book = Workbook()
        for row in rows:
            book.active.append(list(row))  # type: ignore[union-attr]
        change(book)
        path = tmp_path / "delivery.xlsx"
        book.save(path)
        return read_file(path, contracts()[feed])

    return run


def csv_of(*rows: Iterable[str], header: Iterable[str] = SUPPLY, delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + "\n" for row in (header, *rows))


def supply(**changes: str) -> list[str]:
    """A good row of energy_supply with some cells changed."""
    fields = dict(zip(("month", "product", "sector", "quantity", "unit"), GOOD, strict=True))
    return list({**fields, **changes}.values())


def values(reading: Reading, *names: str) -> list[tuple[Any, ...]]:
    """The rows of an accepted reading, chosen columns."""
    assert reading.table is not None, reading.problems
    table = reading.table.select(list(names)) if names else reading.table
    return [tuple(row.values()) for row in table.to_pylist()]


def faults(reading: Reading) -> list[tuple[str, int | None, str | None]]:
    """Code, row and column of every problem of a refused reading."""
    assert reading.table is None
    assert all(problem.zh and problem.en for problem in reading.problems)
    return [(problem.code, problem.row, problem.column) for problem in reading.problems]

"""Every file of the demonstration goes through the reader: the right ones mean what was meant, the wrong ones stop."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import demo
from demo.generate import file_name, planned
from demo.world import Delivery, World
from sources.contract import contracts
from sources.reading import read_file


def _meant(delivery: Delivery) -> dict[str, Any]:
    """The sum of every decimal and whole number of a delivery, by field."""
    contract, rows = contracts()[delivery.feed], delivery.rows
    names = [field.name for field in contract.fields if field.type in ("dec", "int")]
    if isinstance(rows, pa.Table):
        return {"kwh": Decimal(str(round(pc.sum(rows["kwh"]).as_py(), 2)))}
    numbers = {name: [row[name] for row in rows if row.get(name) is not None] for name in names}
    return {name: sum(map(Decimal, values)) for name, values in numbers.items() if values and "%" not in str(values)}


def test_every_right_file_is_read_as_meant(inbox: Path, world: World) -> None:
    for delivery, look in planned(world):
        if delivery.wrong:
            continue
        path = inbox / world.region / delivery.feed / file_name(delivery, look)
        reading = read_file(path, contracts()[delivery.feed])
        assert reading.table is not None, (path.name, reading.problems[:3])
        assert reading.table.num_rows == len(delivery.rows), path.name
        defaulted = {field.name for field in contracts()[delivery.feed].fields if field.default}
        for name, total in _meant(delivery).items():
            if name not in defaulted:
                assert pc.sum(reading.table[name]).as_py() == total, (path.name, name)


def test_every_wrong_file_is_refused_and_says_where(inbox: Path) -> None:
    wrong = sorted(path for path in inbox.rglob("*错误示例*") if path.is_file())
    assert len(wrong) == 8
    codes = set()
    for path in wrong:
        reading = read_file(path, contracts()[path.parent.name])
        assert reading.table is None and reading.problems, path.name
        codes |= {problem.code for problem in reading.problems}
    assert len(codes) >= 8


@pytest.mark.parametrize("path", demo.real_files(), ids=lambda path: f"{path.parts[-3]}-{path.parts[-2]}")
def test_the_real_series_are_accepted(path: Path) -> None:
    reading = read_file(path, contracts()[path.parent.name])
    assert reading.table is not None, reading.problems[:3]
    assert reading.warnings == []

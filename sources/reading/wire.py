"""How a reading crosses from the worker to the process that asked: facts as JSON, rows as an Arrow file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa

from sources.contract import Contract
from sources.reading.model import Problem, Reading, ScopeInfo
from sources.reading.values import ARROW


def schema_of(contract: Contract) -> pa.Schema:
    """The columns of a reading of this contract."""
    fields = [(field.name, ARROW[field.type]) for field in contract.fields]
    marks = [("_scope", pa.string()), ("_is_empty", pa.bool_()), ("_sheet", pa.string()), ("_row", pa.int64())]
    return pa.schema([*fields, *marks])


def write_table(table: pa.Table, target: Path) -> None:
    """Write the rows of a reading; OSError beyond the process's bound on files."""
    with pa.OSFile(str(target), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def load_table(source: Path, contract: Contract) -> pa.Table:
    """The rows that a worker wrote, not copied; ValueError or pa.ArrowInvalid when they are not what was asked for.

    What has parsed a hostile file is not believed: every offset and text is checked before use.
    """
    with pa.memory_map(str(source)) as stream:
        table = pa.ipc.open_file(stream).read_all()
    if table.schema != schema_of(contract):
        raise ValueError(f"the worker gave other columns: {table.schema.names}")
    table.validate(full=True)
    return table


def packed(reading: Reading) -> dict[str, Any]:
    """What JSON can carry of a reading: all but its table."""
    return {
        "problems": [asdict(problem) for problem in reading.problems],
        "warnings": [asdict(problem) for problem in reading.warnings],
        "notes": [asdict(problem) for problem in reading.notes],
        "scopes": [_spelt(info) for info in reading.scopes],
        "format": reading.format,
        "encoding": reading.encoding,
        "rows_read": reading.rows_read,
        "total_problems": reading.total_problems,
        "sheet": reading.sheet,
        "left_out": reading.left_out,
    }


def _spelt(info: ScopeInfo) -> dict[str, Any]:
    days = {"period_start": info.period_start.isoformat(), "period_end": info.period_end.isoformat()}
    return {**vars(info), **days}


def unpacked(facts: dict[str, Any], table: pa.Table | None) -> Reading:
    """The reading from its facts and rows."""
    lists = {name: _problems(facts[name]) for name in ("problems", "warnings", "notes")}
    scopes = [
        ScopeInfo(
            **{
                **info,
                "period_start": date.fromisoformat(info["period_start"]),
                "period_end": date.fromisoformat(info["period_end"]),
            }
        )
        for info in facts["scopes"]
    ]
    return Reading(**{**facts, **lists, "scopes": scopes, "table": table})


def _problems(found: Sequence[dict[str, Any]]) -> list[Problem]:
    return [Problem(**one) for one in found]

"""The reader's side of the worker process: starts it, asks it, and survives its death."""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from sources.reading.formats import PARQUET, XLSX, refusal
from sources.reading.grid import Grid, Header, place
from sources.reading.header import Names, find_header, match_header
from sources.reading.model import Findings, Problem, Unreadable
from sources.reading.text import shown
from warehouse.paths import PROJECT

TIMEOUT = 300.0
_lock = threading.Lock()
_worker: subprocess.Popen[bytes] | None = None
_owner = 0


def _start() -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(PROJECT), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "PYTHONUTF8": "1",
    }
    command = [sys.executable, "-m", "sources.reading.worker"]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )


def stop() -> None:
    """End the worker; the next request starts another."""
    global _worker
    if _worker is not None and _owner == os.getpid():
        _worker.kill()
        _worker.communicate()
    _worker = None


atexit.register(stop)


def _ask(request: dict[str, str], timeout: float) -> dict[str, Any]:
    """The worker's answer; Unreadable when it dies or takes too long."""
    global _worker, _owner
    if _worker is None or _owner != os.getpid() or _worker.poll() is not None:
        _worker, _owner = _start(), os.getpid()
    assert _worker.stdin is not None and _worker.stdout is not None
    try:
        _worker.stdin.write(json.dumps(request).encode() + b"\n")
        _worker.stdin.flush()
        line = _read_line(_worker.stdout.fileno(), time.monotonic() + timeout)
    except BrokenPipeError:
        line = b""
    if line is None:
        stop()
        raise refusal("too_slow", f"{timeout:.0f} 秒内未能读完", f"could not be read within {timeout:.0f} s")
    if not line:
        stop()
        raise refusal(
            "reader_died",
            "读取进程崩溃或超出资源限制，文件已拒收",
            "the reading process died on this file or hit its limits",
        )
    return json.loads(line)


def _read_line(stream: int, deadline: float) -> bytes | None:
    """One line from the worker, b"" when it has died, None after the deadline."""
    parts: list[bytes] = []
    while not parts or not parts[-1].endswith(b"\n"):
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([stream], [], [], left)[0]:
            return None
        part = os.read(stream, 1 << 16)
        if not part:
            return b""
        parts.append(part)
    return b"".join(parts)


def read_typed(path: Path, format: str, names: Names, findings: Findings, timeout: float = TIMEOUT) -> Grid:
    """The table of an XLSX or Parquet file; Unreadable when there is none to trust."""
    with tempfile.TemporaryDirectory(prefix="peak-read-") as folder, _lock:
        request = {"format": format, "path": str(path.absolute()), "folder": folder}
        found = _ask(request, timeout)
        if "problem" in found:
            raise refusal(*found["problem"])
        if format == PARQUET:
            return _parquet_grid(found["names"], _load(Path(folder) / found["file"]))
        assert format == XLSX
        return _choose(found["sheets"], Path(folder), names, findings)


def _load(file: Path) -> pa.Table:
    with pa.OSFile(str(file), "rb") as source:
        return pa.ipc.open_file(source).read_all()


def _flat(column: pa.ChunkedArray) -> pa.Array:
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _parquet_grid(names: list[str], table: pa.Table) -> Grid:
    columns = [_flat(column) for column in table.columns]
    rows = np.arange(1, table.num_rows + 1, dtype=np.int64)
    return Grid(Header(names, 0), rows, columns, [place(index) for index in range(len(names))], tagged=True)


def _sheet_grid(name: str, table: pa.Table, names: Names) -> Grid | None:
    """The table under the header of a sheet; None when no row looks like one."""
    rows = table["row"].to_numpy()
    positions = [int(column) for column in table.column_names[1:]]
    columns = [_flat(column) for column in table.columns[1:]]
    top = [
        (int(rows[row]), [_header_text(column[row].as_py()) for column in columns])
        for row in range(min(200, len(rows)))
    ]
    found = find_header(top, names)
    if found is None:
        return None
    header = Header([text or "" for text in top[found][1]], int(rows[found]))
    below = [column.slice(found + 1) for column in columns]
    kept = [
        index for index, column in enumerate(below) if header.cells[index].strip() or column.null_count < len(column)
    ]
    return Grid(
        Header([header.cells[index] for index in kept], header.row),
        np.asarray(rows[found + 1 :], dtype=np.int64),
        [pa.concat_arrays([below[index]]) for index in kept],
        [place(positions[index]) for index in kept],
        sheet=name,
        tagged=True,
    )


def _header_text(cell: str | None) -> str | None:
    """The text of a cell of a header; numbers and dates are none."""
    from sources.reading import cells

    kind, text = cells.split(cell or "", True)
    return text if kind == cells.TEXT else ""


def _choose(sheets: list[dict[str, Any]], folder: Path, names: Names, findings: Findings) -> Grid:
    """The grid of the one visible sheet whose header matches."""
    for sheet in sheets:
        if sheet["hidden"]:
            zh, en = f"隐藏的工作表“{sheet['name']}”未读取", f"the hidden sheet {sheet['name']} was not read"
            findings.warn(Problem("hidden_sheet", zh, en, sheet=sheet["name"]))
    visible = [sheet for sheet in sheets if not sheet["hidden"]]
    grids = [grid for sheet in visible if (grid := _sheet_grid(sheet["name"], _load(folder / sheet["file"]), names))]
    whole = [grid for grid in grids if match_header(grid.header, names, grid.sheet).is_complete]
    if len(whole) > 1:
        both = "、".join(shown(grid.sheet) for grid in whole)
        zh, en = f"多个工作表的表头都符合：{both}", f"the headers of several sheets match: {both}"
        raise Unreadable(Problem("two_sheets", zh, en, sheet=whole[1].sheet, row=whole[1].header.row))
    if not grids:
        wanted = "、".join(field.header for field in names.contract.fields if field.required)
        raise refusal(
            "no_header",
            f"没有表头符合的可见工作表（应有：{wanted}）",
            f"no visible sheet has the header (expected: {wanted})",
        )
    return whole[0] if whole else max(grids, key=lambda grid: names.score(grid.header.cells))

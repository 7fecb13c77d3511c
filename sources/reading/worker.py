"""The process that opens workbooks and Parquet files: bounded in memory and time, kept for the next file.

Requests and answers are lines of JSON on stdin and stdout; tables go through Arrow files in the folder of the request.
"""

from __future__ import annotations

import json
import resource
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

import pyarrow as pa

from sources.reading.parquet_cells import read_parquet
from sources.reading.sheet import BadWorkbook, Sheet
from sources.reading.xlsx import Workbook

MAX_MEMORY = 6 << 30
CPU_SECONDS = 240


def _bound_processor() -> None:
    """A fresh allowance of processor time for one request."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_SECONDS, hard))


def _write(table: pa.Table, target: Path) -> None:
    with pa.OSFile(str(target), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def _sheet_table(sheet: Sheet) -> pa.Table:
    """Column `row` with the sheet's row numbers, then one column of cells per filled column, named by its position."""
    columns: dict[str, pa.Array] = {"row": pa.array(sheet.rows, pa.int64())}
    height = range(len(sheet.rows))
    for position in sorted(sheet.columns):
        filled = sheet.columns[position]
        columns[str(position)] = pa.array([filled.get(row) for row in height], pa.string())
    return pa.table(columns)


def _read_workbook(path: str, folder: Path) -> dict[str, Any]:
    book = Workbook(path)
    sheets = []
    for number, (name, part, hidden) in enumerate(book.sheets):
        if not hidden:
            _write(_sheet_table(book.read(part)), folder / f"{number}.arrow")
        sheets.append({"name": name, "hidden": hidden, "file": None if hidden else f"{number}.arrow"})
    return {"sheets": sheets}


def _read_parquet(path: str, folder: Path) -> dict[str, Any]:
    names, table = read_parquet(path)
    _write(table, folder / "0.arrow")
    return {"names": names, "file": "0.arrow"}


def answer(request: dict[str, str]) -> dict[str, Any]:
    """The answer to one request; faults of the file come back as `problem` (code, zh, en)."""
    readers = {"xlsx": _read_workbook, "parquet": _read_parquet}
    try:
        return readers[request["format"]](request["path"], Path(request["folder"]))
    except BadWorkbook as error:
        return {"problem": error.args}
    except MemoryError:
        return {"problem": ("too_large", "读取所需内存过大", "reading it takes too much memory")}
    except (
        zipfile.BadZipFile,
        ExpatError,
        pa.ArrowException,
        KeyError,
        ValueError,
        IndexError,
        OSError,
        EOFError,
    ) as error:
        reason = f"{type(error).__name__}: {error}"
        return {"problem": ("broken_file", f"文件损坏：{reason}", f"the file is broken: {reason}")}
    except (NotImplementedError, RuntimeError, zipfile.LargeZipFile) as error:
        return {"problem": ("unsupported_format", f"不支持的文件特性：{error}", f"a feature not supported: {error}")}


def main() -> None:
    pa.set_cpu_count(1)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    for line in sys.stdin:
        _bound_processor()
        print(json.dumps(answer(json.loads(line))), flush=True)


if __name__ == "__main__":
    main()

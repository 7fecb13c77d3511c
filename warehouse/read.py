"""Reading the current release: one read-only statement at a time, in a child process that can do no harm.

DuckDB's own memory limit does not cover every allocation (`repeat('x', 2000000000)` takes gigabytes and cannot be
interrupted), so the statement runs in a process with a memory limit of its own that is ended when its time is up.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.paths import Home
from warehouse.shelf import DamagedRelease, ReleaseInfo, current_release, open_release, verify_release

READER = Path(__file__).with_name("reader.py")
TIMEOUT_S = 60.0
MAX_ROWS = 10_000
MAX_BYTES = 64 << 20
MEMORY_MB = 1024
# the child may hold the result twice (rows, then bytes) beside DuckDB's own memory
OVERHEAD_MB = 1024


class QueryError(Exception):
    """The statement was refused, failed or went beyond a limit; the message says which."""


@dataclass(frozen=True)
class Result:
    """Rows as plain values (Decimal, date, …) with their column names and DuckDB types.

    `is_cut` tells that there were more than `max_rows` rows.
    """

    columns: list[str]
    types: list[str]
    rows: list[tuple[Any, ...]]
    is_cut: bool
    release_id: str


def _stamp(file: Path) -> list[int]:
    status = file.stat()
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def verified_release(home: Home, release_id: str | None = None) -> ReleaseInfo:
    """A release (None: the current one), proved whole; its checksums are computed again only when a file changed since.

    DamagedRelease when it is not whole, or when there is none yet.
    """
    release = current_release(home) if release_id is None else open_release(home, release_id)
    if release is None:
        raise DamagedRelease("还没有发布任何版本，请先运行 peak run / nothing is published yet, run `peak run` first")
    note = home.build / f"verified-{release.release_id}.json"
    try:
        stamps = {name: _stamp(release.folder / name) for name in (*release.manifest["files"], "release.json")}
        if json.loads(note.read_text("utf-8")) == stamps:
            return release
    except (OSError, ValueError):
        stamps = {}
    verify_release(release)
    try:  # a reader who may not write here only has to verify each time
        home.build.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps(stamps), "utf-8")
    except OSError:
        pass
    return release


def query(
    home: Home,
    sql: str,
    *,
    timeout_s: float = TIMEOUT_S,
    max_rows: int = MAX_ROWS,
    max_bytes: int = MAX_BYTES,
    memory_mb: int = MEMORY_MB,
) -> Result:
    """Run one read-only statement on the current release. QueryError, or DamagedRelease.

    No file, network, extension or setting can be reached from `sql`; time, memory and output are limited.
    """
    release = verified_release(home)
    order = {
        "database": str(release.database),
        "sql": sql,
        "max_rows": max_rows,
        "max_bytes": max_bytes,
        "memory_mb": memory_mb,
        "limit_mb": memory_mb + OVERHEAD_MB,
        "timeout_s": timeout_s,
    }
    answer = _ask(json.dumps(order), timeout_s)
    if "error" in answer:
        raise QueryError(answer["error"])
    return Result(answer["columns"], answer["types"], answer["rows"], answer["is_cut"], release.release_id)


def _ask(order: str, timeout_s: float) -> dict[str, Any]:
    command = [sys.executable, "-I", str(READER)]
    # nothing of this process's environment (credentials, proxies) goes to the child
    environment = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "TZ": "UTC"}
    try:
        done = subprocess.run(
            command, input=order.encode(), capture_output=True, timeout=timeout_s + 2, env=environment, check=False
        )
    except subprocess.TimeoutExpired:
        raise QueryError(f"查询超过 {timeout_s:g} 秒，已终止 / the query took more than {timeout_s:g} s") from None
    if done.returncode != 0 or not done.stdout:
        raise QueryError("查询超出内存限额，已终止 / the query went beyond its memory limit")
    answer: dict[str, Any] = pickle.loads(done.stdout)  # written by our own child, from plain values
    return answer

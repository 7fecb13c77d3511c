"""The child process of warehouse.read: takes one statement as JSON on stdin, gives the pickled result on stdout."""

from __future__ import annotations

import json
import os
import pickle
import resource
import sys
import threading
from typing import Any

import duckdb

CONFIG = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
    "threads": "2",
}
CHUNK = 256
_READING = {
    duckdb.StatementType.SELECT,
    duckdb.StatementType.EXPLAIN,
    duckdb.StatementType.RELATION,
    duckdb.StatementType.LOGICAL_PLAN,
}


class Refused(Exception):
    """The statement is not one that may run, or its result is too large."""


def connect(database: str, memory_mb: int) -> duckdb.DuckDBPyConnection:
    """A read-only connection that reaches nothing but the one file and cannot be loosened again."""
    config: dict[str, Any] = {**CONFIG, "memory_limit": f"{memory_mb}MB", "lock_configuration": "true"}
    return duckdb.connect(database, read_only=True, config=config)


def _check(connection: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        raise Refused("每次只能执行一条语句 / exactly one statement at a time")
    if statements[0].type not in _READING:
        raise Refused("只能查询，不能修改 / only queries are possible")


def run(order: dict[str, Any]) -> dict[str, Any]:
    """Columns, types and at most `max_rows` rows; Refused beyond `max_bytes`."""
    connection = connect(order["database"], order["memory_mb"])
    _check(connection, order["sql"])
    timer = threading.Timer(order["timeout_s"], connection.interrupt)
    timer.daemon = True
    timer.start()
    cursor = connection.execute(order["sql"])
    described = cursor.description or []
    rows: list[tuple[Any, ...]] = []
    size = 0
    while len(rows) <= order["max_rows"] and (chunk := cursor.fetchmany(min(CHUNK, order["max_rows"] + 1 - len(rows)))):
        rows += chunk
        size += len(pickle.dumps(chunk))
        if size > order["max_bytes"]:
            limit = order["max_bytes"] >> 20
            raise Refused(f"结果超过 {limit} MB，请缩小查询 / the result is larger than {limit} MB, ask for less")
    return {
        "columns": [column[0] for column in described],
        "types": [str(column[1]) for column in described],
        "rows": rows[: order["max_rows"]],
        "is_cut": len(rows) > order["max_rows"],
    }


def answer(order: dict[str, Any]) -> dict[str, Any]:
    """The result, or the error as `{"error": text}`."""
    try:
        return run(order)
    except duckdb.InterruptException:
        seconds = order["timeout_s"]
        return {"error": f"查询超过 {seconds:g} 秒，已终止 / the query took more than {seconds:g} s"}
    except (duckdb.OutOfMemoryException, MemoryError):
        return {"error": "查询超出内存限额，已终止 / the query went beyond its memory limit"}
    except (duckdb.Error, Refused) as error:
        return {"error": str(error)}


def main() -> None:
    order = json.load(sys.stdin)
    limit = order["limit_mb"] << 20
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    payload = pickle.dumps(answer(order), protocol=pickle.HIGHEST_PROTOCOL)
    sys.stdout.buffer.write(payload)
    sys.stdout.buffer.flush()
    os._exit(0)  # neither threads nor a large heap need tidying


if __name__ == "__main__":
    main()

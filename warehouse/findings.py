"""What a failed dbt test found: dbt itself only counts, so its query is asked again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

SHOWN = 5


def found(database: Path, result: Any) -> tuple[str, ...]:
    """dbt's message on one result, and after it for a test that found something the first rows, as `column=value`.

    `database` must not be open for writing.
    """
    message = str(result.message or "")
    query = getattr(result.node, "compiled_code", None)
    if str(result.node.resource_type) != "test" or str(result.status) not in ("fail", "warn") or not query:
        return (message,)
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            cursor = connection.execute(query)
            names = [column[0] for column in cursor.description or ()]
            rows = cursor.fetchmany(SHOWN)
    except duckdb.Error:  # the verdict stands without its examples
        return (message,)
    return message, *(", ".join(map("{}={}".format, names, row)) for row in rows)

"""What a failed dbt test found: dbt itself only counts, so its query is asked again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

SHOWN = 5
MOST_OFFENCES = 1000
_TELLING = ("region", "indicator", "feed")
_RELATION = re.compile(r'from (["\w]+\.["\w]+\.["\w]+)')


class Offence(NamedTuple):
    """Of whom a row is that a failed test found; None where the rows do not say."""

    region: str | None
    indicator: str | None
    feed: str | None


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


def offences(database: Path, result: Any) -> tuple[Offence, ...]:
    """Of whom the rows are that a failed test of severity error found; empty when they do not say."""
    query = getattr(result.node, "compiled_code", None)
    if str(result.node.resource_type) != "test" or str(result.status) != "fail" or not query:
        return ()
    metadata = getattr(result.node, "test_metadata", None)
    if metadata is not None and metadata.name == "sound":
        query = _unsound_rows(query, metadata.kwargs)
    try:
        with duckdb.connect(str(database), read_only=True) as connection:
            columns = [row[0] for row in connection.execute(f"describe {query}").fetchall()]
            telling = [name if name in columns else f"null as {name}" for name in _TELLING]
            listed = f"select distinct {', '.join(telling)} from ({query}) order by all limit {MOST_OFFENCES}"  # noqa: S608
            found = [Offence(*row) for row in connection.execute(listed).fetchall()]
    except duckdb.Error:
        return ()
    return tuple(offence for offence in found if any(offence))


def _unsound_rows(query: str, rules: Any) -> str:
    """The rows behind the counts of the test `sound`: its rules and the relation that its query looks at."""
    relation = _RELATION.search(query)
    if relation is None:
        return query
    key = ", ".join(rules.get("key") or ())
    broken = [f"not ({condition})" for condition in rules.get("held") or ()]
    broken += [f"{column} is null" for column in rules.get("filled") or ()]
    repeated = f"count(*) over (partition by {key})" if key else "1"
    return (
        f"select * from (select *, {repeated} as _times from {relation[1]}) "  # noqa: S608 - a test's own words
        f"where {' or '.join(['_times > 1', *broken])}"
    )

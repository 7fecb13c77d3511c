"""Servers of type `postgresql`: the rows of a query as CSV, UTF-8. The same rows are the same bytes.

Decimals are text in full, dates as 2025-03-01, NULL is empty. `:start` and `:end` in the query are the first and last
day of each period.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any

from sources.fetching.job import Item, Job
from sources.fetching.part import Received
from sources.fetching.trouble import FetchError, Temporary, needs, persistently

ROWS = 5000  # fetched and written at a time


def items(job: Job) -> Iterator[Item]:
    """The rows of each period, or the one answer."""
    options = job.server.options
    place = f"postgresql://{options['host']}:{options.get('port', 5432)}/{options['database']}"
    names = set(re.findall(r"(?<!:):(start|end)\b", options["query"]))
    if not names:
        yield Item(place, partial(_receive, job, place, {}, job.server.name))
        return
    for period in job.periods():
        bound = {"start": period.start, "end": period.end}
        source = f"{place}?start={period.start}&end={period.end}"
        kept = {name: bound[name] for name in sorted(names)}
        yield Item(source, partial(_receive, job, source, kept, f"{period.start}"))


def _receive(job: Job, source: str, bound: Mapping[str, date], name: str) -> Received | None:
    """None while there are no rows: a header alone would say that there were none."""
    part = job.part(source)

    def ask() -> int:
        part.begin("")
        return _write(job, bound, part.add)

    if persistently(ask, job.limits) == 0:
        part.drop()
        return None
    return part.whole(f"{name}.csv")


def _write(job: Job, bound: Mapping[str, date], add: Any) -> int:
    """Write the answer in chunks; how many rows there were."""
    sqlalchemy = needs("sqlalchemy")
    needs("psycopg")
    engine = sqlalchemy.create_engine(_url(job), connect_args=_arguments(job), poolclass=sqlalchemy.NullPool)
    try:
        with engine.connect() as connection:
            plain = connection.execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True, stream_results=True, max_row_buffer=ROWS
            )
            answer = plain.execute(sqlalchemy.text(job.server.options["query"]), dict(bound))
            add([_lines([list(answer.keys())])])
            count = 0
            for rows in answer.partitions(ROWS):
                add([_lines([[cell(value) for value in row] for row in rows])])
                count += len(rows)
            return count
    except sqlalchemy.exc.OperationalError as error:
        why = f"{job.server.options['host']}：{error.orig}"
        raise (FetchError(why) if _is_refusal(error.orig) else Temporary(why)) from None
    except sqlalchemy.exc.SQLAlchemyError as error:
        raise FetchError(f"查询失败 / the query failed: {getattr(error, 'orig', None) or error}") from None
    finally:
        engine.dispose()


def _url(job: Job) -> Any:
    options = job.server.options
    return needs("sqlalchemy").URL.create(
        "postgresql+psycopg",
        username=options["user"],
        password=job.secrets.of("password"),
        host=options["host"],
        port=options.get("port", 5432),
        database=options["database"],
    )


def _arguments(job: Job) -> dict[str, Any]:
    milliseconds = int(job.limits.longest_s * 1000)
    return {
        "connect_timeout": max(int(job.limits.timeout_s), 2),
        "options": f"-c statement_timeout={milliseconds} -c datestyle=ISO -c client_encoding=UTF8",
    }


def _is_refusal(error: Any) -> bool:
    """Whether the server wanted a password: asking again with the same one locks accounts."""
    asked = getattr(error, "pgconn", None)
    return asked is not None and bool(asked.needs_password or asked.used_password)


def _lines(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def cell(value: Any) -> str:
    """A value of a database as the text of a cell; FetchError for what has no exact text."""
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float | date | time):
        return str(value) if not isinstance(value, float) else repr(value)
    raise FetchError(f"列类型不支持，请在查询中转为文字 / cast it to text in the query: {type(value).__name__}")

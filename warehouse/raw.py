"""The raw schema of build.duckdb: exactly what won, made from the ledger before dbt runs."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from sources import parquet
from sources.contract import Contract, contracts
from sources.ledger import (
    Delivery,
    Ledger,
    Position,
    accepted_scopes,
    deliveries,
    delivery_file,
    excluded_counts,
    winners,
)
from warehouse.inputs import code_version, contract_sha256
from warehouse.paths import Home

COLUMN_TYPES = {
    "text": "varchar",
    "int": "bigint",
    "dec": "decimal(24,9)",
    "bool": "boolean",
    "date": "date",
    "month": "date",
    "quarter": "date",
    "year": "integer",
    "ts": "timestamp",
}
ORIGIN_COLUMNS = {
    "_region": "varchar",
    "_delivery": "varchar",
    "_scope": "varchar",
    "_is_empty": "boolean",
    "_sheet": "varchar",
    "_row": "bigint",
}
_SCOPE = (
    "region varchar, feed varchar, scope varchar, delivery_id varchar, row_count bigint, is_empty boolean, "
    "period_start date, period_end date, member varchar"
)
_TABLES = {
    "winning_scopes": f"{_SCOPE}, is_partial boolean",
    "accepted_scopes": f"{_SCOPE}, seq bigint, accepted_at timestamp, is_held boolean",
    "ledger_deliveries": "delivery_id varchar, seq bigint, region varchar, feed varchar, file_name varchar, "
    "sha256 varchar, size_bytes bigint, received_at timestamp, status varchar, reason varchar, row_count bigint, "
    "excluded_rows bigint",
    "changed_scopes": "region varchar, feed varchar, scope varchar, period_start date, period_end date, member varchar",
    "run": "as_of date, code_version varchar",
}
_SCOPE_KEYS = (
    *("region", "feed", "scope", "delivery_id", "row_count", "is_empty", "period_start", "period_end", "member"),
)


# region, feed and scope
ScopeKey = tuple[str, str, str]


@dataclass(frozen=True)
class ChangedScope:
    """A scope that a build takes up anew, because another delivery speaks for it or nobody does any more.

    Dates are ISO texts, inclusive."""

    region: str
    feed: str
    scope: str
    period_start: str | None
    period_end: str | None
    member: str | None

    @property
    def key(self) -> ScopeKey:
        return (self.region, self.feed, self.scope)


@dataclass(frozen=True)
class RawResult:
    """What the raw schema was made of: files per feed, and the deliveries whose file had to be rebuilt."""

    files: dict[str, int]
    rebuilt: list[str]


def columns(contract: Contract) -> dict[str, str]:
    """Names and DuckDB types of a typed delivery of this feed, in order."""
    return {field.name: COLUMN_TYPES[field.type] for field in contract.fields} | ORIGIN_COLUMNS


def quoted(text: str) -> str:
    """A SQL text literal; for DDL, which takes no bound parameters."""
    return "'" + text.replace("'", "''") + "'"


def literal_path(path: Path) -> str:
    """A path as DuckDB's readers take it literally: they would expand `*`, `?` and `[` otherwise."""
    return quoted("".join(f"[{char}]" if char in "*?[" else char for char in str(path)))


def _intact(home: Home, ledger: Ledger, needed: Sequence[Delivery]) -> Iterable[bool]:
    recorded = {delivery.delivery_id: delivery_file(ledger, delivery.delivery_id) for delivery in needed}

    def check(delivery: Delivery) -> bool:
        path = home.delivery(delivery.feed, delivery.region, delivery.delivery_id)
        file = recorded[delivery.delivery_id]
        return file is not None and parquet.is_intact(path, file)

    with ThreadPoolExecutor(2) as pool:  # hashing lets go of the interpreter
        return list(pool.map(check, needed))


def verify(home: Home, ledger: Ledger, needed: Sequence[Delivery]) -> list[str]:
    """Check every needed Parquet file byte for byte; rebuild damaged ones. Returns the rebuilt deliveries' ids.

    sources.archive.Damaged when one cannot be rebuilt: nothing may be built from it.
    """
    intact = _intact(home, ledger, needed)
    return [
        delivery.delivery_id
        for delivery, good in zip(needed, intact, strict=True)
        if not good and parquet.ensure(home, ledger, delivery)[1]
    ]


def _select(connection: duckdb.DuckDBPyConnection, contract: Contract, files: list[Path], is_current: bool) -> str:
    """The view's select: typed and empty without files; older contracts' files get the columns they lack."""
    wanted = columns(contract)
    if not files:
        return (
            "select " + ", ".join(f"cast(null as {kind}) as {name}" for name, kind in wanted.items()) + " where false"
        )
    paths = ", ".join(literal_path(file) for file in files)
    source = f"read_parquet([{paths}], union_by_name = {str(not is_current).lower()}, hive_partitioning = false)"
    if is_current:
        listed = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in wanted.items())
        return f"select {listed} from {source}"  # noqa: S608 - names of the contract and literal paths
    found = {row[0] for row in connection.execute(f"describe select * from {source}").fetchall()}  # noqa: S608
    listed = ", ".join(
        f"cast({name if name in found else 'null'} as {kind}) as {name}" for name, kind in wanted.items()
    )
    return f"select {listed} from {source}"  # noqa: S608 - names of the contract and literal paths


def _create_views(
    connection: duckdb.DuckDBPyConnection, home: Home, by_feed: dict[str, list[Delivery]]
) -> dict[str, int]:
    counts = {}
    for feed, contract in contracts().items():
        chosen = by_feed.get(feed, [])
        files = [home.delivery(item.feed, item.region, item.delivery_id) for item in chosen]
        is_current = all(item.contract_sha256 == contract_sha256(feed) for item in chosen)
        connection.execute(f"create or replace view raw.{feed} as {_select(connection, contract, files, is_current)}")
        counts[feed] = len(files)
    return counts


def _fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Make one raw table from plain rows. Through JSON: one statement for any number of rows, and no heavy import."""
    definition = _TABLES[table]
    connection.execute(f"create or replace table raw.{table} ({definition})")
    structure = {name: kind for name, kind in (item.strip().split(" ") for item in definition.split(","))}
    sql = f"insert into raw.{table} select unnest(from_json(?, ?), recursive := true)"
    for start in range(0, len(rows), 20_000):
        chunk = [{name: row[name] for name in structure} for row in rows[start : start + 20_000]]
        connection.execute(sql, [json.dumps(chunk, ensure_ascii=False), json.dumps([structure])])


def _naive(stamp: str) -> str:
    return stamp.removesuffix("Z")


def prepare(
    home: Home,
    ledger: Ledger,
    as_of: date,
    at: Position | None = None,
    on_rebuilt: Callable[[str], None] | None = None,
) -> RawResult:
    """Make a new build.duckdb whose schema `raw` holds exactly what wins at `at` (now by default).

    Every Parquet file used is verified first; `on_rebuilt` is told of each that came back from the archive.
    sources.archive.Damaged when one cannot.
    """
    won, entries = winners(ledger, at), deliveries(ledger, at.seq if at else None)
    by_seq = {entry.seq: entry for entry in entries}
    needed = [by_seq[seq] for seq in sorted({winner.seq for winner in won})]
    rebuilt = verify(home, ledger, needed)
    for delivery_id in rebuilt if on_rebuilt else ():
        on_rebuilt(delivery_id)  # type: ignore[misc]
    by_feed: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in needed:
        by_feed[delivery.feed].append(delivery)
    remove_build(home)
    with duckdb.connect(str(home.build_db)) as connection:
        connection.execute("create schema raw")
        counts = _create_views(connection, home, by_feed)
        _fill(connection, "winning_scopes", [vars(winner) for winner in won])
        _fill(connection, "changed_scopes", [vars(winner) for winner in won])
        scopes = [vars(scope) | {"accepted_at": _naive(scope.accepted_at)} for scope in accepted_scopes(ledger, at)]
        _fill(connection, "accepted_scopes", scopes)
        left_out = excluded_counts(ledger)
        received = [
            vars(entry) | {"received_at": _naive(entry.received_at), "excluded_rows": left_out.get(entry.seq, 0)}
            for entry in entries
        ]
        _fill(connection, "ledger_deliveries", received)
        _fill(connection, "run", [{"as_of": as_of.isoformat(), "code_version": code_version()}])
    return RawResult(counts, rebuilt)


def remove_build(home: Home) -> None:
    """Forget the build database: it is remade from the ledger, so nothing of a broken or older build can linger."""
    home.root.mkdir(parents=True, exist_ok=True)
    for file in (home.build_db, home.build_db.with_name(home.build_db.name + ".wal")):
        file.unlink(missing_ok=True)

"""The ledger's file: SQLite in WAL mode, so that it can be read while a run writes; triggers refuse any change."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from warehouse.paths import Home

SCHEMA = Path(__file__).with_name("schema")
SCHEMA_VERSION = 4
TABLES = (
    "deliveries",
    "delivery_scopes",
    "delivery_files",
    "holds",
    "run_events",
    "gate_results",
    "releases",
    "switches",
    "reparses",
    "reparse_scopes",
    "excluded_rows",
    "release_manifests",
    "revisions",
    "citations",
    "prunes",
    "sign_offs",
    "assessed_values",
    "backfills",
    "fetches",
)
BUSY_MS = 30_000

Row = TypeVar("Row")


def utc_now() -> str:
    """The moment now, UTC, as the ledger writes it: `2026-11-22T02:00:00.000000Z`."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


class NewerLedger(RuntimeError):
    """The ledger was written by a newer version of the project than this one."""


@dataclass
class Ledger:
    """An open ledger. Not shared between threads at the same moment; open one per thread instead."""

    connection: sqlite3.Connection
    path: Path

    def rows(self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = ()) -> list[sqlite3.Row]:
        return self.connection.execute(sql, parameters).fetchall()

    def one(self, sql: str, parameters: tuple[Any, ...] | dict[str, Any] = ()) -> sqlite3.Row | None:
        row: sqlite3.Row | None = self.connection.execute(sql, parameters).fetchone()
        return row

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: everything inside is in the ledger afterwards, or nothing is."""
        self.connection.execute("begin immediate")
        try:
            yield self.connection
            self.connection.execute("commit")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("rollback")
            raise

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _statements(sql: str) -> Iterator[str]:
    """The statements of a schema file, one by one: `executescript` would end the transaction they belong to."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _triggers(connection: sqlite3.Connection) -> Iterator[str]:
    there = {row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")}
    for table in TABLES:
        for action in ("update", "delete") if table in there else ():
            message = f"账本只增不改 / the ledger only grows: {action} on {table}"
            yield (
                f"create trigger if not exists no_{action}_{table} before {action} on {table} "
                f"begin select raise(abort, '{message}'); end"
            )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("pragma user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, to: int = SCHEMA_VERSION) -> None:
    """Bring a ledger of any older version up to version `to`, in one transaction; old rows stay as they are.

    NewerLedger when the ledger was written by a newer version of the project.
    """
    if _version(connection) == to:
        return
    connection.execute("begin immediate")
    try:
        version = _version(connection)  # another process may have been first
        if version > SCHEMA_VERSION:
            raise NewerLedger(f"账本由更新的版本写成 / the ledger was written by a newer version ({version})")
        for step in range(version + 1, to + 1):
            for statement in _statements((SCHEMA / f"{step}.sql").read_text("utf-8")):
                connection.execute(statement)
        for trigger in list(_triggers(connection)):
            connection.execute(trigger)
        connection.execute(f"pragma user_version = {to}")
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise


def _connect(address: str, uri: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(address, uri=uri, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute(f"pragma busy_timeout = {BUSY_MS}")
    connection.execute("pragma foreign_keys = on")
    # without it, `insert or replace` removes rows behind the delete triggers' back
    connection.execute("pragma recursive_triggers = on")
    return connection


def open_ledger(home: Home) -> Ledger:
    """Open the ledger of `home` for writing, making or upgrading it when need be. The caller holds the home's lock."""
    home.root.mkdir(parents=True, exist_ok=True)
    connection = _connect(str(home.ledger), uri=False)
    try:
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        migrate(connection)
    except BaseException:
        connection.close()
        raise
    return Ledger(connection, home.ledger)


def read_ledger(home: Home) -> Ledger | None:
    """Open the ledger of `home` for reading only, also while a run writes; None when there is none yet."""
    if not home.ledger.exists():
        return None
    connection = _connect(f"{home.ledger.as_uri()}?mode=ro", uri=True)
    version = _version(connection)
    if version == SCHEMA_VERSION:
        return Ledger(connection, home.ledger)
    try:
        return Ledger(_upgraded_copy(connection), home.ledger) if version else None
    finally:
        connection.close()


def _upgraded_copy(connection: sqlite3.Connection) -> sqlite3.Connection:
    """An older ledger in memory, in today's shape: a reader must not touch the file, and a run will upgrade it."""
    copy = _connect(":memory:", uri=False)
    connection.backup(copy)
    migrate(copy)
    copy.execute("pragma query_only = on")
    return copy


def insert(connection: sqlite3.Connection, table: str, values: dict[str, Any]) -> int:
    """Add one row; `table` and the keys are names of this package, the values are bound. Returns the row's number."""
    if table not in TABLES:
        raise ValueError(table)
    marks = ", ".join("?" for _ in values)
    sql = f"insert into {table} ({', '.join(values)}) values ({marks})"  # noqa: S608 - names of this package only
    return int(connection.execute(sql, tuple(values.values())).lastrowid or 0)


def insert_many(connection: sqlite3.Connection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Add rows that all have the same keys, under the rules of `insert`."""
    if table not in TABLES:
        raise ValueError(table)
    if not rows:
        return
    names = list(rows[0])
    sql = f"insert into {table} ({', '.join(names)}) values ({', '.join('?' for _ in names)})"  # noqa: S608 - as above
    connection.executemany(sql, ([row[name] for name in names] for row in rows))


def as_json(value: object) -> str:
    """Canonical JSON text of plain values; dates and decimals as text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)

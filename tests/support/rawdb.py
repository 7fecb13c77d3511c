"""A small warehouse for tests: schema `raw` of build.duckdb made from Python rows, then dbt on top of it.

    raw = RawDb(tmp_path / "build.duckdb", as_of="2026-01-20")
    raw.deliver("energy_supply", [{"month": "2024-01", "product": "diesel", "sector": "transport",
                                   "quantity": "12.5", "unit": "吨"}], region="r")
    raw.deliver("waste_weighings", [{"day": "2024-01-02", "facility": "F"}])     # an empty scope
    raw.build("+indicator_values")
    raw.query("select value from marts.indicator_values where indicator = 'oil_consumption'")

Periods are written as people write them: `2024-01`, `2024Q1`, 2024, `2024-01-02`. Codes are codes, units canonical
names. Fields left out are missing; a contract's defaults are filled in. A row with only its scope fields is an empty
scope. The last delivery of a scope wins.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from sources.contract import Contract, Field, contracts
from tests.support.parse import PARSED
from warehouse.delivered import COLUMN_TYPES, ORIGIN_COLUMNS
from warehouse.paths import DBT_PROJECT

Row = Mapping[str, Any]

SCOPES = {
    "region": "varchar",
    "feed": "varchar",
    "scope": "varchar",
    "delivery_id": "varchar",
    "row_count": "bigint",
    "is_empty": "boolean",
    "period_start": "date",
    "period_end": "date",
    "member": "varchar",
    "is_partial": "boolean",
    "corrections": "bigint",
}
HELD = {
    name: SCOPES[name] for name in ("region", "feed", "scope", "delivery_id", "period_start", "period_end", "member")
}
DELIVERIES = {
    "delivery_id": "varchar",
    "seq": "bigint",
    "region": "varchar",
    "feed": "varchar",
    "file_name": "varchar",
    "sha256": "varchar",
    "size_bytes": "bigint",
    "received_at": "timestamp",
    "status": "varchar",
    "reason": "varchar",
    "row_count": "bigint",
    "excluded_rows": "bigint",
}


def _typed(field: Field, value: Any) -> Any:
    """The value as DuckDB takes it: months and quarters as their first day."""
    if value is None or isinstance(value, date):
        return value
    if field.type == "month":
        return date.fromisoformat(f"{value}-01")
    if field.type == "quarter":
        year, quarter = str(value).split("Q")
        return date(int(year), 3 * int(quarter) - 2, 1)
    return date.fromisoformat(value) if field.type == "date" else value


def _scope_text(field: Field, value: Any) -> str:
    if value is None:
        return ""
    if field.type == "month":
        return f"{value:%Y-%m}"
    if field.type == "quarter":
        return f"{value.year}Q{(value.month + 2) // 3}"
    return str(value)


def _period(contract: Contract, row: Row) -> tuple[date, date]:
    """First and last day of the period a scope speaks for."""
    if contract.feed == "national_accounts":
        month = 3 * int(row["quarter"])
        return date(row["year"], month - 2, 1), date(row["year"], month, monthrange(row["year"], month)[1])
    field = contract.field(contract.period[0])
    start = row[field.name]
    if field.type == "year":
        return date(int(start), 1, 1), date(int(start), 12, 31)
    if field.type == "date":
        return start, start
    months = 1 if field.type == "month" else 3
    index = start.year * 12 + start.month - 1 + months
    return start, date(index // 12, index % 12 + 1, 1) - timedelta(1)


def _create(con: duckdb.DuckDBPyConnection, table: str, columns: dict[str, str], rows: Sequence[Sequence[Any]]) -> None:
    """A table of schema raw with these rows, handed over as text in one go: row by row costs a millisecond each."""
    con.execute(f"create table raw.{table} ({', '.join(f'{name} {kind}' for name, kind in columns.items())})")
    if not rows:
        return
    texts = [[None if value is None else str(value) for value in column] for column in zip(*rows, strict=True)]
    con.register("given", pa.table([pa.array(text, pa.string()) for text in texts], names=list(columns)))
    casts = ", ".join(f"cast({name} as {kind})" for name, kind in columns.items())
    con.execute(f"insert into raw.{table} select {casts} from given")
    con.unregister("given")


def _copy(source: Path, target: Path) -> None:
    """A copy that other processes see whole or not at all; nothing when there is no source yet."""
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = target.with_name(f".{target.name}.{os.getpid()}")
        shutil.copyfile(source, copy)
        copy.replace(target)


class RawDb:
    """Schema `raw` of one build database; `deliver` as often as needed, then `build`."""

    def __init__(self, path: Path, as_of: str = "2026-01-20") -> None:
        self.path = path
        self.as_of = date.fromisoformat(as_of)
        self.rows: dict[str, list[dict[str, Any]]] = {feed: [] for feed in contracts()}
        self.scopes: dict[tuple[str, str, str], tuple[Any, ...]] = {}
        self.held: list[tuple[Any, ...]] = []
        self.deliveries: list[tuple[Any, ...]] = []

    def deliver(
        self, feed: str, rows: Iterable[Row], region: str = "yueyang-etz", partial: Collection[str] = ()
    ) -> str:
        """One accepted delivery; returns its id. Each of its scopes replaces what the region had under it.

        A row was left out of each of the scopes in `partial`.
        """
        contract, sequence = contracts()[feed], len(self.deliveries) + 1
        sha256 = hashlib.sha256(f"{region}/{feed}/{sequence}".encode()).hexdigest()
        delivery, typed = sha256[:16], [self._row(contract, row, region) for row in rows]
        fresh = {row["_scope"] for row in typed}
        self.rows[feed] = [r for r in self.rows[feed] if r["_region"] != region or r["_scope"] not in fresh]
        for number, row in enumerate(typed, start=2):
            row.update(_delivery=delivery, _row=number)
            self.rows[feed].append(row)
        for scope in fresh:
            inside = [row for row in typed if row["_scope"] == scope]
            count = 0 if inside[0]["_is_empty"] else len(inside)
            members = [inside[0][field.name] for field in contract.scope if field.name == contract.member]
            period = _period(contract, inside[0])
            self.scopes[region, feed, scope] = (
                *(region, feed, scope, delivery, count, count == 0, *period),
                members[0] if members else None,
                scope in partial,
                0,
            )
        received = f"2026-01-01 00:00:{sequence % 60:02d}"
        self.deliveries.append(
            (
                delivery,
                sequence,
                region,
                feed,
                f"{feed}-{sequence}.csv",
                sha256,
                1,
                received,
                "accepted",
                None,
                len(typed),
                len(partial),
            )
        )
        return delivery

    def hold(self, feed: str, row: Row, region: str = "yueyang-etz") -> None:
        """A delivery on hold would speak for the scope of this row."""
        contract = contracts()[feed]
        scope, period = self._row(contract, row, region)["_scope"], _period(contract, {
            field.name: _typed(field, row.get(field.name)) for field in contract.fields
        })  # fmt: skip
        self.held.append((region, feed, scope, "held", *period, None))

    def file_of(self, feed: str, region: str, number: int) -> str:
        """File name of the region's delivery of that feed, counted from 1 in the order of acceptance."""
        return [row[4] for row in self.deliveries if row[2:4] == (region, feed)][number - 1]

    def _row(self, contract: Contract, row: Row, region: str) -> dict[str, Any]:
        unknown = set(row) - {field.name for field in contract.fields}
        assert not unknown, f"{contract.feed} has no {unknown}"
        out = {field.name: _typed(field, row.get(field.name)) for field in contract.fields}
        for field in contract.scope:
            if field.default is not None and out[field.name] is None:
                out[field.name] = int(field.default)
        scoped = {field.name for field in contract.scope}
        out["_scope"] = "|".join(_scope_text(field, out[field.name]) for field in contract.scope)
        out["_is_empty"] = not contract.snapshot and all(v is None for k, v in row.items() if k not in scoped)
        return {**out, "_region": region, "_sheet": None}

    def write(self) -> None:
        """Makes the database anew, with one table per feed and the ledger's tables."""
        self.path.unlink(missing_ok=True)
        with duckdb.connect(str(self.path)) as con:
            con.execute("create schema raw")
            for feed, rows in self.rows.items():
                self._write_feed(con, contracts()[feed], rows)
            self._write_ledger(con)

    def _write_feed(self, con: duckdb.DuckDBPyConnection, contract: Contract, rows: list[dict[str, Any]]) -> None:
        columns = {field.name: COLUMN_TYPES[field.type] for field in contract.fields} | ORIGIN_COLUMNS
        _create(con, contract.feed, columns, [[row[name] for name in columns] for row in rows])
        for field in contract.fields:
            if field.default is not None and rows:
                con.execute(
                    f"update raw.{contract.feed} set {field.name} = {field.default} "
                    f"where {field.name} is null and not _is_empty"
                )

    def _write_ledger(self, con: duckdb.DuckDBPyConnection) -> None:
        _create(con, "winning_scopes", SCOPES, list(self.scopes.values()))
        _create(con, "held_scopes", HELD, self.held)
        _create(con, "ledger_deliveries", DELIVERIES, self.deliveries)
        con.execute(
            "create table raw.changed_scopes as "
            "select region, feed, scope, period_start, period_end, member from raw.winning_scopes"
        )
        con.execute("create table raw.run as select ?::date as as_of, 'test' as code_version", [self.as_of])

    def build(self, *select: str, verb: str = "build", project: Path = DBT_PROJECT) -> str:
        """Writes the database and runs dbt on it, all models or those selected; fails with dbt's output."""
        self.write()
        return self.dbt(verb, *select, project=project)

    def dbt(self, verb: str, *select: str, project: Path = DBT_PROJECT) -> str:
        """Runs one dbt command on the database as it stands."""
        base, target = self.path.parent, self.path.parent / "target"
        command = [sys.executable, "-m", "dbt.cli.main", "--quiet", verb, "--profiles-dir", str(project)]
        command += ["--project-dir", str(project), "--target-path", str(target), "--log-path", str(base / "logs")]
        command += ["--select", *select] if select else []
        # a path relative to the working directory is the same in every test: dbt takes over what another one parsed
        environment = {**os.environ, "PEAK_BUILD_DB": self.path.name}
        _copy(project / "target" / PARSED, target / PARSED)
        done = subprocess.run(command, env=environment, cwd=base, capture_output=True, text=True, check=False)
        _copy(target / PARSED, project / "target" / PARSED)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query on the built database."""
        with duckdb.connect(str(self.path), read_only=True) as con:
            return con.execute(sql).fetchall()

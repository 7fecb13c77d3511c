"""The private DuckDB in which contract rules and defaults are evaluated, with the tables and macros they may use."""

from __future__ import annotations

import os
import threading
from functools import cache

import duckdb
import pyarrow as pa

from sources import dictionaries

_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_lock = threading.Lock()
THREADS = min(4, os.cpu_count() or 1)


def _credit_code_macro() -> str:
    """GB 32100: the 18th sign is 31 minus the sum of 3^i times the sign's place, modulo 31."""
    terms = [f"{pow(3, i, 31)} * (instr('{_SIGNS}', substr(code, {i + 1}, 1)) - 1)" for i in range(17)]
    return (
        "create or replace macro credit_code_ok(code) as "
        f"regexp_full_match(code, '[{_SIGNS}]{{18}}') and "
        f"(31 - ({' + '.join(terms)}) % 31) % 31 = instr('{_SIGNS}', substr(code, 18, 1)) - 1"
    )


@cache
def _database() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false", "threads": str(THREADS)})
    connection.execute("set enable_progress_bar = false")
    units = [(unit.name, unit.base_unit, unit.factor) for unit in dictionaries.units().values()]
    connection.execute("create table units (unit varchar, base_unit varchar, factor decimal(38, 18))")
    products = [(p.code, p.name, p.unit, p.family, p.balance) for p in dictionaries.products().values()]
    connection.execute(
        "create table energy_products (code varchar, name_zh varchar, unit varchar, family varchar, balance varchar)"
    )
    indicators = [(row["code"], row["method"]) for row in dictionaries.rows("plan_indicators")]
    connection.execute("create table indicators (code varchar, method varchar)")
    for table, rows in (("units", units), ("energy_products", products), ("indicators", indicators)):
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"insert into {table} values ({marks})", rows)  # noqa: S608
    connection.execute(_credit_code_macro())
    return connection


def cursor(rows: pa.Table) -> duckdb.DuckDBPyConnection:
    """A cursor of the private database that sees `rows` as the view `data`; close it after use."""
    with _lock:
        found = _database().cursor()
    found.register("data", rows)
    return found

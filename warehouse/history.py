"""What a release says of how it came about: deliveries, quarantined, gate_results, and the words on its tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from sources.ledger import Delivery, GateResult, Ledger, Position, deliveries, gate_results, holds
from warehouse.history_tables import TABLES
from warehouse.raw import quoted

# Everything else travels as text, which DuckDB reads exactly.
_ARROW = {"bigint": pa.int64(), "integer": pa.int32(), "boolean": pa.bool_()}


def fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Make one table of `history_tables` in schema main with its comments and rows; dates and decimals as text."""
    shape = TABLES[table]
    kinds = {name: kind for name, (kind, _) in shape.columns.items()}
    given = pa.table(
        {name: pa.array([row[name] for row in rows], _ARROW.get(kind, pa.string())) for name, kind in kinds.items()}
    )
    listed = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in kinds.items())
    connection.register("given_rows", given)
    connection.execute(f"create table main.{table} as select {listed} from given_rows")  # noqa: S608 - own names
    connection.unregister("given_rows")
    comment(connection, table, shape.comment, {name: text for name, (_, text) in shape.columns.items()})


def comment(connection: duckdb.DuckDBPyConnection, table: str, text: str, columns: Mapping[str, str]) -> None:
    """Put the comments on a table of schema main and on its columns."""
    words = [f"comment on table main.{table} is {quoted(text)}"]
    words += [f'comment on column main.{table}."{name}" is {quoted(said)}' for name, said in columns.items()]
    connection.execute("; ".join(words))


def naive(stamp: str) -> str:
    """A moment of the ledger as a timestamp without zone, in UTC."""
    return stamp.removesuffix("Z")


def _entry(delivery: Delivery) -> dict[str, Any]:
    return vars(delivery) | {"received_at": naive(delivery.received_at)}


def add_ledger_tables(connection: duckdb.DuckDBPyConnection, ledger: Ledger, at: Position) -> None:
    """Make deliveries, quarantined and gate_results as the ledger stood at `at`."""
    entries = [entry for entry in deliveries(ledger) if entry.seq <= at.seq or entry.status == "duplicate"]
    held = {action.delivery_id for action in holds(ledger, at)}
    took = {entry.delivery_id for entry in entries if entry.status == "accepted"}
    fill(connection, "deliveries", [_entry(entry) | {"is_held": entry.delivery_id in held} for entry in entries])
    refused = [entry for entry in entries if entry.status == "quarantined"]
    fill(connection, "quarantined", [_entry(entry) | {"is_resolved": entry.delivery_id in took} for entry in refused])
    fill(connection, "gate_results", [_result(result) for result in gate_results(ledger)])


def _result(result: GateResult) -> dict[str, Any]:
    lists = ("examples", "offending_rows", "deliveries")
    texts = {name: json.dumps(getattr(result, name), ensure_ascii=False) for name in lists}
    return vars(result) | texts | {"checked_at": naive(result.at), "domain": ",".join(result.domains) or None}


def add_corrections(connection: duckdb.DuckDBPyConnection, build: str) -> None:
    """Make corrections from what the build in the attached database `build` met."""
    listed = ", ".join(TABLES["corrections"].columns)
    met = connection.execute(f"select {listed} from {build}.raw.corrections order by all")  # noqa: S608 - own names
    fill(connection, "corrections", met.to_arrow_table().to_pylist())


def descriptions(manifest: Mapping[str, Any], schema: str) -> dict[str, tuple[str, dict[str, str]]]:
    """Relation name -> description and column descriptions, of the models of one schema in dbt's manifest."""
    found = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model" and node["schema"] == schema:
            columns = {name.lower(): column["description"] for name, column in node["columns"].items()}
            found[node.get("alias") or node["name"]] = (node["description"], columns)
    return found


def missing_comments(connection: duckdb.DuckDBPyConnection, tables: Iterable[str]) -> list[str]:
    """Tables and columns of schema main without a comment, as `table` or `table.column`."""
    wanted = set(tables)
    rows = connection.execute(
        "select table_name, null, comment from duckdb_tables() where schema_name = 'main' and not internal "
        "and database_name = current_database() union all "
        "select table_name, column_name, comment from duckdb_columns() where schema_name = 'main' and not internal "
        "and database_name = current_database()"
    ).fetchall()
    return sorted(
        ".".join(part for part in (table, column) if part)
        for table, column, text in rows
        if table in wanted and not (text or "").strip()
    )

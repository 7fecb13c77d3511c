"""The tables of schema raw beside the feeds: what the ledger and the plan say, made anew by every build."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

import duckdb

from sources.ledger import Delivery, HeldScope, Ledger, WinningScope, excluded_counts
from warehouse.correction_matches import Match
from warehouse.correction_statuses import APPLIED
from warehouse.inputs import code_version

_PERIOD = "period_start date, period_end date, member varchar"
_SCOPE = (
    f"region varchar, feed varchar, scope varchar, delivery_id varchar, row_count bigint, is_empty boolean, {_PERIOD}"
)
# the tables of schema raw that come from the ledger and the plan, by name
TABLES = {
    "winning_scopes": f"{_SCOPE}, is_partial boolean, seq bigint, reparse_id bigint, "
    "corrections bigint, corrected_by varchar",
    "ledger_deliveries": "delivery_id varchar, seq bigint, region varchar, feed varchar, file_name varchar, "
    "sha256 varchar, size_bytes bigint, received_at timestamp, status varchar, reason varchar, row_count bigint, "
    "excluded_rows bigint",
    "held_scopes": f"region varchar, feed varchar, scope varchar, delivery_id varchar, {_PERIOD}",
    "changed_scopes": f"region varchar, feed varchar, scope varchar, {_PERIOD}",
    "run": "as_of date, code_version varchar",
    "corrections": "region varchar, feed varchar, scope varchar, key varchar, field varchar, wrong_value varchar, "
    "right_value varchar, reason varchar, who varchar, since varchar, source varchar, line bigint, status varchar, "
    "found_value varchar, delivery_id varchar, file_name varchar, sheet varchar, row_number bigint, "
    "broken_zh varchar, broken_en varchar",
}


def corrected_by(winner: WinningScope) -> str | None:
    """What is put right in a scope, as one short text; None for nothing."""
    told = json.dumps([one.told for one in winner.corrections], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest() if winner.corrections else None


def fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Make one raw table from plain rows. Through JSON: one statement for any number of rows, and no heavy import."""
    definition = TABLES[table]
    connection.execute(f"create or replace table raw.{table} ({definition})")
    structure = {name: kind for name, kind in (item.strip().split(" ") for item in definition.split(","))}
    sql = f"insert into raw.{table} select unnest(from_json(?, ?), recursive := true)"
    for start in range(0, len(rows), 20_000):
        chunk = [{name: row[name] for name in structure} for row in rows[start : start + 20_000]]
        connection.execute(sql, [json.dumps(chunk, ensure_ascii=False), json.dumps([structure])])


def _naive(stamp: str) -> str:
    return stamp.removesuffix("Z")


def fill_ledger(
    connection: duckdb.DuckDBPyConnection,
    ledger: Ledger,
    entries: Sequence[Delivery],
    won: Sequence[WinningScope],
    held: Sequence[HeldScope],
    met: Sequence[Match],
    as_of: date,
) -> None:
    applied = Counter(match.correction.place for match in met if match.status == APPLIED)
    winning = [
        vars(winner)
        | {"corrections": applied[winner.region, winner.feed, winner.scope], "corrected_by": corrected_by(winner)}
        for winner in won
    ]
    fill(connection, "winning_scopes", winning)
    fill(connection, "held_scopes", [vars(scope) for scope in held])
    fill(connection, "corrections", [match.record() for match in met])
    left_out = excluded_counts(ledger)
    received = [
        vars(entry) | {"received_at": _naive(entry.received_at), "excluded_rows": left_out.get(entry.seq, 0)}
        for entry in entries
    ]
    fill(connection, "ledger_deliveries", received)
    fill(connection, "run", [{"as_of": as_of.isoformat(), "code_version": code_version()}])

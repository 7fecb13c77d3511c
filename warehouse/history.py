"""The tables of a release that tell history: deliveries, quarantined, gate_results, release; and since when a
status holds."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from sources.ledger import Delivery, Ledger, Position, deliveries, gate_results, holds
from warehouse.raw import quoted


@dataclass(frozen=True)
class HistoryTable:
    """A table made from the ledger: its comment, and per column its type and comment."""

    comment: str
    columns: dict[str, tuple[str, str]]


_DELIVERY = {
    "seq": ("bigint", "账本序号，即先后次序 / Number in the ledger: the order of things"),
    "delivery_id": ("varchar", "交付编号 / Id of the delivery: these bytes for this feed and region"),
    "region": ("varchar", "地区 / Region"),
    "feed": ("varchar", "数据集 / Feed"),
    "file_name": ("varchar", "原文件名 / Name of the file as delivered"),
    "sha256": ("varchar", "文件字节的 SHA-256 / SHA-256 of the file's bytes"),
    "size_bytes": ("bigint", "文件大小，字节 / Size of the file in bytes"),
    "format": ("varchar", "文件格式 / Format of the file"),
    "encoding": ("varchar", "文本编码 / Text encoding"),
    "received_at": ("timestamp", "收到时间，UTC / When it was taken in, UTC"),
    "status": ("varchar", "accepted 接收、quarantined 隔离、duplicate 重复 / What became of it"),
    "reason": ("varchar", "隔离或重复的原因 / Why it was refused or changed nothing"),
    "row_count": ("bigint", "行数 / Rows read"),
    "contract_version": ("varchar", "所用合约版本 / Version of the contract it was read by"),
    "run_id": ("varchar", "所属运行 / Run that took it in"),
}
TABLES = {
    "deliveries": HistoryTable(
        "每行为账本中的一次交付 / One row per delivery that came in, whatever became of it",
        _DELIVERY | {"is_held": ("boolean", "现被搁置 / On hold in this release")},
    ),
    "quarantined": HistoryTable(
        "每行为一次被隔离的交付 / One row per delivery that was refused",
        _DELIVERY | {"is_resolved": ("boolean", "同一文件后来已被接收 / The same bytes were accepted later")},
    ),
    "gate_results": HistoryTable(
        "每行为一项检查的一次结果 / One row per check that ran, with its result",
        {
            "run_id": ("varchar", "所属运行 / Run"),
            "checked_at": ("timestamp", "检查时间，UTC / When it ran, UTC"),
            "gate": ("varchar", "关口：file、delivery、warehouse / Gate"),
            "subject": ("varchar", "受检对象：交付编号或表 / What was checked: a delivery's id or the marts"),
            "suite": ("varchar", "检查集 / Suite"),
            "check_name": ("varchar", "检查 / Check"),
            "severity": ("varchar", "critical 严重、warning 提醒 / Severity"),
            "status": (
                "varchar",
                "passed 通过、failed 未通过、error 未能检查、skipped 无可查 / Result; error: it could not run",
            ),
            "column_name": ("varchar", "受检列 / Column looked at"),
            "observed": ("varchar", "观测值 / What was seen"),
            "unexpected_count": ("bigint", "不合要求的行数 / Rows that do not hold"),
            "row_count": ("bigint", "受检行数 / Rows looked at"),
            "examples": ("varchar", "样例，JSON / Examples, as JSON"),
            "why_zh": ("varchar", "检查理由 / Reason for the check, Chinese"),
            "why_en": ("varchar", "检查理由（英文） / Reason for the check, English"),
        },
    ),
    "release": HistoryTable(
        "仅一行：本版本 / One row: this release",
        {
            "release_id": ("varchar", "版本编号 / Id of this release"),
            "previous_release_id": ("varchar", "上一版本 / The release before it"),
            "as_of": ("date", "运行日期，判断时效用 / Date of the run, used for freshness only"),
            "published_at": ("timestamp", "发布时间，UTC / When it was made, UTC"),
            "run_id": ("varchar", "所属运行 / Run that made it"),
            "git_commit": ("varchar", "代码提交；+ 表示有改动 / Commit of the code; + means changed files"),
            "code_version": ("varchar", "代码、合约、规划、模型的总哈希 / Hash over code, contracts, plan and models"),
            "content_sha256": ("varchar", "内容哈希 / Hash over everything that is not history"),
            "last_seq": ("bigint", "所含最后一条交付 / Last delivery entry that counts"),
            "last_hold": ("bigint", "所含最后一次搁置操作 / Last hold action that counts"),
        },
    ),
}


def fill(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Make one history table in schema main with its comments and rows."""
    shape = TABLES[table]
    definition = ", ".join(f"{name} {kind}" for name, (kind, _) in shape.columns.items())
    connection.execute(f"create table main.{table} ({definition})")
    structure = json.dumps([{name: kind for name, (kind, _) in shape.columns.items()}])
    for start in range(0, len(rows), 20_000):
        chunk = [{name: row[name] for name in shape.columns} for row in rows[start : start + 20_000]]
        sql = f"insert into main.{table} select unnest(from_json(?, ?), recursive := true)"
        connection.execute(sql, [json.dumps(chunk, ensure_ascii=False, default=str), structure])
    comment(connection, table, shape.comment, {name: text for name, (_, text) in shape.columns.items()})


def comment(connection: duckdb.DuckDBPyConnection, table: str, text: str, columns: Mapping[str, str]) -> None:
    """Put the comments on a table of schema main and on its columns."""
    connection.execute(f"comment on table main.{table} is {quoted(text)}")
    for name, description in columns.items():
        connection.execute(f'comment on column main.{table}."{name}" is {quoted(description)}')


def _entry(delivery: Delivery) -> dict[str, Any]:
    return vars(delivery) | {"received_at": delivery.received_at.removesuffix("Z")}


def add_ledger_tables(connection: duckdb.DuckDBPyConnection, ledger: Ledger, at: Position) -> None:
    """Make deliveries, quarantined and gate_results as the ledger stood at `at`."""
    entries = [entry for entry in deliveries(ledger) if entry.seq <= at.seq or entry.status == "duplicate"]
    held = {action.delivery_id for action in holds(ledger)}
    took = {entry.delivery_id for entry in entries if entry.status == "accepted"}
    fill(connection, "deliveries", [_entry(entry) | {"is_held": entry.delivery_id in held} for entry in entries])
    refused = [entry for entry in entries if entry.status == "quarantined"]
    fill(connection, "quarantined", [_entry(entry) | {"is_resolved": entry.delivery_id in took} for entry in refused])
    results = [
        vars(result)
        | {"checked_at": result.at.removesuffix("Z"), "examples": json.dumps(result.examples, ensure_ascii=False)}
        for result in gate_results(ledger)
    ]
    fill(connection, "gate_results", results)


_SAME_TARGET = " and ".join(
    f"now.{name} is not distinct from was.{name}"
    for name in ("region", "indicator", "target_year", "level", "method", "base_year")
)
_CAUSES = {
    "first": "首次发布 / first published",
    "deliveries": "新交付 / deliveries: ",
    "inputs": "规划、参数或代码变更 / plan, parameters or code changed",
    "time": "日期推移 / time passed",
}


def date_statuses(
    connection: duckdb.DuckDBPyConnection, as_of: date, *, has_previous: bool, is_same_code: bool
) -> None:
    """Fill status_since and status_cause of indicator_progress by comparing with the attached release `previous`.

    A status that stays keeps its date and cause; a new one is dated `as_of` and named after what changed below it.
    """
    connection.execute("alter table main.indicator_progress add column if not exists status_since date")
    connection.execute("alter table main.indicator_progress add column if not exists status_cause varchar")
    connection.execute(
        "update main.indicator_progress set status_since = cast(? as date), status_cause = ?",
        [as_of.isoformat(), _CAUSES["first"]],
    )
    if not has_previous:
        return
    fallback = _CAUSES["time"] if is_same_code else _CAUSES["inputs"]
    connection.execute(
        f"""
        with fresh as (
          select region, indicator, delivery_id from main.lineage
          except select region, indicator, delivery_id from previous.main.lineage
        ),
        cause as (
          select region, indicator, array_to_string(list_sort(list(delivery_id))[:5], ', ') as ids
          from fresh
          group by region, indicator
        )
        update main.indicator_progress as now
        set status_since = case when was.status is not distinct from now.status
              then was.status_since else now.status_since end,
            status_cause = case when was.status is not distinct from now.status then was.status_cause
              else coalesce(? || (select ids from cause where cause.region = now.region
                                  and cause.indicator = now.indicator), ?) end
        from previous.main.indicator_progress as was
        where {_SAME_TARGET}
        """,  # noqa: S608 - constants of this module
        [_CAUSES["deliveries"], fallback],
    )


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

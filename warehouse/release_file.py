"""The database of a release: written from the marts and the ledger, then read back whole before anyone may see it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from sources.ledger import Ledger, last_release, release_manifest
from warehouse import build_state, hashes, history, statuses
from warehouse.assessable import add_assessments
from warehouse.build import target_folder
from warehouse.hashes import Hashes, Partition
from warehouse.paths import Home
from warehouse.raw import quoted
from warehouse.release_plan import PublishError, ReleasePlan
from warehouse.shelf import DATABASE, DamagedRelease, open_release
from warehouse.vintage_tables import add_releases, add_vintage_tables

MARTS = "marts"
# DuckDB 2 would otherwise write files that 1.5 clients cannot open
STORAGE_VERSION = "v1.5.0"
# what must never leave deliveries/
PRIVATE_COLUMNS = frozenset({"plate", "plate_number", "licence_plate"})
_JUDGED = frozenset({"indicator_values", "indicator_progress"})


@dataclass(frozen=True)
class Known:
    """Partitions of the release published last, content and history, whose sha256 need not be computed again."""

    content: Hashes = field(default_factory=dict)
    history: Hashes = field(default_factory=dict)


def _listed(partitions: Hashes) -> dict[str, dict[str, list[Any]]]:
    return {
        table: {period: [part.rows, part.sha256, part.fingerprint] for period, part in periods.items()}
        for table, periods in partitions.items()
    }


def _read(listed: Mapping[str, Mapping[str, list[Any]]]) -> Hashes:
    return {table: {period: Partition(*part) for period, part in periods.items()} for table, periods in listed.items()}


def _digest(content: object, past: object) -> str:
    text = json.dumps([content, past], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def known_partitions(home: Home, ledger: Ledger) -> Known:
    """The partitions in release.json of the release published last; none when they are not there or not as recorded.

    release.json has no checksum of its own: the ledger knows what its partitions were.
    """
    last = last_release(ledger)
    recorded = release_manifest(ledger, last.release_id) if last else None
    if last is None or recorded is None:
        return Known()
    try:
        manifest = open_release(home, last.release_id).manifest
        content, past = manifest["partitions"], manifest["history_partitions"]
        if _digest(content, past) != recorded["partitions_sha256"]:
            return Known()
    except (DamagedRelease, KeyError):
        return Known()
    return Known(_read(content), _read(past))


def write_database(home: Home, ledger: Ledger, plan: ReleasePlan, file: Path, known: Known) -> ReleasePlan:
    """Write the release's database and close it; the plan comes back with its content hash."""
    connection = duckdb.connect(":memory:", config={"temp_directory": str(home.build / "spill")})
    try:
        connection.execute(f"attach {quoted(str(file))} as made (storage_version {quoted(STORAGE_VERSION)})")
        # marts may be views that name their database: it must be called what dbt called it
        connection.execute(f"attach {quoted(str(home.build_db))} as {home.build_db.stem} (read_only)")
        _same_inputs(connection, home.build_db.stem, plan)
        connection.execute("use made")
        # one transaction: hundreds of small statements would each wait for the disk
        connection.execute("begin")
        _copy_marts(connection, home)
        _add_history(connection, home, ledger, plan)
        plan = replace(plan, content_sha256=hashes.content_hashes(connection, known.content)[0])
        history.fill(connection, "release", [plan.row()])
        add_releases(connection, ledger, plan)
        connection.execute("commit")
        connection.execute("checkpoint made")
        connection.execute("use memory")
        connection.execute("detach made")
    finally:
        connection.close()
    if file.with_name(f"{DATABASE}.wal").exists():
        raise PublishError("写完后仍有 .wal / a .wal was left after the checkpoint")
    return plan


def _same_inputs(connection: duckdb.DuckDBPyConnection, build: str, plan: ReleasePlan) -> None:
    """PublishError when models, plan tables or contracts were edited since the build began: it would be recorded as
    made from what it was not made from."""
    built = build_state.inputs_of(connection, build)
    if edited := sorted(name for name, sha256 in built.items() if plan.inputs[name] != sha256):
        names = ", ".join(edited)
        raise PublishError(
            f"运行期间文件被改动，请重新运行：{names} / files were edited during the run, run again: {names}"
        )


def _copy_marts(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    manifest = json.loads((target_folder(home) / "manifest.json").read_text("utf-8"))
    described = history.descriptions(manifest, MARTS)
    if missing := _JUDGED - described.keys():
        raise PublishError(f"缺少要发布的表 / marts to publish are missing: {', '.join(sorted(missing))}")
    for table in sorted(described):
        connection.execute(
            f"create table main.{table} as select * from {home.build_db.stem}.{MARTS}.{table}"  # noqa: S608
        )
    for table, columns in hashes.tables(connection).items():
        found = {column.name for column in columns}
        if private := found & PRIVATE_COLUMNS:
            raise PublishError(f"{table} 含不得公开的列 / holds private columns: {', '.join(sorted(private))}")
        text, words = described[table]
        history.comment(connection, table, text, {name: said for name, said in words.items() if name in found})


def _add_history(connection: duckdb.DuckDBPyConnection, home: Home, ledger: Ledger, plan: ReleasePlan) -> None:
    before = statuses.baseline(home, ledger)
    is_same_code = before is not None and before.manifest.get("inputs") == plan.inputs
    statuses.date_statuses(connection, plan.as_of, plan.revised, before, is_same_code=is_same_code)
    history.add_ledger_tables(connection, ledger, plan.at)
    add_vintage_tables(connection, ledger, plan)
    add_assessments(connection, ledger, plan.at)
    history.add_corrections(connection, home.build_db.stem)


def prove(file: Path, plan: ReleasePlan, known: Known) -> dict[str, Any]:
    """Read the whole closed file again, read-only, and find the same content; gives what release.json says of it."""
    with duckdb.connect(str(file), read_only=True) as connection:
        content, partitions = hashes.content_hashes(connection, known.content)
        if content != plan.content_sha256:
            raise PublishError("写入的内容与读回的不同 / what was written does not read back the same")
        past, past_partitions = hashes.history_hashes(connection, known.history)
        tables = hashes.tables(connection)
        counts = {}
        for table in tables:
            row = connection.execute(f"select count(*) from main.{table}").fetchone()  # noqa: S608 - own names
            counts[table] = row[0] if row else 0
        listed, past_listed = _listed(partitions), _listed(past_partitions)
        return {
            "history_sha256": past,
            "tables": counts,
            "undescribed": history.missing_comments(connection, tables),
            "partitions": listed,
            "history_partitions": past_listed,
            "partitions_sha256": _digest(listed, past_listed),
        }

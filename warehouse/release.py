"""Publishing: a new release file is made, proved readable, written durably, and only then becomes current."""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb

from sources.archive import fsync_directory, is_intact, sha256_of, store
from sources.ledger import Ledger, Position, position, winners_sha256
from warehouse import hashes, history
from warehouse.build import target_folder
from warehouse.inputs import file_hashes, git_commit, groups_of, seed_hashes, version_of
from warehouse.paths import PROJECT, Home
from warehouse.raw import quoted
from warehouse.shelf import (
    DATABASE,
    MANIFEST,
    DamagedRelease,
    ReleaseInfo,
    complete_releases,
    current_release,
    open_release,
    point_current,
    record_current,
    roll_back,
    verify_release,
)

__all__ = [
    "DamagedRelease",
    "PublishError",
    "ReleaseInfo",
    "complete_releases",
    "current_release",
    "open_release",
    "publish",
    "roll_back",
    "verify_release",
]

MARTS = "marts"
# DuckDB 2 would otherwise write files that 1.5 clients cannot open
STORAGE_VERSION = "v1.5.0"
# what must never leave deliveries/
PRIVATE_COLUMNS = frozenset({"plate", "plate_number", "licence_plate"})

Attachment = Callable[[Path], None]


class PublishError(Exception):
    """The release could not be made or did not prove whole; `current` is as it was."""


@dataclass(frozen=True)
class _Plan:
    """What one release is made from, fixed before anything is written."""

    release_id: str
    as_of: date
    published_at: str
    run_id: str | None
    at: Position
    winners_sha256: str
    sources: dict[str, dict[str, str]]
    inputs: dict[str, str]
    commit: str | None
    previous: ReleaseInfo | None
    content_sha256: str = ""

    def row(self) -> dict[str, Any]:
        """The one row of the table `release`."""
        return {
            "release_id": self.release_id,
            "previous_release_id": self.previous.release_id if self.previous else None,
            "as_of": self.as_of.isoformat(),
            "published_at": self.published_at.removesuffix("Z"),
            "run_id": self.run_id,
            "git_commit": self.commit,
            "code_version": version_of(self.inputs),
            "content_sha256": self.content_sha256,
            "last_seq": self.at.seq,
            "last_hold": self.at.hold,
        }


def new_release_id(now: datetime) -> str:
    """`20261122T020000Z-` and six random hex digits: a name never used before."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def _plan(home: Home, ledger: Ledger, as_of: date, run_id: str | None, at: Position | None) -> _Plan:
    now, moment, sources = datetime.now(UTC), at or position(ledger), file_hashes()
    return _Plan(
        release_id=new_release_id(now),
        as_of=as_of,
        published_at=now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        run_id=run_id,
        at=moment,
        winners_sha256=winners_sha256(ledger, moment),
        sources=sources,
        inputs=groups_of(sources),
        commit=git_commit(),
        previous=current_release(home),
    )


def publish(
    home: Home,
    ledger: Ledger,
    as_of: date,
    *,
    run_id: str | None = None,
    at: Position | None = None,
    attach: Sequence[Attachment] = (),
    who: str = "run",
    why: str = "",
) -> ReleaseInfo:
    """Make a release of build.duckdb's marts and point `current` at it; PublishError leaves `current` as it was.

    `attach` are called with the unfinished release folder once its database is complete (the site, exports). The
    caller holds the home's lock, has built at the ledger's moment `at`, and has judged the marts.
    """
    record_current(home, ledger)
    plan = _plan(home, ledger, as_of, run_id, at)
    _keep_seeds(home, plan.sources["plan"])
    home.releases.mkdir(parents=True, exist_ok=True)
    _sweep(home)
    building = home.releases / f".new-{plan.release_id}"
    building.mkdir()
    try:
        plan = _write_database(home, ledger, plan, building / DATABASE)
        proved = _prove(building / DATABASE, plan)
        for attachment in attach:
            attachment(building)
        _finish(building, plan, proved)
        building.rename(home.release(plan.release_id))
        home.release(plan.release_id).chmod(0o555)
    except (duckdb.Error, OSError) as error:
        raise PublishError(f"发布失败，当前版本不变 / publishing failed, `current` is unchanged: {error}") from error
    fsync_directory(home.releases)
    point_current(home, plan.release_id)
    record_current(home, ledger, who=who, why=why or "发布 / published")
    return open_release(home, plan.release_id)


def _keep_seeds(home: Home, seeds: Mapping[str, str]) -> None:
    """Every plan table goes into the archive, as a delivery does: a release can be rebuilt with the tables it had."""
    for path, sha256 in seeds.items():
        if not is_intact(home, sha256) and store(PROJECT / path, home).sha256 != sha256:
            raise PublishError(f"发布期间文件被改动 / changed while publishing: {path}")


def _sweep(home: Home) -> None:
    # what a crash left half-made was never current and nobody can have it open
    for leftover in home.releases.glob(".new-*"):
        for folder in (leftover, *(path for path in leftover.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
        shutil.rmtree(leftover)
    for link in home.root.glob(".current.*"):
        link.unlink()


def _write_database(home: Home, ledger: Ledger, plan: _Plan, file: Path) -> _Plan:
    """Write the release's database and close it; the plan comes back with its content hash."""
    connection = duckdb.connect(":memory:", config={"temp_directory": str(home.build / "spill")})
    try:
        connection.execute(f"attach {quoted(str(file))} as made (storage_version {quoted(STORAGE_VERSION)})")
        # marts may be views that name their database: it must be called what dbt called it
        connection.execute(f"attach {quoted(str(home.build_db))} as {home.build_db.stem} (read_only)")
        connection.execute("use made")
        _copy_marts(connection, home)
        _date_statuses(connection, plan)
        history.add_ledger_tables(connection, ledger, plan.at)
        plan = replace(plan, content_sha256=hashes.content_hashes(connection)[0])
        history.fill(connection, "release", [plan.row()])
        connection.execute("checkpoint made")
        connection.execute("use memory")
        connection.execute("detach made")
    finally:
        connection.close()
    if file.with_name(f"{DATABASE}.wal").exists():
        raise PublishError("写完后仍有 .wal / a .wal was left after the checkpoint")
    return plan


def _copy_marts(connection: duckdb.DuckDBPyConnection, home: Home) -> None:
    manifest = json.loads((target_folder(home) / "manifest.json").read_text("utf-8"))
    described = history.descriptions(manifest, MARTS)
    if not described:
        raise PublishError("没有可发布的表 / there are no marts to publish")
    for table, (text, columns) in sorted(described.items()):
        connection.execute(
            f"create table main.{table} as select * from {home.build_db.stem}.{MARTS}.{table}"  # noqa: S608
        )
        found = {column.name for column in hashes.tables(connection)[table]}
        if private := found & PRIVATE_COLUMNS:
            raise PublishError(f"{table} 含不得公开的列 / holds private columns: {', '.join(sorted(private))}")
        known = {name: description for name, description in columns.items() if name in found}
        history.comment(connection, table, text, known)


def _date_statuses(connection: duckdb.DuckDBPyConnection, plan: _Plan) -> None:
    if "indicator_progress" not in hashes.tables(connection):
        return
    if plan.previous is not None:
        verify_release(plan.previous)
        connection.execute(f"attach {quoted(str(plan.previous.database))} as previous (read_only)")
    is_same_code = plan.previous is not None and plan.previous.manifest.get("inputs") == plan.inputs
    history.date_statuses(connection, plan.as_of, has_previous=plan.previous is not None, is_same_code=is_same_code)
    if plan.previous is not None:
        connection.execute("detach previous")


def _prove(file: Path, plan: _Plan) -> dict[str, Any]:
    """Read the whole closed file again, read-only, and find the same content; gives what release.json says of it."""
    with duckdb.connect(str(file), read_only=True) as connection:
        content, partitions = hashes.content_hashes(connection)
        if content != plan.content_sha256:
            raise PublishError("写入的内容与读回的不同 / what was written does not read back the same")
        tables = hashes.tables(connection)
        counts = {}
        for table in tables:
            row = connection.execute(f"select count(*) from main.{table}").fetchone()  # noqa: S608 - own names
            counts[table] = row[0] if row else 0
        return {
            "history_sha256": hashes.history_hashes(connection)[0],
            "tables": counts,
            "undescribed": history.missing_comments(connection, tables),
            "partitions": {
                table: {period: [part.rows, part.sha256, part.fingerprint] for period, part in periods.items()}
                for table, periods in partitions.items()
            },
        }


def _fsync_file(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())


def _finish(building: Path, plan: _Plan, proved: dict[str, Any]) -> None:
    """Write release.json over every file of the folder, then make all of it durable and read-only."""
    files = sorted(path for path in building.rglob("*") if path.is_file())
    for file in files:
        _fsync_file(file)
    manifest = {
        **plan.row(),
        "published_at": plan.published_at,
        "inputs": plan.inputs,
        "sources": plan.sources,
        "seeds": seed_hashes(plan.sources),
        "ledger": {**_moment(plan.at), "winners_sha256": plan.winners_sha256},
        "files": {
            file.relative_to(building).as_posix(): {"size_bytes": file.stat().st_size, "sha256": sha256_of(file)}
            for file in files
        },
        **proved,
    }
    target = building / MANIFEST
    target.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8")
    _fsync_file(target)
    for path in (*files, target):
        path.chmod(0o444)
    folders = [building, *(path for path in building.rglob("*") if path.is_dir())]
    for folder in reversed(folders):
        fsync_directory(folder)
    for folder in folders[1:]:
        folder.chmod(0o555)


def _moment(at: Position) -> dict[str, int]:
    return {"last_seq": at.seq, "last_hold": at.hold}

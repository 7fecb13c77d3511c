"""Publishing: a new release file is made, proved readable, written durably, and only then becomes current."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from sources.archive import fsync_directory, is_intact, sha256_of, store
from sources.ledger import Ledger, Position, Revision
from warehouse.paths import PROJECT, Home
from warehouse.release_file import known_partitions, prove, write_database
from warehouse.release_plan import PublishError, ReleasePlan, plan_release
from warehouse.revisions import revise
from warehouse.scope_changes import ScopeChange
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
    unswitched,
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

Attachment = Callable[[Path], None]


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
    revised: Sequence[Revision] | None = None,
    scope_changes: Sequence[ScopeChange] = (),
) -> ReleaseInfo:
    """Make a release of build.duckdb's marts and point `current` at it; PublishError leaves `current` as it was.

    `attach` are called with the unfinished release folder once its database is complete (the site, exports).
    `revised` and `scope_changes` are what `revisions.revise` found and the gate has judged; without them it is asked
    here. The caller holds the home's lock, has built at the ledger's moment `at`, and has judged the marts.
    """
    record_current(home, ledger)
    plan = plan_release(ledger, as_of, run_id=run_id, at=at, who=who, why=why or "发布 / published")
    try:
        if revised is None:
            found = revise(home, ledger, plan.at, as_of)
            revised, scope_changes = found.revisions, found.scope_changes
        plan = replace(plan, revised=revised, scope_changes=scope_changes)
        _make(home, ledger, plan, attach)
    except (duckdb.Error, OSError) as error:
        raise PublishError(f"发布失败，当前版本不变 / publishing failed, `current` is unchanged: {error}") from error
    fsync_directory(home.releases)
    point_current(home, plan.release_id)
    record_current(home, ledger)
    return open_release(home, plan.release_id)


def _make(home: Home, ledger: Ledger, plan: ReleasePlan, attach: Sequence[Attachment]) -> None:
    """The complete folder of a release under its own name; nothing leads to it yet."""
    _keep_seeds(home, plan.sources["plan"])
    home.releases.mkdir(parents=True, exist_ok=True)
    building = home.releases / f".new-{plan.release_id}"
    building.mkdir()
    known = known_partitions(home, ledger)
    plan = write_database(home, ledger, plan, building / DATABASE, known)
    proved = prove(building / DATABASE, plan, known)
    for attachment in attach:
        attachment(building)
    _finish(building, plan, proved)
    # were this the last that happens, the folder under its own name would look like a release that was published
    unswitched(home, plan.release_id).touch()
    fsync_directory(home.releases)
    building.rename(home.release(plan.release_id))
    home.release(plan.release_id).chmod(0o555)


def _keep_seeds(home: Home, seeds: Mapping[str, str]) -> None:
    """Every plan table goes into the archive, as a delivery does: a release can be rebuilt with the tables it had."""
    for path, sha256 in seeds.items():
        if not is_intact(home, sha256) and store(PROJECT / path, home).sha256 != sha256:
            raise PublishError(f"发布期间文件被改动 / changed while publishing: {path}")


def _fsync_file(file: Path) -> None:
    with file.open("rb") as stream:
        os.fsync(stream.fileno())


def _finish(building: Path, plan: ReleasePlan, proved: Mapping[str, Any]) -> None:
    """Write release.json over every file of the folder, then make all of it durable and read-only."""
    files = sorted(path for path in building.rglob("*") if path.is_file())
    for file in files:
        _fsync_file(file)
    listed = {
        file.relative_to(building).as_posix(): {"size_bytes": file.stat().st_size, "sha256": sha256_of(file)}
        for file in files
    }
    target = building / MANIFEST
    manifest = {**plan.manifest(), "files": listed, **proved}
    target.write_text(json.dumps(manifest, ensure_ascii=False, indent=1), "utf-8")
    _fsync_file(target)
    for path in (*files, target):
        path.chmod(0o444)
    folders = [building, *(path for path in building.rglob("*") if path.is_dir())]
    for folder in reversed(folders):
        fsync_directory(folder)
    for folder in folders[1:]:
        folder.chmod(0o555)

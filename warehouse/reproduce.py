"""Building a release again, from the archive and the ledger alone, and comparing what comes out.

Every delivery is read again from its archived bytes, the plan's tables are those the release had, everything is built
from nothing and every hash is computed afresh. The home is only read.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from sources.archive import Damaged, archived
from sources.ledger import (
    CellKey,
    Delivery,
    Ledger,
    Position,
    Release,
    deliveries,
    delivery_file,
    open_ledger,
    published_values,
    release_manifest,
    winners,
    winners_sha256,
)
from warehouse.build import BuildResult, build
from warehouse.input_differences import InputDifferences, input_differences
from warehouse.paths import DBT_PROJECT, PROJECT, SEEDS, Home
from warehouse.release_file import Known, prove, write_database
from warehouse.release_plan import PublishError, plan_release
from warehouse.revisions import cells
from warehouse.scratch import copy_ledger
from warehouse.shelf import DATABASE, DamagedRelease, open_release

Tell = Callable[[str], None]
Partitions = Mapping[str, Mapping[str, list[Any]]]


class Irreproducible(Exception):
    """The release could not be built at all; the message says what is missing or failed."""


@dataclass(frozen=True)
class PartitionDifference:
    """A period of a table that came out differently; the rows it had and has, None where there is no such period."""

    table: str
    period: str
    rows_then: int | None
    rows_now: int | None


@dataclass(frozen=True)
class Reproduction:
    """What came of it. `content_sha256` is None, and `problem` says why, when nothing could be built.

    `partitions` (known while release.json is there) and `cells` of indicator_values differ only if the hash does.
    `reread` are deliveries whose archived bytes give other rows today than when they were taken in. `inputs` says
    what of code, contracts, models, suites and lock file is not as it was.
    """

    release: Release
    inputs: InputDifferences
    content_sha256: str | None = None
    problem: str | None = None
    partitions: list[PartitionDifference] = field(default_factory=list)
    cells: list[CellKey] = field(default_factory=list)
    reread: list[Delivery] = field(default_factory=list)

    @property
    def is_equal(self) -> bool:
        """Whether the content is bit for bit what was published."""
        return self.content_sha256 == self.release.content_sha256


def reproduce(home: Home, ledger: Ledger, release: Release, tell: Tell) -> Reproduction:
    """Build `release` again in a scratch home and compare; nothing of `home` changes. Never raises for what differs."""
    manifest = _manifest(home, ledger, release)
    differing = input_differences(manifest)
    with _scratch(home) as scratch:
        try:
            return _reproduced(home, scratch, ledger, release, manifest, differing, tell)
        except (Damaged, Irreproducible, PublishError) as error:
            return Reproduction(release, differing, problem=str(error))


def _manifest(home: Home, ledger: Ledger, release: Release) -> dict[str, Any]:
    """release.json while it is there, else what the ledger kept of it."""
    try:
        return open_release(home, release.release_id).manifest
    except DamagedRelease:
        return release_manifest(ledger, release.release_id) or {}


@contextmanager
def _scratch(home: Home) -> Iterator[Home]:
    """A home with nothing but a copy of the ledger and the archive to read; gone at the end."""
    with tempfile.TemporaryDirectory(prefix="peak-") as folder:
        scratch = Home(Path(folder) / "home")
        scratch.root.mkdir()
        copy_ledger(home, scratch)
        scratch.archive.symlink_to(home.archive)
        yield scratch


def _reproduced(
    home: Home,
    scratch: Home,
    ledger: Ledger,
    release: Release,
    manifest: Mapping[str, Any],
    differing: InputDifferences,
    tell: Tell,
) -> Reproduction:
    project = _project(home, manifest, scratch.root.with_name("dbt_project"))
    with closing(open_ledger(scratch)) as copy:
        _check_winners(copy, release.position, manifest)
        tell("重读归档、从头计算 / reading the archive again, building from nothing")
        built = build(
            scratch, date.fromisoformat(release.as_of), ledger=copy, at=release.position, full=True, project=project
        )
        if not built.is_good:
            raise Irreproducible(_failure(built))
        reread = _read_differently(ledger, copy, release.position)
        tell("逐表计算哈希 / hashing every table")
        file = scratch.root / DATABASE
        sha256, partitions = _content(scratch, copy, release, file)
        if sha256 == release.content_sha256:
            return Reproduction(release, differing, sha256, reread=reread)
        parts = partition_differences(manifest.get("partitions", {}), partitions)
        return Reproduction(release, differing, sha256, None, parts, _cells(ledger, release, file), reread)


def _project(home: Home, manifest: Mapping[str, Any], folder: Path) -> Path:
    """A copy of the dbt project with the seeds of the release; Damaged when the archive has lost one."""
    shutil.copytree(DBT_PROJECT, folder, ignore=shutil.ignore_patterns("target", "logs"))
    listed: Mapping[str, str] | None = manifest.get("sources", {}).get("plan")
    if listed is None:
        return folder  # a release of a time when its tables were not archived: those of today are the best guess
    for seed in (folder / SEEDS.relative_to(DBT_PROJECT)).rglob("*.csv"):
        seed.unlink()
    for path, sha256 in listed.items():
        target = folder / (PROJECT / path).relative_to(DBT_PROJECT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(archived(home, sha256), target)
    return folder


def _check_winners(ledger: Ledger, at: Position, manifest: Mapping[str, Any]) -> None:
    recorded = manifest.get("ledger", {}).get("winners_sha256")
    if recorded not in (None, winners_sha256(ledger, at)):
        raise Irreproducible(
            "账本给出的有效交付与发布时不同 / the ledger gives other winning deliveries than when it was published"
        )


def _failure(built: BuildResult) -> str:
    failed = ", ".join(node.name for node in (*built.errored, *built.failed)) or str(built.problem)
    return f"计算未成功 / the build failed: {failed}"


def _read_differently(ledger: Ledger, copy: Ledger, at: Position) -> list[Delivery]:
    """The winning deliveries whose file came out differently from the one first made of the same bytes."""
    by_seq = {entry.seq: entry for entry in deliveries(ledger, at.seq)}
    readings = sorted({(winner.seq, winner.delivery_id, winner.reparse_id) for winner in winners(ledger, at)})
    return [
        by_seq[seq]
        for seq, delivery_id, reparse_id in readings
        if delivery_file(copy, delivery_id, reparse_id) != delivery_file(ledger, delivery_id, reparse_id)
    ]


def _content(scratch: Home, ledger: Ledger, release: Release, file: Path) -> tuple[str, Partitions]:
    """The content hash and partitions of a release of the scratch build, nothing taken over from any other."""
    plan = plan_release(
        ledger, date.fromisoformat(release.as_of), run_id=None, at=release.position, who="reproduce", why="reproduce"
    )
    plan = write_database(scratch, ledger, plan, file, Known())
    return plan.content_sha256, prove(file, plan, Known())["partitions"]


def partition_differences(then: Partitions, now: Partitions) -> list[PartitionDifference]:
    """Periods whose rows differ; all there were when `then` is known, none when it is not."""
    found = []
    for table in sorted(then.keys() | now.keys()) if then else ():
        old, new = then.get(table, {}), now.get(table, {})
        for period in sorted(old.keys() | new.keys()):
            before, after = old.get(period), new.get(period)
            if before is None or after is None or before[:2] != after[:2]:
                rows = (before[0] if before else None, after[0] if after else None)
                found.append(PartitionDifference(table, period, *rows))
    return found


def _cells(ledger: Ledger, release: Release, file: Path) -> list[CellKey]:
    """The cells of indicator_values that say something else than the release published."""
    published = published_values(ledger, release.release_id)
    then = {key: (item.value, item.is_complete) for key, item in published.items() if item.is_complete is not None}
    with closing(duckdb.connect(str(file), read_only=True)) as connection:
        now = {cell.key: (cell.value, cell.is_complete) for cell in cells(connection, "main")}
    return sorted((key for key in then.keys() | now.keys() if then.get(key) != now.get(key)), key=str)

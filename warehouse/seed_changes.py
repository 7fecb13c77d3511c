"""What a release is made of besides deliveries, compared with the last one: seeds row by row, the rest file by file."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

from sources.ledger import Ledger, Release, release_manifest
from warehouse import inputs
from warehouse.paths import SEEDS, Home

SeedRow = Mapping[str, str]


@dataclass(frozen=True)
class SeedChange:
    """The rows of one seed that are not the same: `removed` as they were, `added` as they are.

    `is_known` is False when the seed of the last release cannot be had any more: then anything in it may differ.
    """

    seed: str
    removed: tuple[SeedRow, ...] = ()
    added: tuple[SeedRow, ...] = ()
    is_known: bool = True

    @property
    def rows(self) -> tuple[SeedRow, ...]:
        return (*self.removed, *self.added)


@dataclass(frozen=True)
class ChangedInputs:
    """Files that differ from the last release's, by group (`models`, `contracts`, …), and the seeds that do.

    `is_known` is False when the last release did not write down its files one by one: then anything may differ.
    """

    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    seeds: tuple[SeedChange, ...] = ()
    is_known: bool = True

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups in which anything differs."""
        return tuple(sorted(group for group, files in self.files.items() if files))


def changed_inputs(home: Home, ledger: Ledger, before: Release | None) -> ChangedInputs:
    """What differs between the project as it stands and what the release `before` was made of; nothing without one."""
    if before is None:
        return ChangedInputs()
    manifest = release_manifest(ledger, before.release_id)
    if manifest is None or "sources" not in manifest or "seeds" not in manifest:
        return ChangedInputs(is_known=False)
    old, new = manifest["sources"], inputs.file_hashes()
    files = {group: _differing(old.get(group, {}), new.get(group, {})) for group in old.keys() | new.keys()}
    return ChangedInputs(files=files, seeds=tuple(_seed_changes(home, manifest["seeds"])))


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path)))


def _seed_changes(home: Home, archived: Mapping[str, str]) -> list[SeedChange]:
    present = {file.stem: file.read_bytes() for file in sorted(SEEDS.glob("*.csv"))}
    found = (
        seed_change(name, _archived(home, archived[name]) if name in archived else b"", present.get(name, b""))
        for name in sorted(archived.keys() | present.keys())
        if archived.get(name) != hashlib.sha256(present.get(name, b"")).hexdigest()
    )
    return [change for change in found if change.rows or not change.is_known]


def _archived(home: Home, sha256: str) -> bytes | None:
    path = home.archived(sha256)
    return path.read_bytes() if path.exists() else None


def seed_change(seed: str, old: bytes | None, new: bytes) -> SeedChange:
    """The rows that only one of two versions of a seed has; the order of rows says nothing."""
    if old is None:
        return SeedChange(seed, is_known=False)
    before, after = _rows(old), _rows(new)
    return SeedChange(
        seed,
        removed=tuple(row for key, row in before.items() if key not in after),
        added=tuple(row for key, row in after.items() if key not in before),
    )


def _rows(content: bytes) -> dict[tuple[tuple[str, str], ...], dict[str, str]]:
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return {tuple(sorted(row.items())): row for row in reader}

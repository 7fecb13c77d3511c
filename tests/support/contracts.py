"""A contract that changes while the project runs: everything that reads contracts sees the changed copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sources import contract
from sources.archive import sha256_of
from warehouse import inputs
from warehouse.paths import CONTRACTS, PROJECT


@contextmanager
def changed_contract(folder: Path, feed: str, *edits: tuple[str, str]) -> Iterator[None]:
    """Inside, the contract of `feed` has its texts replaced, pair by pair; each has to be there exactly once."""
    copy = Path(shutil.copytree(CONTRACTS, folder / "contracts"))
    (file,) = copy.glob(f"*/{feed}.odcs.yaml")
    text = file.read_text("utf-8")
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file.write_text(text, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contract, "CONTRACTS", copy)
        patch.setattr(inputs, "CONTRACTS", copy)
        patch.setattr(inputs, "_hashes", lambda files: _hashes(files, copy))
        _forget()
        try:
            yield
        finally:
            patch.undo()
            _forget()


def _hashes(files: Iterable[Path], copy: Path) -> dict[str, str]:
    """`inputs._hashes`, with the copy's files under the names they have in the project."""
    places = {
        file: CONTRACTS.relative_to(PROJECT) / file.relative_to(copy)
        if file.is_relative_to(copy)
        else file.relative_to(PROJECT)
        for file in files
    }
    return {place.as_posix(): sha256_of(file) for file, place in sorted(places.items())}


def _forget() -> None:
    contract.contracts.cache_clear()
    inputs.contract_sha256.cache_clear()

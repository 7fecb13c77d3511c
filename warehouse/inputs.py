"""What a release is made of besides deliveries: hashes of code, contracts, plan, models, suites and lock file."""

from __future__ import annotations

import hashlib
import subprocess
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from sources.archive import sha256_of
from sources.corrections import NAME as CORRECTIONS
from warehouse.paths import CONTRACTS, DBT_PROJECT, PROJECT, SEEDS, SUITES

PACKAGES = ("sources", "warehouse", "expectations", "flows", "peak", "reports")
LOCK_FILE = PROJECT / "requirements.lock"
_MODEL_FOLDERS = ("models", "macros", "tests")


def _hashes(files: Iterable[Path]) -> dict[str, str]:
    return {file.relative_to(PROJECT).as_posix(): sha256_of(file) for file in sorted(files)}


def _under(folder: Path, *suffixes: str) -> list[Path]:
    return [file for file in folder.rglob("*") if file.suffix in suffixes and file.is_file()]


def _code() -> list[Path]:
    found = [file for package in PACKAGES for file in _under(PROJECT / package, ".py", ".sql", ".html", ".js", ".css")]
    return [file for file in found if not file.is_relative_to(PROJECT / "warehouse" / "data")]


def _models() -> list[Path]:
    found = list(DBT_PROJECT.glob("*.yml"))
    for name in _MODEL_FOLDERS:
        found += _under(DBT_PROJECT / name, ".sql", ".yml", ".yaml", ".md")
    return found + _under(SEEDS, ".yml", ".yaml")


def file_hashes() -> dict[str, dict[str, str]]:
    """sha256 of every file of the project that decides what a release holds.

    By group (code, contracts, plan: every seed, models, suites, lock), then by path below the project.
    """
    return {
        "code": _hashes(_code()),
        "contracts": _hashes(_under(CONTRACTS, ".yaml")),
        "plan": _hashes(_under(SEEDS, ".csv")),
        "models": _hashes(_models()),
        "suites": _hashes(_under(SUITES, ".yaml", ".yml")),
        "lock": _hashes([LOCK_FILE] if LOCK_FILE.exists() else []),
    }


def groups_of(files: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """One sha256 for each group of `file_hashes`."""
    return {
        group: hashlib.sha256(
            "".join(f"{path}\t{sha256}\n" for path, sha256 in sorted(hashes.items())).encode()
        ).hexdigest()
        for group, hashes in files.items()
    }


def input_hashes() -> dict[str, str]:
    """sha256 of code, contracts, plan (every seed), models, suites and lock; the same files give the same hashes."""
    return groups_of(file_hashes())


def seed_hashes(files: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Name of a seed -> sha256 of its CSV file."""
    return {Path(path).stem: sha256 for path, sha256 in files["plan"].items()}


def loaded_seeds(files: Mapping[str, Mapping[str, str]]) -> str:
    """One sha256 for the seeds that dbt loads: all but corrections, which are applied to delivered rows before."""
    hashes = {path: sha256 for path, sha256 in files["plan"].items() if Path(path).stem != CORRECTIONS}
    return groups_of({"plan": hashes})["plan"]


def version_of(inputs: dict[str, str]) -> str:
    """One short hash over `input_hashes`, 16 hex digits."""
    text = "\n".join(f"{name}\t{sha256}" for name, sha256 in sorted(inputs.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def code_version() -> str:
    """`version_of` the project as it stands."""
    return version_of(input_hashes())


@cache
def contract_sha256(feed: str) -> str:
    """sha256 of the contract file of a feed; KeyError when it has none."""
    for file in CONTRACTS.glob(f"*/{feed}.odcs.yaml"):
        return hashlib.sha256(file.read_bytes()).hexdigest()
    raise KeyError(feed)


def git_commit() -> str | None:
    """The commit of the project's work tree, with `+` when it holds changes; None outside git."""
    git = ("git", "-C", str(PROJECT))
    try:
        commit = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, check=True, timeout=20)
        changes = subprocess.run(
            [*git, "status", "--porcelain", "--untracked-files=no"],
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return commit.stdout.strip() + ("+" if changes.stdout.strip() else "")

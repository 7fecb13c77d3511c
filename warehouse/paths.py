"""Every path of the project and of one data home. No other module joins paths to either root."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
CONTRACTS = PROJECT / "sources" / "contracts"
PREFECT_YAML = PROJECT / "prefect.yaml"
DBT_PROJECT = PROJECT / "dbt_project"
SEEDS = DBT_PROJECT / "seeds"
TERMS = PROJECT / "warehouse" / "terms"
SUITES = PROJECT / "expectations" / "suites"
REAL_DELIVERIES = PROJECT / "demo" / "real"
DEFAULT_HOME = PROJECT / "warehouse" / "data"


@dataclass(frozen=True)
class Home:
    """One data home: everything that runs write. Only archive, deliveries and ledger cannot be rebuilt."""

    root: Path

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def fetching(self) -> Path:
        """Files on their way from servers into the inbox."""
        return self.root / "fetching"

    @property
    def archive(self) -> Path:
        return self.root / "archive"

    @property
    def deliveries(self) -> Path:
        return self.root / "deliveries"

    @property
    def quarantine(self) -> Path:
        return self.root / "quarantine"

    @property
    def ledger(self) -> Path:
        return self.root / "ledger.sqlite"

    @property
    def build_db(self) -> Path:
        return self.root / "build.duckdb"

    @property
    def build(self) -> Path:
        """Working files of the build: dbt's target folder and logs."""
        return self.root / "build"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def current(self) -> Path:
        return self.root / "current"

    @property
    def current_site(self) -> Path:
        """The pages of the current release."""
        return self.current / "site"

    @property
    def runs(self) -> Path:
        """A report of each run, written from the ledger."""
        return self.root / "runs"

    @property
    def settings(self) -> Path:
        """What the operator has set about the standing parts and whom they tell."""
        return self.root / "settings.toml"

    @property
    def prefect(self) -> Path:
        """Prefect's own files: its database, logs of the standing parts, sockets."""
        return self.root / "prefect"

    @property
    def serving(self) -> Path:
        """Who stands for this home now, and where."""
        return self.prefect / "serving.json"

    @property
    def lock(self) -> Path:
        return self.root / ".lock"

    def archived(self, sha256: str) -> Path:
        return self.archive / sha256[:2] / sha256

    def delivery(self, feed: str, region: str, delivery_id: str, reparse_id: int = 0) -> Path:
        """The rows of a delivery as first read, or as read again: a further file, the first one stays."""
        reading = f".r{reparse_id}" if reparse_id else ""
        return self.deliveries / feed / region / f"{delivery_id}{reading}.parquet"

    def release(self, release_id: str) -> Path:
        return self.releases / release_id


def home() -> Home:
    """The data home of this process: PEAK_HOME, else warehouse/data/ of the project."""
    return Home(Path(os.environ.get("PEAK_HOME") or DEFAULT_HOME).expanduser().absolute())

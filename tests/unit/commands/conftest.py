"""A home whose ledger has four deliveries and five releases with revisions; the files of a release are a few bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from peak.cli import main
from sources.ledger import (
    Delivery,
    DeliveryFile,
    Ledger,
    Release,
    Revision,
    Scope,
    add_accepted,
    add_release,
    delivery_id_of,
    open_ledger,
)
from warehouse.paths import Home
from warehouse.shelf import DATABASE, MANIFEST, point_current, record_current

CELL = Revision(
    region="r", indicator="non_fossil_share", method="default", base_year=None, period_type="year",
    period_start="2023-01-01", period_end="2023-12-31", value=Decimal("10.000000"), previous_value=None, unit="%",
    is_complete=True, cause="new_data", cause_detail="新数据：r a.csv / new data: r a.csv", deliveries=("d1",),
)  # fmt: skip
TRAILING = replace(CELL, period_type="ttm", value=Decimal("10.5"))
MONTH = replace(CELL, period_type="month", period_start="2023-05-01", period_end="2023-05-31", value=Decimal("9"))


def after(last: Revision, value: str | None, cause: str = "revised_data", is_complete: bool | None = True) -> Revision:
    """The revision of a cell after `last`."""
    new = None if value is None else Decimal(value)
    words = f"修订：{cause} / {cause}"
    return replace(
        last, value=new, previous_value=last.value, is_complete=is_complete, cause=cause, cause_detail=words,
        deliveries=("d2",),
    )  # fmt: skip


REVISED = after(CELL, "11.000000")
BACK = after(REVISED, "10.000000", "correction")
GONE = after(MONTH, None, "changed_method", None)
# what each release revises, in order of publication
HISTORY: list[list[Revision]] = [[CELL, TRAILING, MONTH], [REVISED], [], [BACK, after(TRAILING, "10.75")], [GONE]]


def release_id(number: int) -> str:
    """The id of the release that was published as the nth, counted from 1."""
    return f"2026010{number}T020000Z-{number * 111111:06x}"


def published_at(number: int) -> str:
    return f"2026-01-0{number}T02:00:00Z"


@dataclass(frozen=True)
class Told:
    """The home and what its commands say."""

    home: Home
    run: Callable[..., Result]

    def json(self, *arguments: str) -> Any:
        done = self.run(*arguments, "--json")
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout)


def _shelve(home: Home, number: int) -> None:
    """The files of a complete release."""
    folder = home.release(release_id(number))
    folder.mkdir(parents=True)
    content = f"release {number}".encode()
    (folder / DATABASE).write_bytes(content)
    manifest = {
        "release_id": release_id(number),
        "as_of": f"2026-01-0{number}",
        "published_at": published_at(number),
        "run_id": "run",
        "content_sha256": f"{number}" * 64,
        "ledger": {"last_seq": number, "last_hold": 0},
        "inputs": {},
        "files": {DATABASE: {"size_bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")


def publish(home: Home, ledger: Ledger, number: int, revised: Iterable[Revision]) -> None:
    """A release as the ledger and the shelf have it after it was published."""
    _shelve(home, number)
    manifest = json.loads((home.release(release_id(number)) / MANIFEST).read_text("utf-8"))
    entry = Release(release_id(number), "run", published_at(number), f"2026-01-0{number}", f"{number}" * 64, number, 0)
    add_release(ledger, entry, manifest, revised)
    point_current(home, release_id(number))
    record_current(home, ledger, who="run", why="发布 / published")


def accept(ledger: Ledger, number: int) -> str:
    """An accepted delivery; its id."""
    sha256 = f"{number:064x}"
    delivery = Delivery("r", "energy_supply", f"能源_{number}.csv", sha256, 1, row_count=1, run_id="run")
    scope = Scope("2024-01|diesel", 1, False, None, None, None)
    add_accepted(ledger, delivery, [scope], DeliveryFile(sha256, 1))
    return delivery_id_of("r", "energy_supply", sha256)


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """Commands on a home with a history."""
    home = Home(tmp_path / "home")
    monkeypatch.setenv("PEAK_HOME", str(home.root))
    monkeypatch.setenv("COLUMNS", "300")
    with open_ledger(home) as ledger:
        for number in range(1, 5):
            accept(ledger, number)
        for number, revised in enumerate(HISTORY, 1):
            publish(home, ledger, number, revised)

    def run(*arguments: str) -> Result:
        return CliRunner().invoke(main, list(arguments))

    return Told(home, run)

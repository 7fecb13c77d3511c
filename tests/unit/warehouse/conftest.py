"""A home, its ledger, and a stand-in for the reader, so that these tests say something about the warehouse only."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from warehouse_fakes import fake_read_file

from sources.documents import Document
from sources.ledger import Ledger, open_ledger
from warehouse.paths import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def ledger(home: Home) -> Ledger:
    return open_ledger(home)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Any:
    module = ModuleType("sources.reading")
    module.read_file = fake_read_file  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sources.reading", module)
    checking = ModuleType("sources.checking")
    checking.report = lambda reading, contract, name, checks: {"problems": [vars(p) for p in reading.problems]}  # type: ignore[attr-defined]
    checking.report_document = lambda reading, contract, name, checks: Document(name, [])  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sources.checking", checking)
    return module

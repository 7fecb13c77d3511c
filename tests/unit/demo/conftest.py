from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import demo
from demo.span import Span
from demo.world import World

AS_OF = date(2026, 2, 10)
YEARS = (2020, 2025)


@pytest.fixture(scope="session")
def inbox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inbox with everything that `peak demo` writes for the district."""
    path = tmp_path_factory.mktemp("inbox")
    demo.generate(path, years=YEARS, seed=7, as_of=AS_OF)
    return path


@pytest.fixture(scope="session")
def world() -> World:
    return World("yueyang-etz", Span.of(YEARS, AS_OF), 7)

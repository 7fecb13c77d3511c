"""The restore drill: a home made of a backup alone publishes what the lost one had published."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support import small
from tests.support.command import peak
from tests.support.homes import run
from warehouse.paths import Home
from warehouse.shelf import current_release

pytestmark = pytest.mark.slow


def test_a_restored_home_publishes_the_same_content(
    small_home: tuple[Home, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    home, folder = small_home[0], tmp_path / "backup"
    done = peak(home.root, "backup", str(folder))
    assert done.returncode == 0, done.stderr
    assert "the backup is sound" in peak(home.root, "backup", str(folder), "--verify").stdout
    restored = Home(folder)
    assert peak(folder, "status").returncode == 0
    night, lost = run(restored, small.AS_OF), current_release(home)
    assert night.release is not None and lost is not None, night.built.problem
    assert night.release.content_sha256 == lost.content_sha256

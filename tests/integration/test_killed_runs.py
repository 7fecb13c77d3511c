"""Whole runs of `peak run`, killed while taking in and while publishing; test_release kills one while it builds."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.faults import facts
from tests.support import small
from tests.support.command import environment, peak
from tests.support.killed import killed_run
from tests.support.server import Standing
from warehouse.paths import Home
from warehouse.pending import what_is_new
from warehouse.shelf import complete_releases, current_id, current_release

pytestmark = pytest.mark.slow


def _taking_in(home: Home) -> Callable[[], bool]:
    before = len(list(home.archive.iterdir()))
    return lambda: len(list(home.archive.iterdir())) > before


def _publishing(home: Home) -> Callable[[], bool]:
    return lambda: any(home.releases.glob(".new-*"))


@pytest.mark.parametrize(
    ("seed", "stage", "within_s"), [(1, _taking_in, 0.05), (2, _publishing, 0.6)], ids=["take-in", "publish"]
)
def test_a_run_killed_at_any_moment_is_done_again_by_the_next(
    small_home: tuple[Home, subprocess.CompletedProcess[str]],
    corrected: Home,
    server: Standing,
    tmp_path: Path,
    seed: int,
    stage: Callable[[Home], Callable[[], bool]],
    within_s: float,
) -> None:
    home, before = Home(tmp_path / "home"), current_id(small_home[0])
    shutil.copytree(small_home[0].root, home.root, symlinks=True)
    small.deliver(home, [small.correction()])
    env = environment(home.root, {"PREFECT_API_URL": server.url, "PREFECT_HOME": str(server.folder)})
    with killed_run(home, env, stage(home), Random(seed).uniform(0, within_s)) as child:
        pass
    assert child.returncode == -signal.SIGKILL
    assert facts.wrong_after_kill(home, before, may_switch=stage is _publishing) == []
    done = peak(home.root, "run", "--as-of", str(small.AS_OF), extra=env, timeout_s=300)
    assert done.returncode == 0, done.stdout + done.stderr
    undisturbed, now = current_release(corrected), current_release(home)
    assert undisturbed and now and now.content_sha256 == undisturbed.content_sha256
    assert now.manifest["partitions"] == undisturbed.manifest["partitions"]
    assert facts.differences(facts.taken_in(corrected), facts.taken_in(home)) == []
    assert len(complete_releases(home)) == len(list(home.releases.iterdir())) == 2
    assert what_is_new(home) == []

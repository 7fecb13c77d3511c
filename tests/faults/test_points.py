"""Twenty seeded points for every run of the tests; `make faults` tries hundreds."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.faults.nights import BUILD, GATE, PREPARE, PUBLISH, REREAD, STAGES, SWITCH, TAKE_IN
from warehouse.paths import PROJECT

# what is done again after a kill before the gate needs dbt, which takes most of the time there is
TRIED = {TAKE_IN: 9, REREAD: 1, PREPARE: 1, BUILD: 1, GATE: 1, PUBLISH: 4, SWITCH: 3}
FIRST = 20


@pytest.mark.slow
def test_a_night_killed_at_twenty_points_ends_as_if_nobody_had_disturbed_it(tmp_path: Path) -> None:
    stages = [stage for stage in STAGES for _ in range(TRIED[stage])]
    # forks need a process of their own: this one has threads and open databases
    command = [sys.executable, "-m", "tests.faults", "--points", str(len(stages)), "--first", str(FIRST)]
    done = subprocess.run(
        [*command, "--work", str(tmp_path), "--stages", *stages],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=880,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
    survived = Counter(re.findall(r"^\d+ ([a-z-]+): .*: survived", done.stdout, re.MULTILINE))
    assert survived == TRIED


def test_a_harness_that_loses_a_file_says_so() -> None:
    """The comparison itself can fail: another entry, a half-written file and a missing one are each named."""
    from tests.faults.facts import differences

    was = {"entries": ["a", "b"], "leftovers": [], "history": {"deliveries": ["x"]}, "releases": 2}
    now = {"entries": ["a", "a"], "leftovers": [".1.tmp"], "history": {"deliveries": []}, "releases": 3}
    assert differences(was, was) == []
    assert differences(was, now) == [
        "entries: lost 1 ['b'], new 1 ['a']",
        "history.deliveries: lost 1 ['x'], new 0 []",
        "leftovers: lost 0 [], new 1 ['.1.tmp']",
        "releases: 2 became 3",
    ]

"""The command `peak` as people start it: its own process, its own data home, nothing of ours in its environment."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

PEAK = Path(sys.executable).with_name("peak")
HEAVY = ("dbt", "great_expectations", "pandas", "prefect")

# runs a command, then says on the last line of stderr which heavy packages it loaded
_WATCH = f"""
import sys
from peak.cli import main
try:
    main(sys.argv[1:], prog_name="peak")
finally:
    print("loaded:", *sorted(set({HEAVY!r}) & set(sys.modules)), file=sys.stderr)
"""


def environment(home: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """This process's environment without Prefect's settings, with the data home."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "PEAK_"))}
    return {**kept, "PEAK_HOME": str(home), "PEAK_SETTLE_SECONDS": "0", "NO_COLOR": "1", **(extra or {})}


def peak(
    home: Path,
    *arguments: str,
    given: str | None = None,
    extra: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout_s: float = 120,
) -> subprocess.CompletedProcess[str]:
    """One command through the console script, `given` on its standard input."""
    return _run([str(PEAK), *arguments], home, given, extra, cwd, timeout_s)


def loaded(home: Path, *arguments: str, timeout_s: float = 120) -> tuple[int, set[str]]:
    """Exit code of a command, and which of the heavy packages its process loaded."""
    done = _run([sys.executable, "-c", _WATCH, *arguments], home, None, None, None, timeout_s)
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("loaded:"), done.stderr
    return done.returncode, set(last.split()[1:])


def _run(
    command: list[str],
    home: Path,
    given: str | None,
    extra: Mapping[str, str] | None,
    cwd: Path | None,
    timeout_s: float,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=environment(home, extra),
        input=given if given is not None else "",
        capture_output=True,
        encoding="utf-8",
        timeout=timeout_s,
        cwd=cwd,
        check=False,
    )

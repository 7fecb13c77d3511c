"""What a night costs and where: from nothing, with one small new file, with nothing new; and how fast commands start.

Run: `python -m benchmarks.night [--years 2020-2025] [--home FOLDER]`. Works in a temporary home. CPU seconds are user
and system time of this run's processes, so that a busy machine matters less than for the wall clock; `Prefect` is what
is left of a run beside the other stages: its temporary server, its bookkeeping, its artifacts.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

AS_OF = "2026-02-20"
REVISED = "统计月份,能源品种,用能部门,消费量,计量单位\n2025-11,柴油,交通运输,14.25,吨\n2025-11,柴油,工业,2.5,吨\n"
STAGES = ("imports", "inbox", "reading and ledger", "gate 2", "raw", "dbt", "gate 3", "publish", "changes", "Prefect")
COMMANDS = (["--help"], ["status"], ["sql", "select count(*) from indicator_values"])

Cost = tuple[float, float]
Costs = dict[str, Cost]


def spent() -> Cost:
    """Wall and CPU seconds so far, of this process and of its children that have ended."""
    own = os.times()
    return time.perf_counter(), own.user + own.system + own.children_user + own.children_system


class Stages:
    """What each stage cost, without the stages inside it."""

    def __init__(self, names: Sequence[str] = STAGES) -> None:
        self.costs: dict[str, list[float]] = {name: [0.0, 0.0] for name in names}
        self._inner: list[list[float]] = []

    def timed(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """`work`, with its cost added to the stage."""

        def run(*args: Any, **options: Any) -> Any:
            before, inner = spent(), [0.0, 0.0]
            self._inner.append(inner)
            try:
                return work(*args, **options)
            finally:
                self._inner.pop()
                total = [after - first for after, first in zip(spent(), before, strict=True)]
                for at in (0, 1):
                    self.costs[name][at] += total[at] - inner[at]
                    if self._inner:
                        self._inner[-1][at] += total[at]

        return run


def one_night() -> None:
    """The nightly flow in this process, as `peak run` runs it; prints the stages as JSON."""
    stages = Stages()

    def load() -> Any:
        import great_expectations  # noqa: F401
        from dbt.cli.main import dbtRunner  # noqa: F401

        from flows.nightly import nightly

        return nightly

    nightly = stages.timed("imports", load)()
    import logging

    from expectations import engine, gate
    from sources import intake
    from warehouse import build, changes, raw, release

    stages.timed("imports", engine._batches)()
    logging.disable(logging.ERROR)
    for module, name, stage in (
        (intake, "scan", "inbox"),
        (intake, "take_in", "reading and ledger"),
        (gate, "judge_delivery", "gate 2"),
        (raw, "prepare", "raw"),
        (build, "run_dbt", "dbt"),
        (gate, "judge_rebuilt", "gate 3"),
        (release, "publish", "publish"),
        (changes, "changes", "changes"),
    ):
        setattr(module, name, stages.timed(stage, getattr(module, name)))
    from datetime import date

    summary = stages.timed("Prefect", nightly)(as_of=date.fromisoformat(AS_OF))
    print(json.dumps({"result": summary.result, "counts": summary.counts, "stages": stages.costs}))


def _measured(command: list[str], home: Path) -> tuple[str, Cost]:
    before, children = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    environment = {**os.environ, "PEAK_HOME": str(home)}
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - children.ru_utime - children.ru_stime
    return done.stdout, (time.perf_counter() - before, cpu)


def night(home: Path) -> tuple[dict[str, Any], Cost]:
    """One night in a process of its own: its report, and its whole cost."""
    printed, cost = _measured([sys.executable, "-m", "benchmarks.night", "--inside"], home)
    return json.loads(printed.splitlines()[-1]), cost


def peak(home: Path, *arguments: str) -> Cost:
    """The cost of one command."""
    return _measured([str(Path(sys.executable).with_name("peak")), *arguments], home)[1]


def _print_nights(nights: dict[str, tuple[dict[str, Any], Cost]]) -> None:
    print("stage".ljust(20) + "".join(f"{name:>22}" for name in nights))
    print(" " * 20 + "".join(f"{'wall s':>13}{'CPU s':>9}" for _ in nights))
    for stage in STAGES:
        costs = [report["stages"][stage] for report, _ in nights.values()]
        print(stage.ljust(20) + "".join(f"{wall:13.2f}{cpu:9.2f}" for wall, cpu in costs))
    print("whole process".ljust(20) + "".join(f"{wall:13.2f}{cpu:9.2f}" for _, (wall, cpu) in nights.values()))
    for name, (report, _) in nights.items():
        print(f"{name}: {report['result']}, {report['counts']}")


def measure(home: Path, years: str) -> None:
    """All figures, in the home given, which should be empty."""
    peak(home, "demo", "--years", years, "--as-of", AS_OF)
    nights = {"from nothing": night(home)}
    revised = home / "inbox" / "yueyang-etz" / "energy_supply" / "revised.csv"
    revised.parent.mkdir(parents=True, exist_ok=True)
    revised.write_text(REVISED, "utf-8")
    nights["one small file"] = night(home)
    _print_nights(nights)
    for arguments in (["run"], *COMMANDS):
        wall, cpu = min(peak(home, *arguments) for _ in range(3))
        print(f"peak {' '.join(arguments)}: {wall:.2f} s wall, {cpu:.2f} s CPU")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--years", default="2020-2025")
    parser.add_argument("--home", type=Path)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        one_night()
    elif given.home:
        measure(given.home, given.years)
    else:
        with tempfile.TemporaryDirectory() as folder:
            measure(Path(folder) / "home", given.years)


if __name__ == "__main__":
    main()

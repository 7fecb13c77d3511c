"""What a night costs under `peak serve`: with one small new delivery, and with nothing new.

Run: `python -m benchmarks.standing [--years 2020-2025] [--nights 5] [--home FOLDER]`. A temporary home with the demo is
published once; then each night gets one revised month of one feed. Times are wall seconds by Prefect's own record of
the runs, medians over the nights; `dbt` is the build's own time for dbt alone. The last line is what is asked for:
a night in at most 2.5 times its dbt build, an empty night under 3 s of its own time.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

from demo import copy_real, generate
from sources.ledger import read_ledger, runs
from tests.support import small
from tests.support.homes import put
from tests.support.served import Served, served
from warehouse.paths import Home

NIGHTLY = "nightly/nightly"
REVISED = small.ENERGY_HEADER + "2025-11,柴油,交通运输,{tonnes}.25,吨\n2025-11,柴油,工业,2.5,吨\n"
AS_OF = "2026-02-20"
STAGES = {
    "look into the inbox": "intake",
    "take in": "intake",
    "end holds": "intake",
    "build the warehouse": "raw and dbt",
    "compare with what was published": "compare",
    "judge the warehouse": "gate 3",
    "publish": "publish",
    "tell operators": "pages",
}


def _seconds(begun: str, ended: str) -> float:
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(begun)).total_seconds()


def _tasks(peak: Served, run: dict[str, Any]) -> list[dict[str, Any]]:
    """Every task run of a flow run; the API gives 200 at once."""
    found: list[dict[str, Any]] = []
    asked = {"flow_runs": {"id": {"any_": [run["id"]]}}, "sort": "ID_DESC"}
    while page := peak.post("/task_runs/filter", {**asked, "offset": len(found)}):
        found += page
    return found


def one_night(peak: Served) -> dict[str, float]:
    """One run of the deployment, from its creation to its end, split by stage, in seconds."""
    run = peak.run(NIGHTLY, timeout_s=3600, as_of=AS_OF)
    if run["state_type"] != "COMPLETED":
        raise RuntimeError(peak.logs())
    found = {"start": _seconds(run["created"], run["start_time"]), "run": _seconds(run["start_time"], run["end_time"])}
    for task in _tasks(peak, run):
        stage = next(name for prefix, name in STAGES.items() if task["name"].startswith(prefix))
        found[stage] = found.get(stage, 0.0) + _seconds(task["start_time"], task["end_time"])
    stages = set(STAGES.values())
    found["Prefect and reports"] = found["run"] - sum(seconds for name, seconds in found.items() if name in stages)
    return found | _build(peak.home)


def _build(home: Home) -> dict[str, float]:
    with read_ledger(home) as ledger:  # type: ignore[union-attr]
        parts: dict[str, float] = runs(ledger, 1)[0].details.get("build_seconds", {})
    return {f"  {part}": seconds for part, seconds in parts.items()}


def medians(nights: Iterable[dict[str, float]]) -> dict[str, float]:
    """The median of each stage."""
    found = list(nights)
    return {name: median(night.get(name, 0.0) for night in found) for name in found[0]}


def _print(title: str, costs: dict[str, float]) -> None:
    print(f"\n{title}")
    for name, seconds in costs.items():
        print(f"  {name:22} {seconds:7.2f} s")


def measure(home: Home, folder: Path, nights: int) -> None:
    """The first night, nights with one small delivery, empty nights; prints all."""
    home.settings.write_text("[serve]\nwatch = false\n", "utf-8")
    begun = time.monotonic()
    with served(home, folder) as peak:
        print(f"peak serve is up after {time.monotonic() - begun:.1f} s")
        _print("first night: everything", one_night(peak))
        small_nights: list[dict[str, Any]] = []
        for number in range(nights):
            put(home, "yueyang-etz", "energy_supply", f"{number}.csv", REVISED.format(tonnes=20 + number).encode())
            small_nights.append(one_night(peak))
        costs, empty = medians(small_nights), medians(one_night(peak) for _ in range(nights))
        _print("one small delivery (median)", costs)
        _print("nothing new (median)", empty)
        ratio = costs["run"] / costs["  dbt"]
        print(f"\nnight / dbt build alone: {ratio:.2f} (at most 2.5); empty night: {empty['run']:.2f} s (under 3)")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--years", default="2020-2025")
    parser.add_argument("--nights", type=int, default=5)
    parser.add_argument("--home", type=Path)
    given = parser.parse_args()
    first, _, last = given.years.partition("-")
    with tempfile.TemporaryDirectory() as folder:
        home = Home(given.home or Path(folder) / "home")
        generate(home.inbox, (int(first), int(last or first)), 1, datetime.fromisoformat(AS_OF).date())
        copy_real(home.inbox)
        measure(home, Path(folder), given.nights)


if __name__ == "__main__":
    main()

"""What publishing one revised day of meter_readings costs with one and with ten times the stored history.

Run: `python -m benchmarks.history [--days 365] [--meters 20] [--times 10] [--nights 2] [--home FOLDER]`. Two homes hold
the demo's deliveries and, for a region of its own, a file of quarter-hour readings for each of so many days. Each
publishes a first release; then a revised day arrives in the inbox, and the whole night is measured by stages, in a
process of its own: take in (gates 1 and 2), raw, dbt, gate 3, publish. The cheapest of the nights counts. CPU seconds
are user and system time, so that a busy machine matters less. The goal is a ratio of at most 1.3.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.night import Cost, Stages, spent
from sources import parquet
from sources.ledger import Delivery, Ledger, Scope, add_accepted, delivery_id_of, open_ledger
from warehouse.inputs import contract_sha256
from warehouse.paths import Home

REGION = "history"
LAST = date(2026, 1, 31)
AS_OF = date(2026, 2, 20)
STAGES = ("imports", "take in", "raw", "dbt", "gate 3", "publish")
GOAL = 1.3


def _readings(day: date, meters: int, revision: int) -> Any:
    """The readings of one day as the reader leaves them; every revision says something else."""
    import pyarrow as pa

    times = [datetime.combine(day, datetime.min.time()) + timedelta(minutes=15 * number) for number in range(96)]
    names = [f"M{number:03}" for number in range(meters)]
    rows = meters * 96
    kwh = [Decimal(100 + (7 * number + revision) % 900) / 100 for number in range(rows)]
    return pa.table(
        {
            "day": pa.array([day] * rows, pa.date32()),
            "meter_id": pa.array([name for name in names for _ in times], pa.string()),
            "ts": pa.array(times * meters, pa.timestamp("us")),
            "kwh": pa.array(kwh, pa.decimal128(24, 9)),
            "_scope": pa.array([day.isoformat()] * rows, pa.string()),
            "_is_empty": pa.array([False] * rows, pa.bool_()),
            "_sheet": pa.nulls(rows, pa.string()),
            "_row": pa.array(range(2, rows + 2), pa.int64()),
        }
    )


def _accept(home: Home, ledger: Ledger, day: date, meters: int) -> None:
    """A day's delivery entered directly: reading thousands of files is not what is measured here."""
    sha256 = f"{day:%Y%m%d}".rjust(64, "0")
    delivery_id = delivery_id_of(REGION, "meter_readings", sha256)
    table = parquet.with_origin(_readings(day, meters, 0), REGION, delivery_id)
    file = parquet.write(table, home.delivery("meter_readings", REGION, delivery_id))
    scope = Scope(day.isoformat(), table.num_rows, False, day, day, None)
    entry = Delivery(
        REGION, "meter_readings", f"{day}.csv", sha256, 1, contract_sha256=contract_sha256("meter_readings")
    )
    add_accepted(ledger, entry, [scope], file)


def fill(home: Home, days: int, meters: int) -> None:
    """The demo taken in, and `days` days of readings before and with LAST."""
    from demo import generate
    from tests.support.homes import take_in_all

    generate(home.inbox, (2024, 2026), 1, AS_OF)
    take_in_all(home)
    with closing(open_ledger(home)) as ledger:
        for number in range(days):
            _accept(home, ledger, LAST - timedelta(number), meters)


def revise(home: Home, day: date, meters: int, revision: int) -> None:
    """The revised day in the inbox, as the platform delivers it."""
    target = home.inbox / REGION / "meter_readings" / f"revised-{revision}.csv"
    target.parent.mkdir(parents=True, exist_ok=True)
    columns = _readings(day, meters, revision).select(["day", "meter_id", "ts", "kwh"]).to_pydict()
    lines = [f"{d},{meter},{ts},{kwh:.2f}" for d, meter, ts, kwh in zip(*columns.values(), strict=True)]
    target.write_text("\n".join(["日期,表计编号,时刻,电量", *lines]) + "\n", "utf-8")


@contextmanager
def _staged(stages: Stages) -> Iterator[None]:
    """Inside, a build tells its own stages."""
    from warehouse import build, raw

    kept = [(module, name, getattr(module, name)) for module, name in ((raw, "prepare"), (build, "run_dbt"))]
    for (module, name, work), stage in zip(kept, ("raw", "dbt"), strict=True):
        setattr(module, name, stages.timed(stage, work))
    yield
    for module, name, work in kept:
        setattr(module, name, work)


def one_night(home: Home) -> dict[str, Any]:
    """Everything that waits is taken in, built, judged and published; gives stages and what the build had to do."""
    stages = Stages(STAGES)

    def load() -> None:
        import great_expectations  # noqa: F401
        from dbt.cli.main import dbtRunner  # noqa: F401

        from expectations import engine

        engine._batches()

    stages.timed("imports", load)()
    import duckdb

    from expectations.gate import critical_failures, judge_rebuilt
    from tests.support.homes import take_in_all
    from warehouse.build import build, settle
    from warehouse.release import publish

    stages.timed("take in", take_in_all)(home)

    def judge(models: list[str]) -> None:
        with duckdb.connect(str(home.build_db), read_only=True) as connection:
            failures = critical_failures(judge_rebuilt(connection, models))
        assert not failures, failures
        settle(home)

    with closing(open_ledger(home)) as ledger, _staged(stages):
        # what a build does beside raw and dbt is reading dbt's manifest and comparing tables
        built = stages.timed("dbt", build)(home, AS_OF, ledger=ledger)
        assert built.is_good, (built.problem, built.failed, built.errored)
        stages.timed("gate 3", judge)(built.rebuilt_models)
        stages.timed("publish", publish)(home, ledger, AS_OF, run_id="benchmark")
    return {"stages": stages.costs, "nodes": len(built.nodes), "scopes": len(built.changed)}


def night(home: Home) -> tuple[dict[str, Any], Cost]:
    """One night in a process of its own: its report, and its whole cost."""
    before = spent()
    command = [sys.executable, "-m", "benchmarks.history", "--inside", "--home", str(home.root)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, env=dict(os.environ))
    wall, cpu = (after - first for after, first in zip(spent(), before, strict=True))
    return json.loads(done.stdout.splitlines()[-1]), (wall, cpu)


def measure(home: Home, days: int, meters: int, nights: int) -> tuple[dict[str, Any], Cost]:
    """The cheapest of the nights that publish a revised day over a history of so many days."""
    fill(home, days, meters)
    night(home)
    measured = []
    for revision in range(1, nights + 1):
        revise(home, LAST - timedelta(4 + revision), meters, revision)
        measured.append(night(home))
    return min(measured, key=lambda found: found[1][1])


def _tell(found: dict[str, tuple[dict[str, Any], Cost]]) -> float:
    print("stage".ljust(16) + "".join(f"{name:>24}" for name in found) + f"{'CPU ratio':>12}")
    print(" " * 16 + "".join(f"{'wall s':>15}{'CPU s':>9}" for _ in found))
    rows = {stage: [report["stages"][stage] for report, _ in found.values()] for stage in STAGES}
    rows["whole process"] = [list(cost) for _, cost in found.values()]
    rows["night"] = [[sum(row[n][at] for s, row in rows.items() if s in STAGES[1:]) for at in (0, 1)] for n in (0, 1)]
    for stage, costs in rows.items():
        ratio = costs[1][1] / costs[0][1] if costs[0][1] else 0
        print(stage.ljust(16) + "".join(f"{wall:15.2f}{cpu:9.2f}" for wall, cpu in costs) + f"{ratio:12.2f}")
    for name, (report, _) in found.items():
        print(f"{name}: {report['scopes']} scopes taken up, {report['nodes']} dbt nodes run")
    small, large = (costs[1] for costs in rows["night"])
    return float(large / small)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--meters", type=int, default=20)
    parser.add_argument("--times", type=int, default=10)
    parser.add_argument("--nights", type=int, default=2)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        print(json.dumps(one_night(Home(given.home))))
        return
    with tempfile.TemporaryDirectory() as folder:
        root = given.home or Path(folder)
        lengths = {f"{days} days": days for days in (given.days, given.days * given.times)}
        found = {
            name: measure(Home(root / f"home-{days}"), days, given.meters, given.nights)
            for name, days in lengths.items()
        }
        ratio = _tell(found)
    print(f"ratio of the whole night, imports left out: {ratio:.2f} (goal: at most {GOAL})")
    sys.exit(0 if ratio <= GOAL else 1)


if __name__ == "__main__":
    main()

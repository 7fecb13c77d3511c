"""Kill nights at hundreds of points: `python -m tests.faults [--points 500] [--first 1] [--work FOLDER]`.

Begun again with the same folder it goes on after the last point tried. Prints a table by stage; exit code 1 when
anything went wrong. A point is named by its seed: `--points 1 --first SEED` tries it again.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from tests.faults.nights import STAGES, warm

if TYPE_CHECKING:
    from tests.faults.homes import Bases
    from tests.faults.points import Point

SHOWN = 20
RESULTS = "results.jsonl"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--points", type=int, default=500)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--stages", nargs="*", choices=STAGES, help="one point after the other in each of these only")
    parser.add_argument("--jobs", type=int, default=2, help="points tried at the same time")
    parser.add_argument("--work", type=Path, help="folder to keep homes and results in; it must hold nothing else")
    given = parser.parse_args()
    if given.work is not None:
        return run(given.work, given)
    with tempfile.TemporaryDirectory(prefix="peak-faults-") as folder:
        return run(Path(folder), given)


def run(work: Path, given: argparse.Namespace) -> int:
    """Try the points that `work` has no result of, then print the table of all; the exit code."""
    # flows make the home they are told of when they are imported; every fork is told of its own
    os.environ["PEAK_HOME"] = str(work / "none")
    warm()
    from tests.faults.homes import prepare
    from tests.faults.points import choose
    from warehouse.inputs import code_version

    work = work / code_version()  # other code has other points
    bases, seeds = prepare(work / "bases"), range(given.first, given.first + given.points)
    stages, done = given.stages or [None], _done(work)
    points = [choose(seed, bases, stages[(seed - given.first) % len(stages)]) for seed in seeds if seed not in done]
    workers = [os.fork() or _try(points[job :: given.jobs], bases, work) for job in range(given.jobs)]
    for worker in workers:
        os.waitpid(worker, 0)
    done = _done(work)
    if lost := [seed for seed in seeds if seed not in done]:
        print(f"not tried: {lost}")
    return _table([done[seed] for seed in seeds if seed in done]) or int(bool(lost))


def _try(points: list[Point], bases: Bases, work: Path) -> NoReturn:
    """Try these points, one after the other, in a process that ends with the last."""
    from tests.faults.points import try_point

    try:
        for point in points:
            result = try_point(point, bases, work / f"point-{point.seed}")
            with (work / RESULTS).open("a") as out:
                out.write(json.dumps(result.plain(), ensure_ascii=False) + "\n")
            lines = [f"{point}: {'wrong' if result.wrong else 'survived'}, {result.seconds:.1f} s"]
            print("\n    ".join(lines + result.wrong[:SHOWN]), flush=True)
    finally:
        os._exit(0)


def _done(work: Path) -> dict[int, dict[str, Any]]:
    """What is known of points tried before, by seed."""
    file = work / RESULTS
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return {result["point"]["seed"]: result for result in map(json.loads, lines)}


def _table(results: list[dict[str, Any]]) -> int:
    """Print how each stage fared; 1 when anything went wrong."""
    by_stage = defaultdict(list)
    for result in results:
        by_stage[result["point"]["stage"]].append(result)
    print(f"{'stage':<10}{'points':>8}{'survived':>10}{'wrong':>8}{'seconds':>10}")
    for stage, own in [(stage, by_stage[stage]) for stage in STAGES] + [("all", results)]:
        wrong = sum(bool(result["wrong"]) for result in own)
        seconds = sum(result["seconds"] for result in own)
        print(f"{stage:<10}{len(own):>8}{len(own) - wrong:>10}{wrong:>8}{seconds:>10.0f}")
    return int(any(result["wrong"] for result in results))


if __name__ == "__main__":
    sys.exit(main())

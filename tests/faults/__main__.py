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
from typing import Any

from tests.faults.nights import STAGES, warm

SHOWN = 20


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--points", type=int, default=500)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--stages", nargs="*", choices=STAGES, help="one point after the other in each of these only")
    parser.add_argument("--work", type=Path, help="folder to keep homes and results in; it must hold nothing else")
    given = parser.parse_args()
    if given.work is not None:
        return run(given.work, given.first, given.points, given.stages)
    with tempfile.TemporaryDirectory(prefix="peak-faults-") as folder:
        return run(Path(folder), given.first, given.points, given.stages)


def run(work: Path, first: int, points: int, stages: list[str] | None) -> int:
    """Try the points that `work` has no result of, then print the table of all; the exit code."""
    # flows make the home they are told of when they are imported; every fork is told of its own
    os.environ["PEAK_HOME"] = str(work / "none")
    warm()
    from tests.faults.homes import prepare
    from tests.faults.points import choose, try_point
    from warehouse.inputs import code_version

    work = work / code_version()  # other code has other points
    bases = prepare(work / "bases")
    done = _done(work / "results.jsonl")
    for seed in range(first, first + points):
        if seed in done:
            continue
        point = choose(seed, bases, stages[(seed - first) % len(stages)] if stages else None)
        result = try_point(point, bases, work / f"point-{seed}")
        done[seed] = result.plain()
        with (work / "results.jsonl").open("a") as out:
            out.write(json.dumps(done[seed], ensure_ascii=False) + "\n")
        print(f"{point}: {'wrong' if result.wrong else 'survived'}, {result.seconds:.1f} s", flush=True)
        for line in result.wrong[:SHOWN]:
            print(f"    {line}", flush=True)
    return _table([result for seed, result in done.items() if first <= seed < first + points])


def _done(file: Path) -> dict[int, dict[str, Any]]:
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return {result["point"]["seed"]: result for result in map(json.loads, lines)}


def _table(results: list[dict[str, Any]]) -> int:
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

"""Pollute files and take them in: `python -m tests.faults.polluter [--files 500] [--first 1] [--jobs 2] [--only NAME]`.

Prints the table by class and every file that went wrong; exit code 1 when any did, or when fewer than 99 % of the
faults in a single row were named exactly. A file is named by its seed: `--files 1 --first SEED` tries it again, and
`--keep FOLDER` writes the files of the seeds there.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tests.faults.polluter.catalogue import chosen, polluted
from tests.faults.polluter.judge import REFUSED
from tests.faults.polluter.model import Fault
from tests.faults.polluter.run import Result, is_good, run_named, table

SHOWN = 200


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--only", nargs="*", default=[], help="faults or classes of these names only")
    parser.add_argument("--keep", type=Path, help="write the files into this folder, too")
    given = parser.parse_args()
    faults = chosen(given.only)
    seeds = range(given.first, given.first + given.files)
    if given.keep is not None:
        _keep(given.keep, seeds, faults)
    results = _spread(seeds, given.jobs, given.only)
    print(table(results))
    for result in [one for one in results if one.failed or (one.is_placed and one.verdict == REFUSED)][:SHOWN]:
        print(f"{result.seed} {result.group}/{result.fault} ({result.feed}): {result.verdict}: {result.detail}")
    return 0 if is_good(results) else 1


def _spread(seeds: range, jobs: int, names: Sequence[str]) -> list[Result]:
    # a new process each: one that was forked would share locks of threads that it does not have
    with ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn")) as pool:
        parts = [pool.submit(run_named, seeds[job::jobs], tuple(names)) for job in range(jobs)]
        return sorted((result for part in parts for result in part.result()), key=lambda result: result.seed)


def _keep(folder: Path, seeds: range, faults: Sequence[Fault]) -> None:
    for seed in seeds:
        fault, good, file = polluted(seed, faults)
        path = folder / f"{seed}-{fault.name}" / good.feed / file.name
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(file.content):
            file.content(path)
        else:
            path.write_bytes(file.content)


if __name__ == "__main__":
    sys.exit(main())

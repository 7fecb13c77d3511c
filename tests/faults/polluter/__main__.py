"""Pollute files and take them in: `python -m tests.faults.polluter [--files 500] [--first 1] [--jobs 2] [--only NAME]`.

Prints the table by class and every file that went wrong; exit code 1 when any did, or when fewer than 99 % of the
faults in a single row were named exactly. A file is named by its seed: `--files 1 --first SEED` tries it again, and
`--keep FOLDER` writes the files of the seeds there.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from functools import partial
from pathlib import Path

from tests.faults.polluter.catalogue import FAULTS, polluted
from tests.faults.polluter.judge import REFUSED
from tests.faults.polluter.run import Result, is_good, run, table

SHOWN = 200


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--only", nargs="*", default=[], help="faults or classes of these names only")
    parser.add_argument("--keep", type=Path, help="write the files into this folder, too")
    given = parser.parse_args()
    names = set(given.only)
    faults = tuple(one for one in FAULTS if not names or {one.name, one.group} & names)
    seeds = range(given.first, given.first + given.files)
    if given.keep is not None:
        _keep(given.keep, seeds, faults)
    results = _spread(seeds, given.jobs, names)
    print(table(results))
    for result in [one for one in results if one.failed or (one.is_placed and one.verdict == REFUSED)][:SHOWN]:
        print(f"{result.seed} {result.group}/{result.fault} ({result.feed}): {result.verdict}: {result.detail}")
    return 0 if is_good(results) else 1


def _spread(seeds: range, jobs: int, names: set[str]) -> list[Result]:
    if jobs == 1:
        return _part(names, seeds)
    with multiprocessing.get_context("spawn").Pool(jobs) as pool:
        parts = pool.map(partial(_part, names), [seeds[job::jobs] for job in range(jobs)], chunksize=1)
    return sorted((result for part in parts for result in part), key=lambda result: result.seed)


def _part(names: set[str], seeds: range) -> list[Result]:
    return run(seeds, tuple(one for one in FAULTS if not names or {one.name, one.group} & names))


def _keep(folder: Path, seeds: range, faults: tuple) -> None:
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

"""All mutants of all gates, on as many processors as there are."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass

from expectations.mutants.result import MutantResult

# More would not be faster: dbt alone takes as long as all the rest on the others.
MOST_WORKERS = 4
FILE, DELIVERY, WAREHOUSE, ENGINE = "file", "delivery", "warehouse", "engine"


@dataclass(frozen=True)
class Part:
    """One piece of the self-test: `of` names what it tries (contract, deliveries, marts, dbt, …) and `name` which."""

    gate: str
    of: str
    name: str = ""

    @property
    def title(self) -> str:
        return f"{self.of} {self.name}".rstrip()


@dataclass(frozen=True)
class Tally:
    """What became of the mutants of one suite: `rules` tried, `mutants` made, and those that were not killed."""

    gate: str
    suite: str
    rules: int
    mutants: int
    alive: tuple[MutantResult, ...]

    @property
    def killed(self) -> int:
        return self.mutants - len(self.alive)


def parts() -> list[Part]:
    """Everything there is to try, the longest first."""
    from expectations import suites
    from sources.contract import contracts

    found = [Part(WAREHOUSE, "dbt"), *(Part(ENGINE, "engine", name) for name in (*suites.KINDS, "types"))]
    found += [Part(WAREHOUSE, "marts", name) for name in suites.names("marts")]
    found += [Part(DELIVERY, "deliveries", name) for name in suites.names("deliveries")]
    found += [Part(FILE, "contract", feed) for feed in contracts()]
    return [*found, Part(WAREHOUSE, "corrections"), Part(WAREHOUSE, "revisions")]


def try_part(part: Part) -> list[MutantResult]:
    """The mutants of one part. What keeps them from being tried is a result not `killed`."""
    try:
        return _ways()[part.of](part.name)
    except Exception:
        return [MutantResult(part.name or part.of, "*", "error", False, traceback.format_exc(limit=-3))]


def _ways() -> dict[str, Callable[[str], list[MutantResult]]]:
    from expectations import suites
    from expectations.mutants.contracts import try_contract
    from expectations.mutants.corrections import try_corrections
    from expectations.mutants.data_tests import try_dbt
    from expectations.mutants.engine import try_blind, try_types
    from expectations.mutants.revisions import try_revisions
    from expectations.mutants.tables import try_suite
    from sources.contract import contracts

    def engine(name: str) -> list[MutantResult]:
        if name == "types":
            return try_types()
        return [result for suite in suites.names(name) for result in try_blind(suites.load(name, suite))]

    return {
        "contract": lambda feed: try_contract(contracts()[feed]),
        "deliveries": lambda name: try_suite(suites.load("deliveries", name)),
        "marts": lambda name: try_suite(suites.load("marts", name)),
        "dbt": lambda _: try_dbt(),
        "corrections": lambda _: try_corrections(),
        "revisions": lambda _: try_revisions(),
        "engine": engine,
    }


def try_all(wanted: Iterable[Part] | None = None, workers: int | None = None) -> Iterator[tuple[Part, list[Tally]]]:
    """Every part as it is done, with what became of its mutants suite by suite."""
    chosen = list(parts() if wanted is None else wanted)
    number = min(workers or os.cpu_count() or 1, MOST_WORKERS, len(chosen))
    if number < 2:
        yield from ((part, tallies(part.gate, try_part(part))) for part in chosen)
        return
    # a fresh process each: dbt and Great Expectations keep state that a copied one would share
    with ProcessPoolExecutor(number, mp_context=multiprocessing.get_context("spawn")) as pool:
        running = {pool.submit(try_part, part): part for part in chosen}
        for done in as_completed(running):
            part = running[done]
            yield part, tallies(part.gate, done.result())


def tallies(gate: str, results: Iterable[MutantResult]) -> list[Tally]:
    """Results counted by suite."""
    by_suite: dict[str, list[MutantResult]] = {}
    for result in results:
        by_suite.setdefault(result.suite, []).append(result)
    return [
        Tally(
            gate=gate,
            suite=suite,
            rules=len({result.check for result in found} - {"*"}),
            mutants=len(found),
            alive=tuple(result for result in found if not result.killed),
        )
        for suite, found in by_suite.items()
    ]

"""Gate 2 on a reading, and gate 3 on a whole build: dbt's tests, the suites of the marts, corrections, revisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from expectations.results import CheckResult, critical_failures
from sources.contract import Contract
from sources.ledger import Ledger, waivers
from sources.past import Past
from warehouse import build as dbt
from warehouse.build import BuildResult
from warehouse.holding import let_through, upstream_of
from warehouse.paths import Home
from warehouse.revisions import Revised


@dataclass(frozen=True)
class Judging:
    """Gate 2 for one home on the day `as_of`; Great Expectations is loaded when the first reading is judged.

    Called with the number of an acceptance, it judges as if nothing had been accepted from that one on. Without a
    ledger there is no past to compare with.
    """

    home: Home
    ledger: Ledger | None
    as_of: date

    def __call__(self, reading: Any, contract: Contract, region: str, seq: int | None = None) -> Sequence[Any]:
        from expectations.gate import judge_delivery

        past = Past(self.home, self.ledger, self.as_of, region, until=seq)
        return judge_delivery(reading.table, contract, region, past)


def judge_build(home: Home, ledger: Ledger, built: BuildResult, revised: Revised | None) -> list[CheckResult]:
    """Every result of gate 3, dbt's first; of a build that is not good only these, nothing else can be asked of it.

    `revised` is None exactly for such a build.
    """
    results = dbt.checks(built)
    if built.is_good and revised is not None:
        import duckdb

        from expectations.gate import judge_rebuilt
        from warehouse.correction_checks import correction_checks
        from warehouse.revision_checks import revision_checks

        with duckdb.connect(str(home.build_db), read_only=True) as connection:
            results += judge_rebuilt(connection, built.rebuilt_models)
            results += correction_checks(connection)
        allowed = waivers(ledger)
        results += revision_checks(revised, allowed)
        if allowed:
            results = let_through(results, ledger, built, revised, upstream_of(home))
        if not critical_failures(results):
            dbt.settle(home)
    return results

"""The outcome of a build, and the same as check results for the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from expectations.results import ERROR, FAILED, PASSED, CheckResult
from warehouse.dbt_runs import Node
from warehouse.raw import ChangedScope


@dataclass(frozen=True)
class BuildResult:
    """The outcome of a build. `problem` is set when dbt could not even begin (a model does not parse, say).

    `rebuilt`: deliveries whose file came back from the archive. `changed`: the scopes taken up anew. `rebuilt_models`:
    the models that gate 3 has to judge. `is_full`: built from nothing. `refused`: the plan's table that kept the build
    from beginning, `problem` then says why.
    """

    nodes: list[Node] = field(default_factory=list)
    seconds: Mapping[str, float] = field(default_factory=dict)
    problem: str | None = None
    rebuilt: list[str] = field(default_factory=list)
    changed: list[ChangedScope] = field(default_factory=list)
    rebuilt_models: list[str] = field(default_factory=list)
    is_full: bool = True
    refused: str | None = None

    def _with(self, *statuses: str) -> list[Node]:
        return [node for node in self.nodes if node.status in statuses]

    @property
    def passed(self) -> list[Node]:
        return self._with("success", "pass")

    @property
    def failed(self) -> list[Node]:
        """Tests of severity error that found something."""
        return self._with("fail")

    @property
    def warned(self) -> list[Node]:
        """Tests of severity warn that found something."""
        return self._with("warn")

    @property
    def errored(self) -> list[Node]:
        """Nodes that could not run; never to be read as a verdict on data."""
        return self._with("error", "runtime error", "partial success")

    @property
    def skipped(self) -> list[Node]:
        return self._with("skipped")

    @property
    def is_good(self) -> bool:
        """Whether everything that had to run did, and no test of severity error failed."""
        return self.problem is None and not (self.failed or self.errored or self.skipped)


_DBT = ("dbt 构建与检验", "dbt")
_OUTCOMES = {"pass": PASSED, "fail": FAILED, "warn": FAILED}


def _check(node: Node) -> CheckResult:
    """A dbt test, or a node that could not run, in the shape every gate's results have."""
    status = _OUTCOMES.get(node.status, ERROR)
    is_warning = status != ERROR and node.severity == "warn"
    return replace(
        _error(node.name, node.message or None, (_DBT[0], f"dbt {node.kind}")),
        severity="warning" if is_warning else "critical",
        status=status,
        unexpected_count=node.failures,
        column=node.column,
        examples=list(node.examples),
    )


def checks(result: BuildResult) -> list[CheckResult]:
    """The build as check results for the ledger: every test, and every node that could not run, as status `error`."""
    if result.problem is not None and result.refused is not None:
        why = ("计算之前须先改正此表", "this table has to be put in order before anything is built")
        return [_error("table_is_sound", result.problem, why, result.refused)]
    if result.problem is not None:
        return [_error("dbt", result.problem, _DBT)]
    tested = [node for node in result.nodes if node.kind in ("test", "unit_test") or node in result.errored]
    return [_check(node) for node in tested]


def _error(check: str, observed: str | None, why: tuple[str, str], suite: str = "dbt") -> CheckResult:
    return CheckResult(
        suite=suite,
        check=check,
        severity="critical",
        status=ERROR,
        column=None,
        observed=observed,
        unexpected_count=None,
        row_count=None,
        examples=[],
        rows=[],
        why_zh=why[0],
        why_en=why[1],
    )

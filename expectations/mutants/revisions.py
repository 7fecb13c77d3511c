"""Mutants of gate 3's look at revisions, by hand: two values were published, a delivery may move one of them.

The build says what it is told; what follows is worked out by the very code of a night.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from expectations.mutants.result import MutantResult
from expectations.results import FAILED, PASSED, WAIVED, CheckResult
from sources.ledger import CellKey, Revision
from warehouse.prediction import Cause, Effect, Prediction
from warehouse.revision_checks import BLAST_RADIUS, NO_VALUE_LOST, REVISION_SIZE, SUITE, revision_checks
from warehouse.revisions import Cell, compare
from warehouse.scope_changes import Difference
from warehouse.seed_changes import ChangedInputs

DELIVERY = "0" * 64
_YEAR = ("default", None, "year", "2024-01-01")
MOVING = Cell(("r", "oil_consumption", *_YEAR), "2024-12-31", Decimal(100), "吨标准煤", True)
STILL = Cell(("r", "waste_sorting_rate", *_YEAR), "2024-12-31", Decimal(50), "%", True)
_ELSEWHERE = replace(MOVING, key=("other", *MOVING.key[1:]))
_EARLIER = replace(MOVING, key=(*MOVING.key[:5], "2023-01-01"), period_end="2023-12-31")
_CAUSE = Cause("revised_data", "replaced", "energy_supply", "2024-03-01", "2024-03-31", "oil.csv", DELIVERY)


@dataclass(frozen=True)
class Build:
    """What a build says of the cells; `gone` are missing from it. `waived` are checks a person waived, by delivery."""

    label: str
    says: tuple[Cell, ...] = ()
    gone: tuple[Cell, ...] = ()
    waived: Mapping[str, set[str]] = field(default_factory=dict)


def _says(label: str, cell: Cell, value: str | None, *, is_complete: bool = True) -> Build:
    said = None if value is None else Decimal(value)
    return Build(label, (replace(cell, value=said, is_complete=is_complete),))


GOOD = (
    Build("nothing moves"),
    _says("a fifth up", MOVING, "120"),
    _says("a fifth down", MOVING, "80"),
    _says("far, not complete yet", MOVING, "500", is_complete=False),
    replace(_says("a waived loss", MOVING, None), waived={DELIVERY: {NO_VALUE_LOST}}),
)
MUTANTS: dict[str, tuple[Build, ...]] = {
    BLAST_RADIUS: (
        _says("moves unled", STILL, "50.000001"),
        _says("no longer complete", STILL, "50", is_complete=False),
        _says("emptied unled", STILL, None),
        Build("gone unled", gone=(STILL,)),
        _says("another region", _ELSEWHERE, "100.000001"),
        _says("another year", _EARLIER, "100.000001"),
        Build("new from nowhere", (replace(STILL, key=("r", "forest_coverage", *_YEAR)),)),
    ),
    NO_VALUE_LOST: (
        _says("emptied", MOVING, None),
        _says("emptied, not complete", MOVING, None, is_complete=False),
        Build("gone", gone=(MOVING,)),
        replace(_says("another delivery waived", MOVING, None), waived={"1" * 64: {NO_VALUE_LOST}}),
        replace(_says("another check waived", MOVING, None), waived={DELIVERY: {REVISION_SIZE}}),
    ),
    REVISION_SIZE: (
        _says("more than a fifth up", MOVING, "120.000001"),
        _says("more than a fifth down", MOVING, "79.999999"),
        _says("other sign", MOVING, "-100"),
    ),
}


def try_revisions() -> list[MutantResult]:
    """Every verdict on what a release revises passes what is rightful and fails on each mutant."""
    results = [_good(build) for build in GOOD]
    for check in _verdicts(GOOD[0]):
        mutants = [_tried(check, build) for build in MUTANTS.get(check, ())]
        results += mutants or [MutantResult(SUITE, check, "none", False, "没有变异体 / no mutant")]
    return results


def _verdicts(build: Build) -> dict[str, CheckResult]:
    cells: dict[CellKey, Cell] = {cell.key: cell for cell in (MOVING, STILL, _ELSEWHERE, _EARLIER)}
    published = {key: _published(cell) for key, cell in cells.items()}
    present = {**cells, **{cell.key: cell for cell in build.says}}
    left = [cell for key, cell in present.items() if key not in {cell.key for cell in build.gone}]
    effect = Effect(_CAUSE, frozenset({MOVING.key[1]}), "r", _CAUSE.first, _CAUSE.last)
    revised = compare(left, published, Prediction([effect]), Difference({}, {}, []), ChangedInputs())
    return {result.check: result for result in revision_checks(revised, build.waived)}


def _published(cell: Cell) -> Revision:
    region, indicator, method, base_year, period_type, period_start = cell.key
    return Revision(
        region=region,
        indicator=indicator,
        method=method,
        base_year=base_year,
        period_type=period_type,
        period_start=period_start,
        period_end=cell.period_end,
        value=cell.value,
        previous_value=None,
        unit=cell.unit,
        is_complete=cell.is_complete,
        cause="new_data",
        cause_detail="",
        deliveries=(),
    )


def _good(build: Build) -> MutantResult:
    said = {NO_VALUE_LOST: WAIVED} if build.waived else {}
    wrong = [check for check, result in _verdicts(build).items() if result.status != said.get(check, PASSED)]
    return MutantResult(SUITE, "*", f"good: {build.label}", not wrong, ", ".join(wrong))


def _tried(check: str, build: Build) -> MutantResult:
    result = _verdicts(build)[check]
    # the offending cell is named, and it is one
    killed = result.status == FAILED and result.unexpected_count == len(result.examples) == 1
    return MutantResult(SUITE, check, build.label, killed, f"{result.status} {result.observed}")

"""What a build says differently from what was published last, whether that was to be expected, and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import duckdb

from sources.ledger import CellKey, Ledger, Position, Revision, last_release, published_values
from warehouse.correction_changes import then_and_now
from warehouse.harmless import shown_name
from warehouse.paths import Home
from warehouse.prediction import Prediction, predict
from warehouse.prediction.effects import AROUND, BEGINNING, END, Cause
from warehouse.scope_changes import Difference, ScopeChange, ScopeKey, difference, with_rebuilt
from warehouse.seed_changes import ChangedInputs, changed_inputs

SHOWN_SUBJECTS = 4
_VALUES = """
select region, indicator, method, base_year, period_type, cast(period_start as varchar), cast(period_end as varchar),
       value, unit, is_complete
from {schema}.indicator_values order by all
"""
_SAID = {
    "new_data": ("新数据", "new data"),
    "revised_data": ("数据修订", "revised data"),
    "changed_parameter": ("参数变化", "changed parameter"),
    "changed_method": ("口径或程序变化", "changed method"),
    "changed_target": ("目标变化", "changed target"),
    "correction": ("更正", "correction"),
}
_KINDS = {
    "held": ("暂扣", "held"),
    "released": ("解除暂扣", "released from hold"),
    "reparsed": ("重新读取", "read again"),
    "withdrawn": ("撤回", "withdrawn"),
    "rebuilt": ("重算", "rebuilt"),
    "corrected": ("更正表", "corrected"),
}


@dataclass(frozen=True)
class Revised:
    """What a release will revise. `unpredicted` and `lost` are among `revisions`.

    `unpredicted`: nothing that changed leads to these cells. `lost`: cells that had a value and have none.
    `changed_inputs`: seeds, models and code that differ from the last release's. `causes`: all of each cell's causes,
    `prediction`: all that might have moved.
    """

    revisions: list[Revision]
    unpredicted: list[Revision]
    lost: list[Revision]
    scope_changes: list[ScopeChange]
    changed_inputs: ChangedInputs
    is_first: bool
    prediction: Prediction = field(repr=False)
    causes: Mapping[CellKey, tuple[Cause, ...]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Cell:
    """A cell as it stands in a build; `unit` and `is_complete` are None where it is gone."""

    key: CellKey
    period_end: str
    value: Decimal | None
    unit: str | None
    is_complete: bool | None


def revise(home: Home, ledger: Ledger, at: Position, as_of: date, rebuilt: Iterable[ScopeKey] = ()) -> Revised:
    """Compare build.duckdb, built at `at` for `as_of`, with the last values published, whatever `current` shows.

    `rebuilt` are scopes that a backfill rebuilds: what was wrong in them may move. Only reads. duckdb.Error when
    there is no whole build.
    """
    published = published_values(ledger)
    before = last_release(ledger) if published else None
    corrections, inputs = then_and_now(home, ledger, before, changed_inputs(home, ledger, before))
    moved = difference(ledger, before.position if before else None, at, corrections)
    moved = with_rebuilt(moved, rebuilt, ledger)
    prediction = predict(home, ledger, moved, inputs, is_as_of_new=before is None or before.as_of != as_of.isoformat())
    with closing(duckdb.connect(str(home.build_db), read_only=True)) as connection:
        present = cells(connection)
    return compare(present, published, prediction, moved, inputs)


def compare(
    present: list[Cell],
    published: Mapping[CellKey, Revision],
    prediction: Prediction,
    moved: Difference,
    inputs: ChangedInputs,
) -> Revised:
    """What cells say differently from the last values published, beside what was predicted to move."""
    return _revised(list(_moves(present, published)), prediction, moved, inputs)


def cells(connection: duckdb.DuckDBPyConnection, schema: str = "marts") -> list[Cell]:
    """Every cell of `indicator_values` in a build (schema `marts`) or in a release (schema `main`), in order."""
    rows = connection.execute(_VALUES.format(schema=schema)).fetchall()
    return [Cell(row[:6], row[6], row[7], row[8], row[9]) for row in rows]


def _moves(present: list[Cell], published: Mapping[CellKey, Revision]) -> Iterator[tuple[Cell, Revision | None]]:
    """The cells that say something else than was published last, those that are gone at the end."""
    for cell in present:
        last = published.get(cell.key)
        if last is None or (last.value, last.is_complete) != (cell.value, cell.is_complete):
            yield cell, last
    there = {cell.key for cell in present}
    for key, last in published.items():
        if key not in there and last.is_complete is not None:
            yield Cell(key, last.period_end, None, None, None), last


def _revised(
    moves: list[tuple[Cell, Revision | None]], prediction: Prediction, moved: Difference, inputs: ChangedInputs
) -> Revised:
    causes = {cell.key: prediction.causes(cell.key, cell.period_end) for cell, _ in moves}
    found = [(_revision(cell, last, causes[cell.key]), last) for cell, last in moves]
    return Revised(
        revisions=[revision for revision, _ in found],
        unpredicted=[item for item, _ in found if not prediction.covers(item.key, item.period_end)],
        lost=[item for item, last in found if last and last.value is not None and item.value is None],
        scope_changes=moved.changes,
        changed_inputs=inputs,
        is_first=prediction.is_first,
        prediction=prediction,
        causes=causes,
    )


def _revision(cell: Cell, last: Revision | None, causes: tuple[Cause, ...]) -> Revision:
    region, indicator, method, base_year, period_type, period_start = cell.key
    is_known = last is not None and last.is_complete is not None
    # a cell that is published for the first time is news, whatever else happened
    cause = causes[0].cause if causes and is_known else "new_data"
    telling = [item for item in causes if item.kind != AROUND] or list(causes)
    return Revision(
        region=region,
        indicator=indicator,
        method=method,
        base_year=base_year,
        period_type=period_type,
        period_start=period_start,
        period_end=cell.period_end,
        value=cell.value,
        previous_value=last.value if last else None,
        unit=cell.unit,
        is_complete=cell.is_complete,
        cause=cause,
        cause_detail=_detail(cause, telling),
        deliveries=tuple(sorted({item.delivery_id for item in telling if item.delivery_id})),
    )


def _detail(cause: str, causes: list[Cause]) -> str:
    """In words, Chinese and English: what changed, over which days, in which files, the given cause first."""
    by_cause: dict[str, list[Cause]] = {cause: []}
    for item in causes:
        by_cause.setdefault(item.cause, []).append(item)
    said = [_said(name, found) for name, found in by_cause.items()]
    return f"{'。'.join(zh for zh, _ in said)} / {'. '.join(en for _, en in said)}"


def _said(cause: str, causes: list[Cause]) -> tuple[str, str]:
    shown, more = [_subject(item) for item in causes[:SHOWN_SUBJECTS]], len(causes) - SHOWN_SUBJECTS
    zh, en = _SAID[cause]
    if not shown:
        return zh, en
    rest = (f" 等{len(causes)}项", f" and {more} more") if more > 0 else ("", "")
    zh_list, en_list = "；".join(zh for zh, _ in shown), "; ".join(en for _, en in shown)
    return f"{zh}：{zh_list}{rest[0]}", f"{en}: {en_list}{rest[1]}"


def _subject(cause: Cause) -> tuple[str, str]:
    days = "" if (cause.first, cause.last) == (BEGINNING, END) else f" {cause.first}…{cause.last}"
    said = f"{cause.subject}{days}" + (f" {shown_name(cause.file_name)}" if cause.file_name else "")
    zh, en = _KINDS.get(cause.kind, _KINDS["corrected"] if cause.reasons else ("", ""))
    if not zh:
        return said, said
    zh_why, en_why = (mark + joint.join(cause.reasons) for mark, joint in (("：", "；"), (": ", "; ")))
    return (
        (f"{said}（{zh}{zh_why}）", f"{said} ({en}{en_why})")
        if cause.reasons
        else (f"{said}（{zh}）", f"{said} ({en})")
    )

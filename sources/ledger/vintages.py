"""Vintages: every value ever published, release by release, with what made it change."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sources.ledger.store import Ledger, as_json

CAUSES = ("new_data", "revised_data", "changed_parameter", "changed_method", "changed_target", "correction")
CellKey = tuple[str, str, str, int | None, str, str]


@dataclass(frozen=True)
class Revision:
    """A cell of `indicator_values` changed its value, or whether it is complete, with a release.

    Periods are ISO dates. `value` is None when there is none (any more), `is_complete` and `unit` are None when the
    row itself is gone; `previous_value` is None the first time. `cause_detail` says it to people, Chinese first;
    `deliveries` are the ids of those that made it change. The last two fields are filled when read back.
    """

    region: str
    indicator: str
    method: str
    base_year: int | None
    period_type: str
    period_start: str
    period_end: str
    value: Decimal | None
    previous_value: Decimal | None
    unit: str | None
    is_complete: bool | None
    cause: str
    cause_detail: str
    deliveries: tuple[str, ...]
    release_id: str = ""
    published_at: str = ""

    @property
    def key(self) -> CellKey:
        """(region, indicator, method, base_year, period_type, period_start)."""
        return (self.region, self.indicator, self.method, self.base_year, self.period_type, self.period_start)


def revision_values(release_id: str, revision: Revision) -> dict[str, Any]:
    """A revision as the columns of its table."""
    values = dict(vars(revision))
    values.pop("published_at")
    return {
        **values,
        "release_id": release_id,
        "value": _text(revision.value),
        "previous_value": _text(revision.previous_value),
        "is_complete": None if revision.is_complete is None else int(revision.is_complete),
        "deliveries": as_json(list(revision.deliveries)),
    }


def _text(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _revision(row: sqlite3.Row) -> Revision:
    return Revision(
        region=row["region"],
        indicator=row["indicator"],
        method=row["method"],
        base_year=row["base_year"],
        period_type=row["period_type"],
        period_start=row["period_start"],
        period_end=row["period_end"],
        value=_decimal(row["value"]),
        previous_value=_decimal(row["previous_value"]),
        unit=row["unit"],
        is_complete=None if row["is_complete"] is None else bool(row["is_complete"]),
        cause=row["cause"],
        cause_detail=row["cause_detail"],
        deliveries=tuple(json.loads(row["deliveries"])),
        release_id=row["release_id"],
        published_at=row["published_at"],
    )


def revisions(ledger: Ledger, indicator: str | None = None, region: str | None = None) -> list[Revision]:
    """Every revision in order of publication, of one indicator or region when given."""
    rows = ledger.rows(
        "select v.*, r.published_at from revisions as v join releases as r on r.release_id = v.release_id "
        "where (:indicator is null or v.indicator = :indicator) and (:region is null or v.region = :region) "
        "order by v.id",
        {"indicator": indicator, "region": region},
    )
    return [_revision(row) for row in rows]


def revisions_between(ledger: Ledger, first: str, second: str) -> list[Revision]:
    """The revisions of the releases published after `first`, up to and with `second`, in order of publication."""
    rows = ledger.rows(
        "select v.*, r.published_at from revisions as v join releases as r on r.release_id = v.release_id "
        "where r.id > (select id from releases where release_id = :first) "
        "and r.id <= (select id from releases where release_id = :second) order by v.id",
        {"first": first, "second": second},
    )
    return [_revision(row) for row in rows]


def published_values(ledger: Ledger, release_id: str | None = None) -> dict[CellKey, Revision]:
    """What was published of each cell up to a release, itself included (the last one by default).

    Order is that of publication: switches of `current` count for nothing here. A cell whose row is gone is there
    with value and is_complete None. KeyError when the release is unknown.
    """
    last = None
    if release_id is not None:
        row = ledger.one("select id from releases where release_id = ?", (release_id,))
        if row is None:
            raise KeyError(release_id)
        last = row["id"]
    # SQLite takes the other columns of a max() from the row that has it
    rows = ledger.rows(
        "select v.*, r.published_at, max(v.id) from revisions as v join releases as r on r.release_id = v.release_id "
        "where :last is null or r.id <= :last "
        "group by v.indicator, v.region, v.method, v.base_year, v.period_type, v.period_start",
        {"last": last},
    )
    return {found.key: found for found in map(_revision, rows)}

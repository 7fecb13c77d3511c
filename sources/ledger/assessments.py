"""Annual assessments: the values of a year as they were signed off, which stay whatever is revised later."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from decimal import Decimal

from sources.ledger.citations import insert_citation
from sources.ledger.positions import Position
from sources.ledger.store import Ledger, insert, insert_many, utc_now


@dataclass(frozen=True)
class SignOff:
    """A region's year was signed off on the values of a release; `id` and `at` are given when it is recorded."""

    region: str
    year: int
    release_id: str
    signed_by: str
    why: str
    id: int = 0
    at: str = ""


@dataclass(frozen=True)
class AssessedValue:
    """One assessed value; `level` and `target_year` tell targets of one indicator apart, None without a target."""

    indicator: str
    level: str | None
    target_year: int | None
    value: Decimal | None
    status: str | None


@dataclass(frozen=True)
class Assessment:
    """An assessed value with its sign-off, as it stays on record."""

    region: str
    year: int
    indicator: str
    level: str | None
    target_year: int | None
    value: Decimal | None
    status: str | None
    signed_by: str
    signed_at: str
    release_id: str
    why: str
    sign_off_id: int


def add_sign_off(ledger: Ledger, sign_off: SignOff, values: Iterable[AssessedValue]) -> int:
    """Record a sign-off, its values, and that it cites its release, in one transaction. Returns its id.

    ValueError when the region's year is signed already or the release is unknown.
    """
    signed = ledger.one("select at from sign_offs where region = ? and year = ?", (sign_off.region, sign_off.year))
    if signed:
        raise ValueError(
            f"{sign_off.region} {sign_off.year} 年已于 {signed['at']} 签认 / "
            f"{sign_off.region} {sign_off.year} was signed off on {signed['at']}"
        )
    if not ledger.one("select 1 from releases where release_id = ?", (sign_off.release_id,)):
        raise ValueError(f"没有这个版本 / no such release: {sign_off.release_id}")
    entry = asdict(sign_off) | {"at": sign_off.at or utc_now()}
    entry.pop("id")
    why = f"{sign_off.region} {sign_off.year} 年度评估 / annual assessment"
    with ledger.writing() as connection:
        sign_off_id = insert(connection, "sign_offs", entry)
        insert_many(connection, "assessed_values", [_values(sign_off_id, value) for value in values])
        insert_citation(connection, sign_off.release_id, sign_off.signed_by, why)
    return sign_off_id


def _values(sign_off_id: int, assessed: AssessedValue) -> dict[str, object]:
    value = None if assessed.value is None else f"{assessed.value:f}"
    return {**asdict(assessed), "sign_off_id": sign_off_id, "value": value}


def assessments(ledger: Ledger, at: Position | None = None) -> list[Assessment]:
    """Every assessed value in the order of signing, to a moment when given."""
    last = None if at is None else at.sign_off
    rows = ledger.rows(
        "select s.region, s.year, v.indicator, v.level, v.target_year, v.value, v.status, s.signed_by, "
        "s.at as signed_at, s.release_id, s.why, s.id as sign_off_id "
        "from assessed_values as v join sign_offs as s on s.id = v.sign_off_id "
        "where ? is null or s.id <= ? order by s.id, v.id",
        (last, last),
    )
    return [_assessment(row) for row in rows]


def _assessment(row: sqlite3.Row) -> Assessment:
    values = {key: row[key] for key in row.keys()}  # noqa: SIM118 - a Row iterates over values
    return Assessment(**{**values, "value": None if row["value"] is None else Decimal(row["value"])})

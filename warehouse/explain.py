"""One published value, taken apart: formula, numbers, terms, deliveries, files and rows. Reads only, of any release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import duckdb

from sources.ledger import position_of, read_ledger
from warehouse.asked import Asked, Unexplained, find_row, indicator_of, other_rows, release_asked
from warehouse.corrected_values import CorrectedValue, corrected_values
from warehouse.gaps import Gap, gaps_of, reason_words
from warehouse.paths import Home
from warehouse.places import Places
from warehouse.provenance import Source, pick_scopes, sources_of
from warehouse.questions import Asking, ask, ask_records, literal
from warehouse.terms import DIGITS, Origin, Rows, Term, Window, evaluate, rows_of, signed

__all__ = ["Asked", "Calculation", "Explanation", "Unexplained", "explain"]

PUBLISHED_PLACES, RATIO_PLACES = 6, 18


@dataclass
class Calculation:
    """Numerator and denominator of one period, as signed terms. Of a reduction there are two: the year, its base."""

    start: date
    end: date
    basis: str | None
    numerator: Decimal | None
    denominator: Decimal | None
    numerator_terms: list[Term]
    denominator_terms: list[Term]


@dataclass
class Explanation:
    """A value and everything it stands on.

    `row` is the row of indicator_values, `formula` that of indicator_formulas (None in a release without them).
    `is_exact` tells whether the terms add up to numerator and denominator and these give the value, to the last
    digit; None where there is nothing to add up. `others` are rows of the same period under other methods and bases.
    `corrections`: what the release put right in the delivered rows.
    """

    release_id: str
    as_of: str
    indicator: dict[str, Any]
    row: dict[str, Any]
    reason_zh: str | None
    reason_en: str | None
    formula: dict[str, Any] | None
    calculations: list[Calculation] = field(default_factory=list)
    is_exact: bool | None = None
    notes: list[str] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    corrections: list[CorrectedValue] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)


def explain(home: Home, asked: Asked) -> Explanation:
    """Take a value apart. Unexplained when there is none of that kind, DamagedRelease when the release is not whole."""
    ledger = read_ledger(home)
    if ledger is None:
        raise Unexplained("还没有账本 / there is no ledger yet: peak run")
    with closing(ledger):
        release = release_asked(home, ledger, asked)
        with _opened(str(release.database)) as connection:
            found = _described(connection, asked, release.release_id, release.as_of)
            windows = _windows(connection, found)
            _calculate(connection, found, windows)
            at = position_of(release.manifest["ledger"])
            picks = pick_scopes(connection, ledger, at, windows[0], windows)
            found.sources = sources_of(home, ledger, picks)
            found.corrections = corrected_values(connection, picks)
            places = Places(connection, home, ledger, [item.correction for item in found.corrections])
            places.load(picks, found.sources)
            _read_reported(connection, found, windows[0])
            for number, calculation in enumerate(found.calculations):
                for term in (*calculation.numerator_terms, *calculation.denominator_terms):
                    places.locate(term, number)
            found.gaps = gaps_of(connection, windows, found.row, found.sources)
            return found


@contextmanager
def _opened(database: str) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection in memory, for the delivered rows, with the release beside it as the default, read-only."""
    # dozens of small questions: more threads would only wait for each other
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute(f"attach {literal(database)} as release (read_only)")
        connection.execute("use release")
        yield connection


def _described(connection: duckdb.DuckDBPyConnection, asked: Asked, release_id: str, as_of: str) -> Explanation:
    indicator = indicator_of(connection, asked)
    row = find_row(connection, asked)
    zh, en = reason_words(row["reason"])
    found = Explanation(release_id, as_of, indicator, row, zh, en, _formula(connection, row))
    found.others = other_rows(connection, row)
    if row["is_held"]:
        found.notes.append(
            "有交付被暂扣：此为上次的好数值，见 peak status / a delivery is on hold: the last good value"
        )
    if found.formula is None:
        found.notes.append("该版本发布时还没有公式表，只能追溯到报送 / this release has no formulas, only its lineage")
    return found


def _formula(connection: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> dict[str, Any] | None:
    sql = "select * from indicator_formulas where indicator = $indicator and method = $method"
    try:
        found = ask_records(connection, sql, indicator=row["indicator"], method=row["method"])
    except duckdb.CatalogException:
        return None
    return found[0] if found else None


def _windows(connection: duckdb.DuckDBPyConnection, found: Explanation) -> list[Window]:
    """The period itself first, then the others it looks at: the base year of a reduction, the years before a peak."""
    row = found.row
    own = Window(
        row["region"], row["indicator"], row["period_type"], row["period_start"], row["period_end"], row["basis"]
    )
    if row["base_year"] is None and row["indicator"] != "co2_peak_year":
        return [own]
    sql = """
    select period_start, period_end, basis from indicator_values
    where region = $region and indicator = $indicator and method = $method and base_year is not distinct from $base_year
      and period_type = $period_type and period_start < $period_start
      and ($base_year is null or year(period_start) = $base_year)
    order by period_start
    """
    earlier = ask(connection, sql, **row)
    return [own, *(Window(own.region, own.indicator, own.period_type, *each) for each in earlier)]


def _calculate(connection: duckdb.DuckDBPyConnection, found: Explanation, windows: Sequence[Window]) -> None:
    """Put the numbers into the formula and check that they give the value."""
    formula, row = found.formula, found.row
    if formula is None or formula["numerator_terms"] is None or row["value"] is None:
        return
    wanted = windows if formula["kind"] == "fall" else windows[:1]
    try:
        asking = Asking(connection)
        found.calculations = [_calculation(asking, formula, window) for window in wanted]
    except (duckdb.Error, KeyError, LookupError) as error:
        found.notes.append(f"该版本缺少分项所需的表 / this release lacks tables that the terms need: {error}")
        return
    found.is_exact = _is_exact(found)
    if not found.is_exact:
        found.notes.append(
            "各项之和与该版本的数值不符（代码已变更） / the terms do not give the value: the code has changed"
        )


def _calculation(asking: Asking, formula: dict[str, Any], window: Window) -> Calculation:
    numerators = evaluate(asking, formula["numerator_terms"], window)
    denominators = evaluate(asking, formula["denominator_terms"] or "", window)
    denominator = signed(denominators) if denominators else None
    return Calculation(
        window.start, window.end, window.basis, signed(numerators), denominator, numerators, denominators
    )


def half_even(value: Fraction, places: int) -> Decimal:
    """A fraction as a decimal with so many places, halves to the even neighbour."""
    with localcontext() as context:
        context.prec = DIGITS
        return Decimal(round(value * 10**places)).scaleb(-places)


def _is_exact(found: Explanation) -> bool:
    row, kind = found.row, found.formula["kind"] if found.formula else ""
    numerator, denominator = found.calculations[0].numerator, found.calculations[0].denominator
    if numerator is None or (kind != "level" and not denominator):
        return False
    if kind == "fall":
        own, base = (intensity(calculation) for calculation in (found.calculations[0], found.calculations[-1]))
        if own is None or base is None:
            return False
        numerator, denominator = base - own, base
    if numerator != row["numerator"] or (kind != "level" and denominator != row["denominator"]):
        return False
    scale = found.formula["scale"] if found.formula else 1
    quotient = Fraction(numerator) / (Fraction(denominator) if denominator else 1)
    return bool(half_even(scale * quotient, PUBLISHED_PLACES) == row["value"])


def intensity(calculation: Calculation) -> Decimal | None:
    """Numerator over denominator with 18 places, as the models keep it; None where it cannot be formed."""
    if calculation.numerator is None or not calculation.denominator:
        return None
    return half_even(Fraction(calculation.numerator) / Fraction(calculation.denominator), RATIO_PLACES)


def _read_reported(connection: duckdb.DuckDBPyConnection, found: Explanation, window: Window) -> None:
    """The delivered row itself, for a value that is not computed."""
    if found.formula is None or found.formula["kind"] != "reported" or not found.sources:
        return
    if any(source.rows_from == "lost" for source in found.sources):
        return
    rows = rows_of(
        Asking(connection),
        "select year, indicator, document, value as amount from rows_reported_indicators where not _is_empty",
        {},
    )
    under = [Rows((Origin("reported_indicators"),), rows)]
    amount = rows[0].amount if rows else None
    unit = str(found.row["unit"])
    term = Term("reported_value", "报送值", "value reported", unit, 1, amount, None, [], under, window.parameters())
    found.calculations = [Calculation(window.start, window.end, None, amount, None, [term], [])]
    found.is_exact = amount is not None and half_even(Fraction(amount), PUBLISHED_PLACES) == found.row["value"]


def sources_by_id(found: Explanation) -> dict[str, tuple[int, Source]]:
    """Deliveries by id with the number under which a reader finds them, from 1."""
    return {source.delivery_id: (number, source) for number, source in enumerate(found.sources, 1)}

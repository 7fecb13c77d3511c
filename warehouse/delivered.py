"""Delivered rows as DuckDB sees them: their columns and types, and the SQL that puts known errors right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sources.contract import Contract, Field
from sources.corrections import Correction
from sources.privacy import HIDDEN, SURE_PLATE, may_hold_plates
from warehouse.questions import literal

COLUMN_TYPES = {
    "text": "varchar",
    "int": "bigint",
    "dec": "decimal(24,9)",
    "bool": "boolean",
    "date": "date",
    "month": "date",
    "quarter": "date",
    "year": "integer",
    "ts": "timestamp",
}
ORIGIN_COLUMNS = {
    "_region": "varchar",
    "_delivery": "varchar",
    "_scope": "varchar",
    "_is_empty": "boolean",
    "_sheet": "varchar",
    "_row": "bigint",
}


def columns(contract: Contract) -> dict[str, str]:
    """Names and DuckDB types of a typed delivery of this feed, in order."""
    return {field.name: COLUMN_TYPES[field.type] for field in contract.fields} | ORIGIN_COLUMNS


def corrected(rows: str, names: Iterable[str], contract: Contract, corrections: Sequence[Correction]) -> str:
    """A select of these columns of `rows`, a select of delivered rows of the feed, with its corrections applied.

    A value changes only where the row is the one named and still holds the wrong value. Nothing but names of the
    contract and literals enters the SQL, in a form that every engine knows.
    """
    by_field: dict[str, list[Correction]] = defaultdict(list)
    for one in corrections:
        by_field[one.field].append(one)
    if not by_field:
        return rows
    listed = ", ".join(_value(contract, name, by_field[name]) if name in by_field else name for name in names)
    return f"select {listed} from ({rows}) as delivered"  # noqa: S608 - see above


def without_plates(rows: str, names: Iterable[str], contract: Contract) -> str:
    """A select of these columns of `rows` with the number plates taken out that somebody typed into a text.

    Keys and scopes stay: other rows refer to them.
    """
    texts = {name for name in may_hold_plates(contract) if not (contract.field(name).key or contract.field(name).scope)}
    if not texts:
        return rows
    plate, hidden = literal(SURE_PLATE), literal(HIDDEN)
    listed = (f"regexp_replace({name}, {plate}, {hidden}, 'g') as {name}" if name in texts else name for name in names)
    return f"select {', '.join(listed)} from ({rows}) as delivered"  # noqa: S608 - names of the contract and literals


def _value(contract: Contract, name: str, corrections: Sequence[Correction]) -> str:
    field = contract.field(name)
    # rows of other scopes, nearly all, are done with one comparison
    elsewhere = ", ".join(sorted({literal(one.scope) for one in corrections}))
    cases = "".join(
        f" when {named(contract, one)} and {_equals(field, one.wrong)} then {value(field, one.right)}"
        for one in corrections
    )
    return f"case when _scope not in ({elsewhere}) then {name}{cases} else {name} end as {name}"


def named(contract: Contract, correction: Correction) -> str:
    """The condition that a delivered row is the one a correction names."""
    keys = [_equals(contract.field(name), text) for name, text in correction.key if not contract.field(name).scope]
    place = f"_region = {literal(correction.region)} and _scope = {literal(correction.scope)} and not _is_empty"
    return " and ".join([place, *keys])


def _equals(field: Field, text: str | None) -> str:
    return f"{field.name} is null" if text is None else f"{field.name} = {value(field, text)}"


def value(field: Field, text: str | None) -> str:
    """A canonical text as SQL of the field's type."""
    return f"cast({literal(_readable(field, text))} as {COLUMN_TYPES[field.type]})"


def _readable(field: Field, text: str | None) -> str | None:
    """The text as a cast reads it: months and quarters are their first day."""
    if text is None or field.type not in ("month", "quarter"):
        return text
    return f"{text}-01" if field.type == "month" else f"{text[:4]}-{3 * int(text[-1]) - 2:02}-01"

"""What numerators and denominators are made of: terms declared in warehouse/terms/*.yaml, asked of one release.

A file holds `views` (named selects that the SQL of its terms may use) and `terms`. A term has names (zh, en), a unit
and either `sum`, other terms added and subtracted and then multiplied by a `factor` of fct_factors, or `rows`: selects
over the release's own tables, each for one basis or for both. The columns of a select are labels (what the row is
about), optionally quantity, unit and factor (how its amount came about) and `amount`; the amounts add up to the term.
`from` names the feeds whose rows lie under a select; labels that are fields of the feed, and `where`, tell which rows.
In all SQL: $region, $indicator, $period_type, $start, $end, $year and the term's own `with`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache
from typing import Any

import yaml

from warehouse.paths import TERMS
from warehouse.questions import Asking

# amounts have 15 places in the models, and a cast there takes halves away from zero
AMOUNT = Decimal("1e-15")
DIGITS = 80
HOW = ("quantity", "unit", "factor")
_PART = re.compile(r"\s*([+-])?\s*(\w+)")


@dataclass(frozen=True)
class Origin:
    """A feed whose rows lie under a select; `where` is SQL over the feed's fields."""

    feed: str
    where: str = "true"


@dataclass(frozen=True)
class Select:
    """SQL that gives rows of a term on one basis (`balance`, `monthly`) or, without, on any."""

    sql: str
    basis: str | None
    origins: tuple[Origin, ...]


@dataclass(frozen=True)
class Declared:
    """A term as its file declares it; `parts` are signs (1, -1) and names of terms, `factor` a set and an item."""

    name: str
    zh: str
    en: str
    unit: str
    parts: tuple[tuple[int, str], ...] = ()
    factor: tuple[str, str] | None = None
    selects: tuple[Select, ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Window:
    """The period that terms are asked for; first and last day included. `basis` as in indicator_values."""

    region: str
    indicator: str
    period_type: str
    start: date
    end: date
    basis: str | None

    def parameters(self) -> dict[str, Any]:
        names = ("region", "indicator", "period_type", "start", "end")
        return {name: getattr(self, name) for name in names} | {"year": self.start.year}


@dataclass
class Row:
    """One row of a term: `amount` is in the term's unit; quantity × factor where it came about so."""

    labels: dict[str, str]
    amount: Decimal | None
    quantity: Decimal | None = None
    unit: str | None = None
    factor: Decimal | None = None
    places: list[Any] = field(default_factory=list)


@dataclass
class Rows:
    """The rows that one select gave, with the feeds under them; `places` lie under all of its rows alike."""

    origins: tuple[Origin, ...]
    rows: list[Row]
    places: list[Any] = field(default_factory=list)


@dataclass
class Term:
    """A term with its value: the sum of its rows, or `factor` × the signed sum of its parts. None: a row has none."""

    name: str
    zh: str
    en: str
    unit: str
    sign: int
    amount: Decimal | None
    factor: dict[str, Any] | None
    parts: list[Term]
    selects: list[Rows]
    parameters: dict[str, Any]


def total(amounts: Iterable[Decimal | None]) -> Decimal | None:
    """The exact sum, however many digits it has; None when an amount is missing."""
    found = list(amounts)
    with localcontext() as context:
        context.prec = DIGITS
        return None if None in found else sum((amount for amount in found if amount is not None), Decimal(0))


def signed(terms: Iterable[Term]) -> Decimal | None:
    """The sum of terms, each with its sign."""
    return total(None if term.amount is None else term.sign * term.amount for term in terms)


def parse_sum(text: str) -> tuple[tuple[int, str], ...]:
    """`a + b - c` as signs and names; ValueError for anything else."""
    found: list[tuple[int, str]] = []
    position = 0
    while position < len(text.rstrip()):
        match = _PART.match(text, position)
        if match is None or (found and not match[1]):
            raise ValueError(f"not a sum of terms: {text}")
        found.append((-1 if match[1] == "-" else 1, match[2]))
        position = match.end()
    return tuple(found)


def _declared(name: str, node: Mapping[str, Any], views: Mapping[str, str]) -> Declared:
    factor = node.get("factor")
    return Declared(
        name=name,
        zh=node["zh"],
        en=node["en"],
        unit=node["unit"],
        parts=parse_sum(node.get("sum", "")),
        factor=(factor["set"], factor["item"]) if factor else None,
        selects=tuple(
            Select(
                with_views(row["sql"], views),
                row.get("basis"),
                tuple(Origin(origin["feed"], origin.get("where", "true")) for origin in row.get("from", ())),
            )
            for row in node.get("rows", ())
        ),
        values=node.get("with", {}),
    )


def with_views(sql: str, views: Mapping[str, str]) -> str:
    """The SQL headed by the views it needs, in the order in which the file declares them."""
    needed = set(re.findall(r"\w+", sql))
    for name in reversed(list(views)):  # a view may use those above it
        if name in needed:
            needed |= set(re.findall(r"\w+", views[name]))
    heads = [f"{name} as ({text})" for name, text in views.items() if name in needed]
    return f"with {', '.join(heads)} {sql}" if heads else sql


@cache
def declared() -> dict[str, Declared]:
    """Every declared term by its name."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Declared] = {}
    for file in sorted(TERMS.glob("*.yaml")):
        document = yaml.load(file.read_text("utf-8"), Loader=loader)
        for name, node in document["terms"].items():
            if name in found:
                raise ValueError(f"term declared twice: {name}")
            found[name] = _declared(name, node, document.get("views", {}))
    return found


def evaluate(asking: Asking, text: str, window: Window) -> list[Term]:
    """The terms of a sum such as `total_tce - feedstock_tce`, with everything below them.

    duckdb.Error when the release is too old to have the tables.
    """
    return [_evaluate(asking, name, sign, window) for sign, name in parse_sum(text)]


def _evaluate(asking: Asking, name: str, sign: int, window: Window) -> Term:
    term = declared()[name]
    parts = [_evaluate(asking, part, part_sign, window) for part_sign, part in term.parts]
    parameters = window.parameters() | dict(term.values)
    wanted = [select for select in term.selects if select.basis in (None, window.basis or "monthly")]
    selects = [Rows(select.origins, rows_of(asking, select.sql, parameters)) for select in wanted]
    amount = signed(parts) if parts else total(row.amount for rows in selects for row in rows.rows)
    factor = _factor(asking, *term.factor) if term.factor else None
    if factor is not None and amount is not None:
        with localcontext() as context:
            context.prec = DIGITS
            amount = (amount * factor["value"]).quantize(AMOUNT, ROUND_HALF_UP)
    return Term(name, term.zh, term.en, term.unit, sign, amount, factor, parts, selects, parameters)


def _factor(asking: Asking, factor_set: str, item: str) -> dict[str, Any]:
    sql = "select * from fct_factors where factor_set = $factor_set and item = $item"
    found = asking.records(sql, factor_set=factor_set, item=item)
    if not found:
        raise LookupError(f"没有系数 / no such factor: {factor_set} {item}")
    return found[0]


def rows_of(asking: Asking, sql: str, parameters: Mapping[str, Any]) -> list[Row]:
    """The rows of a select, the largest amounts first."""
    found = []
    for row in asking.records(sql, **parameters):
        amount = row.pop("amount")
        how = {name: row.pop(name, None) for name in HOW}
        labels = {name: str(value) for name, value in row.items() if value is not None}
        found.append(Row(labels, None if amount is None else Decimal(amount), **how))
    return sorted(found, key=lambda row: (-abs(row.amount or Decimal(0)), sorted(row.labels.items())))

"""The words a delivery may use: products, units, indicators, feeds and coded values, by code, name or alias.

The words live in the dbt seeds and in the contracts; here they are only looked up. Spellings are compared folded:
full width and compatibility forms as plain ones (`ｋＷｈ` = kWh, `㎡` = m2, `m³` = m3), no blanks, any case.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import cache
from types import MappingProxyType

from sources.contract import Field, contracts
from warehouse.paths import SEEDS

_EXPRESSION = re.compile(r"(\w+)(?:\[(\w+)=(\w+)\])?")


@dataclass(frozen=True)
class Product:
    """An energy product. `unit` is its own unit, `balance` is supply or enterprise."""

    code: str
    name: str
    unit: str
    family: str
    balance: str


@dataclass(frozen=True)
class Unit:
    """A unit: one of it is `factor` of `base_unit`; only units of one base convert."""

    name: str
    base_unit: str
    factor: Decimal


def fold(text: str) -> str:
    """The form in which spellings are compared."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def rows(seed: str) -> list[dict[str, str]]:
    """The rows of a seed of the dbt project, all values as text; FileNotFoundError if there is none."""
    with (SEEDS / f"{seed}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def indicator_names() -> dict[str, str]:
    """The indicators of the plan: code → Chinese name."""
    return {row["code"]: row["name_zh"] for row in rows("plan_indicators")}


def _split(aliases: str) -> list[str]:
    return [alias.strip() for alias in aliases.split(";") if alias.strip()]


def _spellings(words: Iterable[tuple[str, Iterable[str]]]) -> Mapping[str, str]:
    """Folded spelling → code; ValueError when one spelling means two codes."""
    found: dict[str, str] = {}
    for code, names in words:
        for spelling in (code, *names):
            if found.setdefault(fold(spelling), code) != code:
                raise ValueError(f"{spelling!r} 有两个含义：{found[fold(spelling)]}、{code} / means two things")
    return MappingProxyType(found)


@cache
def products() -> Mapping[str, Product]:
    """The energy products by code."""
    return MappingProxyType(
        {
            row["code"]: Product(row["code"], row["name_zh"], row["unit"], row["family"], row["balance"])
            for row in rows("ref_energy_products")
        }
    )


@cache
def units() -> Mapping[str, Unit]:
    """The units that convert, by their Chinese name."""
    return MappingProxyType(
        {row["unit"]: Unit(row["unit"], row["base_unit"], Decimal(row["factor"])) for row in rows("ref_units")}
    )


@cache
def unit_spellings() -> Mapping[str, str]:
    """Folded spelling → unit: the units that convert, and those that only have several spellings (平方米 = ㎡)."""
    words = [(row["unit"], _split(row["aliases"])) for row in rows("ref_units")]
    same = [(row["unit"], [row["spelling"]]) for row in rows("ref_unit_spellings")]
    return _spellings(words + same)


def _seed_words(name: str) -> list[tuple[dict[str, str], str, list[str]]]:
    """Row, code and other spellings of every word of a dictionary."""
    if name == "energy_products":
        return [(row, row["code"], [row["name_zh"], *_split(row["aliases"])]) for row in rows("ref_energy_products")]
    if name == "indicators":
        return [(row, row["code"], [row["name_zh"]]) for row in rows("plan_indicators")]
    if name == "units":
        return [(row, row["unit"], _split(row["aliases"])) for row in rows("ref_units")]
    if name == "feeds":
        return [({}, contract.feed, [contract.title]) for contract in contracts().values()]
    raise KeyError(f"没有字典 {name} / no dictionary {name}")


@cache
def dictionary(expression: str) -> Mapping[str, str]:
    """Folded spelling → code of a contract's dictionary, e.g. `energy_products[balance=supply]`.

    KeyError for an unknown dictionary, ValueError for an expression that cannot be read.
    """
    matched = _EXPRESSION.fullmatch(expression)
    if matched is None:
        raise ValueError(f"字典写法无法识别：{expression} / cannot read dictionary {expression}")
    name, column, value = matched.groups()
    return _spellings((code, names) for row, code, names in _seed_words(name) if column is None or row[column] == value)


@cache
def names(expression: str) -> Mapping[str, str]:
    """Code → Chinese name of a contract's dictionary, in its own order; for units the name is the code."""
    allowed = set(dictionary(expression).values())
    words = _seed_words(expression.partition("[")[0])
    chinese = {code: code if "unit" in row and "code" not in row else others[0] for row, code, others in words}
    return MappingProxyType({code: name for code, name in chinese.items() if code in allowed})


def spellings(field: Field) -> Mapping[str, str] | None:
    """Folded spelling → code of a coded field; None for a field of free values."""
    if field.dictionary is not None:
        return dictionary(field.dictionary)
    if field.codes is not None:
        return _spellings((code, name.split("/")) for code, name in field.codes.items())
    return None


def choices(field: Field) -> list[str]:
    """The Chinese names a clerk may choose from in a coded field; numbers stay numbers. Empty for free values."""
    if field.dictionary is not None:
        return list(names(field.dictionary).values())
    if field.type == "int":
        return list(field.codes or ())
    return [name.split("/")[0] for name in (field.codes or {}).values()]


def resolve(field: Field, text: str) -> str | None:
    """The code that `text` means in a coded field, None if it means none; free fields give the text itself."""
    known = spellings(field)
    return text if known is None else known.get(fold(text))


def unit(text: str) -> str | None:
    """The canonical name of a unit, None if it is not known."""
    return unit_spellings().get(fold(text))


def conversion(source: str, target: str) -> Decimal | None:
    """How many `target` one `source` is; 1 for the same unit however spelt, None when they do not convert."""
    one, other = unit(source) or source, unit(target) or target
    if one == other:
        return Decimal(1)
    known = units()
    if one not in known or other not in known or known[one].base_unit != known[other].base_unit:
        return None
    with localcontext() as context:
        context.prec = 50
        return known[one].factor / known[other].factor

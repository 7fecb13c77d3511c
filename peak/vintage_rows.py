"""Vintages as people and programs read them: labels of cells, rows of tables, plain values for JSON."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from peak import show
from sources.ledger import Revision
from warehouse.words import COMPLETENESS

TRAILING = "ttm"


def period_of(item: Revision) -> str:
    """2024, 2024Q1 or 2024-03; twelve months to a month as `ttm 2024-03`."""
    start, end = date.fromisoformat(item.period_start), date.fromisoformat(item.period_end)
    return f"{TRAILING} {end:%Y-%m}" if item.period_type == TRAILING else show.period(start, end)


def method_of(item: Revision) -> str:
    """The method, with its base year where it has one."""
    return item.method if item.base_year is None else f"{item.method} {item.base_year}"


def value_of(value: Decimal | None, unit: str | None = None) -> str:
    """A value in full, as it was published, so that a small revision can be seen; a dash for none."""
    if value is None:
        return "—"
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text} {unit}" if unit else text


def completeness(item: Revision) -> str:
    """Whether the period is complete, in words."""
    return COMPLETENESS[item.is_complete]


def moment(text: str) -> str:
    """A moment of the ledger to the minute, UTC."""
    return text[:16].replace("T", " ")


def plain(item: Revision) -> dict[str, Any]:
    """A revision for JSON."""
    return asdict(item)


def plain_cell(item: Revision) -> dict[str, Any]:
    """What names a cell, for JSON."""
    names = ("region", "indicator", "method", "base_year", "period_type", "period_start", "period_end", "unit")
    return {name: getattr(item, name) for name in names}

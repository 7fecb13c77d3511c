"""Markdown for the pages of a run: tables out of which no text can break."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from sources.documents import Link
from warehouse.harmless import markdown

SHOWN = 200


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A table's lines; of many rows the first, and how many more there are."""
    listed = list(rows)
    lines = [row(*columns), "|" + "---|" * len(columns), *(row(*cells) for cells in listed[:SHOWN])]
    return lines + ([f"\n… 另有 / and {len(listed) - SHOWN} more"] if len(listed) > SHOWN else [])


def row(*cells: object) -> str:
    """One line of a table."""
    return "| " + " | ".join(_cell(value) for value in cells) + " |"


def _cell(value: object) -> str:
    return f"[{markdown(value)}]({value.address})" if isinstance(value, Link) else markdown(value)


def number(value: Decimal | None) -> str:
    """An exact number, or a dash."""
    return "—" if value is None else f"{value:f}"

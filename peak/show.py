"""What commands print: tables for people, JSON for programs, never both."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import click
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from warehouse.harmless import visible

PIPED_WIDTH = 240
STATUS = {
    "met": ("●", "已完成 met", "green"),
    "on_track": ("▲", "符合预期 on track", "green"),
    "at_risk": ("◆", "有风险 at risk", "yellow"),
    "off_track": ("▼", "偏离 off track", "red"),
    "missed": ("✕", "未完成 missed", "red"),
    "pending": ("…", "待数据 pending", "cyan"),
    "open": ("○", "进行中 open", "cyan"),
    "not_quantified": ("–", "未量化 not quantified", "dim"),
    "no_data": ("?", "无数据 no data", "dim"),
    "held": ("‖", "暂扣 held", "magenta"),
}


class SafeConsole(Console):
    """A console that no name of a file and no cell can steer: control characters in text are spelt out."""

    def print(self, *objects: Any, **options: Any) -> None:
        super().print(*(visible(item) if isinstance(item, str) else item for item in objects), **options)


def console(stderr: bool = False) -> Console:
    """A console that respects NO_COLOR; what is piped is as wide as it needs to be."""
    out = SafeConsole(stderr=stderr, highlight=False)
    return out if out.is_terminal else SafeConsole(stderr=stderr, highlight=False, width=PIPED_WIDTH)


def plain(value: Any) -> Any:
    """A value as JSON knows it: decimals as numbers where a double tells them exactly, else as text that loses nothing;
    not-a-number as null."""
    if isinstance(value, dict):
        return {str(name): plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Decimal):
        return float(value) if Decimal(repr(float(value))) == value else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, str | int) else str(value)


def as_json(data: Any) -> None:
    """Print data as one JSON document."""
    click.echo(json.dumps(plain(data), ensure_ascii=False, indent=2, allow_nan=False))


def number(value: Decimal | float | int | None) -> str:
    """A number for the eye: thousands marks, at most three decimals, a dash for missing."""
    if value is None:
        return "—"
    text = f"{value:,.3f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def status(name: str | None) -> Text:
    """A status by shape, word and colour."""
    shape, words, style = STATUS.get(name or "", ("?", name or "—", "dim"))
    return Text(f"{shape} {words}", style=style)


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]], right: Sequence[int] = ()) -> Table:
    """A table whose cells are text, numbers or rich texts; `right` lists right-aligned columns."""
    out = Table(title=Text(visible(title)), title_justify="left", header_style="bold")
    for position, column in enumerate(columns):
        out.add_column(Text(visible(column)), justify="right" if position in right else "left", overflow="fold")
    for row in rows:
        out.add_row(*(cell if isinstance(cell, Text) else Text("" if cell is None else visible(cell)) for cell in row))
    return out


def period(start: date, end: date) -> str:
    """A period as people write it: 2024, 2024Q1, 2024-03 or 2024-03-05."""
    if start == end:
        return start.isoformat()
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    forms = {1: f"{start:%Y-%m}", 3: f"{start.year}Q{(start.month + 2) // 3}", 12: f"{start.year}"}
    return forms.get(months, f"{start} … {end}")


def result(out: Console, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """A query's result: a table where it fits, otherwise one column a line, record by record."""
    shown = table("", columns, rows)
    if out.measure(shown).minimum <= out.width and _natural_width(columns, rows) <= out.width:
        out.print(shown)
        return
    widest = max(map(cell_len, columns))
    for number, row in enumerate(rows, 1):
        out.print(f"── {number} " + "─" * 20, style="dim")
        for name, value in zip(columns, row, strict=True):
            padding = " " * (widest - cell_len(name))
            out.print(f"{name}{padding}  {'' if value is None else value}", markup=False, soft_wrap=True)


def _natural_width(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> int:
    """Columns of a terminal that the table takes when nothing is folded (long texts may fold at 40)."""
    widths = [cell_len(name) for name in columns]
    for row in rows[:200]:
        widths = [max(width, min(cell_len(str(value)), 40)) for width, value in zip(widths, row, strict=True)]
    return sum(widths) + 3 * len(widths) + 1

"""What commands print: tables for people, JSON for programs, never both."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

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


def console(stderr: bool = False) -> Console:
    """A console that respects NO_COLOR and keeps full width when its output is piped."""
    out = Console(stderr=stderr, highlight=False, soft_wrap=False)
    return out if out.is_terminal else Console(stderr=stderr, highlight=False, width=160)


def plain(value: Any) -> Any:
    """A value as JSON knows it: decimals and dates as text that loses nothing."""
    if isinstance(value, Decimal | datetime | date):
        return str(value)
    return value


def as_json(data: Any) -> None:
    """Print data as one JSON document."""
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=plain))


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
    out = Table(title=title, title_justify="left", header_style="bold")
    for position, column in enumerate(columns):
        out.add_column(column, justify="right" if position in right else "left", overflow="fold")
    for row in rows:
        out.add_row(*(cell if isinstance(cell, Text) else Text("" if cell is None else str(cell)) for cell in row))
    return out

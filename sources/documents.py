"""A report as plain data, and the two forms it is written in: Markdown, and one page of HTML that needs nothing else.

Whatever a document holds is data: both forms show it as text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse.harmless import LONGEST, markdown, on_one_line

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATE = Path(__file__).with_name("page.html.j2")
SHOWN = 200


@dataclass(frozen=True)
class Link:
    """A cell that leads to another page; `address` is ours, never something that was delivered."""

    text: str
    address: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Section:
    """A table under a title (Chinese, then English). `total` counts its rows, those that are not given included."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    total: int | None = None

    @property
    def count(self) -> int:
        return len(self.rows) if self.total is None else self.total

    @property
    def shown(self) -> list[list[str | Link | None]]:
        """The first rows as text on one line each, None for missing; links stay links."""
        return [[_shown(cell) for cell in row] for row in self.rows[:SHOWN]]


@dataclass(frozen=True)
class Document:
    """A report: a title, facts as (name, value), tables. `is_good` tells whether all is well."""

    title: str
    facts: Sequence[tuple[str, object]]
    sections: Sequence[Section] = field(default_factory=list)
    is_good: bool = True

    @property
    def told(self) -> list[Section]:
        """The sections that have something to say."""
        return [section for section in self.sections if section.rows]

    @property
    def heading(self) -> str:
        return _cut(on_one_line(self.title))

    @property
    def lines(self) -> list[tuple[str, str]]:
        return [(name, _cut(on_one_line(value))) for name, value in self.facts]


def _shown(cell: object) -> str | Link | None:
    if cell is None:
        return None
    text = _cut(on_one_line(cell))
    return Link(text, cell.address) if isinstance(cell, Link) else text


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def rest(section: Section, most_rows: int = SHOWN) -> str | None:
    """What is said of rows that are not shown."""
    shown = min(len(section.rows), most_rows)
    return (
        None
        if shown == section.count
        else f"只列前 {shown} 条，共 {section.count} 条 / the first {shown} of {section.count}"
    )


def as_markdown(document: Document, most_bytes: int | None = None) -> str:
    """The document in Markdown; of its tables as many rows as fit into `most_bytes` when given."""
    text = _markdown(document, SHOWN)
    for most_rows in (100, 50, 20, 5):
        if most_bytes is None or len(text.encode("utf-8", "backslashreplace")) <= most_bytes:
            break
        text = _markdown(document, most_rows)
    return text


def _markdown(document: Document, most_rows: int) -> str:
    lines = [f"# {markdown(document.title)}", "", *(f"- {name}: {markdown(value)}" for name, value in document.facts)]
    for section in document.told:
        lines += ["", f"## {section.title}（{section.count}）", ""]
        if said := rest(section, most_rows):
            lines += [said, ""]
        lines += ["| " + " | ".join(section.columns) + " |", "|" + "---|" * len(section.columns)]
        lines += [
            "| " + " | ".join("" if cell is None else markdown(cell) for cell in row) + " |"
            for row in section.rows[:most_rows]
        ]
    return "\n".join(lines) + "\n"


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(TEMPLATE.parent)
    environment = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(TEMPLATE.name)


def as_html(document: Document) -> str:
    """The document as one page: no script, no network, everything escaped, prints to A4."""
    return _template().render(document=document, rest=rest)

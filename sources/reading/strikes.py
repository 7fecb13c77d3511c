"""Cells struck out: who looks at the sheet takes them for deleted, but their values are still there.

Runs in the worker process. A cell is struck by its style's font, or by those of the runs of its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

WHOLLY, PARTLY = "wholly", "partly"
_NOT = ("0", "false")


def is_struck(attributes: Mapping[str, str]) -> bool:
    """Whether a `strike` element with these attributes strikes."""
    return attributes.get("val", "1") not in _NOT


def struck_styles(elements: Iterable[tuple[str, Mapping[str, str]]]) -> frozenset[str]:
    """The cell styles, as cells name them, whose font is struck. `elements` are those of the styles part, with ends."""
    fonts: list[bool] = []
    chosen: list[str] = []
    part = ""
    for element, attributes in elements:
        if element.removeprefix("/") in ("fonts", "cellXfs"):
            part = element
        elif part == "fonts" and element == "font":
            fonts.append(False)
        elif part == "fonts" and element == "strike" and fonts:
            fonts[-1] = is_struck(attributes)
        elif part == "cellXfs" and element == "xf":
            chosen.append(attributes.get("fontId", "0"))
    struck = {str(number) for number, is_one in enumerate(fonts) if is_one}
    return frozenset(str(style) for style, font in enumerate(chosen) if font in struck)


class Runs:
    """The runs of one text while its XML is parsed."""

    def __init__(self) -> None:
        self._is_struck = False
        self._seen: set[bool] = set()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element inside the text begins."""
        if name == "r":
            self._is_struck = False
        elif name == "strike":
            self._is_struck = is_struck(attributes)

    def add(self, text: str) -> None:
        """A piece of the text, in the run that began last."""
        if text.strip():
            self._seen.add(self._is_struck)

    def end(self) -> str | None:
        """How much of the text was struck; ready for the next one."""
        seen, self._seen, self._is_struck = self._seen, set(), False
        return None if True not in seen else PARTLY if False in seen else WHOLLY

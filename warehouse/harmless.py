"""What came from outside, made safe for where it is shown: terminals, Markdown, spreadsheets. Names and cells are data.

HTML is made by templates that escape everything (sources/pages.py).
"""

from __future__ import annotations

import re
from typing import Any

LONGEST = 300
# control characters, marks that turn the direction of text, line ends of other scripts, halves of pairs
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_SIGNS = re.compile(r"([\\`*|\[\]])")
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def visible(text: object) -> str:
    """Text for a terminal or a log: line ends stay, whatever else would steer a terminal or hide is spelt out."""
    return "\n".join(_UNSEEN.sub(_escape, line) for line in str(text).split("\n"))


def shown_name(name: object) -> str:
    """The name of a file among other words: on one line, and whatever would break it, steer or hide is spelt out."""
    return _UNSEEN.sub(_escape, str(name))


def on_one_line(text: object) -> str:
    """Text on one line: blanks of all kinds are one space, what would steer a terminal or hide is spelt out."""
    return _UNSEEN.sub(_escape, " ".join(str(text).split()))


def markdown(value: object) -> str:
    """A cell of a Markdown table, or words in a line: nothing in it is a sign of Markdown or HTML, nor endless."""
    text = "—" if value is None else on_one_line(value)
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return _SIGNS.sub(r"\\\1", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def formula_safe(value: Any) -> Any:
    """A cell of a file that people open in a spreadsheet: text that would be taken for a formula gets an apostrophe.

    Numbers, dates and all other text stay as they are.
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value

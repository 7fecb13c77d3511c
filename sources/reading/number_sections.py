"""The sections of a number format's code (`positive;negative;zero;text`), and what each makes of a number."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass, replace

from sources.reading import cells

_TOKEN = re.compile(
    r'"[^"]*"?|[\\!].|_.|\*.|\[[^\]]*\]|G/通用格式|General|E[+-]|/[1-9][0-9]*|.', re.IGNORECASE | re.DOTALL
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?[0-9]+(?:\.[0-9]*)?(?:E[+-]?[0-9]{1,3})?)\]", re.IGNORECASE)
_CURRENCY = re.compile(r"\[\$([^\]-]*)")
# Black tells nothing and white nothing at all: neither stands for a minus.
_COLOUR = re.compile(
    r"\[(blue|cyan|green|magenta|red|yellow|color *[0-9]+|颜色 *[0-9]+|[蓝青绿洋红黄]+色?)\]", re.IGNORECASE
)
_COMPARE = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne
}  # fmt: skip
_SIGNS = " \u00a0\u3000-−–—()（）"
_BETWEEN = set(" \u00a0,，'")
_DASHES = set("-−–—")


@dataclass(frozen=True)
class Section:
    """One section: the digits it asks for, the words beside them, and the numbers it is for when it says so.

    `digits` are the placeholders with points and commas; `before`, `between` and `after` the words around them.
    `is_split` is a fraction or an exponent (its digits are not the number's own), `is_text` one with a place for text.
    """

    digits: str
    before: str
    between: str
    after: str
    condition: tuple[str, float] | None
    is_percent: bool
    is_general: bool
    is_coloured: bool
    is_split: bool
    is_text: bool
    role: str = ""

    @property
    def shows_digits(self) -> bool:
        return bool(self.digits) or self.is_general

    @property
    def words(self) -> str:
        """What is written beside the digits, signs and spaces apart."""
        return " ".join(filter(None, (self.before.strip(_SIGNS + "+"), self.after.strip(_SIGNS))))

    @property
    def width(self) -> int:
        """The least number of integer digits that are shown."""
        return 0 if self.is_split else self.digits.partition(".")[0].count("0")

    @property
    def is_plain(self) -> bool:
        """Whether any number that comes here is shown as it is."""
        is_seen = self._shows_any() or (self.role == "zero" and self._writes_dash())
        return is_seen and self.width <= 1 and not self._changed() and not self.words and self._has_sign()

    def _changed(self) -> bool:
        is_scaled = re.search(r",(\.|$)", self.digits) is not None
        beside = self.before.rstrip(_SIGNS)[-1:] + self.after.lstrip(_SIGNS)[:1]
        is_twice = self.is_percent and bool(self.words)
        return is_scaled or is_twice or not set(self.between) <= _BETWEEN or any(c.isdigit() for c in beside)

    def _shows_any(self) -> bool:
        """Whether every number leaves a digit to see: `#` alone leaves none of a zero."""
        return self.is_general or self.is_split or "0" in self.digits

    def _is_blank(self, value: float) -> bool:
        if self._shows_any() or not self.digits:
            return not self.shows_digits
        places = len(self.digits.partition(".")[2].replace(",", ""))
        return round(abs(value) * (100 if self.is_percent else 1), places) == 0

    def _writes_dash(self) -> bool:
        """Whether it writes a dash for a number, as the accounting formats do for zero."""
        return set(self.before.strip()) <= _DASHES and self.before.strip() != ""

    def _has_sign(self) -> bool:
        """Whether the sign is seen: a section for negative numbers writes it, or a colour stands for it."""
        if self.role == "negative":
            return self._writes_minus() or self.is_coloured
        return not self._writes_minus() or self.role != "positive"

    def _writes_minus(self) -> bool:
        return bool(_DASHES & set(self.before + self.after)) or "(" in self.before or "（" in self.before

    def change(self, value: float, stored: str) -> str | None:
        """How the number is shown otherwise than stored: with zeros in front, words, or not at all; None as it is."""
        if self._is_blank(value):
            return None if value == 0 and self._writes_dash() else cells.HIDDEN
        if self._changed() or not self._has_sign() or (value > 0 and self._writes_minus()):
            return cells.CHANGED
        if self.words:
            return self.words
        whole = stored.lstrip("-")
        if self.width > len(whole) and whole.isdecimal() and not self.is_percent:
            return cells.PADDED + stored[: len(stored) - len(whole)] + whole.zfill(self.width)
        return None

    def of_text(self) -> str | None:
        """How a text is shown otherwise than stored; None as it is."""
        if not self.is_text:
            return cells.HIDDEN
        return cells.CHANGED if (self.before + self.after).strip() else None


def sections_of(code: str) -> tuple[Section, ...]:
    """The sections for numbers, each with the role that its place or its condition gives it."""
    parts = [_section(tokens) for tokens in _split(code)]
    if 1 < len(parts) < 4 and parts[-1].is_text:
        del parts[-1]
    parts = parts[:3]
    return tuple(replace(part, role=role) for part, role in zip(parts, _roles(parts), strict=True))


def text_change(code: str) -> str | None:
    """How a format shows texts otherwise than stored, by its section for them; None as they are."""
    parts = [_section(tokens) for tokens in _split(code)]
    section = parts[3] if len(parts) > 3 else parts[-1]
    return section.of_text() if len(parts) > 3 or section.is_text else None


def _roles(parts: list[Section]) -> list[str]:
    if not any(part.condition for part in parts):
        return ["positive", "negative", "zero"][: len(parts)]
    is_below = [_is_below_zero(part.condition) for part in parts]
    if len(parts) == 2 and parts[1].condition is None and parts[0].condition in ((">", 0), (">=", 0)):
        is_below[1] = True
    return ["negative" if below else "" for below in is_below]


def _is_below_zero(condition: tuple[str, float] | None) -> bool:
    return condition is not None and condition[0] in ("<", "<=") and condition[1] <= 0


def section_for(sections: tuple[Section, ...], value: float) -> Section | None:
    """The section that shows a number; None when none does."""
    if any(section.condition for section in sections):
        return next(
            (s for s in sections if s.condition is None or _COMPARE[s.condition[0]](value, s.condition[1])), None
        )
    if len(sections) == 1 or value > 0 or (value == 0 and len(sections) == 2):
        return sections[0]
    return sections[1] if value < 0 else sections[2]


def _split(code: str) -> list[list[str]]:
    found: list[list[str]] = [[]]
    for token in _TOKEN.findall(code):
        if token == ";":
            found.append([])
        else:
            found[-1].append(token)
    return found


def _section(tokens: list[str]) -> Section:
    digits, texts, condition = "", ["", "", ""], None
    is_percent = is_general = is_coloured = is_split = is_text = False
    for token in tokens:
        first = token[0]
        if first in "0#?" or (token in ".," and (digits or token == ".")):
            texts[1] += texts[2]
            texts[2], digits = "", digits + token
        elif token.lower() in ("general", "g/通用格式", "@"):
            # what is written twice is another number
            texts[2] += "0" if is_general else ""
            is_general, is_text = True, is_text or token == "@"
        elif token == "%" and not is_percent:
            is_percent = True
        elif digits and (token[:2] in ("E+", "E-", "e+", "e-") or (first == "/" and not texts[2].strip())):
            is_split = True
        elif first == "[" and (found := _CONDITION.fullmatch(token)):
            condition = found[1], float(found[2])
        elif first == "[" and _COLOUR.fullmatch(token):
            is_coloured = True
        else:
            texts[2 if digits or is_general else 0] += _literal(token)
    return Section(
        digits, texts[0], texts[1], texts[2], condition, is_percent, is_general, is_coloured, is_split, is_text
    )


def _literal(token: str) -> str:
    """The text that a token writes; nothing for what only sets widths and languages."""
    if token[0] == '"':
        return token.strip('"')
    if token[0] in "\\!" and len(token) == 2:
        return token[1]
    if token[0] == "[":
        found = _CURRENCY.match(token)
        return found[1] if found else token if token[1:2] in ("<", ">", "=") else ""
    if token[0] == "*":
        return token[1:] if token[1:].isdigit() else ""
    return "" if token[0] == "_" else token

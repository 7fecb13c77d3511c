"""The sections of a number format's code (`positive;negative;zero;text`), and what each makes of a number."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass

from sources.reading import cells

_TOKEN = re.compile(
    r'"[^"]*"?|[\\!].|_.|\*.|\[[^\]]*\]|G/通用格式|General|E[+-]|[0#?.,%/@]|.', re.IGNORECASE | re.DOTALL
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)\]")
_CURRENCY = re.compile(r"\[\$([^\]-]*)")
_COLOUR = re.compile(
    r"\[(black|blue|cyan|green|magenta|red|white|yellow|color *[0-9]+|颜色 *[0-9]+|[黑蓝青绿洋红白黄]+色?)\]", re.I
)
_COMPARE = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "=": operator.eq, "<>": operator.ne
}  # fmt: skip
_SIGNS = " \u00a0\u3000-+−–—()（）"
_BETWEEN = set(" \u00a0,，'")
_DASHES = set("-−–—")


@dataclass(frozen=True)
class Section:
    """One section: the digits it asks for, the words beside them, and the numbers it is for when it says so.

    `digits` are the placeholders with points and commas; `before`, `between` and `after` the words around them.
    """

    digits: str
    before: str
    between: str
    after: str
    condition: tuple[str, float] | None
    is_percent: bool
    is_general: bool
    is_coloured: bool
    is_fraction: bool
    role: str = ""

    @property
    def shows_digits(self) -> bool:
        return bool(self.digits) or self.is_general

    @property
    def words(self) -> str:
        """What is written beside the digits, signs and spaces apart."""
        return " ".join(filter(None, (self.before.strip(_SIGNS), self.after.strip(_SIGNS))))

    @property
    def width(self) -> int:
        """The least number of integer digits that are shown."""
        return 0 if self.is_fraction else self.digits.partition(".")[0].count("0")

    @property
    def is_plain(self) -> bool:
        """Whether any number that comes here is shown as it is."""
        return self.shows_digits and self.width <= 1 and not self._changed() and not self.words and self._has_sign()

    def _changed(self) -> bool:
        is_scaled = re.search(r",(\.|$)", self.digits) is not None
        return is_scaled or not set(self.between) <= _BETWEEN or any(c.isdigit() for c in self.words)

    def _has_sign(self) -> bool:
        """Whether the sign is seen: a section for negative numbers writes it, or a colour stands for it."""
        if self.role == "negative":
            return self._writes_minus() or self.is_coloured
        return not self._writes_minus() or self.role != "positive"

    def _writes_minus(self) -> bool:
        return bool(_DASHES & set(self.before + self.after)) or "(" in self.before or "（" in self.before

    def change(self, value: float, stored: str) -> str | None:
        """How the number is shown otherwise than stored: with zeros in front, words, or not at all; None as it is."""
        if not self.shows_digits:
            # the dash of the accounting formats is how they write zero
            return None if value == 0 and self.before and set(self.before.strip()) <= _DASHES else cells.HIDDEN
        if self._changed() or not self._has_sign() or (value > 0 and self._writes_minus()):
            return cells.CHANGED
        if self.words:
            return self.words
        whole = stored.lstrip("-")
        if self.width > len(whole) and whole.isdecimal() and not self.is_percent:
            return cells.PADDED + stored[: len(stored) - len(whole)] + whole.zfill(self.width)
        return None


def sections_of(code: str) -> tuple[Section, ...]:
    """The sections for numbers, each with the role its place gives it when no section has a condition."""
    parts = [_section(tokens) for tokens in _split(code)][:3]
    if any(part.condition for part in parts) or len(parts) == 1:
        roles = ["positive"] if len(parts) == 1 and parts[0].condition is None else [""] * len(parts)
    else:
        roles = ["positive", "negative", "zero"][: len(parts)]
    return tuple(Section(**{**vars(part), "role": role}) for part, role in zip(parts, roles, strict=True))


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
    is_percent = is_general = is_coloured = is_fraction = False
    for token in tokens:
        first = token[0]
        if first in "0#?" or (token in ".," and (digits or token == ".")):
            texts[1] += texts[2]
            texts[2], digits = "", digits + token
        elif token.lower() in ("general", "g/通用格式", "@"):
            is_general = True
        elif token == "%":
            is_percent = True
        elif token == "/" and digits:
            is_fraction = True
        elif first == "[" and (found := _CONDITION.fullmatch(token)):
            condition = found[1], float(found[2])
        elif first == "[" and _COLOUR.fullmatch(token):
            is_coloured = True
        else:
            texts[2 if digits or is_general else 0] += _literal(token)
    return Section(digits, texts[0], texts[1], texts[2], condition, is_percent, is_general, is_coloured, is_fraction)


def _literal(token: str) -> str:
    """The text that a token writes; nothing for what only sets widths, languages and exponents."""
    if token[0] == '"':
        return token.strip('"')
    if token[0] in "\\!" and len(token) == 2:
        return token[1]
    if token[0] == "[":
        found = _CURRENCY.match(token)
        return found[1] if found else ""
    return "" if token[0] in "_*" or (token[:1] in "eE" and token[1:] in ("+", "-")) else token

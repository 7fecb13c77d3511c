"""Texts that another program spoiled before they came here: read as they stand they would be wrong in silence."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from sources.reading import garbled
from sources.reading.grid import column_bytes
from sources.reading.numbers import Bad
from sources.reading.text import INVISIBLE, says_total

_FORMULA = re.compile(r'=".*"', re.DOTALL)
_QUOTED_LATE = re.compile(r'\s+".*"\s*', re.DOTALL)
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+[0-9]{1,3}")
_LOST = "\ufffd"
_HIDDEN = re.compile(f"[{INVISIBLE}]")
# What one of these texts must hold, in bytes: columns without any of it need no closer look.
_SIGNS = (b'="', b' "', b'\t"', b"E+", b"e+", _LOST.encode(), *garbled.ASCII_SIGNS)
_TOTALS = tuple(word.encode() for word in ("计", "总和", "其中", "total", "sum"))


def check_text(text: str) -> None:
    """Bad when a text was spoiled: by Excel's formulas and figures, by quotes in the wrong place, by an encoding."""
    if _FORMULA.fullmatch(text):
        raise Bad("formula_text", '单元格是公式（="…"），请改为文本', 'a formula (="…"): write the text itself')
    if _QUOTED_LATE.fullmatch(text):
        raise Bad("late_quote", "引号前有空格，引号不起作用", "blanks before the quote: it quotes nothing")
    if _SCIENTIFIC.fullmatch(text):
        raise Bad("digits_lost", "编号被写成科学计数法，位数已丢失", "written as a figure (E+): digits are lost")
    if _LOST in text:
        raise Bad("bad_text", "文本含 � ，原字符已丢失", "a replacement character: the text was lost before")
    garbled.check_garbled(text)


def check_identifier(text: str) -> None:
    """Bad when a key says total, whose rows would count twice, or keeps a quote that was to stand around it."""
    if text.count('"') % 2 or '\\"' in text:
        raise Bad("stray_quote", "编号或名称中有单个引号", "a quote without its other half in a name or number")
    if says_total(text):
        raise Bad("total_as_key", "合计行混在数据中，请删去", "a total among the rows: take it out")


def without_hidden(values: pa.Array) -> pa.Array | None:
    """The texts less the signs that nobody sees; None when they hold none."""
    if not pa.types.is_string(values.type) or not _matches(values, _HIDDEN):
        return None
    return pc.replace_substring_regex(values, _HIDDEN.pattern, "")


def may_be_spoiled(values: pa.Array, is_identifier: bool) -> bool:
    """Whether any text of a column needs a closer look; told from its bytes, without looking at single texts."""
    data = column_bytes(values)
    if any(sign in data for sign in _SIGNS):
        return True
    lowered = data.lower() if is_identifier else b""
    if any(word in lowered for word in (b'"', *_TOTALS)):
        return True
    if data.isascii():
        return False
    return _matches(values, garbled.SUSPECT)


def _matches(values: pa.Array, pattern: re.Pattern[str]) -> bool:
    return bool(pc.any(pc.match_substring_regex(values, pattern.pattern)).as_py())

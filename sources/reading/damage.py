"""Texts that another program spoiled before they came here: read as they stand they would be wrong in silence."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from sources.reading import garbled
from sources.reading.grid import column_bytes
from sources.reading.numbers import Bad
from sources.reading.text import INVISIBLE, is_total, says_total

_FORMULA = re.compile(r'=".*"', re.DOTALL)
_QUOTED_LATE = re.compile(r'\s+".*"\s*', re.DOTALL)
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+[0-9]{1,3}")
_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")
_LOST = "\ufffd"
_HIDDEN = re.compile(f"[{INVISIBLE}]")
# What one of these texts must hold, in bytes: columns without any of it need no closer look.
_SIGNS = (b'="', b' "', b'\t"', b"E+", b"e+", b"#", _LOST.encode(), *garbled.ASCII_SIGNS)
_TOTALS = tuple(word.encode() for word in ("计", "总和", "其中", "total", "sum"))


def check_text(text: str) -> None:
    """Bad when a text was spoiled: by Excel's formulas and figures, by quotes in the wrong place, by an encoding."""
    if _FORMULA.fullmatch(text):
        raise Bad("formula_text", '单元格是公式（="…"），请改为文本', 'a formula (="…"): write the text itself')
    if _QUOTED_LATE.fullmatch(text):
        raise Bad("late_quote", "引号前有空格，引号不起作用", "blanks before the quote: it quotes nothing")
    if _SCIENTIFIC.fullmatch(text):
        raise Bad("digits_lost", "编号被写成科学计数法，位数已丢失", "written as a figure (E+): digits are lost")
    if _ERROR.fullmatch(text.strip()):
        raise Bad("error_cell", "单元格是错误值", "the cell holds an error")
    if _LOST in text:
        raise Bad("bad_text", "文本含 � ，原字符已丢失", "a replacement character: the text was lost before")
    garbled.check_garbled(text)


def check_required(text: str) -> None:
    """Bad when what must be filled in, such as a name, is the label of a total."""
    if is_total(text):
        raise Bad("total_as_key", "合计行混在数据中，请删去", "a total among the rows: take it out")


def check_identifier(text: str) -> None:
    """Bad when a key says total, whose rows would count twice, or holds what belongs to no key.

    That is a quote without its other half, Excel's mark of a text, and signs that nobody sees: such a key looks like
    another, and what it stands for would count twice.
    """
    if text.startswith("'"):
        raise Bad(
            "text_mark", "以 ' 开头：这是 Excel 的文本标记，不是编号的一部分", "begins with ', Excel's mark of a text"
        )
    if found := _HIDDEN.search(text):
        code = f"U+{ord(found[0]):04X}"
        raise Bad("hidden_sign", f"编号或名称中有看不见的字符（{code}）", f"a sign that nobody sees ({code})")
    if text.count('"') % 2 or '\\"' in text:
        raise Bad("stray_quote", "编号或名称中有单个引号", "a quote without its other half in a name or number")
    if says_total(text):
        raise Bad("total_as_key", "合计行混在数据中，请删去", "a total among the rows: take it out")


def may_be_spoiled(values: pa.Array, is_needed: bool) -> bool:
    """Whether any text of a column needs a closer look; of what is needed, as keys and names are, more is asked."""
    data = column_bytes(values)
    if any(sign in data for sign in _SIGNS):
        return True
    lowered = data.lower() if is_needed else b""
    if any(word in lowered for word in (b'"', b"'", *_TOTALS)) or (is_needed and _matches(values, _HIDDEN)):
        return True
    if data.isascii():
        return False
    return _matches(values, garbled.SUSPECT)


def _matches(values: pa.Array, pattern: re.Pattern[str]) -> bool:
    return bool(pc.any(pc.match_substring_regex(values, pattern.pattern)).as_py())

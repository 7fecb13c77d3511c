"""Texts that another program spoiled before they came here: read as they stand they would be wrong in silence."""

from __future__ import annotations

import re
from enum import Enum

import pyarrow as pa
import pyarrow.compute as pc

from sources.reading import cells, garbled
from sources.reading.grid import column_bytes
from sources.reading.numbers import Bad, wrong_kind
from sources.reading.text import INVISIBLE, header_key, is_only_total, says_total

_FORMULA = re.compile(r'=".*"', re.DOTALL)
_QUOTED_LATE = re.compile(r'\s+".*"\s*', re.DOTALL)
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[eE]\+[0-9]{1,3}")
_TEXT_MARK = re.compile(r"'[\w./#-]+")
_LOST = "\ufffd"
_HIDDEN = re.compile(f"[{INVISIBLE}]")
# What one of these texts must hold, in bytes: columns without any of it need no closer look.
_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
_SIGNS = (b'="', b' "', b'\t"', b"E+", b"e+", _LOST.encode(), *(e[:3].encode() for e in _ERRORS), *garbled.ASCII_SIGNS)
_TOTALS = tuple(word.encode() for word in ("计", "总", "其中", "全", "本", "所有", "total", "sum"))
_TOTALS_ALONE = tuple(word.encode() for word in ("计", "总和", "其中", "total"))
# What programs write where they have no value.
NULL_WORDS = ("null", "\\n", "none", "nan", "nat", "n/a", "(null)", "<null>", "<na>", "undefined")


class Role(Enum):
    """What a text is in its row: part of the key or scope, a name that must be there, or a remark."""

    IDENTIFIER = "identifier"
    NAME = "name"
    REMARK = "remark"


def check_text(text: str) -> None:
    """Bad when a text was spoiled: by Excel's formulas and figures, by quotes in the wrong place, by an encoding."""
    if _FORMULA.fullmatch(text):
        raise Bad("formula_text", '单元格是公式（="…"），请改为文本', 'a formula (="…"): write the text itself')
    if _QUOTED_LATE.fullmatch(text):
        raise Bad("late_quote", "引号前有空格，引号不起作用", "blanks before the quote: it quotes nothing")
    if _SCIENTIFIC.fullmatch(text):
        raise Bad("digits_lost", "编号被写成科学计数法，位数已丢失", "written as a figure (E+): digits are lost")
    if text.strip() in _ERRORS:
        raise wrong_kind(cells.ERROR)
    if _LOST in text:
        raise Bad("bad_text", "文本含 � ，原字符已丢失", "a replacement character: the text was lost before")
    garbled.check_garbled(text)


def check_identifier(text: str) -> None:
    """Bad when a key is not what its reader sees, stands for no value, or says total, whose rows would count twice."""
    if text.count('"') % 2 or '\\"' in text:
        raise Bad("stray_quote", "编号或名称中有单个引号", "a quote without its other half in a name or number")
    if _TEXT_MARK.fullmatch(text):
        raise Bad("text_mark", "以撇号开头：Excel 的文本标记混进了内容", "begins with Excel's mark of a text, '")
    if hidden := _HIDDEN.search(text):
        sign = f"U+{ord(hidden[0]):04X}"
        raise Bad("hidden_sign", f"含看不见的字符（{sign}）", f"a sign that nobody sees ({sign})")
    if is_null_word(text):
        raise Bad("null_word", "是程序写的空值，不是编号或名称", "a program's word for no value, no name or number")
    if says_total(text):
        raise _total()


def check_not_total(text: str) -> None:
    """Bad when a name is no more than a total's label."""
    if is_only_total(text):
        raise _total()


def _total() -> Bad:
    return Bad("total_as_key", "合计行混在数据中，请删去", "a total among the rows: take it out")


def is_null_word(text: str) -> bool:
    """Whether a text is what programs write where they have no value."""
    return header_key(text) in NULL_WORDS


def may_be_spoiled(values: pa.Array, role: Role) -> bool:
    """Whether any text of a column needs a closer look; told from its bytes, without looking at single texts."""
    data = column_bytes(values)
    if any(sign in data for sign in _SIGNS):
        return True
    if role is not Role.REMARK and any(word in data.lower() for word in _TOTALS_ALONE):
        return True
    if role is Role.IDENTIFIER and _may_be_no_key(values, data.lower()):
        return True
    if data.isascii():
        return False
    return _matches(values, garbled.SUSPECT)


def _may_be_no_key(values: pa.Array, lowered: bytes) -> bool:
    if any(word in lowered for word in (b'"', b"'", *_TOTALS)) or _matches(values, _HIDDEN):
        return True
    return bool(pc.any(pc.is_in(pc.utf8_lower(values), value_set=pa.array(NULL_WORDS))).as_py())


def _matches(values: pa.Array, pattern: re.Pattern[str]) -> bool:
    return bool(pc.any(pc.match_substring_regex(values, pattern.pattern)).as_py())

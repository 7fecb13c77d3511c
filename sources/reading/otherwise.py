"""Numbers and texts that a workbook's format shows otherwise than they are stored: what the clerk saw is what counts.

Zeros in front are part of an identifier; the field's own unit behind a number says nothing new; whatever else the
format writes, scales or hides makes stored and shown two different values, and nobody can tell which is meant.
"""

from __future__ import annotations

from decimal import Decimal

from sources.contract import Field
from sources.reading import cells
from sources.reading.numbers import Bad
from sources.reading.text import shown
from sources.reading.unit_sizes import own_sizes, size

_YUAN = {"¥", "￥", "RMB", "CNY", "人民币"}
_DATED = {"year": "年", "month": "月", "date": "日"}


def as_meant(field: Field, factor: Decimal, text: str) -> tuple[str, str]:
    """Kind and value of such a cell for a field read in the unit that `factor` converts from; Bad when none is."""
    stored, how = cells.stored_and_shown(text)
    told = shown(stored)
    if how.startswith(cells.PADDED):
        return (cells.TEXT, how[1:]) if field.type == "text" or field.codes else (cells.NUMBER, stored)
    if how == cells.HIDDEN:
        zh, en = f"单元格存有 {told}，格式却不显示它", f"the cell holds {told} and its format does not show it"
        raise Bad("format_changes_value", zh, en)
    if how == cells.CHANGED:
        zh, en = (
            f"单元格存有 {told}，格式却显示为别的内容",
            f"the cell holds {told} and its format shows something else",
        )
        raise Bad("format_changes_value", zh, en)
    if not _says_nothing_new(field, factor, how):
        zh = f"单元格存有 {told}，格式另加“{shown(how)}”，与本列的单位不同"
        en = f"the cell holds {told}, its format adds {shown(how)}, which is not the unit of the column"
        raise Bad("format_changes_value", zh, en)
    return cells.NUMBER, stored


def _says_nothing_new(field: Field, factor: Decimal, words: str) -> bool:
    if field.type in _DATED:
        return words == _DATED[field.type]
    if field.type not in ("dec", "int") or field.unit_from is not None:
        return False
    own = own_sizes(field)
    if words.upper() in _YUAN:
        return any(kind == "元" for kind, _ in own)
    found = size(words)
    return found is not None and (found[0], found[1]) in [(kind, one * factor) for kind, one in own]


def as_shown(text: str) -> str:
    """Such a cell as a report shows it: the stored number, and how it is shown when that can be said."""
    stored, how = cells.stored_and_shown(text)
    if how.startswith(cells.PADDED):
        return how[1:]
    return stored if how in (cells.HIDDEN, cells.CHANGED) else f"{stored} {how}"

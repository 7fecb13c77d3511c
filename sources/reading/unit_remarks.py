"""Units that a file names beside its table (`单位：亩` above it), not in the headers: nothing converts them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import takewhile

from sources.reading import cells
from sources.reading.grid import Grid
from sources.reading.header import Match, Matched, has_unit
from sources.reading.model import Findings, Problem
from sources.reading.text import header_key, shown
from sources.reading.unit_sizes import own_sizes, size

_WORDS = r"((?:(?!单位|unit)[^()\[\]【】|:])+)"
_NAMED = re.compile(rf"(?:单位|units?)\s*(?:[:(为是]|\s)\s*{_WORDS}", re.IGNORECASE)
_COUNTED = re.compile(r"[以按]\s*([^\s,。;:()以按]{1,8}?)\s*(?:为(?:计量)?单位|计算|计(?![价费入征收酬]))")
_BRACKETED = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]{1,20})[)\]】〕]")
_AND = re.compile(r"[\s、,;。和及]+")
_COLUMNS = ("单位", "计量单位", "unit", "units")
Line = tuple[int, Sequence[str | None]]


def named(texts: Sequence[str | None], tagged: bool) -> list[str]:
    """The units that the cells of a line name: `单位：亩`, `数据单位为亩`, `以亩计`."""
    line = unicodedata.normalize("NFKC", " ".join(_plain(texts, tagged)))
    return [word for words in (*_NAMED.findall(line), *_COUNTED.findall(line)) for word in _units(words)]


def _titled(texts: Sequence[str | None], tagged: bool) -> list[str]:
    """The units that stand over a table without a word: in the brackets of its title, or alone in a cell."""
    found: list[str] = []
    for text in (unicodedata.normalize("NFKC", text).strip() for text in _plain(texts, tagged)):
        for words in (text, *_BRACKETED.findall(text)):
            units = _units(words)
            found += units if len(units) == len(_AND.split(words)) else []
    return found


def _plain(texts: Sequence[str | None], tagged: bool) -> list[str]:
    return [cells.split(text, tagged)[1] for text in texts if text]


def _units(words: str) -> list[str]:
    """The units that words begin with."""
    return list(takewhile(lambda word: size(word) is not None, _AND.split(words.strip())))


def check_unit_remarks(grid: Grid, matched: Matched, remarks: Sequence[int], findings: Findings) -> None:
    """Refuse quantities whose unit a line beside the table contradicts; warn of one that belongs to no column.

    `remarks` are the rows below the header that are no data.
    """
    above: list[Line] = [(0, [grid.sheet]), *grid.above]
    lines: list[Line] = _below(grid, set(remarks))
    for index in matched.unknown:
        if header_key(grid.header.cells[index]) in _COLUMNS:
            units = sorted(set(grid.columns[index].drop_null().to_pylist()))[:100]
            lines.append((grid.header.row, [f"单位: {cells.split(text, grid.tagged)[1]}" for text in units]))
    found = [(row, named(texts, grid.tagged) or _titled(texts, grid.tagged)) for row, texts in above]
    for row, units in [*found, *((row, named(texts, grid.tagged)) for row, texts in lines)]:
        if units:
            _check(units, row, matched.matches, grid, findings)


def _below(grid: Grid, rows: set[int]) -> list[Line]:
    found: list[Line] = [(int(row), grid.cells(n)) for n, row in enumerate(grid.rows[-200:], max(0, grid.height - 200))]
    ragged: list[Line] = [(one.row, one.cells) for one in grid.ragged[-200:]]
    return [(row, texts) for row, texts in (*found, *ragged) if row in rows]


def _check(units: Sequence[str], row: int, matches: Sequence[Match], grid: Grid, findings: Findings) -> None:
    sizes = [found for unit in units if (found := size(unit)) is not None]
    listed, is_meant = "、".join(units), False
    for match in matches:
        own = own_sizes(match.field)
        alike = [one for one in sizes if one[0] in {kind for kind, _ in own}]
        is_meant = is_meant or bool(alike) or match.field.unit_from is not None
        if alike and not has_unit(match.text) and not set(alike) & set(own):
            wanted = match.field.unit or "按行确定 / told by each row"
            zh = f"表外写明单位“{shown(listed)}”，而“{match.field.header}”应为“{wanted}”：表外的单位不折算"
            en = f"a line beside the table says {shown(listed)}, `{match.field.name}` is in {wanted}: not converted"
            findings.add(Problem("unit_above", zh, en, grid.sheet, row or None, shown(match.text), shown(listed)))
    if not is_meant:
        zh, en = f"表外的单位“{shown(listed)}”与各列无关，未读入", f"the unit {shown(listed)} fits no column: not read"
        findings.warn(Problem("unit_remark_not_read", zh, en, grid.sheet, row or None, None, shown(listed)))

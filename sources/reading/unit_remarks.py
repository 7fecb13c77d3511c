"""Units that a file names beside its table (`单位：亩` above it), not in the headers: nothing converts them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from sources.reading import cells
from sources.reading.grid import Grid
from sources.reading.header import Match, Matched, has_unit
from sources.reading.model import Findings, Problem
from sources.reading.text import header_key, shown
from sources.reading.unit_sizes import own_sizes, size

_NAMED = re.compile(r"(?:单位|units?)\s*:\s*((?:(?!单位|unit)[^()\[\]【】|:])+)", re.IGNORECASE)
_AND = re.compile(r"[\s、,;。和及]+")
_COLUMNS = ("单位", "计量单位", "unit", "units")
Line = tuple[int, Sequence[str | None]]


def named(texts: Sequence[str | None], tagged: bool) -> list[str]:
    """The units that the cells of a line name after `单位：`."""
    line = " ".join(cells.split(text, tagged)[1] for text in texts if text)
    found: list[str] = []
    for words in _NAMED.findall(unicodedata.normalize("NFKC", line)):
        for word in _AND.split(words.strip()):
            if size(word) is None:
                break
            found.append(word)
    return found


def check_unit_remarks(grid: Grid, matched: Matched, remarks: Sequence[int], findings: Findings) -> None:
    """Refuse quantities whose unit a line beside the table contradicts; warn of one that belongs to no column.

    `remarks` are the rows below the header that are no data.
    """
    lines: list[Line] = [*grid.above, *_below(grid, set(remarks))]
    for index in matched.unknown:
        if header_key(grid.header.cells[index]) in _COLUMNS:
            units = sorted(set(grid.columns[index].drop_null().to_pylist()))[:100]
            lines.append((grid.header.row, [f"单位: {cells.split(text, grid.tagged)[1]}" for text in units]))
    for row, texts in lines:
        if found := named(texts, grid.tagged):
            _check(found, row, matched.matches, grid, findings)


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

"""Units that a file names beside its table (`单位：亩` above it), not in the headers: nothing converts them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from sources import dictionaries
from sources.contract import Field
from sources.reading import cells
from sources.reading.grid import Grid
from sources.reading.header import Match, Matched, has_unit
from sources.reading.model import Findings, Problem
from sources.reading.text import header_key, shown

_NAMED = re.compile(r"(?:单位|units?)\s*:\s*((?:(?!单位|unit)[^()\[\]【】|:])+)", re.IGNORECASE)
_AND = re.compile(r"[\s、,;。和及]+")
_COLUMNS = ("单位", "计量单位", "unit", "units")
_PREFIXES = (
    ("百万", Decimal(10) ** 6),
    ("千万", Decimal(10) ** 7),
    ("亿", Decimal(10) ** 8),
    ("万", Decimal(10) ** 4),
    ("千", Decimal(10) ** 3),
    ("百", Decimal(10) ** 2),
)
# Units that no header converts, told apart here alone: of what kind they are and how large.
_SIZES = {
    "平方米": ("面积", Decimal(1)),
    "亩": ("面积", Decimal(2000) / 3),
    "公顷": ("面积", Decimal(10_000)),
    "平方公里": ("面积", Decimal(10) ** 6),
    "平方千米": ("面积", Decimal(10) ** 6),
    "km2": ("面积", Decimal(10) ** 6),
    "瓦": ("功率", Decimal(1)),
    "千瓦": ("功率", Decimal(10) ** 3),
    "兆瓦": ("功率", Decimal(10) ** 6),
    "吉瓦": ("功率", Decimal(10) ** 9),
    "gw": ("功率", Decimal(10) ** 9),
    "‰": ("比例", Decimal(1) / 1000),
    "%": ("比例", Decimal(1) / 100),
    **{word: (word, Decimal(1)) for word in ("元", "人", "人次", "个", "家", "台", "户", "辆", "次", "件", "宗", "株")},
}
Size = tuple[str, Decimal]
Line = tuple[int, Sequence[str | None]]


def size(text: str) -> Size | None:
    """The kind of a unit and its size in it; None for what is no unit, an organisation above all."""
    name = dictionaries.unit(text) or dictionaries.fold(text)
    known = dictionaries.units().get(name)
    if known is not None:
        return known.base_unit, known.factor
    if name in _SIZES:
        return _SIZES[name]
    for prefix, factor in _PREFIXES:
        rest = size(name[len(prefix) :]) if name.startswith(prefix) and len(name) > len(prefix) else None
        if rest is not None:
            return rest[0], rest[1] * factor
    return (name, Decimal(1)) if dictionaries.unit(text) else None


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


def _own(field: Field) -> list[Size]:
    """The units a field's values may have without saying so; none when each row names its own."""
    by_row = field.unit_from.units if field.unit_from is not None else None
    units = {field.unit} if field.unit else set((by_row or {}).values())
    return [found for unit in units if (found := size(unit)) is not None]


def _check(units: Sequence[str], row: int, matches: Sequence[Match], grid: Grid, findings: Findings) -> None:
    sizes = [found for unit in units if (found := size(unit)) is not None]
    listed, is_meant = "、".join(units), False
    for match in matches:
        own = _own(match.field)
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

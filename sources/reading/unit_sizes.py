"""Of what kind a unit is and how large, also of those that no header converts."""

from __future__ import annotations

from decimal import Decimal

from sources import dictionaries
from sources.contract import Field

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


def own_sizes(field: Field) -> list[Size]:
    """The units a field's values may have without saying so; none when each row names its own."""
    by_row = field.unit_from.units if field.unit_from is not None else None
    units = {field.unit} if field.unit else set((by_row or {}).values())
    return [found for unit in units if (found := size(unit)) is not None]

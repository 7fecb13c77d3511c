"""What every domain of the demonstration needs: the span, repeatable chance, and the shape of a delivery."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from demo.span import Span

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, Any]


@dataclass(frozen=True)
class Delivery:
    """One file to be written: rows by English field name (or an Arrow table), and how the file departs from plain.

    `units` maps a field to a bracketed unit and the factor from the field's unit to it; `headers` replaces a header
    outright and `payload` the whole file (both only for deliveries that are wrong on purpose).
    """

    feed: str
    label: str
    arrived: datetime
    rows: Sequence[Row] | pa.Table
    units: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    payload: bytes | None = None
    wrong: bool = False


@dataclass(frozen=True)
class World:
    """One synthetic region over one span; the same seed gives the same numbers whatever the span."""

    region: str
    span: Span
    seed: int

    def chance(self, *key: object) -> random.Random:
        """A generator of its own for each key, so that no draw depends on what was drawn before."""
        return random.Random("|".join(map(str, (self.seed, self.region, *key))))

    def near(self, value: float, spread: float, *key: object) -> float:
        """`value` times 1 ± `spread`, always the same for the same key."""
        return value * (1 + self.chance(*key).uniform(-spread, spread))


def along(path: Mapping[int, float], year: float) -> float:
    """The value of a path of yearly anchors: straight between them, the end slopes continued outside."""
    years = sorted(path)
    right = next((y for y in years[1:-1] if y >= year), years[-1])
    left = years[years.index(right) - 1]
    return path[left] + (path[right] - path[left]) * (year - left) / (right - left)


def share_along(path: Mapping[int, float], year: float) -> float:
    """A share in 0…1 along a path of percentages."""
    return min(1.0, max(0.0, along(path, year) / 100))


def dec(value: float, places: int = 2) -> Decimal:
    """An exact decimal with `places` places."""
    return Decimal(f"{value:.{places}f}")


def fraction_of_year(day: date) -> float:
    """2023-07-02 → 2023.5."""
    return day.year + (day.timetuple().tm_yday - 1) / 365.25

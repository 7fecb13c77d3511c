"""Effects: which cells of `indicator_values` something that changed can move, and why; never how far."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sources.ledger import CellKey

BEGINNING, END = "0001-01-01", "9999-12-31"
# from the strongest to the weakest: a cell that several things moved is said to be moved by the strongest
CAUSES = ("changed_method", "changed_parameter", "changed_target", "correction", "revised_data", "new_data")
PEAK = "co2_peak_year"


@dataclass(frozen=True)
class Cause:
    """Something that changed. `subject` is a feed, a seed or a group of files; `first` and `last` the days it is about.

    `kind` is that of the scope change, or `input` for what a release is made of besides deliveries.
    """

    cause: str
    kind: str
    subject: str
    first: str = BEGINNING
    last: str = END
    file_name: str = ""
    delivery_id: str | None = None


@dataclass(frozen=True)
class Effect:
    """Values of `indicators` that look at any day from `first` to `last` may move.

    Every region when `region` is None. `basis` `monthly` spares the years that stand on the annual balance,
    `balance` reaches years only. With a `base_year`, only the rows of that base year.
    """

    cause: Cause
    indicators: frozenset[str]
    region: str | None = None
    first: str = BEGINNING
    last: str = END
    basis: str = "any"
    base_year: int | None = None


@dataclass(frozen=True)
class Grounds:
    """What an annual energy value stands on: `on_balance` may stand on the balance, and do so in `years` of a region.

    A year counts only when it has a balance before and after: a balance that comes or goes is an effect of its own.
    """

    on_balance: frozenset[str] = frozenset()
    years: Mapping[str, frozenset[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Prediction:
    """Every value that may move. `is_first`: nothing was published before, so every value is new."""

    effects: tuple[Effect, ...]
    grounds: Grounds = field(default_factory=Grounds)
    is_first: bool = False
    _index: dict[tuple[str | None, str], list[Effect]] = field(default_factory=lambda: defaultdict(list), repr=False)
    _known: dict[tuple[object, ...], tuple[Cause, ...]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for effect in dict.fromkeys(self.effects):
            for indicator in effect.indicators:
                self._index[(effect.region, indicator)].append(effect)

    def covers(self, cell: CellKey, period_end: str) -> bool:
        """Whether the cell may move."""
        return self.is_first or bool(self.causes(cell, period_end))

    def causes(self, cell: CellKey, period_end: str) -> tuple[Cause, ...]:
        """What may move the cell, the strongest cause first; empty when nothing does."""
        region, indicator, _, base_year, period_type, period_start = cell
        # the methods of an indicator share what they look at
        known = (region, indicator, base_year, period_type, period_start)
        if known not in self._known:
            candidates = (*self._index[(region, indicator)], *self._index[(None, indicator)])
            windows = _windows(indicator, base_year, period_start, period_end)
            found = {
                effect.cause
                for effect in candidates
                if effect.base_year in (None, base_year) and self._meets(effect, cell, windows)
            }
            self._known[known] = tuple(sorted(found, key=_strength))
        return self._known[known]

    def _meets(self, effect: Effect, cell: CellKey, windows: Iterable[tuple[str, str]]) -> bool:
        is_year = cell[4] == "year"
        if effect.basis == "balance" and not is_year:
            return False
        shared = [(max(effect.first, first), min(effect.last, last)) for first, last in windows]
        met = [(first, last) for first, last in shared if first <= last]
        if not (is_year and effect.basis == "monthly" and cell[1] in self.grounds.on_balance):
            return bool(met)
        balanced = self.grounds.years.get(cell[0], frozenset())
        return any(set(range(int(first[:4]), int(last[:4]) + 1)) - balanced for first, last in met)


def _windows(indicator: str, base_year: int | None, first: str, last: str) -> list[tuple[str, str]]:
    """The days a value looks at: its own period, for reductions the base year, for the peak all years before."""
    if indicator == PEAK:
        return [(BEGINNING, last)]
    base = [] if base_year is None else [(f"{base_year:04}-01-01", f"{base_year:04}-12-31")]
    return [(first, last), *base]


def _strength(cause: Cause) -> tuple[int, str, str, str, str, str]:
    return (
        CAUSES.index(cause.cause),
        cause.subject,
        cause.first,
        cause.last,
        cause.file_name,
        cause.delivery_id or "",
    )

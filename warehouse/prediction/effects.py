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
# the kind of what surrounds the method without being it (contracts, descriptions, the lock file, code that moves rows):
# it may move values, but where anything else leads to a cell too, that is why it moved
AROUND = "around"

Reach = tuple[str, str, str, int | None]


@dataclass(frozen=True)
class Cause:
    """Something that changed. `subject` is a feed, a seed or a group of files; `first` and `last` the days it is about.

    `kind` is that of the scope change, or `input` for what a release is made of besides deliveries (AROUND where that
    is not the method itself). `reasons`: of the table of corrections.
    """

    cause: str
    kind: str
    subject: str
    first: str = BEGINNING
    last: str = END
    file_name: str = ""
    delivery_id: str | None = None
    reasons: tuple[str, ...] = ()


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


class Prediction:
    """Every value that may move. `is_first`: nothing was published before, so every value is new."""

    def __init__(self, effects: Iterable[Effect], grounds: Grounds | None = None, is_first: bool = False) -> None:
        self.effects = tuple(dict.fromkeys(effects))
        self.is_first = is_first
        self._grounds = grounds or Grounds()
        self._causes = sorted({effect.cause for effect in self.effects}, key=_strength)
        ranks = {cause: rank for rank, cause in enumerate(self._causes)}
        self._index: dict[tuple[str | None, str], dict[Reach, set[int]]] = defaultdict(lambda: defaultdict(set))
        for effect in self.effects:
            reach, rank = (effect.first, effect.last, effect.basis, effect.base_year), ranks[effect.cause]
            for indicator in effect.indicators:
                self._index[(effect.region, indicator)][reach].add(rank)
        self._known: dict[tuple[object, ...], tuple[Cause, ...]] = {}

    def covers(self, cell: CellKey, period_end: str) -> bool:
        """Whether the cell may move."""
        return self.is_first or bool(self.causes(cell, period_end))

    def causes(self, cell: CellKey, period_end: str) -> tuple[Cause, ...]:
        """What may move the cell, the strongest cause first; empty when nothing does."""
        region, indicator, _, base_year, period_type, period_start = cell
        # the methods of an indicator share what they look at
        known = (region, indicator, base_year, period_type, period_start)
        if known not in self._known:
            windows = _windows(indicator, base_year, period_start, period_end)
            ranks: set[int] = set()
            for key in ((region, indicator), (None, indicator)):
                for reach, found in self._index.get(key, {}).items():
                    if self._meets(reach, cell, windows):
                        ranks |= found
            self._known[known] = tuple(self._causes[rank] for rank in sorted(ranks))
        return self._known[known]

    def _meets(self, reach: Reach, cell: CellKey, windows: list[tuple[str, str]]) -> bool:
        reach_first, reach_last, basis, base_year = reach
        if not any(first <= reach_last and reach_first <= last for first, last in windows):
            return False
        is_year = cell[4] == "year"
        if base_year not in (None, cell[3]) or (basis == "balance" and not is_year):
            return False
        if not (is_year and basis == "monthly" and cell[1] in self._grounds.on_balance):
            return True
        shared = [(max(reach_first, first), min(reach_last, last)) for first, last in windows]
        balanced = self._grounds.years.get(cell[0], frozenset())
        return any(set(range(int(first[:4]), int(last[:4]) + 1)) - balanced for first, last in shared if first <= last)


def _windows(indicator: str, base_year: int | None, first: str, last: str) -> list[tuple[str, str]]:
    """The days a value looks at: its own period, for reductions the base year, for the peak all years before."""
    if indicator == PEAK:
        return [(BEGINNING, last)]
    base = [] if base_year is None else [(f"{base_year:04}-01-01", f"{base_year:04}-12-31")]
    return [(first, last), *base]


def _strength(cause: Cause) -> tuple[int, str, str, str, str, str, str]:
    return (
        len(CAUSES) if cause.kind == AROUND else CAUSES.index(cause.cause),
        cause.subject,
        cause.first,
        cause.last,
        cause.file_name,
        cause.delivery_id or "",
        "".join(cause.reasons),
    )

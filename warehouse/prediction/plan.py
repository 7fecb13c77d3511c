"""What the seeds say of feeds and indicators: the tables that every prediction looks things up in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sources.dictionaries import rows

OPENER = "opener"
PARAMETERS = "region_parameters"
LAND_AREA, GRID_CO2 = "land_area", "grid_co2_factor"
# what is true of one place only is never taken from a table
NEVER_DEFAULT = frozenset({"grid_nonfossil_share", LAND_AREA})


@dataclass(frozen=True)
class Feed:
    """A row of ref_feeds: `frequency`, what its scopes serve (scope, accounts, register, dates) and its member."""

    frequency: str
    serves: str
    member: str


@dataclass(frozen=True)
class Plan:
    """`bases`: per feed and basis the indicators computed from it; `openers`: per feed those it opens rows of.

    `reductions`: the indicators with base years; `base_years`: those the plan's targets name of each. `within_year`:
    the feeds that open trailing twelve months.
    """

    feeds: Mapping[str, Feed]
    bases: Mapping[str, Mapping[str, frozenset[str]]]
    openers: Mapping[str, frozenset[str]]
    indicators: frozenset[str]
    reductions: frozenset[str]
    base_years: Mapping[str, frozenset[int]]
    default_base_year: int
    within_year: frozenset[str]

    def indicators_of(self, feed: str) -> frozenset[str]:
        """Every indicator whose values look at the feed, on whatever basis."""
        return frozenset().union(*(codes for basis, codes in self.bases.get(feed, {}).items() if basis != OPENER))

    def served_by(self, parameter: str) -> frozenset[str]:
        """The indicators whose formula a parameter is part of."""
        served = self.indicators_of(PARAMETERS)
        land = frozenset({"forest_coverage"})
        if parameter == LAND_AREA:
            return served & land
        # road vehicles need the grid's factor alone
        return (
            served - land - (frozenset() if parameter == GRID_CO2 else frozenset({"operating_vehicle_co2_reduction"}))
        )

    @property
    def on_balance(self) -> frozenset[str]:
        """The indicators that stand on the annual balance where a year has one."""
        return frozenset().union(*(by_basis.get("balance", frozenset()) for by_basis in self.bases.values()))


def load() -> Plan:
    """The plan as the seeds of the project have it."""
    bases: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    openers: dict[str, set[str]] = defaultdict(set)
    for row in rows("indicator_feeds"):
        bases[row["feed"]][row["basis"]].add(row["indicator"])
        if row["opens_rows"] == "true":
            openers[row["feed"]].add(row["indicator"])
    constants = {row["name"]: row["value"] for row in rows("ref_constants")}
    reductions = frozenset(row["indicator"] for row in rows("plan_reductions"))
    return Plan(
        feeds={row["feed"]: Feed(row["frequency"], row["serves"], row["member"]) for row in rows("ref_feeds")},
        bases={feed: {basis: frozenset(codes) for basis, codes in found.items()} for feed, found in bases.items()},
        openers={feed: frozenset(codes) for feed, codes in openers.items()},
        indicators=frozenset(row["code"] for row in rows("plan_indicators")),
        reductions=reductions,
        base_years=_base_years(reductions),
        within_year=frozenset(
            row["feed"]
            for row in rows("ref_feeds")
            if row["frequency"] in ("daily", "monthly") and row["serves"] == "scope"
        ),
        default_base_year=int(constants["default_base_year"]),
    )


def _base_years(reductions: Iterable[str]) -> dict[str, frozenset[int]]:
    named: dict[str, set[int]] = {indicator: set() for indicator in reductions}
    for row in rows("plan_targets"):
        if row["indicator"] in named and row["base_year"]:
            named[row["indicator"]].add(int(row["base_year"]))
    return {indicator: frozenset(years) for indicator, years in named.items()}

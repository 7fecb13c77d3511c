"""What seeds, models, contracts and code that changed can move: row by row where a seed's rows say whom they serve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fnmatch import fnmatch

from sources.corrections import NAME as CORRECTIONS
from sources.dictionaries import rows
from warehouse.prediction.effects import AROUND, PEAK, Cause, Effect
from warehouse.prediction.models import Graph
from warehouse.prediction.plan import Plan
from warehouse.prediction.registers import default_years, served_days
from warehouse.seed_changes import ChangedInputs, SeedChange

# the columns of a seed that decide values, and the one that names the indicator they are of
_OF_INDICATORS = {
    "plan_indicators": ("code", ("plan_id", "method", "form", "ttm", "month_end")),
    "plan_reductions": ("indicator", ("method",)),
    "indicator_feeds": ("indicator", ("feed", "basis", "opens_rows", "needed")),
}
_FACTORS = frozenset(
    {"ref_co2_factors", "ref_constants", "ref_energy_products", "ref_factor_sets", "ref_units", "ref_waste_routes"}
)
_TARGETS, _FEEDS, _DEFAULTS = "plan_targets", "ref_feeds", "ref_parameters"
_REGIONS = frozenset({"plan_regions", "plans"})
# seeds whose rows have names that a register of ended members may write, and the feed whose members they are
_NAMING = {"ref_energy_products": "energy_supply", "ref_carriages": "operating_transport"}
_NAMES = frozenset({"name_zh", "aliases"})
_DESCRIBING = frozenset({"citation", "source", "confidence", "name_en"})
_MEMBER_ENDS = "model.peak.int_member_ends"
# settings of the whole dbt project, and the code that decides what a build is made of
_EVERYTHING = (
    "dbt_project/*.yml",
    "dbt_project/seeds/*",
    "requirements.lock",
    "sources/ledger/winners.py",
    "sources/ledger/holds.py",
    "warehouse/raw*",
    "warehouse/delivered.py",
    "warehouse/build*",
    "warehouse/dbt_runs.py",
    "warehouse/selection.py",
)


def input_effects(plan: Plan, inputs: ChangedInputs, graph: Graph) -> Iterator[Effect]:
    """Everything that what a release is made of besides deliveries can move."""
    if not inputs.is_known:
        yield Effect(Cause("changed_method", AROUND, "inputs"), plan.indicators)
    for change in inputs.seeds:
        if change.seed != CORRECTIONS:
            yield from seed_effects(plan, change, graph)
        elif not change.is_known:  # else the scopes that its rows are in tell what they can move
            yield Effect(Cause("correction", "input", CORRECTIONS), plan.indicators)
    for group, files in inputs.files.items():
        for file in files if group != "plan" else ():
            reached = _reached(plan, group, file, graph)
            if reached:
                kind = "input" if group == "models" and file.endswith(".sql") else AROUND
                yield Effect(Cause("changed_method", kind, file), reached)


def _reached(plan: Plan, group: str, file: str, graph: Graph) -> frozenset[str]:
    if any(fnmatch(file, pattern) and file.count("/") <= pattern.count("/") for pattern in _EVERYTHING):
        return plan.indicators
    if group == "contracts":
        feed = file.rsplit("/", 1)[-1].split(".")[0]
        return plan.indicators_of(feed) | plan.openers.get(feed, frozenset())
    if group == "models" and file.startswith(("dbt_project/models/", "dbt_project/macros/")):
        return graph.of_files([file])
    # readers, gates, pages and commands move nothing that was taken in; tests and suites only judge
    return frozenset()


def seed_effects(plan: Plan, change: SeedChange, graph: Graph) -> Iterator[Effect]:
    """What the rows of one seed that differ can move; of a seed nobody can compare any more, all it leads to."""
    cause = Cause(_cause(change.seed), "input", change.seed)
    if not change.is_known:
        yield Effect(cause, graph.of_seed(change.seed))
    elif change.seed in _OF_INDICATORS:
        yield Effect(cause, _of_indicators(change))
    elif change.seed == _DEFAULTS:
        yield from _default_effects(plan, change, cause)
    elif change.seed == _TARGETS:
        yield from _target_effects(plan, change, cause)
    elif change.seed in _REGIONS:
        yield Effect(cause, plan.reductions)
    elif change.seed == _FEEDS:
        for feed in sorted({row["feed"] for row in change.rows}):
            yield Effect(cause, plan.indicators_of(feed) | plan.openers.get(feed, frozenset()))
    elif change.seed in _NAMING:
        yield from _naming_effects(plan, change, cause, graph)
    elif _deciding(change, _columns(change) - _DESCRIBING):
        names = {row["name"] for row in change.rows} if change.seed == "ref_constants" else set()
        known = {row["name"] for row in rows("ref_constants")} if names else set()
        yield Effect(cause, graph.of_seed(change.seed, names, known | names))


def _cause(seed: str) -> str:
    if seed in _FACTORS or seed == _DEFAULTS:
        return "changed_parameter"
    return "changed_target" if seed == _TARGETS or seed in _REGIONS else "changed_method"


def _deciding(change: SeedChange, columns: Iterable[str]) -> set[tuple[str | None, ...]]:
    """The rows that differ in these columns: a new name or citation decides nothing."""
    chosen = tuple(columns)
    before, after = (
        {tuple(row.get(name) for name in chosen) for row in side} for side in (change.removed, change.added)
    )
    return before ^ after


def _columns(change: SeedChange) -> frozenset[str]:
    return frozenset(name for row in change.rows for name in row)


def _of_indicators(change: SeedChange) -> frozenset[str]:
    key, columns = _OF_INDICATORS[change.seed]
    found = {str(row[0]) for row in _deciding(change, (key, *columns))}
    # the peak is looked for among the emissions
    return frozenset(found | ({PEAK} if "co2_emissions" in found else set()))


def _default_effects(plan: Plan, change: SeedChange, cause: Cause) -> Iterator[Effect]:
    differing = _deciding(change, ("region", "parameter", "year", "value"))
    moved = {(str(parameter), int(year or 0)) for _, parameter, year, _ in differing}
    for region, parameter, year, _ in sorted(differing, key=str):
        everywhere = region == "*"
        known = default_years(None if everywhere else region) - moved
        first, last = served_days(int(year or 0), {y for name, y in known if name == parameter})
        served = plan.served_by(str(parameter))
        yield Effect(cause, served, None if everywhere else region, first, last)


def _naming_effects(plan: Plan, change: SeedChange, cause: Cause, graph: Graph) -> Iterator[Effect]:
    """Products and carriages: their factors count in formulas, their names only for who has stopped reporting."""
    if _deciding(change, _columns(change) - _NAMES - _DESCRIBING):
        yield Effect(cause, graph.of_seed(change.seed, besides=_MEMBER_ENDS))
    if _deciding(change, _columns(change) - _DESCRIBING):
        yield Effect(cause, plan.indicators_of(_NAMING[change.seed]))


def _target_effects(plan: Plan, change: SeedChange, cause: Cause) -> Iterator[Effect]:
    """A target that names a base year opens the rows of that base year; targets themselves are no values."""
    for row in _deciding(change, ("plan", "indicator", "target_year", "level", "base_year")):
        indicator, base_year = row[1], row[4]
        if indicator in plan.reductions and base_year and int(base_year) != plan.default_base_year:
            yield Effect(cause, frozenset({str(indicator)}), base_year=int(base_year))

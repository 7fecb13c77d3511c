"""Registers, parameters, accounts and targets: feeds that speak for more, or for less, than their own days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from sources.contract import contracts
from sources.dictionaries import rows
from sources.ledger import WinningScope
from warehouse.prediction.effects import BEGINNING, END, Effect
from warehouse.prediction.groups import Group, newest
from warehouse.prediction.plan import NEVER_DEFAULT, Plan
from warehouse.prediction.readings import Readings
from warehouse.prediction.scopes import effects

# buildings count in the one year they were started or completed in; stocks count from their date on
COUNTED_ONCE = frozenset({"building_projects"})
# current prices are the same in every price base
WITHOUT_PRICE_BASE = frozenset({"manufacturing_va_share"})
FINAL_QUARTER, COMMON_BASE = 4, "2020"


def register_year(as_of: str) -> int:
    """The year a register serves: bureaus date the one at the end of a year in December or January."""
    year, month = int(as_of[:4]), as_of[5:7]
    return year - 1 if month == "01" else year


def year_effects(plan: Plan, group: Group) -> Iterator[Effect]:
    """Registers of a year: it is served by the newest one in it, so an older one says nothing."""
    serving = {day for side in (group.before, group.after) for day in _newest_by_year(side).values()}
    for change in group.changes:
        if change.period_start in serving:
            year = register_year(change.period_start)
            yield from effects(plan, group, change, *year_days(year))


def date_effects(plan: Plan, group: Group, readings: Readings) -> Iterator[Effect]:
    """Registers read by dates: the newest serves every year, so what differs in it counts by its own dates."""
    old, new = newest(group.before), newest(group.after)
    change = group.change_of(new, old)
    if old is None or new is None or old.is_partial or new.is_partial:
        yield from effects(plan, group, change, BEGINNING, END)
        return
    first, last = sorted((old.period_start or "", new.period_start or ""))
    if first != last:
        # periods that end between the two dates become complete, or are no longer
        yield from effects(plan, group, change, first, last)
    years = [min(register_year(scope.period_start or "") for scope in side) for side in (group.before, group.after)]
    if years[0] != years[1]:
        yield from effects(plan, group, change, year_days(min(years))[0], year_days(max(years))[1])
    if old.scope in group.changed or new.scope in group.changed:
        yield from _row_effects(plan, group, readings, old, new)


def _row_effects(
    plan: Plan, group: Group, readings: Readings, old: WinningScope, new: WinningScope
) -> Iterator[Effect]:
    fields = [field for field in contracts()[group.feed].fields if not field.scope]
    dates = [field.name for field in fields if field.type == "date"]
    differing = readings.differing(old, new, [field.name for field in fields])
    change = group.change_of(new, old)
    named = sorted({row[name] for row in differing for name in dates if row[name]})
    if group.feed in COUNTED_ONCE:
        for year in sorted({int(day[:4]) for day in named}):
            yield from effects(plan, group, change, *year_days(year))
    elif named:
        yield from effects(plan, group, change, named[0], END)


def account_effects(plan: Plan, group: Group) -> Iterator[Effect]:
    """Accounts serve their year, and where a year has them in two price bases, every year in the other base."""
    by_base: dict[str, set[int]] = defaultdict(set)
    for scope in (*group.before, *group.after):
        year, quarter, base = scope.scope.split("|")
        if int(quarter) == FINAL_QUARTER:
            by_base[base or COMMON_BASE].add(int(year))
    for change in group.changes:
        year, quarter, base = change.scope.split("|")
        yield from effects(plan, group, change, *year_days(int(year)))
        if int(quarter) == FINAL_QUARTER and int(year) in by_base[COMMON_BASE]:
            linked = set(by_base) - {COMMON_BASE} if (base or COMMON_BASE) == COMMON_BASE else {base}
            years = {other for one in linked if int(year) in by_base[one] for other in by_base[one]}
            for served in sorted(years):
                indicators = plan.indicators_of(group.feed) - WITHOUT_PRICE_BASE
                yield Effect(group.cause_of(change), indicators, group.region, *year_days(served))


def parameter_effects(plan: Plan, group: Group, readings: Readings) -> Iterator[Effect]:
    """A parameter serves from its year to the year before the next one known, the earliest also all years before it."""
    columns = ("year", "parameter", "value")
    old, new = (
        {
            (row["parameter"], row["year"]): row["value"]
            for row in readings.rows([scope for scope in side if scope.scope in group.changed], columns)
        }
        for side in (group.before, group.after)
    )
    differing = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    same = readings.rows([scope for scope in group.after if scope.scope not in group.changed], columns)
    known = {(row["parameter"], row["year"]) for row in same} | default_years(group.region)
    by_year = {int((change.period_start or "0")[:4]): change for change in group.changes}
    for parameter, year in sorted(differing):
        first, last = served_days(year, {y for name, y in known - differing if name == parameter})
        served = plan.served_by(parameter)
        yield Effect(group.cause_of(by_year[year]), served, group.region, first, last)


def default_years(region: str | None) -> set[tuple[str, int]]:
    """The parameters and years that the table of defaults knows for a region; for None, those it knows for all."""
    return {
        (row["parameter"], int(row["year"]))
        for row in rows("ref_parameters")
        if row["region"] in ("*", region) and row["parameter"] not in NEVER_DEFAULT
    }


def served_days(year: int, others: set[int]) -> tuple[str, str]:
    """The days for which a parameter of `year` may be looked up, when it is known for `others` too."""
    later = [other for other in others if other > year]
    first = year_days(year)[0] if any(other < year for other in others) else BEGINNING
    return first, year_days(min(later) - 1)[1] if later else END


def target_effects(plan: Plan, group: Group, readings: Readings) -> Iterator[Effect]:
    """Assigned targets name base years: the rows of a reduction for that base year come or go."""
    old, new = newest(group.before), newest(group.after)
    change = group.change_of(new, old)
    for row in readings.differing(old, new, ("indicator", "year", "level", "base_year")):
        if row["indicator"] in plan.reductions:
            # an assigned target stands in the place of the plan's own, whose base year it may have named alone
            named = {row["base_year"], *plan.base_years[row["indicator"]]} - {None, plan.default_base_year}
            for base_year in sorted(named):
                yield Effect(group.cause_of(change), frozenset({row["indicator"]}), group.region, base_year=base_year)


def year_days(year: int) -> tuple[str, str]:
    """First and last day of a year."""
    return f"{year:04}-01-01", f"{year:04}-12-31"


def _newest_by_year(scopes: Iterable[WinningScope]) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for scope in scopes:
        if scope.period_start:
            year = register_year(scope.period_start)
            found[year] = max(scope.period_start, found.get(year, ""))
    return found

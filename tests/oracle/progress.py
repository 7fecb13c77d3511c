"""How each target of one region is judged, computed by hand from the oracle's values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from .facts import registry
from .targets import DEFAULT_BASE, Goal, Target, targets
from .values import REDUCTIONS, Key, Value, rounded
from .world import World

Point = tuple[int, Fraction]


@dataclass(frozen=True)
class Progress:
    """One row of indicator_progress; numbers rounded as published."""

    status: str
    latest_value: Decimal | None = None
    latest_period: date | None = None
    base_value: Decimal | None = None
    position: Decimal | None = None
    pace: Decimal | None = None
    required_pace: Decimal | None = None
    projection: Decimal | None = None
    completion_rate: Decimal | None = None
    status_eurostat: str | None = None


# --- judging ---------------------------------------------------------------------------------------------------


def direction(code: str, kind: str) -> int:
    """1 when more is better, -1 when less is."""
    if kind in ("at_least", "all"):
        return 1
    return -1 if kind == "at_most" or registry()[code]["better"] == "down" else 1


def reaches(value: Fraction, kind: str, sign: int, target: Fraction) -> bool:
    slack = 1 if kind == "about" else 0
    return sign * (value - target) >= -slack


def series(values: dict[Key, Value], code: str, method: str, base: int) -> list[Point]:
    """(year, value) of the complete years, in order."""
    of_base = base if code in REDUCTIONS else None
    return [
        (end.year, Fraction(row.value))
        for (indicator, name, base_year, kind, end), row in sorted(values.items(), key=lambda item: item[0][4])
        if (indicator, name, base_year, kind) == (code, method, of_base, "year")
        if row.is_complete and row.value is not None
    ]


def line_at(points: list[Point], year: int) -> Fraction | None:
    """The least-squares line of the points at a year; None through fewer than two points."""
    if len(points) < 2:
        return None
    mean_x = Fraction(sum(x for x, _ in points), len(points))
    mean_y = sum((y for _, y in points), Fraction(0)) / len(points)
    crossed = sum(((x - mean_x) * (y - mean_y) for x, y in points), Fraction(0))
    slope = crossed / sum(((x - mean_x) * (x - mean_x) for x, _ in points), Fraction(0))
    return mean_y + slope * (year - mean_x)


def mean_change(points: list[Point]) -> Fraction | None:
    return (points[-1][1] - points[0][1]) / (points[-1][0] - points[0][0]) if len(points) > 1 else None


def outlook(latest: Fraction, projection: Fraction | None, t: Target, sign: int) -> str:
    """Status of a target not reached yet, by where its line leads; without a line nothing is known of the future."""
    assert t.target is not None
    target = Fraction(t.target)
    if projection is None:
        return "no_data"
    if reaches(projection, t.kind, sign, target):
        return "on_track"
    return "at_risk" if (projection - latest) / (target - latest) >= Fraction(6, 10) else "off_track"


def dated_status(points: list[Point], has_value: bool, goal: Goal, t: Target, as_of: date) -> str:
    year = goal[1]
    assert year is not None and t.target is not None
    is_over, sign = as_of > date(year, 12, 31), direction(goal[0], t.kind)
    if not points:
        return "pending" if is_over and has_value else "no_data"
    latest_year, latest = points[-1]
    reached = reaches(latest, t.kind, sign, Fraction(t.target))
    if latest_year == year:
        return "met" if reached else "missed"
    if is_over:
        return "pending"
    return "met" if reached else outlook(latest, line_at(points[-5:], year), t, sign)


def peak_status(points: list[Point], target: Decimal) -> str:
    if not points:
        return "no_data"
    last, peak = points[-1]
    return "met" if peak < target and last > peak else "open"


def undated_status(points: list[Point], code: str, t: Target) -> str:
    assert t.target is not None
    if not points:
        return "no_data"
    return "met" if reaches(points[-1][1], t.kind, direction(code, t.kind), Fraction(t.target)) else "open"


def path_figures(goal: Goal, t: Target, base: Point, latest: Point) -> tuple[Decimal | None, Decimal | None]:
    """Position against the straight path, and the completion rate where the path asks for any change."""
    year, sign = goal[1], direction(goal[0], t.kind)
    assert year is not None and t.target is not None
    span, gone, target = year - base[0], latest[0] - base[0], Fraction(t.target)
    due = (target - base[1]) * gone / span if span else None
    achieved = latest[1] - base[1]
    is_asked = due is not None and sign * due > 0
    position = None if due is None else rounded(achieved - due)
    return position, rounded(100 * achieved / due) if is_asked and due else None


def required_pace(year: int, t: Target, latest: Point) -> Decimal | None:
    assert t.target is not None
    return rounded((Fraction(t.target) - latest[1]) / (year - latest[0])) if year > latest[0] else None


def eurostat(goal: Goal, t: Target, base: Point, latest: Point) -> str | None:
    """The verdict of the CAGR method; of a reduction the intensity itself is compared, 100 % at the start."""
    code, year, _ = goal
    assert year is not None and t.target is not None
    sign, target = direction(code, t.kind), Fraction(t.target)
    levels = [float(1 - x / 100) if code in REDUCTIONS else float(x) for x in (base[1], latest[1], target)]
    before, now, then = levels
    if before == 0 or latest[0] == base[0] or year == base[0] or now / before < 0 or then / before < 0:
        return None
    if reaches(latest[1], t.kind, sign, target):
        return "significant_progress"
    if sign * (target - base[1]) <= 0:
        return None
    growth = (now / before) ** (1 / (latest[0] - base[0])) - 1
    share = growth / ((then / before) ** (1 / (year - base[0])) - 1) + 1e-9
    bands = ((0.95, "significant_progress"), (0.6, "moderate_progress"), (0, "insufficient_progress"))
    return next((name for bound, name in bands if share >= bound), "movement_away")


def judged(goal: Goal, t: Target, values: dict[Key, Value], as_of: date) -> Progress:
    """One target's progress."""
    code, year, _ = goal
    points = series(values, code, t.method, t.base_year or DEFAULT_BASE)
    if t.kind == "before":
        status = "not_quantified" if t.target is None else peak_status(points, t.target)
        return Progress(status, *_latest(points))
    points = [point for point in points if year is None or point[0] <= year]
    base, latest = _base(points, t), points[-1] if points else None
    found = Progress(
        "not_quantified",
        *_latest(points),
        base_value=_published(base[1] if base else None),
        pace=_published(mean_change(points[-5:])),
        projection=_published(line_at(points[-5:], year) if year else None),
    )
    if t.target is None:
        return found
    if year is None:
        return replace(found, status=undated_status(points, code, t))
    has_value = any(key[0] == code and row.value is not None for key, row in values.items())
    found = replace(found, status=dated_status(points, has_value, goal, t, as_of))
    if latest:
        found = replace(found, required_pace=required_pace(year, t, latest))
    if latest and base:
        position, completion = path_figures(goal, t, base, latest)
        verdict = eurostat(goal, t, base, latest)
        return replace(found, position=position, completion_rate=completion, status_eurostat=verdict)
    return found


def _latest(points: list[Point]) -> tuple[Decimal | None, date | None]:
    return (rounded(points[-1][1]), date(points[-1][0], 12, 31)) if points else (None, None)


def _base(points: list[Point], t: Target) -> Point | None:
    return next((point for point in points if point[0] >= (t.base_year or DEFAULT_BASE)), None)


def _published(value: Fraction | None) -> Decimal | None:
    return None if value is None else rounded(value)


def progress(w: World, values: dict[Key, Value], as_of: date) -> dict[Goal, Progress]:
    """Every row of indicator_progress of the region."""
    return {goal: judged(goal, t, values, as_of) for goal, t in targets(w).items()}

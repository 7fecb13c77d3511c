"""Who leads what and how it stands: the agency scorecard and the task list of one region, computed by hand."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import date

from .facts import rows_of
from .progress import Progress
from .targets import Goal, plan_of
from .world import Row, World, newest_register

NOBODY = "未明确牵头单位"
# from best to worst; an indicator stands as its worst target does
ORDER = (
    "met", "on_track", "open", "not_quantified", "no_target", "held", "no_data", "pending", "at_risk", "off_track",
    "missed",
)  # fmt: skip


def tasks(w: World) -> list[Row]:
    """Rows of the newest task register."""
    newest = newest_register(w, "task_register")
    return [row for row in w.rows["task_register"] if row["as_of"] == newest]


def days_overdue(row: Row, as_of: date) -> int | None:
    if row["due"] is None:
        return None
    return 0 if row["status"] == "done" else max((as_of - row["due"]).days, 0)


def indicator_statuses(w: World, found: dict[Goal, Progress]) -> dict[str, str]:
    """One status per indicator of the region's plan; an incentive counts only where there is nothing else."""
    plan = plan_of(w.region)
    everything = next(row["all_indicators"] == "true" for row in rows_of("plans") if row["plan"] == plan)
    out = {row["code"]: "no_target" for row in rows_of("plan_indicators")} if everything else {}
    by_code: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for (code, _, level), row in found.items():
        by_code[code].append((level, row.status))
    for code, statuses in by_code.items():
        counted = [status for level, status in statuses if level != "incentive"] or [status for _, status in statuses]
        out[code] = max(counted, key=ORDER.index)
    return out


def indicators_led(w: World, found: dict[Goal, Progress]) -> dict[str, Counter[str]]:
    """Agency → how many indicators it leads stand how."""
    leads: dict[str, list[str]] = defaultdict(list)
    for row in rows_of("plan_indicator_agencies"):
        if row["plan"] == plan_of(w.region) and row["role"] == "lead":
            leads[row["indicator"]].append(row["agency"])
    out: dict[str, Counter[str]] = defaultdict(Counter)
    for code, status in indicator_statuses(w, found).items():
        for agency in leads[code] or [NOBODY]:
            out[agency][status] += 1
    return dict(out)


def tasks_led(w: World, as_of: date) -> dict[str, Counter[str]]:
    """Agency → how many items it leads stand how, and how many are overdue."""
    out: dict[str, Counter[str]] = defaultdict(Counter)
    for row in tasks(w):
        for agency in {name.strip() for name in re.split("[、,，;；]", row["lead_agency"])} - {""}:
            out[agency][row["status"]] += 1
            out[agency]["overdue"] += bool(days_overdue(row, as_of))
    return dict(out)

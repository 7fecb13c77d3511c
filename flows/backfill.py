"""The backfill flow: what `peak backfill` runs and what the deployment of the same name runs."""

from __future__ import annotations

import getpass
from datetime import date

from prefect import flow
from prefect.logging import get_run_logger

from flows import tasks
from flows.night import listening, one_night
from flows.parameters import LONGEST_S, Feed, Period, Region, Seconds
from flows.plan_page import plan_page
from flows.refresh import ended_well, refresh
from flows.report import Summary
from warehouse.backfill import RefusedPlan, Wish
from warehouse.backfill_plan import Plan
from warehouse.paths import home
from warehouse.timetable import today


def _name_of_run() -> str:
    from prefect.runtime import flow_run

    given = flow_run.parameters
    asked = (given.get(name) for name in ("feed", "region", "period_from", "period_to"))
    return " ".join(["backfill", *filter(None, asked), *(["dry run"] if given.get("dry_run") else [])])


@flow(name="backfill", flow_run_name=_name_of_run, timeout_seconds=LONGEST_S)
def backfill(
    feed: Feed,
    reason: str = "",
    region: Region | None = None,
    period_from: Period | None = None,
    period_to: Period | None = None,
    dry_run: bool = False,
    who: str | None = None,
    as_of: date | None = None,
    wait: Seconds = 60.0,
) -> Summary | None:
    """Plan, then rebuild the scopes of a period from the ledger, gate and publish; only plan with `dry_run`.

    Args:
        feed: 重算哪个数据集 / the feed whose scopes are rebuilt.
        reason: 理由，记入台账；仅列计划时可空 / why, recorded; needed unless `dry_run`.
        region: 只算该地区 / only this region's scopes.
        period_from: 起始期 / first period: 2024, 2024Q1, 2024-03 or 2024-03-05.
        period_to: 截止期（含） / last period, included.
        dry_run: 只列计划：重读、重算与变动什么，需时多少，什么也不改 / only plan: what would be read again, rebuilt and
            moved, and what it costs; nothing changes.
        who: 操作人，记入台账，默认系统用户 / recorded, the user of the operating system by default.
        as_of: 核算日期，默认今天（上海） / the date used for freshness and lateness, today in Shanghai by default.
        wait: 等待其他运行的秒数 / seconds to wait for another run of the same home before giving up.

    Raises:
        NothingThere: No delivery speaks for the period.
        RefusedPlan: What must be read again would not pass; nothing was recorded.
        Stopped: A gate stopped the publication.
    """
    wish = Wish(feed, region, period_from, period_to)
    tell = listening(get_run_logger().info)
    if dry_run:
        _show(tasks.plan_backfill(home(), wish, as_of or today(), tell))
        return None
    if not reason.strip():
        raise ValueError("须说明理由 / a backfill needs a reason")
    who = who or getpass.getuser()
    with one_night("backfill", region, as_of, wait, tell, who=who, why=reason) as night:
        plan = tasks.plan_backfill(night.home, wish, night.as_of, tell, only_if_read_again=True)
        _show(plan)
        if not plan.is_good:
            raise RefusedPlan(plan.refusals)
        tasks.record_backfill(night, plan)
        summary = refresh(night)
    return ended_well(summary)


def _show(plan: Plan) -> None:
    tasks.tell_operators("plan", plan_page(plan), "补算计划 / plan of a backfill")

"""The backfill flow: what `peak backfill` runs and what the deployment of the same name runs."""

from __future__ import annotations

import getpass

from prefect import flow
from prefect.logging import get_run_logger

from flows import tasks
from flows.night import listening, one_night
from flows.parameters import LONGEST_S, AsOf, DryRun, Feed, PeriodFrom, PeriodTo, Reason, Region, Wait, Who
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
    reason: Reason = "",
    region: Region = None,
    period_from: PeriodFrom = None,
    period_to: PeriodTo = None,
    dry_run: DryRun = False,
    who: Who = None,
    as_of: AsOf = None,
    wait: Wait = 60.0,
) -> Summary | None:
    """Plan, then rebuild the scopes of a period from the ledger, gate and publish; only plan with `dry_run`.

    Args:
        feed: 重算哪个数据集 / the feed whose scopes are rebuilt.
        reason: 记入台账；只列计划时可空 / why, recorded; needed unless only planned.
        region: 只算该地区，空为全部 / only this region's scopes, all when empty.
        period_from: 形如 2024、2024Q1、2024-03、2024-03-05，空为不限 / or empty: no limit.
        period_to: 含该期；空为不限 / included; empty: no limit.
        dry_run: 重读、重算与变动什么，需时多少，什么也不改 / what would be read again, rebuilt and
            moved, and what it costs; nothing changes.
        who: 记入台账；空为运行服务的系统用户 / recorded; the user of the operating system when empty.
        as_of: 用于判断及时性，如 2026-03-03；空为今天（上海） / for lateness; today in Shanghai when empty.
        wait: 等待同一数据目录的其他运行，逾时即失败 / for another run of the same home, before giving up.

    Raises:
        NothingThere: No delivery speaks for the period.
        RefusedPlan: What must be read again would not pass; nothing was recorded.
        Stopped: A gate stopped the publication.
    """
    wish = Wish(feed, region, period_from, period_to)
    log = get_run_logger()
    tell = listening(log.info)
    if dry_run:
        _show(tasks.plan_backfill(home(), wish, as_of or today(), tell))
        return None
    if not reason.strip():
        raise ValueError("须说明理由 / a backfill needs a reason")
    who = who or getpass.getuser()
    with one_night("backfill", region, as_of, wait, log, who=who, why=reason) as night:
        plan = tasks.plan_backfill(night.home, wish, night.as_of, tell, only_if_read_again=True)
        _show(plan)
        if not plan.is_good:
            raise RefusedPlan(plan.refusals)
        tasks.record_backfill(night, plan)
        summary = refresh(night)
    return ended_well(summary)


def _show(plan: Plan) -> None:
    tasks.tell_operators("plan", plan_page(plan), "补算计划 / plan of a backfill")

"""`peak backfill`: rebuild scopes of a feed from the ledger, reading again what an older contract read; plan first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from peak import show
from peak.endings import as_plain, say
from peak.options import PeriodText, RegionName, as_date, who_option
from peak.running import run_here, teller
from warehouse.paths import home

if TYPE_CHECKING:
    from warehouse.backfill import Wish
    from warehouse.backfill_plan import Plan


@click.command()
@click.option("--feed", required=True, metavar="F", help="数据集 / the feed")
@click.option("--region", type=RegionName(), metavar="R", help="只限该地区 / of this region only")
@click.option("--from", "period_from", type=PeriodText(), help="自该期起，如 2024-03、2024Q1、2024 / first period")
@click.option("--to", "period_to", type=PeriodText(), help="至该期止 / last period")
@click.option("--reason", metavar="TEXT", help="理由，记入账本（试算可省） / why, recorded; not needed for --dry-run")
@click.option("--dry-run", is_flag=True, help="只试算，不改动任何数据 / only the plan; nothing changes")
@who_option()
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="核算日期，默认今天（上海） / date used for lateness")
@click.option(
    "--wait", type=click.FloatRange(0), default=60.0, show_default=True, help="等待其他运行的秒数 / seconds to wait"
)
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出 / print as JSON")
def backfill(
    feed: str,
    region: str | None,
    period_from: str | None,
    period_to: str | None,
    reason: str | None,
    dry_run: bool,
    who: str,
    as_of: datetime | None,
    wait: float,
    json_out: bool,
) -> None:
    """补算 / Rebuild the scopes of a period from the ledger and publish.

    合约变化后，先按新合约重新读取归档文件。 / Files that an older contract read are read again from the archive.
    --dry-run 列出范围、预计变化的数值与代价。 / It tells the scopes, the values that would move and the cost.
    """
    wish = _wish(feed, region, period_from, period_to)
    if not (dry_run or (reason or "").strip()):
        raise click.UsageError("须用 --reason 说明理由 / a reason is needed: --reason TEXT")
    tell = teller(quiet=json_out)
    if dry_run:
        _say_plan(_plan(wish, as_date(as_of), tell), json_out)
        return
    asked = {**vars(wish), "reason": str(reason).strip(), "who": who, "as_of": as_date(as_of), "wait": wait}
    summary = run_here("flows.backfill:backfill", tell, **asked)
    if json_out:
        show.as_json(as_plain(summary))
    else:
        say(summary)
    if summary.result == "stopped":
        raise SystemExit(1)


def _wish(feed: str, region: str | None, period_from: str | None, period_to: str | None) -> Wish:
    from sources.contract import contracts
    from warehouse.backfill import Wish

    if feed not in contracts():
        raise click.BadParameter(f"没有这个数据集 / no such feed: {feed}", param_hint="--feed")
    wish = Wish(feed, region, period_from, period_to)
    try:
        wish.days()
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--from") from None
    return wish


def _plan(wish: Wish, as_of: date | None, tell: Callable[[str], None]) -> Plan:
    from sources.archive import Damaged
    from warehouse.backfill import NothingThere
    from warehouse.backfill_plan import plan
    from warehouse.timetable import today

    try:
        return plan(home(), wish, as_of or today(), tell=tell)
    except (Damaged, NothingThere) as error:
        raise click.ClickException(str(error)) from None


def _say_plan(plan: Plan, json_out: bool) -> None:
    from peak import plans

    if json_out:
        show.as_json(plans.as_plain(plan))
    else:
        plans.say(show.console(), plan)
    if not plan.is_good:
        raise SystemExit(1)

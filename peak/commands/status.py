"""`peak status`: what is due, late, held, refused, and what is current."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from peak import show
from peak.options import RegionName
from warehouse.harmless import shown_name
from warehouse.paths import home
from warehouse.timetable import clock
from warehouse.words import HELD_NEXT, RESULTS

if TYPE_CHECKING:
    from warehouse.status import FeedStatus, Status
    from warehouse.timetable import Period

EFFECTS = {
    "now": "暂扣中 on hold",
    "next_run": "下次运行起 from the next run",
    "ends_next_run": "下次运行解除 ends with the next run",
}
STATES = {
    "complete": ("●", "齐 complete", "green"),
    "partial": ("◆", "缺部分 partial", "yellow"),
    "late": ("▼", "迟报 late", "red"),
    "irregular": ("–", "不定期 irregular", "dim"),
}


@click.command()
@click.option("--region", type=RegionName(), help="只看该地区 / only this region")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="以此日判断是否迟报 / date that lateness is judged by")
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出 / print JSON")
def status(region: str | None, as_of: datetime | None, json_out: bool) -> None:
    """总体情况 / Feeds due, late and complete; holds, quarantine, last runs, current release."""
    from warehouse.status import status as ask

    found = ask(home(), as_of.date() if as_of else None, region)
    if json_out:
        show.as_json(asdict(found))
    else:
        _say(found)
    if found.problem:
        raise SystemExit(1)


def _say(found: Status) -> None:
    console = show.console()
    rows = [
        (
            f.region,
            f.feed,
            f.title,
            f.owner,
            _state(f.state),
            _period(f.last_period),
            _due(f),
            _names(f.missing),
        )
        for f in found.feeds
    ]
    columns = (
        "地区",
        "数据集 feed",
        "名称",
        "报送单位 owner",
        "状态 state",
        "最近期 last",
        "下期到报 next due",
        "缺 missing",
    )
    console.print(show.table(f"到报情况 / Feeds, {found.as_of}", columns, rows))
    _say_deliveries(found)
    runs = [(r.run_id, RESULTS.get(r.state, r.state), clock(r.started_at), _result(r.details)) for r in found.runs[:5]]
    console.print(show.table("最近运行 / Last runs", ("运行 run", "状态", "开始 started", "结果 result"), runs))
    if found.writer:
        console.print(f"运行中 / running now: {found.writer}", markup=False)
    if found.problem:
        console.print(found.problem, style="red", markup=False)
    elif found.release_id:
        console.print(f"当前版本 / current release: {found.release_id} · as_of {found.release_as_of}", markup=False)
        console.print(f"content_sha256 {found.content_sha256}", soft_wrap=True)
        if found.corrections:
            console.print(f'更正 / corrections: {found.corrections} (peak sql "from corrections")', markup=False)
    else:
        console.print("还没有发布 / nothing is published yet: peak run")


def _result(details: Mapping[str, Any]) -> str:
    """How the run ended, and the domains that it held."""
    result = str(details.get("result", "—"))
    held = ", ".join(details.get("held_domains", ()))
    return RESULTS.get(result, result) + (f"，暂扣 held: {held}" if held else "")


def _say_deliveries(found: Status) -> None:
    console = show.console()
    if found.holds:
        held = [
            (h.region, h.feed, shown_name(h.file_name), h.delivery_id, EFFECTS[h.effect], h.who, h.at, h.why)
            for h in found.holds
        ]
        names = ("地区", "数据集", "文件 file", "交付 delivery", "效力 effect", "谁 who", "时间 at", "原因 reason")
        console.print(show.table(f"暂扣 / Holds ({len(held)})", names, held))
        if any(h.is_by_run for h in found.holds):
            console.print(HELD_NEXT, markup=False, soft_wrap=True)
    if found.waivers:
        waived = [
            (w.check, w.region, w.feed, shown_name(w.file_name), w.delivery_id, w.who, w.at, w.why)
            for w in found.waivers
        ]
        names = ("检查 check", "地区", "数据集", "文件 file", "交付 delivery", "谁 who", "时间 at", "原因 reason")
        console.print(show.table(f"已豁免的检查 / Waived checks ({len(waived)})", names, waived))
    if found.quarantined:
        refused = [
            (q.region, q.feed, shown_name(q.file_name), clock(q.received_at), q.reason, q.delivery_id)
            for q in found.quarantined
        ]
        columns = ("地区", "数据集", "文件 file", "收到 received", "原因 reason", "quarantine/")
        console.print(show.table(f"退回 / Quarantine ({len(refused)})", columns, refused))
    _say_failing(found)
    if found.waiting or found.left_alone:
        console.print(f"收件箱 / inbox: {found.waiting} 待收 waiting, {len(found.left_alone)} 留置 left alone")
        for left in found.left_alone:
            console.print(f"  {shown_name(left.path)}  {left.zh} / {left.en}", markup=False)


def _say_failing(found: Status) -> None:
    failing = [item for item in found.fetches if item.result == "failed"]
    if failing:
        rows = [(item.region, item.feed, item.server, item.at, item.detail) for item in failing]
        names = ("地区", "数据集", "服务器 server", "时间 at", "原因 reason")
        show.console().print(show.table(f"未取到 / Servers that fail ({len(rows)})", names, rows))


def _period(period: Period | None) -> str:
    return show.period(period.start, period.end) if period else "—"


def _due(feed: FeedStatus) -> object:
    from rich.text import Text

    if not feed.overdue_days:
        return feed.next_due or "—"
    return Text(f"{feed.next_due} 起逾期 {feed.overdue_days} 天 overdue", style="red")


def _state(state: str) -> object:
    from rich.text import Text

    shape, words, style = STATES.get(state, ("?", state, "dim"))
    return Text(f"{shape} {words}", style=style)


def _names(names: list[str]) -> str:
    return "、".join(names[:3]) + (f" …+{len(names) - 3}" if len(names) > 3 else "")

"""`peak run`: the nightly flow once, here."""

from __future__ import annotations

import logging
import time
from datetime import date, datetime
from typing import TYPE_CHECKING

import click

from peak import show
from warehouse.paths import home

if TYPE_CHECKING:
    from flows.report import Summary


@click.command()
@click.option("--region", help="只收取该地区的文件 / empty only this region's inbox")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="核算日期，默认今天（上海） / date used for lateness")
@click.option(
    "--wait", type=click.FloatRange(0), default=60.0, show_default=True, help="等待其他运行的秒数 / seconds to wait"
)
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出结果 / print the result as JSON")
def run(region: str | None, as_of: datetime | None, wait: float, json_out: bool) -> None:
    """夜间流程 / Take in, gate, build, gate, publish; ends with a scorecard, what changed, what was refused."""
    from sources.inbox import REGION

    if region is not None and not REGION.fullmatch(region):
        rule = "地区名只能用小写字母、数字和连字符，最长 32 位 / a region is [a-z0-9-], at most 32 characters"
        raise click.BadParameter(rule, param_hint="--region")
    # waiting for another run comes before anything heavy is loaded; it may leave nothing to do
    if not _has_news() or (_is_ours_now(wait) and not _has_news()):
        _say_nothing_new(json_out)
        return
    summary = _run_flow(region, as_of.date() if as_of else None, wait, quiet=json_out)
    if json_out:
        show.as_json(_plain(summary))
    else:
        _say(summary)
    if summary.result == "stopped":
        raise SystemExit(1)


def _has_news() -> bool:
    """Whether a run has something to do. A damaged release is for a person to look at first."""
    from warehouse.pending import what_is_new
    from warehouse.read import verified_release
    from warehouse.shelf import DamagedRelease

    found = what_is_new(home())
    if "damaged_release" in found:
        try:
            verified_release(home())
        except DamagedRelease as damaged:
            advice = "删去该版本的文件夹与 current 后再运行 / delete its folder and `current`, then run again"
            raise click.ClickException(f"{damaged}\n{advice}") from None
    return bool(found)


def _is_ours_now(wait: float) -> bool:
    """Wait until no other run holds the home."""
    from warehouse.lock import Busy, writing

    try:
        with writing(home(), wait=wait):
            return True
    except Busy as busy:
        raise click.ClickException(str(busy)) from None


def _say_nothing_new(json_out: bool) -> None:
    from warehouse.shelf import current_release

    release = current_release(home())
    if json_out:
        show.as_json({"result": "nothing_new", "release_id": release.release_id if release else None})
        return
    click.echo("没有新数据，未发布 / nothing new, nothing published")
    if release:
        click.echo(f"当前版本 / current release: {release.release_id}")


def _run_flow(region: str | None, as_of: date | None, wait: float, quiet: bool) -> Summary:
    """The Prefect flow in this process, heard line by line."""
    console, begun = show.console(stderr=True), time.monotonic()

    def tell(line: str) -> None:
        if not quiet:
            console.print(f"{time.monotonic() - begun:6.1f} s  {line}", markup=False, soft_wrap=True)

    tell("启动 / start: Prefect")
    from flows.night import listen
    from flows.nightly import nightly
    from flows.refresh import Stopped
    from sources.archive import Damaged
    from warehouse.lock import Busy
    from warehouse.release import DamagedRelease, PublishError

    logging.getLogger("prefect").setLevel(logging.WARNING)
    logging.getLogger("prefect.flow_runs").setLevel(logging.CRITICAL)  # its errors are said below, or raised
    logging.getLogger("prefect.task_runs").setLevel(logging.WARNING)
    listen(tell)
    try:
        return nightly(region=region, as_of=as_of, wait=wait)
    except Stopped as stop:
        return stop.summary
    except (Busy, Damaged, DamagedRelease, PublishError) as error:
        raise click.ClickException(str(error)) from None


def _plain(summary: Summary) -> dict[str, object]:
    return {
        "result": summary.result,
        "run_id": summary.run_id,
        "release_id": summary.release_id,
        "counts": summary.counts,
        "refused": [
            {"region": o.region, "feed": o.feed, "file_name": o.file_name, "reason_zh": o.zh, "reason_en": o.en,
             "report": str(o.report) if o.report else None}
            for o in summary.refused
        ],
        "stopped_by": [{"suite": c.suite, "check": c.check, "observed": c.observed} for c in summary.stopped_by],
        "changed_values": len(summary.changed),
    }  # fmt: skip


def _say(summary: Summary) -> None:
    from peak import scorecard

    console = show.console()
    if summary.result == "published":
        scorecard.print_scorecard(console, home())
        scorecard.print_changes(console, summary.changed, summary.is_first)
    scorecard.print_refused(console, summary.refused)
    scorecard.print_checks(console, summary.stopped_by, summary.warned)
    scorecard.print_end(console, summary, home())

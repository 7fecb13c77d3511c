"""`peak run`: the nightly flow once, here."""

from __future__ import annotations

from datetime import datetime

import click

from peak import show
from peak.endings import as_plain, say
from peak.options import RegionName, as_date
from peak.running import run_here, teller
from warehouse.paths import home


@click.command()
@click.option("--region", type=RegionName(), help="只收取该地区的文件 / empty only this region's inbox")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="核算日期，默认今天（上海） / date used for lateness")
@click.option(
    "--wait", type=click.FloatRange(0), default=60.0, show_default=True, help="等待其他运行的秒数 / seconds to wait"
)
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出结果 / print the result as JSON")
def run(region: str | None, as_of: datetime | None, wait: float, json_out: bool) -> None:
    """夜间流程 / Take in, gate, build, gate, publish; ends with a scorecard, what changed, what was refused."""
    # waiting for another run comes before anything heavy is loaded; it may leave nothing to do
    if not _has_news() or (_is_ours_now(wait) and not _has_news()):
        _say_nothing_new(json_out)
        return
    tell = teller(quiet=json_out)
    summary = run_here("flows.nightly:nightly", tell, region=region, as_of=as_date(as_of), wait=wait)
    if json_out:
        show.as_json(as_plain(summary))
    else:
        say(summary)
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

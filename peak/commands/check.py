"""`peak check`: the verdict on one file before it is sent."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from peak import show
from peak.options import as_date, as_of_option
from warehouse.harmless import shown_name
from warehouse.paths import home
from warehouse.timetable import today

if TYPE_CHECKING:
    from sources.checking import Verdict


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, readable=True, path_type=Path))
@click.option("--feed", required=True, help="数据集，如 energy_supply / the feed the file is for")
@click.option("--region", required=True, help="地区，如 yueyang-etz / the region the file speaks for")
@as_of_option()
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出报告 / print the report as JSON")
def check(file: Path, feed: str, region: str, as_of: datetime | None, json_out: bool) -> None:
    """报送前自查 / Gates 1 and 2 on one file: the verdict of the real intake, nothing recorded.

    退出码 / exit codes: 0 可以报送 would be accepted, 1 会被退回 would be refused, 2 用法错误 wrong usage.
    """
    from sources.reading.sandbox import start

    _known(feed, region)
    start()  # it gets ready while this process loads the rest
    try:
        verdict = _verdict(file, feed, region, as_date(as_of) or today())
    except OSError as error:
        raise click.BadParameter(f"文件无法读取 / the file cannot be read: {error}", param_hint="FILE") from None
    if json_out:
        show.as_json(verdict.report())
    else:
        _say(verdict)
    if not verdict.is_accepted:
        raise SystemExit(1)


def _known(feed: str, region: str) -> None:
    from sources.contract import contracts
    from sources.inbox import REGION

    if feed not in contracts():
        known = ", ".join(contracts())
        raise click.BadParameter(f"没有这个数据集 / no such feed: {feed}\n{known}", param_hint="--feed")
    if not REGION.fullmatch(region):
        rule = "地区名只能用小写字母、数字和连字符，最长 32 位 / a region is [a-z0-9-], at most 32 characters"
        raise click.BadParameter(rule, param_hint="--region")


def _verdict(file: Path, feed: str, region: str, day: date) -> Verdict:
    """As the next run would give it: compared with what this home holds, if it holds anything."""
    from sources.checking import check as examine
    from sources.ledger import read_ledger
    from warehouse.judging import Judging

    place = home()
    with read_ledger(place) or nullcontext() as ledger:
        return examine(file, feed, region, Judging(place, ledger, day))


def _say(verdict: Verdict) -> None:
    from peak.findings import say_checks, say_fixes, say_problems

    console, reading = show.console(), verdict.reading
    form = f"{reading.format}{'，' + reading.encoding if reading.encoding else ''}"
    console.print(f"{shown_name(verdict.path.name)} → {verdict.contract.title} {verdict.contract.feed}", markup=False)
    console.print(f"格式 / format: {form} · 数据行 / data rows: {reading.rows_read}", markup=False)
    say_problems(console, "问题 / problems", reading.problems, reading.total_problems)
    say_problems(console, "提醒 / warnings", reading.warnings, len(reading.warnings))
    say_problems(console, "未读入的行 / lines not read", reading.notes, len(reading.notes))
    say_checks(console, verdict.checks)
    say_fixes(console, verdict.fixes())
    if verdict.is_accepted:
        scopes = len(reading.scopes)
        console.print(f"● 可以报送：{scopes} 个范围 / would be accepted: {scopes} scopes", style="green", markup=False)
    else:
        console.print("✕ 会被整份退回 / would be refused as a whole", style="red", markup=False)

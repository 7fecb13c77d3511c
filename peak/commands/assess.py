"""`peak assess`: sign off the annual assessment of a year."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from peak import show
from peak.choosing import reading
from peak.endings import as_plain, say
from peak.options import RegionName, as_date
from peak.recording import reason_option, wait_option
from peak.running import run_here, teller
from peak.vintage_rows import value_of
from warehouse.paths import home


@click.command()
@click.argument("year", type=click.IntRange(1900, 2999))
@click.option("--region", required=True, type=RegionName(), help="地区 / the region")
@click.option("--sign-off", "signed_by", required=True, metavar="NAME", help="签认人，记入账本 / who signs; recorded")
@reason_option(required=False)
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="核算日期，默认今天（上海） / date used for lateness")
@wait_option()
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出 / print JSON")
def assess(
    year: int,
    region: str,
    signed_by: str,
    reason: str | None,
    as_of: datetime | None,
    wait: float,
    json_out: bool,
) -> None:
    """签认年度评估 / Freeze what the current release says of a year, cite that release for good, and publish.

    每年只签认一次；此后的修订照常发布，并列于签认值旁 / a year is signed once; later revisions are published as ever
    and listed beside the assessed values: peak sql "from assessments".
    """
    if not signed_by.strip():
        raise click.BadParameter("不能为空 / must not be empty", param_hint="--sign-off")
    _check(region, year)
    summary = run_here(
        "flows.assess:assess", teller(quiet=json_out),
        year=year, region=region, signed_by=signed_by.strip(), reason=reason or "", as_of=as_date(as_of), wait=wait,
    )  # fmt: skip
    signed = _signed(region, year)
    if json_out:
        show.as_json(as_plain(summary) | {"assessed": signed})
    else:
        say(summary)
        _say(region, year, signed)
    if summary.result == "stopped":
        raise SystemExit(1)


def _check(region: str, year: int) -> None:
    """Say what can be said before anything heavy is loaded."""
    from warehouse.assess import NotAssessable, to_assess
    from warehouse.shelf import DamagedRelease

    with reading(home()) as ledger:
        try:
            to_assess(home(), ledger, region, year)
        except (DamagedRelease, NotAssessable) as error:
            raise click.ClickException(str(error)) from None


def _signed(region: str, year: int) -> list[dict[str, Any]]:
    from sources.ledger import assessments

    with reading(home()) as ledger:
        return [vars(item) for item in assessments(ledger) if (item.region, item.year) == (region, year)]


def _say(region: str, year: int, signed: list[dict[str, Any]]) -> None:
    rows = [
        (item["indicator"], item["level"] or "—", item["target_year"] or "—", value_of(item["value"]),
         show.status(item["status"]) if item["status"] else "—")
        for item in signed
    ]  # fmt: skip
    columns = ("指标 indicator", "层级 level", "目标年 target year", "签认值 assessed", "状态 status")
    title = f"年度评估 / Annual assessment: {region} {year}"
    show.console().print(show.table(title, columns, rows, right=(3,)))
    if signed:
        click.echo(f"引用版本，不会清理 / cited, never pruned: {signed[0]['release_id']}")

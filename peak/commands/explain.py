"""`peak explain`: a value, its formula with the numbers put in, its terms, and the files and rows they come from."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import click

from peak import show
from peak.options import RegionName
from warehouse.paths import home


class ExplainedPeriod(click.ParamType):
    """A period of a published value, as (period type, first day)."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        from warehouse.asked import parse_period

        try:
            return parse_period(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "P"


@click.command()
@click.argument("indicator")
@click.option("--region", required=True, type=RegionName(), metavar="R", help="地区 / region")
@click.option(
    "--period",
    required=True,
    type=ExplainedPeriod(),
    help="年 2024、季 2024Q1、月末 2024-03、滚动十二个月 ttm:2024-03 / year, quarter, month end, twelve months to it",
)
@click.option("--method", help="核算口径，有多种时 / method, where there are several")
@click.option("--base-year", type=int, help="基期年，有多个时 / base year, where there are several")
@click.option(
    "--release",
    "release_id",
    metavar="ID",
    help="早先的版本，可只写开头 / an earlier release, any unique beginning of its id",
)
@click.option("--all", "everything", is_flag=True, help="列出全部分项与行 / list every row and range")
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出 / print JSON")
def explain(
    indicator: str,
    region: str,
    period: tuple[str, Any],
    method: str | None,
    base_year: int | None,
    release_id: str | None,
    everything: bool,
    json_out: bool,
) -> None:
    """解释一个数值 / From a value through its formula to deliveries, file, sheet and rows.

    INDICATOR 为指标代码，如 non_fossil_share / INDICATOR is a code such as non_fossil_share.
    """
    from warehouse.explain import Asked, Unexplained
    from warehouse.explain import explain as take_apart
    from warehouse.shelf import DamagedRelease

    if release_id is not None:
        from peak.choosing import chosen_release, reading

        with reading(home()) as ledger:
            release_id = chosen_release(home(), ledger, release_id, "--release").release_id
    asked = Asked(indicator, region, *period, method=method, base_year=base_year, release_id=release_id)
    try:
        found = take_apart(home(), asked)
    except (Unexplained, DamagedRelease) as error:
        raise click.ClickException(str(error)) from None
    if json_out:
        show.as_json(asdict(found))
        return
    from peak.explanation import say

    say(found, everything)

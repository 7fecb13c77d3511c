"""`peak as-of`: what was current on a day."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from peak import show
from peak.choosing import chosen_indicator, reading
from peak.commands.history import TYPES
from peak.options import PeriodText, RegionName
from peak.vintage_rows import completeness, method_of, moment, period_of, plain, value_of
from warehouse.paths import home

if TYPE_CHECKING:
    from sources.ledger import Revision, Switch


class Moment(click.ParamType):
    """A day, to its end, or a moment, in Shanghai unless it says a zone."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        from warehouse.vintages import end_of

        try:
            return end_of(value)
        except ValueError:
            self.fail(f"日期应写作 / a date is written 2026-11-22, 2026-11-22T02:00 or …+08:00: {value}", param, ctx)


@click.command("as-of")
@click.argument("day", type=Moment(), metavar="DATE")
@click.argument("indicators", nargs=-1, required=True, metavar="INDICATOR...")
@click.option("--region", type=RegionName(), help="只看该地区 / only this region")
@click.option("--period", type=PeriodText(), help="只看该期，如 2024、2024Q1、2024-03 / only this period")
@click.option(
    "--type", "period_type", type=click.Choice(TYPES), help="期间类型，默认年度 / default year, unless --period"
)
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出 / print JSON")
def as_of(
    day: datetime,
    indicators: tuple[str, ...],
    region: str | None,
    period: str | None,
    period_type: str | None,
    json_out: bool,
) -> None:
    """当日所示 / What the current release said on that date, whatever was revised since; rollbacks count.

    DATE 取当日终了（上海时间） / a date means its end, in Shanghai time.
    """
    from warehouse.periods import span_of
    from warehouse.vintages import in_span, shown_at, values_of

    codes = [chosen_indicator(text) for text in indicators]
    wanted = period_type or (None if period else "year")
    with reading(home()) as ledger:
        switch = shown_at(ledger, day)
        if switch is None:
            raise click.ClickException(f"当时还没有发布 / nothing was published by then: {day.isoformat()}")
        every = in_span(values_of(ledger, switch.release_id, codes, region), span_of(period) if period else None)
    found = [item for item in every if wanted in (None, item.period_type)]
    if json_out:
        shown = {"release_id": switch.release_id, "since": switch.at, "action": switch.action}
        show.as_json({**shown, "values": [plain(item) for item in found]})
    else:
        _say(switch, found)


def _say(switch: Switch, found: list[Revision]) -> None:
    rows = [
        (
            item.region,
            item.indicator,
            period_of(item),
            method_of(item),
            value_of(item.value, item.unit),
            completeness(item),
            item.release_id,
            item.cause_detail,
        )
        for item in found
    ]
    columns = (
        "地区 region",
        "指标 indicator",
        "期间 period",
        "口径 method",
        "数值 value",
        "完整 complete",
        "出自 since release",
        "原因 cause",
    )
    title = f"{switch.release_id}，自 {moment(switch.at)} UTC / current since then"
    show.console().print(show.table(title, columns, rows, right=(4,)))

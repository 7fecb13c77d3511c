"""`peak history`: every value ever published of an indicator, and why it changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from peak import show
from peak.choosing import chosen_indicator, reading
from peak.options import PeriodText, RegionName
from peak.vintage_rows import completeness, method_of, moment, period_of, plain, plain_cell, value_of
from warehouse.paths import home

if TYPE_CHECKING:
    from sources.ledger import Revision
    from warehouse.vintages import Triangle

TYPES = ("year", "quarter", "month", "ttm")


@click.command()
@click.argument("indicator")
@click.option("--region", required=True, type=RegionName(), help="地区 / the region")
@click.option("--period", type=PeriodText(), help="只看该期，如 2024、2024Q1、2024-03 / only this period")
@click.option("--type", "period_type", type=click.Choice(TYPES), help="只看此类期间 / only periods of this type")
@click.option(
    "--triangle", "is_triangle", is_flag=True, help="修订三角：期间为行，版本为列 / periods down, releases across"
)
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出 / print JSON")
def history(
    indicator: str, region: str, period: str | None, period_type: str | None, is_triangle: bool, json_out: bool
) -> None:
    """数值沿革 / All published vintages of an indicator, with causes; pruned releases included.

    按发布先后；切换当前版本不产生新值 / in order of publication: a rollback publishes no new value.
    """
    from sources.ledger import revisions
    from warehouse.periods import span_of
    from warehouse.vintages import in_span, triangle

    code = chosen_indicator(indicator)
    with reading(home()) as ledger:
        found = in_span(revisions(ledger, code, region), span_of(period) if period else None)
    found = [item for item in found if period_type in (None, item.period_type)]
    if not found:
        of = " ".join(filter(None, (region, code, period, period_type)))
        raise click.ClickException(f"没有发布过 / nothing was ever published of this: {of}")
    if is_triangle:
        _show_triangle(triangle(found), json_out)
    elif json_out:
        show.as_json([plain(item) for item in found])
    else:
        _say(found)


def _say(found: list[Revision]) -> None:
    rows = [
        (
            period_of(item),
            method_of(item),
            value_of(item.previous_value),
            value_of(item.value, item.unit),
            completeness(item),
            item.release_id,
            moment(item.published_at),
            item.cause_detail,
        )
        for item in found
    ]
    columns = (
        "期间 period",
        "口径 method",
        "原值 before",
        "数值 value",
        "完整 complete",
        "版本 release",
        "发布 UTC",
        "原因 cause",
    )
    title = f"{found[0].region} {found[0].indicator}（{len(found)}）"
    show.console().print(show.table(title, columns, rows, right=(2, 3)))


def _show_triangle(found: Triangle, json_out: bool) -> None:
    if json_out:
        cells = [plain_cell(row.cell) | {"values": row.values, "changed_by": sorted(row.changed)} for row in found.rows]
        releases = [{"release_id": name, "published_at": at} for name, at in found.releases]
        show.as_json({"releases": releases, "cells": cells})
        return
    # a value that a release left as it was is a dot: what was revised stands out
    rows = [
        (
            period_of(row.cell),
            method_of(row.cell),
            *(
                value_of(value) if name in row.changed else "" if value is None else "·"
                for (name, _), value in zip(found.releases, row.values, strict=True)
            ),
        )
        for row in found.rows
    ]
    columns = ("期间 period", "口径 method", *(f"{moment(at)} {name[-6:]}" for name, at in found.releases))
    show.console().print(show.table("修订三角 / Revision triangle", columns, rows, right=range(2, len(columns))))

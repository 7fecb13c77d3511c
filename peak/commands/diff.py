"""`peak diff`: what two releases say differently, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from peak import show
from peak.choosing import chosen_indicator, chosen_release, reading
from peak.options import RegionName
from peak.vintage_rows import completeness, method_of, period_of, plain_cell, value_of
from warehouse.paths import home

if TYPE_CHECKING:
    from sources.ledger import Ledger, Release
    from warehouse.vintages import Difference

FEWEST = 200


@click.command()
@click.argument("release")
@click.argument("other", required=False)
@click.option("--region", type=RegionName(), help="只看该地区 / only this region")
@click.option("--indicator", help="只看该指标 / only this indicator")
@click.option("--max-rows", type=click.IntRange(1), default=FEWEST, show_default=True, help="最多行数 / row limit")
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出，不限行数 / print JSON, every row")
def diff(
    release: str, other: str | None, region: str | None, indicator: str | None, max_rows: int, json_out: bool
) -> None:
    """两个版本之差 / Values that differ from RELEASE to OTHER, and why; pruned releases too.

    OTHER 省略时为当前版本；RELEASE 即当前版本时，与其前一次发布相比 / without OTHER: to the current release, or to it
    from the one published before when RELEASE is the current one.
    """
    from warehouse.vintages import differences

    code = chosen_indicator(indicator, "--indicator") if indicator else None
    place = home()
    with reading(place) as ledger:
        one = chosen_release(place, ledger, release)
        first, second = _pair(ledger, one, chosen_release(place, ledger, other or "current", "OTHER"), bool(other))
        every = differences(ledger, first, second)
    found = [item for item in every if region in (None, item.cell.region) and code in (None, item.cell.indicator)]
    if json_out:
        show.as_json(
            {"from": _plain_release(first), "to": _plain_release(second), "values": [_plain(i) for i in found]}
        )
    else:
        _say(first, second, found, max_rows)


def _pair(ledger: Ledger, one: Release, two: Release, is_asked: bool) -> tuple[Release, Release]:
    from sources.ledger import releases

    if is_asked or one != two:
        return one, two
    every = releases(ledger)
    position = every.index(one)
    if position == 0:
        raise click.ClickException("只发布过这一个版本 / nothing was published before this release")
    return every[position - 1], one


def _plain_release(entry: Release) -> dict[str, Any]:
    return {"release_id": entry.release_id, "published_at": entry.published_at, "as_of": entry.as_of}


def _plain(item: Difference) -> dict[str, Any]:
    steps = [
        {name: getattr(step, name) for name in ("release_id", "published_at", "value", "is_complete", "cause",
                                                "cause_detail", "deliveries")}
        for step in item.steps
    ]  # fmt: skip
    return plain_cell(item.cell) | {"before": item.before, "after": item.after, "revisions": steps}


def _say(first: Release, second: Release, found: Sequence[Difference], max_rows: int) -> None:
    title = f"{first.release_id} → {second.release_id}：{len(found)} 个数值不同 / values differ"
    if not found:
        click.echo(title)
        return
    rows = [
        (
            item.cell.region,
            item.cell.indicator,
            period_of(item.cell),
            method_of(item.cell),
            value_of(item.before),
            value_of(item.after, item.cell.unit),
            completeness(item.cell),
            "；".join(dict.fromkeys(step.cause_detail for step in item.steps)),
        )
        for item in found[:max_rows]
    ]
    columns = (
        "地区 region",
        "指标 indicator",
        "期间 period",
        "口径 method",
        "从 from",
        "到 to",
        "完整 complete",
        "原因 cause",
    )
    show.console().print(show.table(title, columns, rows, right=(4, 5)))
    if len(found) > max_rows:
        click.echo(f"只显示前 {max_rows} 行 / only the first {max_rows} rows are shown", err=True)

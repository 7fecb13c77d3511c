"""`peak demo`: synthetic and real deliveries into the inbox."""

from __future__ import annotations

import re
from datetime import datetime

import click

from peak import show
from warehouse.paths import Home, home

MARKS = ("演示", "synthetic")


@click.command()
@click.option(
    "--years", help="起止年份，如 2020-2025，默认至上个完整月 / first and last year, default to the last month"
)
@click.option("--seed", type=int, default=1, show_default=True, help="随机种子 / the same seed writes the same bytes")
@click.option(
    "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="以此日为今日，默认今天 / today, if another day is meant"
)
@click.option("--once", is_flag=True, help="已放入过则跳过 / skip when this home has had demo deliveries before")
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出 / print JSON")
def demo(years: str | None, seed: int, as_of: datetime | None, once: bool, json_out: bool) -> None:
    """演示数据 / Write synthetic deliveries of yueyang-etz and the real national series into the inbox.

    合成数据在文件名中标明 / synthetic files say so in their names; regions china and china-nbs are real.
    """
    from demo import copy_real, generate

    place = home()
    if once and _had_demo(place):
        written = []
    else:
        today = (as_of or datetime.now()).date()
        span = _span(years, today.year if today.month > 1 else today.year - 1)
        try:
            written = generate(place.inbox, span, seed, today) + copy_real(place.inbox)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    if json_out:
        show.as_json({"inbox": str(place.inbox), "files": [str(path) for path in written]})
    elif written:
        click.echo(f"已放入 {len(written)} 个文件 / {len(written)} files put into {place.inbox}")
    else:
        click.echo("演示数据此前已放入 / this home has had the demo deliveries before")


def _span(years: str | None, last: int) -> tuple[int, int]:
    if years is None:
        return 2020, last
    found = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", years)
    if not found or int(found[1]) > int(found[2] or found[1]):
        raise click.BadParameter("应为 2020-2025 这样的年份 / years like 2020-2025", param_hint="--years")
    return int(found[1]), int(found[2] or found[1])


def _had_demo(place: Home) -> bool:
    from sources.ledger import deliveries, read_ledger

    ledger = read_ledger(place)
    if ledger is None:
        return False
    with ledger:
        return any(mark in entry.file_name for entry in deliveries(ledger) for mark in MARKS)

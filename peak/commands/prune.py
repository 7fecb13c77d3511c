"""`peak prune`: remove the files of old releases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from peak import show
from peak.choosing import reading
from peak.options import who_option
from peak.recording import recording, wait_option
from warehouse.paths import home
from warehouse.prune import KEEP, shelved
from warehouse.prune import prune as remove

if TYPE_CHECKING:
    from warehouse.prune import Shelved

REASONS = {
    "current": "当前 current",
    "cited": "被引用 cited",
    "newest": "最近 newest",
    "young": "未到期 young",
    None: "清理 pruned",
}


@click.command()
@click.option("--keep", type=click.IntRange(1), default=KEEP, show_default=True, help="保留最近几个 / newest kept")
@click.option("--days", type=click.IntRange(0), default=0, help="保留几天内发布的 / those younger than DAYS stay too")
@click.option("--dry-run", is_flag=True, help="只列出，不清理 / only list what would be pruned")
@who_option()
@wait_option()
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出 / print JSON")
def prune(keep: int, days: int, dry_run: bool, who: str, wait: float, json_out: bool) -> None:
    """清理旧版本 / Remove the files of old releases, never the current one or one that is cited.

    数值沿革与清单留在账本中 / every value they published stays on record: peak history, diff and as-of go on working,
    and peak reproduce builds such a release anew.
    """
    if dry_run:
        with reading(home()) as ledger:
            found = shelved(home(), ledger, keep, days)
    else:
        with recording(home(), wait) as ledger:
            gone = remove(home(), ledger, keep, days, who=who)
            found = gone + shelved(home(), ledger, keep, days)
    if json_out:
        show.as_json([_plain(item) for item in found])
    else:
        _say(found, dry_run)


def _plain(item: Shelved) -> dict[str, object]:
    return {
        "release_id": item.release.release_id,
        "as_of": item.release.as_of,
        "published_at": item.release.published_at,
        "size_bytes": item.size_bytes,
        "is_pruned": item.reason is None,
        "kept_because": item.reason,
    }


def _say(found: Sequence[Shelved], dry_run: bool) -> None:
    rows = [
        (item.release.release_id, item.release.as_of, show.number(item.size_bytes), REASONS[item.reason])
        for item in found
    ]
    columns = ("版本 release", "as_of", "字节 bytes", "去留 verdict")
    show.console().print(show.table("版本 / Releases", columns, rows, right=(2,)))
    gone = [item for item in found if item.reason is None]
    size = show.number(sum(item.size_bytes for item in gone))
    words = "将清理 / would prune" if dry_run else "已清理 / pruned"
    click.echo(f"{words}: {len(gone)}，{size} 字节 / bytes")

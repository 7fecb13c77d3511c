"""`peak rollback`: let `current` show another release."""

from __future__ import annotations

import click

from peak.choosing import chosen_release
from peak.options import who_option
from peak.recording import reason_option, recording, wait_option
from warehouse.paths import home


@click.command()
@click.argument("release")
@reason_option()
@who_option()
@wait_option()
def rollback(release: str, reason: str, who: str, wait: float) -> None:
    """切换当前版本 / Point `current` at another release after verifying it; recorded with who and why.

    RELEASE 可只写开头 / any unique beginning of the release's id will do. 数据不变：有新数据时，下一次运行仍按账本
    全部内容发布 / no data changes: once something new arrives, the next run publishes from the whole ledger again.
    """
    from sources.ledger import pruned
    from warehouse.shelf import current_id, roll_back

    place = home()
    with recording(place, wait) as ledger:
        chosen = chosen_release(place, ledger, release)
        if chosen.release_id in pruned(ledger):
            raise click.ClickException(
                f"版本 {chosen.release_id} 的文件已清理，不能切换；peak reproduce 可重算核对 / "
                "its files are pruned, it cannot be current again; peak reproduce builds it anew for comparison"
            )
        before = current_id(place)
        if before == chosen.release_id:
            raise click.ClickException(f"已是当前版本 / this release is current already: {before}")
        roll_back(place, ledger, chosen.release_id, who=who, why=reason)
    click.echo(f"当前版本 / current release: {chosen.release_id}（as_of {chosen.as_of}）")
    click.echo(f"此前 / before: {before or '—'}")

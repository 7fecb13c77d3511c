"""`peak cite`: a release that something refers to stays."""

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
def cite(release: str, reason: str, who: str, wait: float) -> None:
    """引用一个版本 / Record that something refers to a release: its files are never pruned.

    RELEASE 可只写开头，或写 current / any unique beginning of the release's id will do, or `current`.
    """
    from sources.ledger import cite as record

    place = home()
    with recording(place, wait) as ledger:
        chosen = chosen_release(place, ledger, release)
        record(ledger, chosen.release_id, who=who, why=reason)
    click.echo(f"已引用，不会清理 / cited, never pruned: {chosen.release_id}")

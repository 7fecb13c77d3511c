"""`peak hold`: take a delivery out of the winners."""

from __future__ import annotations

import click

from peak.choosing import chosen_delivery
from peak.options import who_option
from peak.recording import reason_option, recording, wait_option
from warehouse.harmless import shown_name
from warehouse.paths import home

NEXT_RUN = "下次运行时生效 / takes effect with the next run: peak run"


@click.command()
@click.argument("delivery")
@reason_option()
@who_option()
@wait_option()
def hold(delivery: str, reason: str, who: str, wait: float) -> None:
    """暂扣一份交付 / Take a delivery out of the winners: what it replaced speaks again.

    DELIVERY 可只写开头 / any unique beginning of the delivery's id will do (peak status, peak sql "from deliveries").
    """
    from sources.ledger import add_hold

    with recording(home(), wait) as ledger:
        chosen = chosen_delivery(ledger, delivery)
        add_hold(ledger, chosen.delivery_id, "hold", who=who, why=reason)
    click.echo(f"已暂扣 / on hold: {chosen.delivery_id}  {chosen.region}/{chosen.feed}/{shown_name(chosen.file_name)}")
    click.echo(NEXT_RUN)

"""`peak release-hold`: put a delivery back among the winners, and waive a check for it if need be."""

from __future__ import annotations

from difflib import get_close_matches

import click

from peak.choosing import chosen_delivery
from peak.commands.hold import NEXT_RUN
from peak.options import who_option
from peak.recording import reason_option, recording, wait_option
from warehouse.harmless import shown_name
from warehouse.paths import home

SHOWN = 5


@click.command("release-hold")
@click.argument("delivery")
@click.option(
    "--accept", metavar="CHECK", multiple=True, help="对该交付豁免此项检查，可多次给出 / waive this check for it"
)
@reason_option()
@who_option()
@wait_option()
def release_hold(delivery: str, accept: tuple[str, ...], reason: str, who: str, wait: float) -> None:
    """解除暂扣 / Put a delivery back among the winners.

    --accept 为确属正当的撤回放行 / --accept lets a rightful withdrawal through: the check is waived for this delivery
    until a person holds it again; recorded and shown. 对未暂扣的交付也可用 / works for one that is not on hold too.
    CHECK: no_value_lost, 或关卡三的套件检查 / or a check of gate 3, as `peak status` and the run name it.
    """
    from sources.ledger import add_hold

    for check in accept:
        _known(check)
    with recording(home(), wait) as ledger:
        chosen = chosen_delivery(ledger, delivery)
        waived: tuple[str | None, ...] = accept or (None,)
        for each in waived:
            add_hold(ledger, chosen.delivery_id, "release", who=who, why=reason, waived_check=each)
    click.echo(f"已放行 / released: {chosen.delivery_id}  {chosen.region}/{chosen.feed}/{shown_name(chosen.file_name)}")
    if accept:
        click.echo(f"已豁免检查 / checks waived for it: {', '.join(accept)}")
    click.echo(NEXT_RUN)


def _known(check: str) -> None:
    from warehouse.holding import waivable
    from warehouse.revision_checks import NO_VALUE_LOST

    names = waivable()
    if check not in names and not any(name.endswith(f".{check}") for name in names):
        told = ", ".join(_nearest(check, names)) or NO_VALUE_LOST
        raise click.BadParameter(
            f"没有可豁免的这项检查，可豁免的如：{told}；全部见 peak gates --rules 中各表套件的严重检查；"
            "更正表的检查不能豁免，请改更正表 / "
            f"this check cannot be waived, such can: {told}; all: the critical ones of the marts' suites in peak gates "
            "--rules; those on the table of corrections cannot: mend the table",
            param_hint="--accept",
        )


def _nearest(check: str, names: list[str]) -> list[str]:
    """The names that hold what was typed, else those spelt most like it, with their suite or without."""
    typed = check.lower()
    bare = {name.partition(".")[2] or name: name for name in names}
    spelt = get_close_matches(typed, [*names, *bare], SHOWN)
    return [name for name in names if typed in name][:SHOWN] or list(dict.fromkeys(bare.get(n, n) for n in spelt))

"""`peak accept`: a refused delivery taken in less its bad rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from peak import show
from peak.options import as_date, as_of_option, who_option
from warehouse.harmless import shown_name
from warehouse.paths import Home, home
from warehouse.timetable import today

if TYPE_CHECKING:
    from sources.judging import Outcome
    from sources.reading import Named


@click.command()
@click.argument("delivery")
@click.option(
    "--without-rows",
    "rows",
    required=True,
    multiple=True,
    metavar="R…",
    help="不读入的行，用文件中的行号 / rows to leave out, by the file's own numbers: 12, 12-15, Sheet1!12",
)
@click.argument("more_rows", nargs=-1, metavar="")
@click.option("--reason", required=True, help="剔除原因，记入账本 / why they are left out; recorded")
@who_option()
@click.option(
    "--wait", type=click.FloatRange(0), default=60.0, show_default=True, help="等待其他运行的秒数 / seconds to wait"
)
@as_of_option()
@click.option("--json", "json_out", is_flag=True, help="以 JSON 输出结果 / print the result as JSON")
def accept(
    delivery: str,
    rows: Sequence[str],
    more_rows: Sequence[str],
    reason: str,
    who: str,
    wait: float,
    as_of: datetime | None,
    json_out: bool,
) -> None:
    """剔除坏行后接收 / Take in a quarantined delivery less its bad rows: the rest is judged as if they were not there.

    DELIVERY 为 peak status 所列的隔离编号 / the id that `peak status` lists. 所涉范围标为不完整；下次 peak run 生效 /
    its scopes are marked incomplete; it takes effect with the next run.

    退出码 / exit codes: 0 已接收 accepted, 1 仍被退回或不能接收 refused again, 2 用法错误 wrong usage.
    """
    if not reason.strip():
        raise click.BadParameter("请写明原因 / a reason is needed", param_hint="--reason")
    day, chosen = as_date(as_of) or today(), _named([*rows, *more_rows])
    outcome = _accept(home(), delivery, chosen, who=who, why=reason.strip(), wait=wait, as_of=day)
    facts = _facts(home(), outcome)
    if json_out:
        show.as_json(facts)
    else:
        _say(outcome, facts)
    if outcome.status != "accepted":
        raise SystemExit(1)


def _named(texts: Sequence[str]) -> list[Named]:
    from sources.reading import named

    # a comma ends a row only where another may begin: names of sheets may hold commas, too
    parts = [part for text in texts for part in re.split(r"(?<=\d)\s*[,，、;；]\s*", text) if part.strip()]
    try:
        return [named(part) for part in parts]
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--without-rows") from None


def _accept(
    place: Home, delivery: str, rows: Sequence[Named], *, who: str, why: str, wait: float, as_of: date
) -> Outcome:
    from sources.acceptance import NotAcceptable, accept_without
    from sources.archive import Damaged
    from sources.ledger import open_ledger
    from sources.reading import NoSuchRow
    from warehouse.judging import Judging
    from warehouse.lock import Busy, writing

    if not place.ledger.exists():
        raise click.ClickException(f"数据目录中还没有交付 / nothing was delivered yet: {place.root}")
    try:
        with writing(place, wait=wait), open_ledger(place) as ledger:
            judge = Judging(place, ledger, as_of)
            return accept_without(place, ledger, delivery, rows, who=who, why=why, judge=judge)
    except NoSuchRow as error:
        raise click.BadParameter(str(error), param_hint="--without-rows") from None
    except (Busy, Damaged, NotAcceptable) as error:
        raise click.ClickException(str(error)) from None


def _facts(place: Home, outcome: Outcome) -> dict[str, Any]:
    """The outcome as plain values, with the rows that were left out and the scopes that may lack one."""
    from sources.ledger import excluded_rows, read_ledger, winners

    facts: dict[str, Any] = {
        name: getattr(outcome, name)
        for name in ("status", "delivery_id", "region", "feed", "file_name", "row_count", "reason")
    }
    ledger = read_ledger(place)
    assert ledger is not None
    with ledger:
        left_out = excluded_rows(ledger, outcome.seq) if outcome.seq is not None else []
        partial = [item.scope for item in winners(ledger) if item.seq == outcome.seq and item.is_partial]
    return {
        **facts,
        "rows_left_out": [{"sheet": row.sheet, "row": row.row, "why": row.why, "who": row.who} for row in left_out],
        "partial_scopes": partial,
        "problems": [vars(problem) for problem in outcome.problems],
        "report": str(outcome.report) if outcome.report else None,
    }


def _say(outcome: Outcome, facts: dict[str, Any]) -> None:
    from peak.findings import say_checks, say_problems

    console = show.console()
    console.print(
        f"{shown_name(outcome.file_name)} → {outcome.region} {outcome.feed} {outcome.delivery_id}", markup=False
    )
    say_problems(console, "问题 / problems", outcome.problems, len(outcome.problems))
    say_problems(console, "提醒 / warnings", outcome.warnings, len(outcome.warnings))
    say_checks(console, outcome.checks)
    if outcome.status == "accepted":
        scopes, shown = facts["partial_scopes"], "、".join(facts["partial_scopes"][:10])
        shown += " …" if len(scopes) > 10 else ""
        console.print(f"● {outcome.zh} / {outcome.en}", style="green", markup=False)
        console.print(f"不完整的范围 / incomplete scopes（{len(scopes)}）: {shown}", markup=False)
        console.print("下次运行生效 / takes effect with the next run: peak run", markup=False)
    else:
        console.print("✕ 仍被整份退回 / refused again as a whole", style="red", markup=False)
        console.print(f"报告 / report: {outcome.report}", markup=False)

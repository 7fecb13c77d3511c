"""Commands that write one thing into the ledger: by whom, why, and only while no run writes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from sources.ledger import Ledger, open_ledger
from warehouse.paths import Home


def _worded(_: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """A text that says something, without the blanks around it."""
    text = (value or "").strip()
    if not text and param.required:
        raise click.BadParameter("不能为空 / must not be empty")
    return text or None


def reason_option(required: bool = True) -> Any:
    """`--reason TEXT`, recorded with what is done."""
    words = "原因，记入账本 / why; recorded"
    return click.option("--reason", required=required, callback=_worded, metavar="TEXT", help=words)


def wait_option() -> Any:
    """`--wait SECONDS` for another run to end."""
    words = "等待其他运行的秒数 / seconds to wait for a run"
    return click.option("--wait", type=click.FloatRange(0), default=60.0, show_default=True, help=words)


@contextmanager
def recording(home: Home, wait: float) -> Iterator[Ledger]:
    """The ledger to write to, as the home's only writer.

    click.ClickException when another run holds the home, there is no ledger yet, or the ledger refuses an entry
    (ValueError), a release is damaged or was pruned.
    """
    from sources.archive import Damaged
    from warehouse.lock import Busy, writing
    from warehouse.shelf import DamagedRelease

    if not home.ledger.exists():
        raise click.ClickException("还没有任何记录，请先运行 peak run / nothing is recorded yet, run `peak run` first")
    try:
        with writing(home, wait=wait), open_ledger(home) as ledger:
            yield ledger
    except (Busy, Damaged, DamagedRelease, ValueError) as error:
        raise click.ClickException(str(error)) from None

"""Running a Prefect flow in this process, heard line by line."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import click

from peak import show

if TYPE_CHECKING:
    from flows.report import Summary


def teller(quiet: bool) -> Callable[[str], None]:
    """What says progress on stderr, with the seconds since now; it says nothing when `quiet`."""
    console, begun = show.console(stderr=True), time.monotonic()

    def tell(line: str) -> None:
        if not quiet:
            console.print(f"{time.monotonic() - begun:6.1f} s  {line}", markup=False, soft_wrap=True)

    return tell


def run_here(flow: str, tell: Callable[[str], None], **parameters: Any) -> Summary:
    """Run `module:flow` and give its summary, also when a gate stopped it.

    click.ClickException says what kept it from running to its end: another run, damage, a plan that does not pass.
    """
    choose_server(tell)
    from flows.night import listen
    from flows.refresh import Stopped
    from sources.archive import Damaged
    from warehouse.assess import NotAssessable
    from warehouse.backfill import NothingThere, RefusedPlan
    from warehouse.lock import Busy
    from warehouse.release import DamagedRelease, PublishError

    logging.getLogger("prefect").setLevel(logging.WARNING)
    logging.getLogger("prefect.flow_runs").setLevel(logging.CRITICAL)  # its errors are said below, or raised
    logging.getLogger("prefect.task_runs").setLevel(logging.WARNING)
    listen(tell)
    module, _, name = flow.partition(":")
    called = getattr(import_module(module), name)
    try:
        return cast("Summary", called(**parameters))
    except Stopped as stop:
        return stop.summary
    except (Busy, Damaged, DamagedRelease, NotAssessable, NothingThere, PublishError, RefusedPlan) as error:
        raise click.ClickException(str(error)) from None


def choose_server(tell: Callable[[str], None]) -> None:
    """The server of `peak serve` if it stands for this home, else a temporary one, which ends with this process."""
    from serving.instance import OWNER, end_orphaned_servers, standing
    from serving.settings import serve_settings
    from sources.ledger.runs import process_mark
    from sources.settings import BadSettings
    from warehouse.paths import home

    end_orphaned_servers(home())
    os.environ[OWNER] = process_mark()
    other = standing(home())
    if other is None or "PREFECT_API_URL" in os.environ:
        tell("启动 / start: Prefect")
        return
    try:
        auth = serve_settings(home(), {}).auth
    except BadSettings as error:
        raise click.ClickException(str(error)) from None
    tell(f"Prefect: {other['ui']}")
    os.environ["PREFECT_API_URL"] = other["api"]
    if auth:
        os.environ["PREFECT_API_AUTH_STRING"] = auth

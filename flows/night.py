"""What a run carries with it: its home, ledger, date and voice. Nothing here knows Prefect."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from flows.pages import Progress
from sources.archive import sweep
from sources.inbox import LeftAlone
from sources.ledger import Ledger, end_run, open_ledger, start_run
from warehouse.harmless import visible
from warehouse.holding import HeldBack
from warehouse.lock import DEFAULT_WAIT, writing
from warehouse.paths import Home, home
from warehouse.run_report import keep_run_reports, write_run_report
from warehouse.timetable import today

Tell = Callable[[str], None]
Log = logging.Logger | logging.LoggerAdapter[Any]


def silent(_: str) -> None:
    """Tell nobody."""


@dataclass
class Night:
    """One run. `tell` says one line to whoever watches, `warn` one that they should see.

    `ending` is what the ledger keeps about how it ended. `who` and `why` are recorded with what it publishes, `held`
    are the deliveries it has put on hold, in `rounds`; `unexplained` says why none could be. What is in `left_alone`
    stays in the inbox, of the files `arriving` it has `taken` so many. `progress` is how far it is, as Prefect shows.
    """

    home: Home
    ledger: Ledger
    run_id: str
    as_of: date
    region: str | None
    tell: Tell = silent
    warn: Tell = silent
    who: str = "run"
    why: str = ""
    ending: dict[str, object] = field(default_factory=dict)
    held: list[HeldBack] = field(default_factory=list)
    unexplained: str = ""
    rounds: int = 0
    left_alone: Sequence[LeftAlone] = ()
    arriving: int = 0
    taken: int = 0
    progress: Progress = field(default_factory=Progress)


# The command line sets this before it calls the flow: a function cannot travel as a flow parameter.
listener: Tell | None = None


def listen(tell: Tell) -> None:
    """Let `tell` hear every later run of this process."""
    global listener
    listener = tell


def listening(tell: Tell) -> Tell:
    """Whoever listens, else `tell`; names of files come to neither as they are."""
    heard = listener or tell
    return lambda line: heard(visible(line))


def new_run_id() -> str:
    """Sortable and unique: the moment in UTC and six hex digits."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


@contextmanager
def one_night(
    command: str,
    region: str | None = None,
    as_of: date | None = None,
    wait: float = DEFAULT_WAIT,
    log: Log | None = None,
    who: str = "run",
    why: str = "",
    writes: bool = True,
) -> Iterator[Night]:
    """The only writing run of the home, recorded in the ledger from start to end, also when it fails.

    `log` hears it unless the command line listens. One that only reads (`writes` false) waits for nobody.
    """
    place = home()
    alone = writing(place, wait=wait, command=command) if writes else nullcontext()
    with alone, open_ledger(place) as ledger:
        voices = (listening(log.info), listening(log.warning)) if log else (listening(silent), listening(silent))
        night = Night(place, ledger, new_run_id(), as_of or today(), region, *voices, who, why)
        begun = {"command": command, "as_of": str(night.as_of), "region": region, "who": who, "why": why}
        start_run(ledger, night.run_id, begun)
        try:
            if writes:
                sweep(place)
            yield night
        except BaseException as error:
            end_run(ledger, night.run_id, {**night.ending, "result": "failed", "error": repr(error)})
            _write_report(night)
            raise
        end_run(ledger, night.run_id, night.ending)
        _write_report(night)


def _write_report(night: Night) -> None:
    """Leave the run's report, and those that somebody deleted; a run does not fail for what the ledger holds."""
    try:
        night.tell(f"运行报告 / report: {write_run_report(night.home, night.ledger, night.run_id)}")
        keep_run_reports(night.home, night.ledger)
    except Exception as error:
        night.warn(f"运行报告未写成 / the report was not written: {error!r}")

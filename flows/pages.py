"""What an operator sees of a run in Prefect besides its tasks: its name with counts, how far it is, links.

Outside a run of Prefect, as in tests of plain functions, nothing happens here.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, cast
from uuid import UUID

from warehouse.timetable import today
from warehouse.words import RESULTS

if TYPE_CHECKING:
    from sources.intake import Outcome

# of a whole run, reckoned from nights of a district: building takes half of it
STAGES = {
    "take in": 0.0,
    "build": 20.0,
    "compare": 70.0,
    "judge": 80.0,
    "publish": 90.0,
    "done": 100.0,
}
# each telling is an event, too, and the feed of events is for people
PAUSE_S = 4.0
F = TypeVar("F", bound=Callable[..., None])
_WORDS = {"accepted": "接收 accepted", "quarantined": "退回 refused", "duplicate": "重复 known", "left": "留置 left"}


def never_fails(show: F) -> F:
    """What is shown about a run is no reason for it to fail: a server that does not take it is said in the log."""

    @wraps(show)
    def tried(*given: Any, **named: Any) -> None:
        try:
            show(*given, **named)
        except Exception as error:
            from prefect.logging import get_logger

            get_logger("peak").warning("页面未写入 Prefect / not shown in Prefect: %r", error)

    return cast(F, tried)


class Progress:
    """How far this run is, as an artifact; there is none until something is to be done."""

    def __init__(self) -> None:
        self._artifact: UUID | None = None
        self._stage = ""
        self._told = 0.0

    @never_fails
    def reach(self, stage: str, part: float = 0.0) -> None:
        """The run has reached a stage, or `part` of it (0 to 1); told now and then within a stage."""
        now = time.monotonic()
        if not _in_run() or (stage == self._stage and now - self._told < PAUSE_S):
            return
        self._stage, self._told = stage, now
        from prefect.artifacts import create_progress_artifact, update_progress_artifact

        percent = _percent(stage, part)
        if self._artifact is None:
            self._artifact = cast(UUID, create_progress_artifact(percent, "progress", "进度 / progress"))
        else:
            update_progress_artifact(self._artifact, percent)


def _percent(stage: str, part: float) -> float:
    names = list(STAGES)
    start = STAGES[stage]
    end = STAGES[names[min(names.index(stage) + 1, len(names) - 1)]]
    return start + (end - start) * part


def _in_run() -> bool:
    from prefect.context import FlowRunContext, TaskRunContext

    return FlowRunContext.get() is not None or TaskRunContext.get() is not None


def dated(flow: str) -> Callable[[], str]:
    """Names a run by its flow, its date in Shanghai or the one asked for, and the region if only one is meant."""

    def name() -> str:
        from prefect.runtime import flow_run

        given = flow_run.parameters
        return " ".join([flow, str(given.get("as_of") or today()), *filter(None, [given.get("region")])])

    return name


def counted(outcomes: Iterable[Outcome]) -> list[str]:
    """How many files came to which end, in words for a name."""
    counts = Counter(outcome.status for outcome in outcomes)
    return [f"{_WORDS[status]} {counts[status]}" for status in _WORDS if counts[status]]


def ended(result: str, held: int, moved: int) -> list[str]:
    """How the run ended, what it put on hold and how many values it moved, in words for a name."""
    counts = {"暂扣 held": held, "变动 moved": moved}
    return [RESULTS[result], *(f"{words} {count}" for words, count in counts.items() if count)]


@never_fails
def name_run(words: Sequence[str]) -> None:
    """Let the run's name say more: what came in, how it ended. What was added before is replaced."""
    from prefect.client.orchestration import get_client
    from prefect.context import FlowRunContext

    context = FlowRunContext.get()
    if context is not None and context.flow_run is not None and words:
        run = context.flow_run
        get_client(sync_client=True).update_flow_run(run.id, name=f"{run.name}：{'，'.join(words)}")


def on_site(path: str) -> str | None:
    """The address of a page where the site is served; None where it is not."""
    site = os.environ.get("PEAK_SITE_URL")
    return f"{site}{path}" if site else None


@never_fails
def page(key: str, markdown: str, description: str) -> None:
    """A page of this run, which operators find under its artifacts."""
    from prefect.artifacts import create_markdown_artifact

    if _in_run():
        create_markdown_artifact(markdown, key=key, description=description)


@never_fails
def link(key: str, path: str, text: str) -> None:
    """A link to a page of the site, where one is served."""
    from prefect.artifacts import create_link_artifact

    address = on_site(path)
    if address and _in_run():
        create_link_artifact(address, text, key=key, description=text)

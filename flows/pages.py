"""What an operator sees of a run in Prefect besides its tasks: its name with counts, how far it is, links.

Outside a run of Prefect, as in tests of plain functions, nothing happens here.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast
from uuid import UUID

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
_WORDS = {"accepted": "接收 accepted", "quarantined": "退回 refused", "duplicate": "重复 known", "left": "留置 left"}


class Progress:
    """How far this run is, as an artifact; there is none until something is to be done."""

    def __init__(self) -> None:
        self._artifact: UUID | None = None
        self._stage = ""
        self._told = 0.0

    def reach(self, stage: str, part: float = 0.0) -> None:
        """The run has reached a stage, or `part` of it (0 to 1); told at most once a second within a stage."""
        now = time.monotonic()
        if not _in_run() or (stage == self._stage and now - self._told < 1):
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


def name_with_counts(outcomes: Sequence[Outcome]) -> None:
    """Let the run's name say what came in; a run in which nothing did keeps its name."""
    from prefect.client.orchestration import get_client
    from prefect.context import FlowRunContext

    context = FlowRunContext.get()
    if context is None or context.flow_run is None or not outcomes:
        return
    counts = Counter(outcome.status for outcome in outcomes)
    told = "，".join(f"{_WORDS[status]} {counts[status]}" for status in _WORDS if counts[status])
    with get_client(sync_client=True) as client:
        client.update_flow_run(context.flow_run.id, name=f"{context.flow_run.name}：{told}")


def link(key: str, path: str, text: str) -> None:
    """A link to a page of the site, where one is served."""
    from prefect.artifacts import create_link_artifact

    site = os.environ.get("PEAK_SITE_URL")
    if site and _in_run():
        create_link_artifact(f"{site}{path}", text, key=key, description=text)

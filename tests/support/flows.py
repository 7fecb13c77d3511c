"""The flows with their tasks as plain functions: the sentence a flow performs, without Prefect's server."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from flows.report import Summary
from tests.support.parse import lend_parse
from warehouse.paths import Home


@dataclass
class Flows:
    """The flows of one home. `pages` are what operators were told last, by key; `told` every line of progress."""

    home: Home
    patch: pytest.MonkeyPatch
    pages: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def nightly(self, **given: Any) -> Summary:
        from flows.nightly import nightly

        summary: Summary = nightly.fn(**given)
        return summary

    def backfill(self, **given: Any) -> Summary | None:
        from flows.backfill import backfill

        summary: Summary | None = backfill.fn(**given)
        return summary


@contextmanager
def plain_flows(home: Home) -> Iterator[Flows]:
    """The flows on `home`, as long as the context lasts."""
    lend_parse(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PEAK_HOME", str(home.root))
        patch.setenv("PEAK_SETTLE_SECONDS", "0")  # what a test puts into the inbox is whole
        from prefect import Task

        from flows import backfill, night, nightly, refresh, tasks

        flows = Flows(home, patch)

        def tell_operators(key: str, markdown: str, description: str) -> None:
            flows.pages[key] = markdown

        plain = {name: item.fn for name, item in vars(tasks).items() if isinstance(item, Task)}
        namespace = SimpleNamespace(**{**plain, "tell_operators": tell_operators})
        patch.setattr(tasks, "tell_operators", tell_operators)
        patch.setattr(refresh, "tasks", namespace)
        patch.setattr(backfill, "tasks", namespace)
        for name in ("look_into_inbox", "take_in_one"):
            patch.setattr(tasks, name, plain[name])
        for module in (backfill, nightly):
            patch.setattr(module, "get_run_logger", lambda: logging.getLogger("test"))
        patch.setattr(night, "listener", flows.told.append)
        yield flows

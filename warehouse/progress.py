"""Telling how far a build is, without a line for each of its hundreds of nodes."""

from __future__ import annotations

from collections.abc import Callable

from warehouse.build import OnProgress, Progress

EVERY = 25


def telling(tell: Callable[[str], None], reach: Callable[[float], None] = lambda _: None) -> OnProgress:
    """Says every 25th node and the last one; `reach` hears after each which part is done, 0 to 1."""

    def on_progress(node: Progress) -> None:
        reach(node.index / node.total)
        if node.index % EVERY == 0 or node.index == node.total:
            tell(f"  {node.index}/{node.total} {node.name}")

    return on_progress

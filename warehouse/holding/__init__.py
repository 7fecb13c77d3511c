"""Hold by domain: which deliveries a failed warehouse gate is put down to, and when their holds end."""

from __future__ import annotations

from warehouse.holding.blame import Blame, blames
from warehouse.holding.candidates import HeldBack, Verdict, verdict
from warehouse.holding.ends import end_holds, leave_as_found
from warehouse.holding.upstream import Upstream, upstream_of
from warehouse.holding.waiving import let_through, waivable

__all__ = [
    "Blame",
    "HeldBack",
    "Upstream",
    "Verdict",
    "blames",
    "end_holds",
    "leave_as_found",
    "let_through",
    "upstream_of",
    "verdict",
    "waivable",
]

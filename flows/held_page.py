"""What was held back tonight, as a part of the page on the gates."""

from __future__ import annotations

from collections.abc import Sequence

from flows.markdown import table
from sources.privacy import shareable
from warehouse.harmless import markdown, shown_name
from warehouse.holding import HeldBack
from warehouse.words import HELD_NEXT


def held_page(held: Sequence[HeldBack], result: str, unexplained: str) -> str:
    """Markdown: the deliveries on hold, by domain, for which check, and what to do; why none, where none could help."""
    if not held:
        return f"\n\n## 未暂扣 / Nothing held\n\n{markdown(unexplained)}" if unexplained else ""
    if result == "published":
        title, then = "暂扣的领域 / Domains on hold", HELD_NEXT
    else:
        title, then = "暂扣无济于事，已收回 / Held in vain, taken back", "当前版本不变 / the current release stays"
    rows = [
        (", ".join(h.domains), h.region, h.feed, shareable(shown_name(h.file_name)), h.delivery_id, h.why) for h in held
    ]
    columns = ("领域 domain", "地区", "数据集 feed", "文件 file", "交付 delivery", "原因 why")
    return "\n".join(["", f"## {title}", "", *table(columns, rows), "", then])

"""What came of making an old release again, as a page for operators."""

from __future__ import annotations

from sources.documents import Document, Section, as_markdown
from sources.privacy import shareable
from warehouse.audit import differences
from warehouse.harmless import shown_name
from warehouse.reproduce import Reproduction
from warehouse.words import RESULTS

MOST_BYTES = 100_000


def audit_page(found: Reproduction, result: str, seed: int | str) -> str:
    """Markdown: which release, whether it came out bit for bit, and what differs in it or has changed since."""
    release, inputs = found.release, found.inputs
    facts = [
        ("结论 / result", RESULTS[result]),
        ("版本 / release", f"{release.release_id}（{release.published_at}）"),
        ("发布时 / published", release.content_sha256),
        ("重算得 / made again", found.content_sha256 or "—"),
        ("差异 / differences", shareable(differences(found)) or "无 / none"),
        ("其后变化 / changed since", ", ".join(inputs.groups) or "无 / none"),
        ("提交 / commit", f"{inputs.commit_then or '—'} → {inputs.commit_now or '—'}"),
        ("随机种子 / seed", seed),
        ("自行核对 / see for yourself", f"peak reproduce {release.release_id}"),
    ]
    return as_markdown(Document("旧版本重算 / An old release made again", facts, _sections(found)), MOST_BYTES)


def _sections(found: Reproduction) -> list[Section]:
    parts = [(part.table, part.period, part.rows_then, part.rows_now) for part in found.partitions]
    values = [tuple(key) for key in found.cells]
    files = [(d.delivery_id, d.region, d.feed, shareable(shown_name(d.file_name))) for d in found.reread]
    changed = [] if found.is_equal else [(item.group, item.path, item.change) for item in found.inputs.files]
    return [
        Section(
            "不同的表与期间 / Tables and periods that differ", ("表 table", "期间", "原行数 rows", "现行数"), parts
        ),
        Section(
            "不同的指标值 / Values that differ", ("地区", "指标 indicator", "口径", "基年", "期间 period", "起"), values
        ),
        Section("重读后不同的交付 / Deliveries that read differently", ("交付", "地区", "数据集", "文件 file"), files),
        Section("其后变化的文件 / Files that changed since", ("组 group", "文件 file", "变化 change"), changed),
    ]

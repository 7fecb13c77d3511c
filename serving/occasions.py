"""On what occasions somebody is told, by which event, and in what words. Chinese first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


def _label(name: str) -> str:
    return f"{{{{ event.resource['peak.{name}'] }}}}"


@dataclass(frozen=True)
class Occasion:
    """`events` of resources like `resource` are told as `subject` and `lines`; `bureau`: also to the one concerned."""

    name: str
    events: tuple[str, ...]
    resource: str
    subject: str
    lines: tuple[str, ...]
    bureau: bool = False
    related: Mapping[str, str] = field(default_factory=dict)

    def trigger(self, bureau: str | None = None) -> dict[str, Any]:
        """The trigger of an automation, of one bureau's events only when given."""
        match = {"prefect.resource.id": self.resource, **({"peak.bureau": bureau} if bureau else {})}
        return {
            "type": "event",
            "posture": "Reactive",
            "match": match,
            "match_related": dict(self.related),
            "for_each": [],
            "after": [],
            "expect": list(self.events),
            "threshold": 1,
            "within": 0,
        }

    def body(self, site: str) -> str:
        """The text; `site` is the address under which reports are found."""
        return "\n".join(self.lines).replace("SITE", site)


OCCASIONS = (
    Occasion(
        "gate_failed",
        ("peak.gate.failed",),
        "peak.gate.*",
        f"[Peak] 关卡三未通过 / gate 3 failed: {_label('check')}",
        (
            f"检查 / checks: {_label('check')}",
            f"领域 / domains: {_label('domain')}",
            f"原因 / why: {_label('why')}",
            "涉事新交付已暂扣则其余照常发布；否则本次不发布。 / Where its new deliveries could be held, the rest is "
            "published; otherwise nothing is.",
            f"报告 / report: SITE{_label('report')}",
        ),
    ),
    Occasion(
        "quarantined",
        ("peak.bureau.refused",),
        "peak.bureau.*",
        f"[Peak] {_label('count')} 个文件被退回 / files refused: {_label('bureau')}",
        (
            f"单位 / bureau: {_label('bureau')}",
            f"文件 / files: {_label('files')}",
            "请按报告逐行改正后重新报送。 / Please mend the rows named in the report and deliver again.",
            "报告 / reports: SITE/operations",
        ),
        bureau=True,
    ),
    Occasion(
        "no_good_run",
        ("peak.morning.no-good-run",),
        "peak.nights",
        "[Peak] 六点前没有一次夜间运行正常结束 / no night ended well by six",
        (
            f"自 / since: {_label('since')}",
            f"最近一次 / the last one: {_label('result')}",
            "请查看 `peak status` 与 Prefect 页面。 / Look at `peak status` and at Prefect's pages.",
        ),
    ),
    Occasion(
        "feed_late",
        ("peak.feed.late",),
        "peak.feed.*",
        f"[Peak] 数据集逾期 {_label('days')} 天 / feed late: {_label('title')}",
        (
            f"数据集 / feed: {_label('region')}/{_label('feed')} {_label('title')}",
            f"单位 / bureau: {_label('bureau')}",
            f"应于 / due: {_label('due')}",
            f"已逾期（天） / days late: {_label('days')}",
        ),
        bureau=True,
    ),
    Occasion(
        "fetch_failed",
        ("peak.fetch.failed",),
        "peak.server.*",
        f"[Peak] 取数失败 / fetching failed: {_label('feed')} {_label('region')} ← {_label('server')}",
        (
            f"原因 / why: {_label('why')}",
            "将按时重试，恢复前不再告知。 / It is tried again every time; you hear of it again once it had worked.",
        ),
    ),
    Occasion(
        "audit_failed",
        ("peak.audit.failed",),
        "peak.audit.*",
        f"[Peak] 旧版本未能逐位重现 / a release was not reproduced: {_label('release')}",
        (
            f"版本 / release: {_label('release')}",
            f"差异 / differences: {_label('differences')}",
            f"请执行 `peak reproduce {_label('release')}`。 / Run `peak reproduce {_label('release')}`.",
        ),
    ),
    Occasion(
        "run_failed",
        ("prefect.flow-run.Failed", "prefect.flow-run.Crashed", "prefect.flow-run.TimedOut"),
        "prefect.flow-run.*",
        "[Peak] 运行失败 / run failed: {{ flow_run.name }}",
        (
            "运行 / run: {{ flow_run.name }}",
            "状态 / state: {{ flow_run.state.name }}",
            "详情 / details: {{ flow_run|ui_url }}",
        ),
        related={"prefect.resource.id": "prefect.work-pool.*", "prefect.resource.name": "peak"},
    ),
)

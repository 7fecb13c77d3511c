"""Gate 3 on the table of corrections: each still meets the error it was written for, and leaves a row in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import duckdb

from expectations.results import FAILED, PASSED, CheckResult
from sources.contract import contracts
from warehouse.correction_statuses import APPLIED, NO_LONGER, NO_ROW, ON_HOLD
from warehouse.harmless import shown_name
from warehouse.questions import ask_records

SUITE = "corrections"
STILL_MATCH, RULES_HOLD, IN_FORCE, SINCE_PASSED = "still_match", "rules_hold", "in_force", "since_passed"
_WHY = {
    STILL_MATCH: (
        "每处更正都须仍能找到它所针对的错误；单位已改正的，删去更正表 corrections.csv 中的这一行"
        "（因此被暂扣的交付随即重试）；错误变了的，修改该行",
        "every correction must still meet the error it was written for: where the bureau mended it, remove the row "
        "from corrections.csv (a delivery held for it is then tried again); where the error changed, change the row",
    ),
    RULES_HOLD: (
        "更正后的行须符合数据集的合约；同一行中受影响的其他字段（如净重）也要写入更正表",
        "a corrected row must keep the contract's rules: fields that follow from the corrected one, such as a net "
        "weight, need a correction of their own",
    ),
    IN_FORCE: (
        "所针对的交付被暂扣，更正暂不起作用；放行后自动恢复",
        "the delivery it was written for is on hold: the correction waits, and applies again once it is let in",
    ),
    SINCE_PASSED: (
        "since 是错误为人所知之日，不应晚于运行日；更正已照常生效，请改正日期",
        "since is the day the error was known and cannot be after the day of the run; the correction applies all the "
        "same: mend the date",
    ),
}
_STATUS = {
    "no_row": ("该行已不在", "the row is gone"),
    "already_right": ("该值已是正确值", "the value is right already"),
    "other_value": ("该值已是另一个值", "another value is there"),
    "on_hold": ("交付被暂扣", "the delivery is on hold"),
    "applied": ("已更正", "applied"),
}

# days are texts in ISO form in both tables
_MET = """
    select corrections.*, coalesce(corrections.since > cast(run.as_of as varchar), false) as is_ahead
    from raw.corrections cross join raw.run
    order by corrections.line
"""

Met = dict[str, Any]


def correction_checks(connection: duckdb.DuckDBPyConnection) -> list[CheckResult]:
    """The verdicts on what a build, open on `connection`, met of the table of corrections."""
    return verdicts(ask_records(connection, _MET))


def verdicts(met: Sequence[Met]) -> list[CheckResult]:
    """The verdicts on rows of `raw.corrections`: what a person has to do, and for whom it stops the publication."""
    lost = [row for row in met if row["status"] in NO_LONGER]
    broken = [row for row in met if row["status"] == APPLIED and row["broken_zh"]]
    waiting = [row for row in met if row["status"] == ON_HOLD]
    ahead = [row for row in met if row["is_ahead"]]
    return [
        _result(STILL_MATCH, "critical", lost, len(met)),
        _result(RULES_HOLD, "critical", broken, len(met)),
        _result(IN_FORCE, "warning", waiting, len(met)),
        _result(SINCE_PASSED, "warning", ahead, len(met)),
    ]


def _result(check: str, severity: str, offending: Sequence[Met], count: int) -> CheckResult:
    why_zh, why_en = _WHY[check]
    feeds = {row["feed"] for row in offending}
    return CheckResult(
        suite=SUITE,
        check=check,
        severity=severity,
        status=FAILED if offending else PASSED,
        column=", ".join(sorted({row["field"] for row in offending})) or None,
        observed=f"{len(offending)} / {count}",
        unexpected_count=len(offending),
        row_count=count,
        examples=[_said(row) for row in offending],
        rows=sorted({row["row_number"] for row in offending if row["row_number"] is not None}),
        why_zh=why_zh,
        why_en=why_en,
        domains=tuple(sorted({contracts()[feed].domain for feed in feeds})),
        regions=tuple(sorted({row["region"] for row in offending})),
        feeds=tuple(sorted(feeds)),
        deliveries=tuple(sorted({row["delivery_id"] for row in offending if row["delivery_id"]})),
    )


def _said(row: Met) -> str:
    zh, en = _STATUS[row["status"]]
    expected, right, found = (_shown(row[name]) for name in ("wrong_value", "right_value", "found_value"))
    said = (
        f"corrections.csv:{row['line']} {row['region']} {row['feed']} {row['key']} {row['field']} {expected} → {right}"
    )
    where = f"，{shown_name(row['file_name'])} 第 {row['row_number']} 行" if row["row_number"] is not None else ""
    has_other = row["status"] not in (APPLIED, NO_ROW)
    now = f"{zh}，现为 {found}{where} / {en}, now {found}" if has_other else f"{zh}{where} / {en}"
    rules = f"；{row['broken_zh']} / {row['broken_en']}" if row["broken_zh"] else ""
    since = f"；since {row['since']}" if row["is_ahead"] else ""
    return f"{said}: {now}{rules}{since}"


def _shown(value: str | None) -> str:
    return "空" if value is None else value

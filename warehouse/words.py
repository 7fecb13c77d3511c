"""What codes are called: why a value moved, how a scope changed. Chinese first."""

from __future__ import annotations

CAUSES = {
    "new_data": "新数据 / new data",
    "revised_data": "数据修订 / revised data",
    "changed_parameter": "参数变化 / changed parameter",
    "changed_method": "口径或程序变化 / changed method",
    "changed_target": "目标变化 / changed target",
    "correction": "更正 / correction",
}
CHANGES = {
    "new": "新增 / new",
    "replaced": "修订 / replaced",
    "withdrawn": "撤回 / withdrawn",
    "held": "暂扣 / held",
    "released": "解除暂扣 / released",
    "reparsed": "重新读取 / read again",
    "rebuilt": "重算 / rebuilt",
    "corrected": "更正表 / corrected",
}
PERIODS = {"year": "年 year", "quarter": "季 quarter", "month": "月 month", "ttm": "滚动十二个月 twelve months"}
# how a run ended, or that it did not
RESULTS = {
    "published": "已发布 published",
    "unchanged": "无变化 unchanged",
    "stopped": "未过关卡 stopped",
    "taken_in": "已收件 taken in",
    "failed": "出错 failed",
    "pruned": "已清理 pruned",
    "reproduced": "逐位重现 reproduced",
    "explained": "不同，因程序或模型已变 differs by changed code or models",
    "not_reproduced": "未能重现 not reproduced",
    "running": "进行中 running",
    "ended": "已结束 ended",
    "died": "中断 died",
}
# how a check ended, and how bad it is if it failed
CHECKS = {
    "passed": "通过 passed",
    "failed": "未通过 failed",
    "waived": "已豁免 waived",
    "error": "未能检查 error",
    "skipped": "不适用 skipped",
}
SEVERITIES = {"critical": "严重 critical", "warning": "提醒 warning", "info": "说明 info"}
COMPLETENESS: dict[bool | None, str] = {None: "已撤 gone", True: "完整 complete", False: "不完整 incomplete"}
# what to do about a delivery that a run put on hold
HELD_NEXT = (
    "请改正文件后重新报送，下次运行自动重试；确属正确的：peak release-hold 交付 --accept 检查 --reason …；"
    "检查为 corrections.… 的，文件可能已改对，请修改更正表 corrections.csv / "
    "mend the file and deliver it again, the next run tries again by itself; if it is right as it is: "
    "peak release-hold DELIVERY --accept CHECK --reason …; where the check is corrections.…, the file may have been "
    "put right: mend the table corrections.csv"
)

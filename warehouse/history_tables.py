"""The tables of a release that are made from the ledger: their columns, types and words."""

from __future__ import annotations

from dataclasses import dataclass

VALUE = "decimal(38,6)"


@dataclass(frozen=True)
class HistoryTable:
    """A table made from the ledger: its comment, and per column its type and comment (Chinese, then English)."""

    comment: str
    columns: dict[str, tuple[str, str]]


_DELIVERY = {
    "seq": ("bigint", "账本序号，即先后次序 / Number in the ledger: the order of things"),
    "delivery_id": ("varchar", "交付编号 / Id of the delivery: these bytes for this feed and region"),
    "region": ("varchar", "地区 / Region"),
    "feed": ("varchar", "数据集 / Feed"),
    "file_name": ("varchar", "原文件名 / Name of the file as delivered"),
    "sha256": ("varchar", "文件字节的 SHA-256 / SHA-256 of the file's bytes"),
    "size_bytes": ("bigint", "文件大小，字节 / Size of the file in bytes"),
    "format": ("varchar", "文件格式 / Format of the file"),
    "encoding": ("varchar", "文本编码 / Text encoding"),
    "received_at": ("timestamp", "收到时间，UTC / When it was taken in, UTC"),
    "status": ("varchar", "accepted 接收、quarantined 隔离、duplicate 重复 / What became of it"),
    "reason": ("varchar", "隔离或重复的原因 / Why it was refused or changed nothing"),
    "row_count": ("bigint", "行数 / Rows read"),
    "contract_version": ("varchar", "所用合约版本 / Version of the contract it was read by"),
    "run_id": ("varchar", "所属运行 / Run that took it in"),
}
_CELL = {
    "region": ("varchar", "地区 / Region"),
    "indicator": ("varchar", "指标代码 / Code of the indicator"),
    "method": ("varchar", "口径 / Method"),
    "base_year": ("integer", "基年；不需要时为空 / Base year; null where none is needed"),
    "period_type": ("varchar", "year 年、quarter 季、month 月、ttm 近十二个月 / Kind of period"),
    "period_start": ("date", "期间首日 / First day of the period"),
    "period_end": ("date", "期间末日 / Last day of the period"),
}
TABLES = {
    "deliveries": HistoryTable(
        "每行为账本中的一次交付 / One row per delivery that came in, whatever became of it",
        _DELIVERY | {"is_held": ("boolean", "现被暂扣 / On hold in this release")},
    ),
    "quarantined": HistoryTable(
        "每行为一次被隔离的交付 / One row per delivery that was refused",
        _DELIVERY | {"is_resolved": ("boolean", "同一文件后来已被接收 / The same bytes were accepted later")},
    ),
    "gate_results": HistoryTable(
        "每行为一项检查的一次结果 / One row per check that ran, with its result",
        {
            "run_id": ("varchar", "所属运行 / Run"),
            "checked_at": ("timestamp", "检查时间，UTC / When it ran, UTC"),
            "gate": ("varchar", "关口：file、delivery、warehouse / Gate"),
            "subject": ("varchar", "受检对象：交付编号或表 / What was checked: a delivery's id or the marts"),
            "region": ("varchar", "受检交付的地区；表的检查为空 / Region of the delivery checked; null for the marts"),
            "feed": ("varchar", "数据集；表的检查为其来源 / Feed, for the marts those behind"),
            "domain": ("varchar", "所涉领域，逗号分隔 / Domains concerned, joined by commas"),
            "deliveries": (
                "varchar",
                "受检交付；表的检查为相关的新交付，JSON / The delivery checked; for the marts new ones behind; JSON",
            ),
            "suite": ("varchar", "检查集 / Suite"),
            "check_name": ("varchar", "检查 / Check"),
            "severity": ("varchar", "critical 严重、warning 提醒 / Severity"),
            "status": (
                "varchar",
                "passed 通过、failed 未通过、waived 已豁免、error 未能检查、skipped 无可查 / "
                "Result; waived: failed and let through by a person; error: it could not run",
            ),
            "column_name": ("varchar", "受检列 / Column looked at"),
            "observed": ("varchar", "观测值 / What was seen"),
            "unexpected_count": ("bigint", "不合要求的行数 / Rows that do not hold"),
            "row_count": ("bigint", "受检行数 / Rows looked at"),
            "examples": ("varchar", "样例，JSON；车牌已隐去 / Examples, as JSON, without number plates"),
            "sheet": ("varchar", "工作表 / Sheet of the workbook"),
            "offending_rows": (
                "varchar",
                "不合要求的行在原文件中的行号，前 100 个，JSON / The first 100 rows of the file that do not hold, JSON",
            ),
            "why_zh": ("varchar", "检查理由 / Reason for the check, Chinese"),
            "why_en": ("varchar", "检查理由（英文） / Reason for the check, English"),
        },
    ),
    "release": HistoryTable(
        "仅一行：本版本 / One row: this release",
        {
            "release_id": ("varchar", "版本编号 / Id of this release"),
            "previous_release_id": ("varchar", "上一次发布的版本 / The release published before it"),
            "as_of": ("date", "运行日期，判断时效用 / Date of the run, used for freshness only"),
            "published_at": ("timestamp", "发布时间，UTC / When it was made, UTC"),
            "run_id": ("varchar", "所属运行 / Run that made it"),
            "git_commit": ("varchar", "代码提交；+ 表示有改动 / Commit of the code; + means changed files"),
            "code_version": ("varchar", "代码、合约、规划、模型的总哈希 / Hash over code, contracts, plan and models"),
            "content_sha256": ("varchar", "内容哈希 / Hash over everything that is not history"),
            "last_seq": ("bigint", "所含最后一条交付 / Last delivery entry that counts"),
            "last_hold": ("bigint", "所含最后一次暂扣操作 / Last hold action that counts"),
            "last_reparse": ("bigint", "所含最后一次重新读取 / Last reading made again that counts"),
            "last_sign_off": ("bigint", "所含最后一次年度签认 / Last annual sign-off that counts"),
            "command": ("varchar", "发布它的命令 / Command that published it"),
            "who": ("varchar", "发布人 / Who published it"),
            "why": ("varchar", "发布原因 / Why it was published"),
        },
    ),
    "indicator_revisions": HistoryTable(
        "每行为一个指标值在一次发布中的变动：历次发布的全部数值及其后继 / "
        "One row per indicator value and release that changed it: every value ever published, and its successor",
        _CELL
        | {
            "value": (VALUE, "该次发布的值；空为无值 / Value as published then; null: none"),
            "previous_value": (VALUE, "此前发布的值；首次发布为空 / Value published before; null the first time"),
            "next_value": (VALUE, "其后发布的值；仍然有效时为空 / Value published after it; null while it stands"),
            "next_release_id": (
                "varchar",
                "取代它的版本；仍然有效时为空 / Release that replaced it; null while it stands",
            ),
            "unit": ("varchar", "计量单位；该行消失时为空 / Unit; null when the row is gone"),
            "is_complete": ("boolean", "期间数据是否齐全；该行消失时为空 / Whole period delivered; null: row gone"),
            "release_id": ("varchar", "发布该值的版本 / Release that published it"),
            "published_at": ("timestamp", "发布时间，UTC / When it was published, UTC"),
            "release_number": ("integer", "版本的发布次序，自 1 起 / Number of the release in order of publication"),
            "cause": (
                "varchar",
                "原因：new_data 新数据、revised_data 数据修订、changed_parameter 参数、changed_method 口径或程序、"
                "changed_target 目标、correction 更正 / Cause of the change",
            ),
            "cause_detail": ("varchar", "原因说明 / The cause in words: scopes, files, tables"),
            "deliveries": ("varchar", "引起变动的交付编号，逗号分隔 / Ids of the deliveries that made it change"),
        },
    ),
    "releases": HistoryTable(
        "每行为一次发布或切换，至本版本为止 / One row per publication or switch of `current`, up to this release",
        {
            "number": ("integer", "次序，自 1 起 / Number in order of time, from 1"),
            "release_id": ("varchar", "自此成为现行的版本 / Release that was current from then on"),
            "release_number": ("integer", "该版本的发布次序 / Number of that release in order of publication"),
            "action": ("varchar", "publish 发布、rollback 回退 / What was done"),
            "switched_at": ("timestamp", "时间，UTC / When, UTC"),
            "who": ("varchar", "操作人 / Who did it"),
            "why": ("varchar", "原因 / Why"),
            "as_of": ("date", "该版本的运行日期 / Date of the run that made it"),
            "content_sha256": ("varchar", "该版本的内容哈希 / Content hash of that release"),
        },
    ),
    "scope_changes": HistoryTable(
        "每行为本版本相对上一次发布的一处数据范围变动 / "
        "One row per scope that another delivery speaks for than in the release published before",
        {
            "region": ("varchar", "地区 / Region"),
            "feed": ("varchar", "数据集 / Feed"),
            "scope": ("varchar", "数据范围 / Scope"),
            "kind": (
                "varchar",
                "new 新、replaced 替换、withdrawn 撤回、held 暂扣、released 解除暂扣、reparsed 重新读取、"
                "rebuilt 重算、corrected 更正表 / What happened to it",
            ),
            "delivery_id": ("varchar", "现以何交付为准 / Delivery that counts now"),
            "file_name": ("varchar", "该交付的文件名 / Name of its file"),
            "previous_delivery_id": ("varchar", "此前以何交付为准 / Delivery that counted before"),
            "previous_file_name": ("varchar", "此前交付的文件名 / Name of its file"),
            "period_start": ("date", "范围首日 / First day of the scope"),
            "period_end": ("date", "范围末日 / Last day of the scope"),
        },
    ),
    "corrections": HistoryTable(
        "每行为更正表中的一处更正：单位不改的已知错误，及其所在的交付、文件和行；含企业编号，不对外公开 / "
        "One row per correction of a known error that a bureau will not fix, with the delivery, file and row it meets; "
        "holds ids of enterprises, not for publication",
        {
            "region": ("varchar", "地区 / Region"),
            "feed": ("varchar", "数据集 / Feed"),
            "scope": ("varchar", "数据范围 / Scope"),
            "key": ("varchar", "该行的范围与主键字段 / Scope and key fields of the row, as field=value;field=value"),
            "field": ("varchar", "被更正的字段 / Field that is corrected"),
            "wrong_value": ("varchar", "报送的错误值；空为缺失 / Wrong value as delivered; null: missing"),
            "right_value": ("varchar", "正确值；空为缺失 / Right value; null: missing"),
            "reason": ("varchar", "理由 / Reason"),
            "who": ("varchar", "登记人 / Who entered it"),
            "since": ("date", "登记日期 / Day it was entered"),
            "source": ("varchar", "依据或联系人 / Document or contact that says so"),
            "status": (
                "varchar",
                "applied 已更正、on_hold 交付被暂扣；no_row 行已不在、already_right 已是正确值、other_value 为他值 / "
                "applied; on_hold: the delivery it was written for is on hold; no longer matching: no_row, "
                "already_right, other_value",
            ),
            "found_value": ("varchar", "该行现值 / Value in the row now, as delivered"),
            "delivery_id": ("varchar", "该范围现以何交付为准 / Delivery that speaks for the scope"),
            "file_name": ("varchar", "该交付的文件名 / Name of its file"),
            "sheet": ("varchar", "工作表 / Sheet of the workbook"),
            "row_number": ("bigint", "该行在原文件中的行号 / Row of the file"),
        },
    ),
    "assessments": HistoryTable(
        "每行为一个年度评估中签认的一个值及其现值 / "
        "One row per value of an annual assessment as it was signed off, with what it is now beside it",
        {
            "region": ("varchar", "地区 / Region"),
            "year": ("integer", "评估年度 / Year assessed"),
            "indicator": ("varchar", "指标代码 / Code of the indicator"),
            "level": ("varchar", "目标层级；无目标时为空 / Level of the target; null without one"),
            "target_year": ("integer", "目标年；无目标时为空 / Year of the target; null without one"),
            "value": (VALUE, "签认的值 / Value as signed off"),
            "status": ("varchar", "签认的状态 / Status as signed off"),
            "signed_by": ("varchar", "签认人 / Who signed"),
            "signed_at": ("timestamp", "签认时间，UTC / When it was signed, UTC"),
            "release_id": ("varchar", "签认所依据的版本 / Release it was signed on"),
            "current_value": (VALUE, "本版本中的值 / Value in this release"),
            "current_status": ("varchar", "本版本中的状态 / Status in this release"),
            "is_revised": ("boolean", "值或状态已与签认时不同 / Value or status differs from what was signed"),
        },
    ),
}

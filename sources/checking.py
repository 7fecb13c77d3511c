"""The verdict on one file, as the nightly run would give it, and the report a bureau reads: Chinese first."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, is_dataclass
from pathlib import Path
from typing import Any

from sources.advice import Fix, fixes, rows_said
from sources.contract import Contract, contracts
from sources.documents import Document, Section, as_markdown
from sources.reading import Problem, Reading, read_file
from sources.reading.sandbox import check_opens
from warehouse.harmless import shown_name

Judge = Callable[[Reading, Contract, str], Sequence[Any]]
_STOPPING = ("failed", "error")
_SHOWN_IN_TEXT = 200


@dataclass(frozen=True)
class Verdict:
    """What reading and the delivery gate say of a file. `checks` are the gate's results, if reached."""

    path: Path
    region: str
    sha256: str
    contract: Contract
    reading: Reading
    checks: list[Any]

    @property
    def is_accepted(self) -> bool:
        return self.reading.table is not None and not stopping(self.checks)

    def report(self) -> dict[str, Any]:
        """The content of report.json, with the file's identity."""
        facts = {"region": self.region, "sha256": self.sha256}
        return {**facts, **report(self.reading, self.contract, self.path.name, self.checks)}

    def fixes(self) -> list[Fix]:
        """What to mend in the file."""
        return _todo(self.reading, self.contract, self.checks)

    def markdown(self) -> str:
        return report_markdown(self.reading, self.contract, self.path.name, self.checks)


def stopping(checks: Sequence[Any]) -> list[Any]:
    """The critical checks that failed or could not be carried out."""
    return [check for check in checks if check.severity == "critical" and check.status in _STOPPING]


def check(path: Path, feed: str, region: str, judge: Judge | None = None) -> Verdict:
    """Gate 1 and, with `judge`, gate 2 on one file; nothing is recorded.

    Raises KeyError for an unknown feed and OSError when the file cannot be opened.
    """
    contract = contracts()[feed]
    digest = hashlib.sha256()
    check_opens(path)
    with path.open("rb") as stream:
        while part := stream.read(1 << 20):
            digest.update(part)
    reading = read_file(path, contract)
    checks = list(judge(reading, contract, region)) if judge is not None and reading.table is not None else []
    return Verdict(path, region, digest.hexdigest(), contract, reading, checks)


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def report(reading: Reading, contract: Contract, file_name: str, checks: Sequence[Any] = ()) -> dict[str, Any]:
    """The content of report.json: what was found wrong where, in Chinese (`zh`) and English (`en`)."""
    accepted = reading.table is not None and not stopping(checks)
    return {
        "file": file_name,
        "feed": contract.feed,
        "title": contract.title,
        "contract_version": contract.version,
        "verdict": "accepted" if accepted else "quarantined",
        "format": reading.format,
        "encoding": reading.encoding,
        "rows_read": reading.rows_read,
        "rows_left_out": reading.left_out,
        "scopes": [_scope(info) for info in reading.scopes],
        "total_problems": reading.total_problems,
        "problems": [asdict(problem) for problem in reading.problems],
        "warnings": [asdict(warning) for warning in reading.warnings],
        "notes": [asdict(note) for note in reading.notes],
        "checks": [_plain(check) for check in checks],
        "fixes": [asdict(fix) for fix in _todo(reading, contract, checks)],
    }


def _scope(info: Any) -> dict[str, Any]:
    dates = {"period_start": info.period_start.isoformat(), "period_end": info.period_end.isoformat()}
    return {**asdict(info), **dates}


def report_document(reading: Reading, contract: Contract, file_name: str, checks: Sequence[Any] = ()) -> Document:
    """The report for people, Chinese first, English beside it: the verdict, what to mend, and all that was found."""
    accepted = reading.table is not None and not stopping(checks)
    verdict = "接收 / accepted" if accepted else "拒收（整份隔离） / refused (quarantined whole)"
    facts: list[tuple[str, object]] = [
        ("结论 / verdict", verdict),
        ("数据集 / feed", f"{contract.feed} {contract.title}"),
        ("格式 / format", f"{reading.format}{'，' + reading.encoding if reading.encoding else ''}"),
        ("数据行 / data rows", reading.rows_read),
    ]
    if reading.left_out:
        listed = "、".join(str(row) for row in reading.left_out[:_SHOWN_IN_TEXT])
        facts.append((f"剔除的行 / rows left out（{len(reading.left_out)}）", listed))
    sections = [
        _fixes(_todo(reading, contract, checks)),
        _section("问题 / problems", reading.problems, reading.total_problems),
        _section("提醒 / warnings", reading.warnings, len(reading.warnings)),
        _section("未读入的行 / lines not read", reading.notes, len(reading.notes)),
        _checks(checks),
    ]
    return Document(f"{contract.title}：{shown_name(file_name)}", facts, sections, accepted)


def report_markdown(reading: Reading, contract: Contract, file_name: str, checks: Sequence[Any] = ()) -> str:
    """The report for people in Markdown."""
    return as_markdown(report_document(reading, contract, file_name, checks))


def _todo(reading: Reading, contract: Contract, checks: Sequence[Any]) -> list[Fix]:
    return fixes(reading.problems, checks, contract, reading.sheet, reading.total_problems)


def _fixes(todo: Sequence[Fix]) -> Section:
    rows = [(fix.sheet, fix.said, fix.column, fix.value, fix.zh, fix.en) for fix in todo]
    return Section(
        "怎么改 / how to fix", ("工作表 sheet", "行 rows", "列 column", "现值 value", "怎么改", "how to fix"), rows
    )


def _section(title: str, problems: Sequence[Problem], total: int) -> Section:
    columns = ("工作表 sheet", "行 row", "列 column", "值 value", "原因", "reason")
    rows = [(one.sheet, one.row, one.column, one.value, one.zh, one.en) for one in problems]
    return Section(title, columns, rows, total)


def _checks(checks: Sequence[Any]) -> Section:
    """The gate's checks that did not pass, those that stop first."""
    failed = sorted((check for check in checks if check.status in _STOPPING), key=lambda check: check.severity)
    columns = ("检查 check", "级别 severity", "结果 status", "列 column", "实际 observed", "行 rows", "原因", "reason")
    rows = [
        (one.check, one.severity, one.status, one.column, one.observed, rows_said(one.rows), one.why_zh, one.why_en)
        for one in failed
    ]
    return Section("质量检查 / checks", columns, rows)

"""Refused deliveries: the file and a report for machines and for people, in a folder of their own."""

from __future__ import annotations

import json
import re
import shutil
import traceback
from collections.abc import Sequence
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import Any

from sources.archive import fsync_directory, write_durably
from sources.contract import Contract
from sources.documents import Document, as_html, as_markdown
from sources.ledger import Delivery
from warehouse.harmless import shown_name
from warehouse.paths import Home


def safe_name(name: str) -> str:
    """A file name that is safe in any folder: letters, digits and `._-` of any script, 80 bytes, no dot first."""
    cleaned = re.sub(r"[^\w.-]", "_", name).lstrip(".") or "file"
    while len(cleaned.encode()) > 80:
        cleaned = cleaned[1:]
    return cleaned


def write_quarantine(
    delivery: Delivery, contract: Contract, reading: Any, checks: Sequence[Any], trace: str | None, home: Home
) -> Path:
    """Write quarantine/<delivery_id>/ whole or not at all, over an older one of the same bytes; returns the folder.

    `reading` is None and `trace` a traceback when an unexpected error stopped the examination.
    """
    folder = home.quarantine / delivery.delivery_id
    building = home.quarantine / f".{delivery.delivery_id}.tmp"
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    # its own prefix keeps a file that is called report.json from being the report
    shutil.copyfile(home.archived(delivery.sha256), building / f"file-{safe_name(delivery.file_name)}")
    content, page = _report(delivery, contract, reading, checks, trace)
    texts = {
        "report.json": json.dumps(content, ensure_ascii=False, indent=1, default=str),
        "report.md": as_markdown(page),
        "report.html": as_html(page),
    }
    for name, text in texts.items():
        write_durably(building / name, text.encode("utf-8", "backslashreplace"))
    shutil.rmtree(folder, ignore_errors=True)
    building.rename(folder)
    fsync_directory(home.quarantine)
    return folder


def _report(
    delivery: Delivery, contract: Contract, reading: Any, checks: Sequence[Any], trace: str | None
) -> tuple[dict[str, Any], Document]:
    """The report for machines and for people; written by the checker, or here when the checker itself fails."""
    facts = {
        key: getattr(delivery, key)
        for key in ("delivery_id", "region", "feed", "file_name", "sha256", "size_bytes", "reason", "run_id")
    }
    if reading is not None:
        try:
            from sources.checking import report, report_document

            content = report(reading, contract, delivery.file_name, checks)
            page = report_document(reading, contract, delivery.file_name, checks)
            return {**facts, **content, **({"traceback": trace} if trace else {})}, page
        except Exception:
            trace = (trace or "") + traceback.format_exc()
    content = {**facts, "checks": [_plain(check) for check in checks], "traceback": trace}
    if reading is not None:
        content["problems"] = [_plain(problem) for problem in reading.problems]
    reason = delivery.reason or "internal_error"
    told = "程序内部错误，见 report.json / an internal error, see report.json"
    return content, Document(
        f"隔离报告 / Quarantine report：{shown_name(delivery.file_name)}",
        [("原因 / reason", reason), ("说明 / note", told)],
        is_good=False,
    )


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)

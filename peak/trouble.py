"""What keeps the data home from being used, as a sentence: a file where a folder should be, no right to write, …"""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from sources.ledger.store import NewerLedger
from warehouse.paths import home


def sentence(error: Exception) -> str | None:
    """The sentence for an error about the data home or a file of checks; None for every other: a fault of ours."""
    root = home().root
    if _is_a_suite(error):
        return f"校验规则文件有误 / a file of checks is not sound: {error}"
    if isinstance(error, NewerLedger):
        return f"{error}: {home().ledger}"
    if isinstance(error, sqlite3.Error):
        return f"账本无法使用 / the ledger cannot be used: {home().ledger}: {error}"
    if isinstance(error, OSError) and error.errno != errno.EPIPE and _is_about(error, root):
        why = os.strerror(error.errno) if error.errno else str(error)
        place = f"{root}（{error.filename}）" if Path(os.fsdecode(error.filename)) != root else str(root)
        return f"数据目录无法使用，请检查 PEAK_HOME / the data home cannot be used, check PEAK_HOME: {place}: {why}"
    return None


def _is_a_suite(error: Exception) -> bool:
    from expectations.suites import SuiteError

    return isinstance(error, SuiteError)


def _is_about(error: OSError, root: Path) -> bool:
    if not isinstance(error.filename, str | bytes):
        return False
    place = Path(os.fsdecode(error.filename))
    return place == root or root in place.parents or place in root.parents

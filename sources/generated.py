"""Files of the repository that are generated from the contracts: written, or compared."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from warehouse.paths import PROJECT


def stale(documents: Mapping[Path, str]) -> list[Path]:
    """The files that are missing or differ from their text."""
    return [path for path, text in documents.items() if not path.exists() or path.read_text("utf-8") != text]


def update(documents: Mapping[Path, str], check: bool) -> int:
    """Write the files that are not current, or with `check` only name them. The exit code: 1 if a check found any."""
    behind = stale(documents)
    for path in behind:
        print(f"{path.relative_to(PROJECT)}: {'需重新生成 / not current' if check else '已写入 / written'}")
        if not check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(documents[path], "utf-8")
    return 1 if check and behind else 0

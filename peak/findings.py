"""How commands show what is wrong with a file: the reader's problems and the checks that did not pass."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from peak import show

if TYPE_CHECKING:
    from rich.console import Console

    from sources.advice import Fix
    from sources.reading import Problem


def say_problems(console: Console, title: str, problems: Sequence[Problem], total: int) -> None:
    """Problems as a table, said to be cut where there are more; nothing when there are none."""
    if not problems:
        return
    cut = f"，只列前 {len(problems)} 条 / the first {len(problems)}" if len(problems) < total else ""
    rows = [(p.sheet or "—", p.row or "—", p.column or "—", p.value, f"{p.zh} / {p.en}") for p in problems]
    columns = ("工作表 sheet", "行 row", "列 column", "值 value", "原因 reason")
    console.print(show.table(f"{title}（{total}{cut}）", columns, rows, right=(1,)))


def say_checks(console: Console, checks: Sequence[Any]) -> None:
    """The gate's checks that did not pass, those that stop the file first."""
    failed = sorted((c for c in checks if c.status in ("failed", "error")), key=lambda c: c.severity)
    if failed:
        rows = [
            (c.check, c.severity, c.status, "\n".join(c.examples) or c.observed, _rows(c), f"{c.why_zh} / {c.why_en}")
            for c in failed
        ]
        columns = ("检查 check", "级别 severity", "结果 status", "实例 examples", "行 rows", "原因 reason")
        console.print(show.table(f"质量检查 / checks（{len(failed)}）", columns, rows))


def say_fixes(console: Console, todo: Sequence[Fix]) -> None:
    """What to mend in the file; nothing when there is nothing."""
    if todo:
        rows = [
            (fix.sheet or "—", fix.said or "—", fix.column or "—", fix.value, f"{fix.zh} / {fix.en}") for fix in todo
        ]
        columns = ("工作表 sheet", "行 rows", "列 column", "现值 value", "怎么改 how to fix")
        console.print(show.table(f"怎么改 / how to fix（{len(todo)}）", columns, rows))


def _rows(check: Any) -> str:
    shown = ", ".join(str(row) for row in check.rows[:10])
    return shown + (" …" if len(check.rows) > 10 else "")

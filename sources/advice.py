"""What a clerk does about a problem or a failed check: in which rows of the file, what is expected there, what to put.

The only home of these words; reports and `peak check` show them.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from sources import dictionaries
from sources.contract import Contract, Field

KINDS = {
    "text": "文本 / text",
    "int": "整数 / whole number",
    "dec": "小数 / decimal",
    "bool": "是或否 / yes (是) or no (否)",
    "date": "日期，如 2024-03-01 / date",
    "month": "月份，如 2024-03 / month",
    "quarter": "季度，如 2024Q1 / quarter",
    "year": "年份，如 2024 / year",
    "ts": "时间，如 2024-03-01 08:15:00 / time",
}
WORDS = Path(__file__).with_name("advice.csv")
_ANY = (
    "更正后整份重报；不懂时用 peak template 生成的填报表",
    "mend it and send the whole file again; if in doubt use the template",
)
MAX_ROWS, MAX_FIXES = 20, 100


@cache
def words() -> dict[str, tuple[str, str]]:
    """Per code of a problem what to do, in Chinese and English; what depends on the field is said by `advice`."""
    with WORDS.open(encoding="utf-8", newline="") as file:
        return {row["code"]: (row["zh"], row["en"]) for row in csv.DictReader(file)}


@dataclass(frozen=True)
class Fix:
    """One thing to do: in which rows and column, what stands there now, and what to do (Chinese, English).

    `rows` may be the first of `total`; None when only a part of all problems is known, so that there may be more.
    """

    sheet: str | None
    rows: tuple[int, ...]
    column: str | None
    value: str | None
    zh: str
    en: str
    total: int | None = 0

    @property
    def said(self) -> str | None:
        """Its rows as people read them."""
        return rows_said(self.rows, self.total)


def limits(field: Field) -> str:
    """The bounds of a field in words that need no translation: `> 0`, `0 … 100`; empty when it has none."""
    if field.minimum is not None and field.maximum is not None:
        return f"{field.minimum} … {field.maximum}"
    bounds = (("≥", field.minimum), (">", field.exclusive_minimum), ("≤", field.maximum))
    return ", ".join(f"{sign} {bound}" for sign, bound in bounds if bound is not None)


def expected(field: Field) -> tuple[str, str]:
    """What a field takes, in Chinese and English: its kind, bounds and unit."""
    zh, _, en = KINDS[field.type].partition(" / ")
    bounds = f" {limits(field)}" if limits(field) else ""
    unit = f"{field.unit}" if field.unit else ""
    return f"{zh}{bounds}{'，单位' + unit if unit else ''}", f"{en}{bounds}{', in ' + unit if unit else ''}"


def nearest(field: Field, value: str | None) -> list[str]:
    """The choices of a coded field that look most like `value`, the nearest first."""
    known = dictionaries.spellings(field) or {}
    by_name = {dictionaries.fold(name): name for name in dictionaries.choices(field)}
    found = difflib.get_close_matches(dictionaries.fold(value or ""), [*by_name, *known], n=6, cutoff=0.4)
    names = dictionaries.names(field.dictionary) if field.dictionary else {}
    codes = {code: words.split("/")[0] for code, words in (field.codes or {}).items()}
    return list(
        dict.fromkeys(by_name.get(word) or names.get(known[word]) or codes.get(known[word], word) for word in found)
    )[:3]


def advice(problem: Any, contract: Contract) -> tuple[str, str]:
    """What to do about one problem of reading, in Chinese and English."""
    field = _field(contract, problem.column)
    if problem.code == "missing_column" and field is not None:
        return (
            f"加上一列，表头写“{field.header}”：{expected(field)[0]}",
            f"add a column headed {field.header}: {expected(field)[1]}",
        )
    rule = next((rule for rule in contract.rules if rule.name == problem.code), None)
    if rule is not None:
        return f"更正该行，使其符合：{rule.description_zh}", f"mend the row so that: {rule.description_en}"
    if problem.code in words():
        zh, en = words()[problem.code]
    elif field is None or problem.row is None:
        zh, en = _ANY
    elif problem.code == "not_in_domain":
        zh, en = _choose(field, problem.value)
    else:
        zh, en = f"{problem.zh}；应填{expected(field)[0]}", f"{problem.en}; expected: {expected(field)[1]}"
    return zh, en


def _choose(field: Field, value: str | None) -> tuple[str, str]:
    near = nearest(field, value)
    if near:
        return (
            f"是否应为“{'”或“'.join(near)}”？按填报表的选项填写",
            f"perhaps {' or '.join(near)}? take one of the template's choices",
        )
    some = "、".join(dictionaries.choices(field)[:12])
    return f"从选项中选一个：{some}", f"take one of: {some}"


def _field(contract: Contract, column: str | None) -> Field | None:
    """The field that a header or a name stands for."""
    bare = (column or "").split("(")[0].split("（")[0].strip()
    return next((f for f in contract.fields if column in (f.name, f.header) or bare in (f.header, *f.aliases)), None)


def check_advice(check: Any, contract: Contract) -> tuple[str, str]:
    """What to do about a check of the delivery gate that did not pass, in Chinese and English."""
    if check.status == "error":
        return words()["internal_error"]
    fields = [field for name in (check.column or "").split(", ") if (field := _field(contract, name)) is not None]
    headers = "、".join(field.header for field in fields)
    zh, en = (f"核对“{headers}”", f"look at {headers}") if fields else ("核对所列各行", "look at the rows named")
    if bounds := _bounds(check, fields):
        zh, en = f"{zh}（应为 {bounds}）", f"{en} (expected: {bounds})"
    if check.severity == "critical":
        return f"{zh}，更正后整份重报：{check.why_zh}", f"{en}, mend it and send the whole file again: {check.why_en}"
    return (
        f"{zh}；属实则不必改，有误请重报：{check.why_zh}",
        f"{en}; if right, leave it, else send it again: {check.why_en}",
    )


def _bounds(check: Any, fields: Sequence[Field]) -> str:
    """What the rule of the suite expects of a column that is the file's own; empty where the reason says it all."""
    if len(fields) != 1 or check.column != fields[0].name:
        return ""
    from expectations import suites

    try:
        rule = next(rule for rule in suites.load("deliveries", check.suite).checks if rule.name == check.check)
    except (suites.SuiteError, StopIteration):
        return ""
    least, most = rule.arguments.get("min_value"), rule.arguments.get("max_value")
    if "value_set" in rule.arguments:
        return "、".join(str(value) for value in rule.arguments["value_set"])
    bounds = " … ".join(str(bound) for bound in (least, most) if bound is not None)
    return f"≥ {bounds}" if most is None and bounds else f"≤ {bounds}" if least is None and bounds else bounds


def fixes(
    problems: Sequence[Any], checks: Iterable[Any], contract: Contract, sheet: str | None = None, total: int = 0
) -> list[Fix]:
    """What to do about a whole file, equal advice joined; what stops it first, at most MAX_FIXES.

    `total` counts the problems of which `problems` may be the first.
    """
    found: dict[Fix, list[int]] = {}
    for problem in problems:
        said = Fix(problem.sheet, (), problem.column, problem.value, *advice(problem, contract))
        found.setdefault(said, []).extend([problem.row] if problem.row is not None else [])
    of_reading = _totals(found, max(total - len(problems), 0))
    for check in sorted((one for one in checks if one.status in ("failed", "error")), key=lambda one: one.severity):
        value = "；".join(getattr(check, "examples", ())[:3]) or check.observed
        said = Fix(sheet, (), _headers(check, contract), value, *check_advice(check, contract))
        found.setdefault(said, []).extend(check.rows)
    return [
        replace(said, rows=tuple(dict.fromkeys(rows)), total=of_reading.get(said, said.total))
        for said, rows in list(found.items())[:MAX_FIXES]
    ]


def _totals(found: Mapping[Fix, Sequence[int]], unknown: int) -> dict[Fix, int | None]:
    """How many rows each advice is for; when problems are not listed they belong to the only one, or to any."""
    counts = {said: len(set(rows)) for said, rows in found.items()}
    if not unknown:
        return dict(counts)
    return {said: count + unknown if len(found) == 1 else None for said, count in counts.items()}


def _headers(check: Any, contract: Contract) -> str | None:
    """The columns a check looks at by their headers in the file; what it works out itself has none."""
    fields = (_field(contract, name) for name in (check.column or "").split(", "))
    return "、".join(field.header for field in fields if field is not None) or None


def rows_said(rows: Sequence[int], total: int | None = 0) -> str | None:
    """Row numbers as people read them, the first of `total`; None when there may be more than `rows`."""
    shown = "、".join(str(row) for row in rows[:MAX_ROWS])
    if total is None:
        return f"{shown}…（至少 {len(rows)} 行）" if shown else None
    count = max(total, len(rows))
    return f"{shown}…（共 {count} 行）" if shown and count > min(len(rows), MAX_ROWS) else shown or None

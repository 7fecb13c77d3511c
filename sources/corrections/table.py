"""The table of corrections, read and checked whole before anything is built from it.

A row names one value by region, feed, key and field. The key gives every scope and key field of the contract as
`field=value;field=value`; what holds `;`, `=` or a double quote stands in double quotes, these doubled. Values are
written as a bureau may write them, in the field's own unit; an empty cell is a missing value.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NoReturn

from sources.contract import contracts
from sources.corrections.model import Correction, parse_key
from sources.inbox import REGION
from warehouse.paths import SEEDS

NAME = "corrections"
TABLE = SEEDS / f"{NAME}.csv"
REQUIRED = ("region", "feed", "key", "field", "wrong_value", "right_value", "reason", "who")
OPTIONAL = ("since", "source")
_BREAK = re.compile(rb"\r\n|\n|\r")
FILLED = ("region", "feed", "key", "field", "reason", "who")


@dataclass(frozen=True)
class Fault:
    """Why a line of the table cannot be used."""

    line: int
    zh: str
    en: str


class BadCorrections(Exception):
    """The table cannot be used; the message names file and line of every fault, Chinese first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        name = TABLE.name
        said = [f"{name} 第 {item.line} 行：{item.zh} / {name} line {item.line}: {item.en}" for item in self.faults]
        super().__init__("\n".join(said))


def load(table: Path = TABLE) -> tuple[Correction, ...]:
    """The corrections of a table in its order. BadCorrections for what is wrong in it, or when the project's is gone.

    Releases of before there was such a table have none.
    """
    if table.exists():
        return parse(table.read_bytes())
    if table == TABLE:
        zh, en = "更正表不见了；没有更正时应只留表头", "the table is gone; without corrections only its header remains"
        raise BadCorrections([Fault(1, zh, en)])
    return ()


def parse(content: bytes) -> tuple[Correction, ...]:
    """The corrections of a table's bytes, in order. BadCorrections names every line that cannot be used."""
    rows = _rows(content)
    if not rows:
        return ()
    from sources.corrections.values import Refused

    faults, found = [], []
    for line, row in rows:
        try:
            found.append(_correction(line, row))
        except Refused as refused:
            faults.append(Fault(line, refused.zh, refused.en))
    faults += _doubles(found)
    if faults:
        raise BadCorrections(sorted(faults, key=lambda fault: fault.line))
    return tuple(found)


def _rows(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """The rows of the table with the line each begins on; BadCorrections when it is no such table."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(_BREAK.findall(content, 0, error.start)) + 1
        zh, en = "此行不是 UTF-8，请把整张表另存为“CSV UTF-8”", "not UTF-8: save the whole table as CSV UTF-8"
        _refuse(line, zh, en)
    reader, found, line = csv.reader(io.StringIO(text, newline=""), strict=True), [], 1
    try:
        header = next(reader, [])
        _check_header(header)
        line = reader.line_num + 1
        for cells in reader:
            if cells and len(cells) != len(header):
                _refuse(line, f"应有 {len(header)} 列，实有 {len(cells)} 列", f"{len(cells)} cells, not {len(header)}")
            if any(cell.strip() for cell in cells):
                found.append((line, dict(zip(header, map(str.strip, cells), strict=True))))
            line = reader.line_num + 1
    except csv.Error as error:
        _refuse(line, f"不是合格的 CSV：{error}", f"not sound CSV: {error}")
    return found


def _refuse(line: int, zh: str, en: str) -> NoReturn:
    raise BadCorrections([Fault(line, zh, en)])


def _check_header(header: list[str]) -> None:
    if missing := ", ".join(name for name in REQUIRED if name not in header):
        _refuse(1, f"缺少列 {missing}", f"columns are missing: {missing}")
    known = (*REQUIRED, *OPTIONAL)
    if unknown := ", ".join(name for name in header if name not in known or header.count(name) > 1):
        _refuse(1, f"多余的列 {unknown}", f"columns that do not belong here: {unknown}")


def _correction(line: int, row: Mapping[str, str]) -> Correction:
    from sources.corrections.values import Refused, corrected_field, key_of, scope_of, value_of

    if missing := ", ".join(name for name in FILLED if not row[name]):
        raise Refused(f"缺少 {missing}", f"{missing} missing")
    if not REGION.fullmatch(row["region"]):
        raise Refused(f"地区名不合格：{row['region']}", f"not the name of a region: {row['region']}")
    contract = contracts().get(row["feed"])
    if contract is None:
        raise Refused(f"没有数据集 {row['feed']}", f"there is no feed {row['feed']}")
    try:
        given = parse_key(row["key"])
    except ValueError:
        raise Refused("主键应写作 字段=值;字段=值", "the key must be written field=value;field=value") from None
    key, field = key_of(contract, given), corrected_field(contract, row["field"])
    wrong, right = (value_of(field, row[name]) for name in ("wrong_value", "right_value"))
    if wrong == right:
        raise Refused("原值与正确值相同", "the wrong and the right value are the same")
    return Correction(
        region=row["region"],
        feed=row["feed"],
        scope=scope_of(contract, key),
        key=key,
        field=field.name,
        wrong=wrong,
        right=right,
        reason=row["reason"],
        who=row["who"],
        since=_day(row.get("since", "")),
        source=row.get("source") or None,
        line=line,
    )


def _day(text: str) -> str | None:
    from sources.corrections.values import Refused

    try:
        return date.fromisoformat(text).isoformat() if text else None
    except ValueError:
        raise Refused(
            f"since 应为日期，如 2026-03-01：{text}", f"since must be a day such as 2026-03-01: {text}"
        ) from None


def _doubles(found: Iterable[Correction]) -> list[Fault]:
    """A value that two lines correct: which of them is meant cannot be told."""
    first: dict[tuple[object, ...], int] = {}
    faults = []
    for one in found:
        line = first.setdefault((*one.place, one.key, one.field), one.line)
        if line != one.line:
            faults.append(Fault(one.line, f"与第 {line} 行更正同一个值", f"corrects the same value as line {line}"))
    return faults

"""The page docs/feeds.md for the bureaus, generated from the contracts.

`python -m sources.feed_docs` writes it, with `--check` it exits 1 when it is not current.
"""

from __future__ import annotations

import sys
from pathlib import Path

from sources.advice import limits
from sources.contract import Contract, Field, contracts
from sources.dictionaries import names
from sources.generated import update
from warehouse.paths import PROJECT

PAGE = PROJECT / "docs" / "feeds.md"
DOMAINS = {
    "energy": "能源 / Energy",
    "transport": "交通 / Transport",
    "buildings": "建筑 / Buildings",
    "waste": "废物 / Waste",
    "land": "土地 / Land",
    "economy": "经济 / Economy",
    "governance": "治理 / Governance",
}
FREQUENCIES = {
    "daily": "每日 / daily",
    "monthly": "每月 / monthly",
    "quarterly": "每季 / quarterly",
    "yearly": "每年 / yearly",
    "irregular": "按需 / when it changes",
}
WARNING = "（仅提示 / warning only）"
TABLE = (
    "| 表头（别名） / Header (aliases) | 字段 / Field | 类型 / Type | 标记 / Marks | 单位 / Unit "
    "| 取值 / Domain | 说明 / Meaning |",
    "|---|---|---|---|---|---|---|",
)
LONG = 24  # a dictionary of more words than this is named, not listed
INTRODUCTION = """<!-- Generated from the contracts by `python -m sources.feed_docs`; do not edit. -->
# 报送数据集 / Feeds

本页由数据契约（`sources/contracts/`）生成，逐一说明各单位报送的数据集：报什么、何时报、怎么填。
This page is generated from the contracts: what each feed holds, when it is due and how to fill it in.

- 文件放入 `inbox/<地区>/<数据集>/`，文件名不限；格式可为 CSV、XLSX、Parquet 或 JSON 行。
  Drop the file into `inbox/<region>/<feed>/` under any name: CSV, XLSX, Parquet or JSON lines.
- 表头用下表的中文名、别名或英文字段名，顺序不限；名称后可用括号注明单位。
  Headers are the Chinese names, aliases or English names below, in any order, with a unit in brackets if you like.
- 编码列可填代码或中文名。 / Coded values may be given by code or by Chinese name.
- “范围”说明一次报送替换哪一部分：同一范围的新文件整体替换旧文件。
  The scope says what a delivery replaces: a newer file replaces all that was delivered under the same scope.
- 范围确实为空时，报一行，只填范围字段。 / An empty scope is delivered as one row with only its scope fields filled.
- 报送前可用 `peak check` 自查，用 `peak template` 取空表。
  `peak check` tests a file before it is sent, `peak template` gives an empty workbook.
"""


def _allowed(field: Field) -> str:
    if field.codes:
        return "；".join(f"{name} `{code}`" for code, name in field.codes.items())
    if field.dictionary == "feeds":
        return "本页的数据集 / a feed of this page"
    if field.dictionary:
        words = names(field.dictionary)
        if len(words) > LONG:
            return f"字典 / dictionary `{field.dictionary}`（{len(words)}）"
        return "；".join(name if name == code else f"{name} `{code}`" for code, name in words.items())
    return limits(field)


def _unit(field: Field) -> str:
    if field.unit_from is None:
        return field.unit or ""
    if field.unit_from.units is None:
        return f"见 / in `{field.unit_from.column}`"
    return "；".join(f"{code}: {unit}" for code, unit in field.unit_from.units.items())


def _row(field: Field) -> str:
    marks = " ".join(mark for mark, on in (("S", field.scope), ("K", field.key), ("?", not field.required)) if on)
    aliases = f"（{'、'.join(field.aliases)}）" if field.aliases else ""
    texts = (
        f"{field.header}{aliases}",
        f"`{field.name}`",
        field.type,
        marks,
        _unit(field),
        _allowed(field),
        field.description,
    )
    return "| " + " | ".join(text.replace("|", "\\|") for text in texts) + " |"


def _feed(contract: Contract) -> list[str]:
    due = f"，次期{contract.due_day}日前 / due day {contract.due_day}" if contract.due_day else ""
    scope = "、".join(f"{field.header} `{field.name}`" for field in contract.scope)
    register = "；全量台账，每次报全部 / a full register every time" if contract.snapshot else ""
    lines = [
        f"### {contract.title} / `{contract.feed}`",
        "",
        contract.purpose,
        "",
        contract.description,
        "",
        f"- 责任单位 / Owner: {contract.owner}",
        f"- 周期 / Timetable: {FREQUENCIES[contract.frequency]}{due}",
        f"- 范围 / Scope: {scope}{register}",
        "",
        *TABLE,
        *(_row(field) for field in contract.fields),
        "",
    ]
    checks = [
        f"- {rule.description_zh} / {rule.description_en}{WARNING if rule.severity == 'warning' else ''}"
        for rule in contract.rules
    ]
    refused = [f"- {field.header}：{field.refused_advice}" for field in contract.fields if field.refused_advice]
    if checks or refused:
        lines += ["以下情况退回 / Refused when:", "", *checks, *refused, ""]
    return lines


def page() -> str:
    """The whole page."""
    lines = [INTRODUCTION, "标记 / Marks: S 范围 / scope · K 主键 / key · ? 可空 / may be missing", ""]
    for domain in dict.fromkeys([*DOMAINS, *(contract.domain for contract in contracts().values())]):
        lines += [f"## {DOMAINS.get(domain, domain)}", ""]
        for contract in contracts().values():
            if contract.domain == domain:
                lines += _feed(contract)
    return "\n".join(lines).rstrip() + "\n"


def documents() -> dict[Path, str]:
    """The page by its path."""
    return {PAGE: page()}


if __name__ == "__main__":
    sys.exit(update(documents(), check="--check" in sys.argv[1:]))

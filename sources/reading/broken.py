"""What the faults that libraries raise mean to a person: a sentence in two languages, their own words after it."""

from __future__ import annotations

import csv
import json

from sources.reading.text import shown

_QUOTES = (
    ("unexpected end", "直到文件末尾也没有闭合的引号", "a quote that is never closed"),
    ("expected after", "引号闭合之后、分隔符之前还有别的字符", "signs between a closing quote and the delimiter"),
    (
        "field larger",
        "一个单元格过长，多半是引号没有闭合",
        "a cell without end, so a quote is not closed",
    ),
)


def with_words(zh: str, en: str, error: BaseException) -> tuple[str, str]:
    """A sentence in both languages, each with the library's own words in brackets for who looks after the program."""
    kind = type(error).__name__
    words = shown(error if kind.lower() == "error" else f"{kind}: {error}")
    return f"{zh}（技术信息：{words}）", f"{en} ({words})"


def of_file(what: str, error: BaseException) -> tuple[str, str]:
    """A file that cannot be read to its end; `what` is its kind, such as XLSX."""
    zh = f"{what} 文件不完整或已损坏，读不出来（常见于传输中断、磁盘已满或另存失败）"
    return with_words(zh, f"the {what} file is cut off or damaged and cannot be read", error)


def of_quotes(line: int, error: csv.Error) -> tuple[str, str]:
    """A record of a CSV file, from this line on, that breaks the quoting rules."""
    found = next((told for sign, *told in _QUOTES if sign in str(error)), ["引号使用有误", "wrong quoting"])
    return with_words(f"第 {line} 行起：{found[0]}", f"from line {line}: {found[1]}", error)


def of_json(error: Exception) -> tuple[str, str]:
    """A line that is no JSON."""
    if isinstance(error, json.JSONDecodeError):
        place = error.pos + 1
        zh, en = (
            f"此行不是完整的 JSON，错在第 {place} 个字符处",
            f"no whole JSON: look at character {place}",
        )
        return with_words(zh, en, error)
    return with_words("此行不是可读的 JSON，嵌套过深或数字过大", "JSON nested too deep, or too large", error)

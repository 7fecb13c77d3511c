"""Folding of spellings: what counts as missing, and which forms of a character mean the same."""

from __future__ import annotations

import re
import unicodedata

MISSING = frozenset({"", "—", "——", "-", "－", "/", "／", "…", "……"})
MAX_SHOWN = 120

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
# Control, zero-width and direction signs, for a class of a regular expression.
INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f\u00ad\u034f\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
)
_INVISIBLE = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_TOTAL = re.compile(r"(合计|小计|总计)[::]?(\(.*\)|\[.*\]|【.*】)?[::]?")
_TOTAL_WORD = "(合计|小计|总计|总和|累计|共计)[数额值]?"
_TOTAL_KEY = re.compile(
    rf".*{_TOTAL_WORD}|(sub|grand)?totals?|sum|其中[::].*|(全|本)[区市县省国年月季页表]|全部|全口径|所有|总[数量]|汇总"
)
_TOTAL_NAME = re.compile(rf"其中|((全|本)[区市县省国年月季页表])?{_TOTAL_WORD}|(sub|grand)?totals?")
_FOOTER = re.compile(
    r"[*※#]?((填表|填报|制表|统计|审核|复核|校对|报送|经办|打印|导出|报表)(人|员|人员|单位|日期|时间)?|报出日期|日期|主管"
    r"|(单位|部门|统计|财务|分管)?(负责人|领导)|联系人|(联系)?电话|手机|盖章|签字|签章|(备|附)?注|(填表|填报)?说明"
    r"|(资料|数据)?来源)\s*(\d{0,2}[::.、]|\(|\s|$).*",
    re.DOTALL,
)
_CONTINUED = re.compile(r"(\(?\d{1,2}[).、]|[①-⑳]|\([一二三四五六七八九十]+\)|[一二三四五六七八九十]+、).*", re.DOTALL)


def is_missing(text: str) -> bool:
    """Blank, or one of the dashes that stand for a missing value."""
    return text.strip() in MISSING


def fold_width(text: str) -> str:
    """Full-width letters, digits and signs as plain ones, trimmed; every other character stays."""
    return text.translate(_FULL_WIDTH).strip()


def header_key(text: str) -> str:
    """The form in which headers are compared: compatibility forms folded, nothing invisible, any case."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).casefold()


def is_total(text: str) -> bool:
    """Whether a row that begins with this cell is a total: 合计, 小计 or 总计, however spaced."""
    return "计" in text and _TOTAL.fullmatch(header_key(text)) is not None


def says_total(text: str) -> bool:
    """Whether this key is a total's, by whatever name: 本页合计, 某某镇小计, Total, 其中：…."""
    return is_total(text) or _TOTAL_KEY.fullmatch(header_key(text).rstrip(":")) is not None


def is_only_total(text: str) -> bool:
    """Whether this name is no more than a total's label, which no plant or project has for a name."""
    return is_total(text) or _TOTAL_NAME.fullmatch(header_key(text).rstrip(":")) is not None


def is_footer(text: str) -> bool:
    """Whether this cell begins a signature or remark line, as stands below a table."""
    return _FOOTER.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None


def is_continued(text: str) -> bool:
    """Whether this cell goes on with a numbered remark."""
    return _CONTINUED.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None


def shown(text: object) -> str:
    """A value as it is shown in a report: on one line and not endless."""
    plain = " ".join(str(text).split())
    return plain if len(plain) <= MAX_SHOWN else plain[: MAX_SHOWN - 1] + "…"

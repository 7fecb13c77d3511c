"""Whether a text is garbled: bytes of Chinese read in a wrong encoding, lost as ?, or escaped for a web page.

Odd signs are read the way back. They are garbled only where that gives a text, and one of more common characters:
accents, rare characters and signs of measure stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html.entities import html5

from sources.reading.numbers import Bad

# What Windows-1252 shows for the bytes 80 to 9F.
_WINDOWS = "".join(bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0))
_LATIN_RUN = re.compile(f"[\u00a0-\u00ff][\u0080-\u00ff{_WINDOWS}]+")
# A lone lead byte whose blank was taken off: no word has it by itself.
_LONE = re.compile(r"(?<![A-Za-z\u00c0-\u00ff])[\u00c2\u00c3](?![A-Za-z\u00c0-\u00ff])")
_UTF8 = re.compile(rb"(?:[\xc2\xc3][\x80-\xbf]|[\xe2-\xe9\xef][\x80-\xbf]{2})+")
# Characters of three bytes, some of their bytes lost as question marks.
_THREES = re.compile(rb"(?:[\xe2-\xe9\xef][\x80-\xbf?]{2}){2,}")
# What GB18030 shows for a byte that begins one of these and the byte behind it.
_LEADS = "".join(
    bytes([first, second]).decode("gb18030")
    for first in (*range(0xE2, 0xEA), 0xEF)
    for second in range(0x80, 0xC0)
    if second != 0x7F
)
_DEBRIS = ("锟斤", "斤拷", "烫烫烫", "屯屯屯")
# What texts must hold to be worth a closer look: bytes of any text, or characters of one that is not ASCII.
ASCII_SIGNS = (b"&", b"??", b"\\u", b"%")
SUSPECT = re.compile(f"{_LATIN_RUN.pattern}|[\u00c2\u00c3]|[{_LEADS}]|{'|'.join(_DEBRIS)}")
_CHINESE = re.compile("[\u3400-\u9fff\U00020000-\U0003ffff]")
# Chinese, its punctuation and full-width forms, marks of punctuation and measure.
_SIGN = re.compile("[\u2010-\u2312\u2460-\u24ff\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|([A-Za-z][A-Za-z0-9]{1,31}));")
_ESCAPE = re.compile(r"\\u[0-9a-fA-F]{4}|%[c-eC-E][0-9a-fA-F](?:%[89abAB][0-9a-fA-F])+")


def check_garbled(text: str) -> None:
    """Bad when a text is garbled, escaped, or no more than the marks of characters that were lost."""
    if not text.isascii() and _is_garbled(text):
        raise Bad("garbled_text", "乱码：文本曾按错误的编码转存", "garbled: saved before in a wrong encoding")
    if _is_escaped(text):
        zh, en = "文本含网页或程序的转义符（如 &amp;、\\u4e2d）", "escapes of a web page or program (&amp;, \\u4e2d)"
        raise Bad("escaped_text", zh, en)
    if "??" in text and not _CHINESE.search(text):
        raise Bad("lost_text", "文字成了问号，原字符已丢失", "question marks stand for characters that were lost")


def check_name(text: str) -> None:
    """Bad when there is a run of question marks in what must be filled in, such as a name."""
    if "???" in text:
        raise Bad("lost_text", "含连续问号，原字符已丢失", "a run of question marks: characters were lost")


def _is_garbled(text: str) -> bool:
    if any(debris in text for debris in _DEBRIS) or _LONE.search(text):
        return True
    if any(_is_utf8(run) or _is_gb(run) for run in _LATIN_RUN.findall(text)):
        return True
    return _is_utf8_read_as_gb(text)


def _is_utf8(run: str) -> bool:
    """Whether signs of Latin-1 or Windows-1252 are UTF-8: Chinese, punctuation or accents (Ã© is é)."""
    content = b"".join(sign.encode("latin-1" if sign <= "\u00ff" else "cp1252") for sign in run)
    return any(_is_text_again(found[0].decode("utf-8"), run) for found in _UTF8.finditer(content))


def _is_text_again(text: str, run: str) -> bool:
    """One sign may come about by chance, between an accent and a closing quote; several do not."""
    if "\ufffd" in text:
        return True
    if len(text) == 1:
        return _is_common(text) or (text <= "\u00ff" and not any(sign in run for sign in "“”‘’"))
    return all(sign <= "\u00ff" or _SIGN.match(sign) for sign in text)


def _is_gb(run: str) -> bool:
    """Whether signs of Latin-1 are characters of GB 2312: 你好 is shown as ÄãºÃ."""
    try:
        again = run[: len(run) // 2 * 2].encode("latin-1").decode("gb2312")
    except UnicodeError:
        return False
    chinese = _CHINESE.findall(again)
    if len(run) == 2:
        # of a single character, only a sign of measure before an accented letter: no word has that
        return bool(chinese) and run[0] in "°±²³´µ¶¸¹º¼½¾¿" and run[1] >= "\u00c0" and run[1] not in "×Ø÷"
    return len(chinese) > 1 and 2 * sum(map(_is_common, chinese)) >= len(chinese)


def _is_utf8_read_as_gb(text: str) -> bool:
    """Whether Chinese characters are those of other ones in UTF-8: 测试 is shown as 娴嬭瘯."""
    content = text.encode("gb18030", "replace")
    return any(_is_more_common(content, found) for found in _THREES.finditer(content))


def _is_more_common(content: bytes, found: re.Match[bytes]) -> bool:
    """Whether bytes that begin with a character of GB18030 say something better in UTF-8."""
    try:
        content[: found.start()].decode("gb18030")
    except UnicodeError:
        return False
    threes = (found[0][place : place + 3] for place in range(0, len(found[0]), 3))
    again = [three.decode("utf-8", "replace") for three in threes if b"?" not in three]
    before = [sign for sign in found[0].decode("gb18030", "ignore") if not sign.isascii()]
    is_text = len(again) >= 2 and all(_SIGN.match(sign) for sign in again)
    return is_text and (_share(again) > _share(before) or (found[0] == content and _share(again) == _share(before)))


def _share(signs: Sequence[str]) -> float:
    return sum(map(_is_common, signs)) / len(signs)


def _is_common(sign: str) -> bool:
    """Whether a sign is punctuation or one of the 3,755 common characters of GB 2312."""
    try:
        return sign.encode("gb2312")[0] < 0xD8
    except UnicodeError:
        return False


def _is_escaped(text: str) -> bool:
    if "&" in text and any(found[1] is None or f"{found[1]};" in html5 for found in _ENTITY.finditer(text)):
        return True
    return _ESCAPE.search(text) is not None

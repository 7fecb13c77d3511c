"""In which encoding a text file is, and which of its lines are in another one.

UTF-8 is told by itself. GB18030 is not: nearly any bytes decode in it, so the header has to confirm it. Under an
English header, which confirms nothing, the texts must look like Chinese of today.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import pyarrow as pa

from sources.reading.model import Problem, Unreadable

UTF8_MARK = b"\xef\xbb\xbf"
UTF8, GB18030 = "utf-8", "gb18030"
MAX_NAMED = 100
_ODD_SHARE = 5  # one sign in so many outside GB 2312 is common in names, more is another encoding
_SURE = 12  # so many bytes in a row that are UTF-8 are no chance
_RUN = re.compile(rb"[\x80-\xff]{%d,}" % _SURE)
_BREAK = re.compile(rb"\r\n|\n|\r")
HeaderOf = Callable[[bytes], Sequence[str] | None]


def decode(content: bytes, header_of: HeaderOf) -> tuple[str, bytes]:
    """The encoding of a text and the text as UTF-8; Unreadable, naming lines where it can, when there is none.

    `header_of` finds the header in a text in UTF-8, None when there is none.
    """
    content = content.removeprefix(UTF8_MARK)
    if content.isascii() or _decodes(content):
        return UTF8, content
    header = header_of(content.decode(UTF8, "replace").encode())
    if header is not None and not "".join(header).isascii():
        raise _mixed(UTF8, [number for number, line in _lines(content) if not _is(UTF8, line)])
    text = content.decode(GB18030, "replace").encode()
    as_gb18030 = header_of(text)
    if as_gb18030 is None:
        zh, en = (
            "无法解码：不是 UTF-8，按 GB18030 解码后表头不符",
            "not UTF-8, and as GB18030 its header does not match",
        )
        raise Unreadable(Problem("undecodable", zh, en))
    _check_lines(content, is_confirmed=not "".join(as_gb18030).isascii())
    return GB18030, text


def _check_lines(content: bytes, is_confirmed: bool) -> None:
    """Unreadable when lines of a text that may be GB18030 are in another encoding."""
    lines = [(number, line) for number, line in _lines(content) if not line.isascii()]
    utf8 = {number for number, line in lines if _is_surely_utf8(line)}
    if not is_confirmed and 2 * len(utf8) >= len(lines):
        raise _mixed(UTF8, [number for number, _ in lines if number not in utf8])
    others = [number for number, line in lines if number in utf8 or not _is(GB18030, line)]
    if others:
        raise _mixed(GB18030, others)
    if not is_confirmed and not _is_chinese_of_today(content):
        zh = "编码不明：表头是英文，内容不像 GB18030 的中文，请另存为 UTF-8"
        en = "unknown encoding: the header is English and the texts do not look like GB18030: save as UTF-8"
        raise Unreadable(Problem("undecodable", zh, en))


def _mixed(encoding: str, lines: Sequence[int]) -> Unreadable:
    zh = f"此行不能按全文的编码（{encoding.upper()}）解码"
    en = f"this line is not in the encoding of the file ({encoding.upper()})"
    return Unreadable(*(Problem("undecodable", zh, en, row=number) for number in lines[:MAX_NAMED]))


def _lines(content: bytes) -> Iterator[tuple[int, bytes]]:
    return enumerate(_BREAK.split(content), 1)


def _is(encoding: str, line: bytes) -> bool:
    try:
        line.decode(encoding)
    except UnicodeError:
        return False
    return True


def _is_surely_utf8(line: bytes) -> bool:
    """Whether a line, or a long part of it, is UTF-8 mostly of signs that have three bytes: in GB18030 no chance."""
    if _is(UTF8, line):
        signs = [sign for sign in line.decode(UTF8) if not sign.isascii()]
        return 2 * sum(sign >= "\u2000" for sign in signs) > len(signs)
    return any(_is(UTF8, run) for run in _RUN.findall(line))


def _is_chinese_of_today(content: bytes) -> bool:
    signs = [sign for sign in content.decode(GB18030) if not sign.isascii()]
    odd = sum(not _is_in_gb2312(sign) for sign in set(signs))
    return odd * _ODD_SHARE <= len(set(signs))


def _is_in_gb2312(sign: str) -> bool:
    try:
        sign.encode("gb2312")
    except UnicodeError:
        return False
    return True


def _decodes(content: bytes) -> bool:
    """Whether the bytes are UTF-8; Arrow's check is several times as fast as decoding."""
    offsets = pa.array([0, len(content)], pa.int64()).buffers()[1]
    try:
        pa.LargeStringArray.from_buffers(1, offsets, pa.py_buffer(content)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def no_nuls(content: bytes) -> None:
    """Unreadable when there are NUL bytes: with their lines when they are few, else it is no text at all."""
    if b"\0" not in content:
        return
    if content.count(b"\0") * 50 > len(content):
        zh, en = "文件含 NUL 字节，不是文本（或为 UTF-16 编码）", "NUL bytes: not text, or UTF-16"
        raise Unreadable(Problem("nul_bytes", zh, en))
    lines = [number for number, line in _lines(content) if b"\0" in line]
    zh, en = "此行含 NUL 字符", "a NUL character in this line"
    raise Unreadable(*(Problem("nul_bytes", zh, en, row=number) for number in lines[:MAX_NAMED]))

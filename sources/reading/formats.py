"""Which format a file has, told by its content, and its text decoded within bounds."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from pathlib import Path

from sources.reading import broken
from sources.reading.encoding import UTF8_MARK, no_nuls
from sources.reading.model import Problem, Unreadable

MAX_BYTES = 1 << 30
MAX_RATIO = 400
SMALL = 16 << 20
CSV, JSONL, XLSX, PARQUET = "csv", "jsonl", "xlsx", "parquet"
_SECOND_OBJECT = re.compile(rb'[^\n]*\n\s*\{"')
_SUFFIXES = {
    ".csv": CSV,
    ".tsv": CSV,
    ".txt": CSV,
    ".jsonl": JSONL,
    ".ndjson": JSONL,
    ".json": JSONL,
    ".xlsx": XLSX,
    ".xlsm": XLSX,
    ".xls": XLSX,
    ".parquet": PARQUET,
}
_REFUSED = (
    (
        b"\xd0\xcf\x11\xe0",
        "旧版 Excel（.xls）或加密工作簿，请另存为未加密的 .xlsx",
        "an old .xls or an encrypted workbook: save as a plain .xlsx",
    ),
    (b"%PDF", "PDF 文件", "a PDF file"),
    (b"Rar!", "RAR 压缩包", "a RAR archive"),
    (b"7z\xbc\xaf", "7z 压缩包", "a 7z archive"),
    (b"BZh", "bzip2 压缩包", "a bzip2 file"),
    (b"\xfd7zXZ", "xz 压缩包", "an xz file"),
    (b"(\xb5/\xfd", "zstd 压缩包", "a zstd file"),
    (b"PK\x05\x06", "空的 ZIP 压缩包", "an empty ZIP archive"),
    (b"PK\x07\x08", "分卷的 ZIP 压缩包", "a part of a split ZIP archive"),
    (b"PARE", "加密的 Parquet 文件", "an encrypted Parquet file"),
    (b"\xff\xfe", "UTF-16 编码，请另存为 UTF-8", "in UTF-16: save as UTF-8"),
    (b"\xfe\xff", "UTF-16 编码，请另存为 UTF-8", "in UTF-16: save as UTF-8"),
)


@dataclass(frozen=True)
class Source:
    """A file by its format. `content` is the unpacked text of text formats, None for XLSX and Parquet."""

    path: Path
    format: str
    content: bytes | None
    warnings: list[Problem]


def refusal(code: str, zh: str, en: str) -> Unreadable:
    return Unreadable(Problem(code, zh, en))


def recognise(path: Path, name: str) -> Source:
    """The file by its content; Unreadable when it is empty, too large or of no known format."""
    size = path.stat().st_size
    if size == 0:
        raise refusal("empty_file", "文件为空", "the file is empty")
    if size > MAX_BYTES:
        raise refusal("too_large", f"文件超过 {MAX_BYTES >> 20} MiB", f"the file is larger than {MAX_BYTES >> 20} MiB")
    with path.open("rb") as stream:
        start = stream.read(16)
    is_packed = start.startswith(b"\x1f\x8b")
    if start.startswith(b"PK\x03\x04"):
        source = Source(path, XLSX, None, [])
    elif start.startswith(b"PAR1"):
        source = Source(path, PARQUET, None, [])
    else:
        content = unpack(path) if is_packed else path.read_bytes()
        source = Source(path, _text_format(content), content, [])
    return Source(path, source.format, source.content, _name_warning(name, source.format, is_packed))


def _name_warning(name: str, format: str, is_packed: bool) -> list[Problem]:
    """A warning when the name says another format than the content."""
    inner = Path(name[:-3] if is_packed and name.lower().endswith(".gz") else name)
    said = _SUFFIXES.get(inner.suffix.lower())
    if said is None or said == format:
        return []
    zh, en = (
        f"文件名为 {inner.suffix}，内容是 {format}，按内容读取",
        f"named {inner.suffix}, read as {format} by its content",
    )
    return [Problem("misleading_name", zh, en)]


def unpack(path: Path) -> bytes:
    """The bytes in a gzip file; Unreadable when it is broken or unpacks beyond the bounds."""
    limit = min(MAX_BYTES, max(SMALL, path.stat().st_size * MAX_RATIO))
    packed, parts, size = path.read_bytes(), [], 0
    try:
        while packed:
            member = zlib.decompressobj(wbits=31)
            parts.append(member.decompress(packed, limit - size + 1))
            size += len(parts[-1])
            if size > limit:
                raise refusal("too_large", "压缩包解压后过大", "the file unpacks to too much")
            if not member.eof:
                raise refusal("broken_gzip", "gzip 压缩包不完整", "the gzip file is cut off")
            packed = member.unused_data.lstrip(b"\0")
    except zlib.error as error:
        raise refusal("broken_gzip", *broken.of_file("gzip", error)) from None
    return b"".join(parts)


def _text_format(content: bytes) -> str:
    """csv or jsonl; Unreadable for anything that is not one of the text formats."""
    for mark, zh, en in _REFUSED:
        if content.startswith(mark):
            raise refusal("unsupported_format", f"不支持的格式：{zh}", f"not a supported format: {en}")
    if content[257:262] == b"ustar":
        raise refusal(
            "unsupported_format", "不支持的格式：tar 包，请解开后逐个报送", "a tar archive: deliver its files"
        )
    if content.startswith((b"PK\x03\x04", b"PAR1", b"\x1f\x8b")):
        raise refusal("unsupported_format", "gzip 只接受文本格式", "only text formats may be packed with gzip")
    no_nuls(content)
    start = content[: 1 << 12].removeprefix(UTF8_MARK).lstrip()
    if not start and not content.removeprefix(UTF8_MARK).strip():
        raise refusal("empty_file", "文件为空", "the file is empty")
    if start.startswith(b"[") and content.rstrip().endswith(b"]"):
        raise refusal(
            "json_array", "JSON 数组，请改为每行一个 JSON 对象", "a JSON array: write one JSON object per line"
        )
    if start.startswith(b"{") or _SECOND_OBJECT.match(start):
        return JSONL
    if start.startswith((b"<!", b"<html", b"<?xml", b"<table")):
        raise refusal(
            "unsupported_format", "网页或 XML 文件，请另存为 CSV 或 XLSX", "a web page or XML: save as CSV or XLSX"
        )
    return CSV

"""Answers that come in pages: joined, because a scope may go over several pages and its newest delivery wins.

Only formats that can be joined without reading them: CSV, whose header every page repeats, and JSON lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx

from sources.fetching.job import Job
from sources.fetching.part import Received
from sources.fetching.trouble import Absent, FetchError
from sources.fetching.web import Web

MOST_PAGES = 10_000
_NEXT = re.compile(r'<([^>]*)>\s*;[^,]*\brel="?next"?')
_BOM = b"\xef\xbb\xbf"


def next_link(header: str) -> str | None:
    """The address of the next page, by a `Link` header."""
    found = _NEXT.search(header)
    return found[1] if found else None


def joined(job: Job, web: Web, url: str, is_dated: bool) -> Received:
    """All pages of an address as one file.

    Raises:
        FetchError: A page cannot be joined to those before, the pages do not end, or one of them does not come.
    """
    whole = job.part(f"{url}\njoined")
    whole.begin("")
    header, name = b"", ""
    for number, page in enumerate(_pages(job, web, url, is_dated), 1):
        content = page.path.read_bytes()
        page.path.unlink()
        if number == 1:
            header, name = _header(content), page.name
            whole.add([_with_end(content)])
        else:
            whole.add([_with_end(_without_header(content, header, number))])
    return whole.whole(name)


def _pages(job: Job, web: Web, url: str, is_dated: bool) -> Iterator[Received]:
    parameter = job.server.options.get("pageParameter")
    at: str | None = str(httpx.URL(url).copy_set_param(parameter, "1")) if parameter else url
    last = ""
    for number in range(1, MOST_PAGES + 1):
        try:
            found = web.receive(str(at), f"{url}\npage {number}", None, is_dated and number == 1)
        except Absent:
            raise
        if found is None:
            raise FetchError(f"第 {number} 页没有内容 / page {number} has no content")
        page, headers = found
        if number > 1 and parameter and (page.sha256 == last or _is_empty(page.path)):
            page.path.unlink()
            return
        last = page.sha256
        yield page
        if parameter:
            at = str(httpx.URL(url).copy_set_param(parameter, str(number + 1)))
        elif link := next_link(headers.get("link", "")):
            at = str(httpx.URL(str(at)).join(link))
        else:
            return
    raise FetchError(f"超过 {MOST_PAGES} 页 / more pages than that")


def _is_empty(path: Path) -> bool:
    """Whether a page has no rows: nothing at all, or a header of CSV alone."""
    lines = [line for line in path.read_bytes().splitlines() if line.strip()]
    return not lines or (len(lines) == 1 and not lines[0].lstrip(_BOM).lstrip().startswith(b"{"))


def _header(content: bytes) -> bytes:
    """The first line of CSV, empty for JSON lines; FetchError for what cannot be joined."""
    start = content.removeprefix(_BOM).lstrip()
    if start.startswith(b"{"):
        return b""
    if start.startswith((b"[", b"<", b"PK", b"\xd0\xcf")) or b"\x00" in content[:4096]:
        raise FetchError("分页只能是 CSV 或逐行 JSON / pages are joined of CSV and JSON lines alone")
    return content.removeprefix(_BOM).splitlines()[0] if content.strip() else b""


def _without_header(content: bytes, header: bytes, number: int) -> bytes:
    content = content.removeprefix(_BOM)
    if not header:
        return content
    first, _, rest = content.partition(b"\n")
    if first.rstrip(b"\r") != header:
        raise FetchError(f"第 {number} 页表头不同 / page {number} has another header")
    return rest


def _with_end(content: bytes) -> bytes:
    return content if not content or content.endswith(b"\n") else content + b"\n"

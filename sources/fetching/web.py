"""HTTP for one server: the token goes to its own host alone, cut downloads are resumed, what is known is not sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from urllib.parse import unquote

import httpx

from sources.fetching.job import Job
from sources.fetching.part import Part, Received
from sources.fetching.trouble import Absent, FetchError, Temporary, persistently
from sources.ledger.fetches import Fetch

MOST_REDIRECTS = 5
_BUSY = {408, 425, 429}
_GONE = {404, 410}


def shown(url: httpx.URL | str) -> str:
    """An address for messages: what follows `?` may be a signature."""
    found = httpx.URL(url)
    return f"{found.scheme}://{found.netloc.decode()}{found.path}"


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)


class Web:
    """Requests to the host of one server."""

    def __init__(self, job: Job, client: httpx.Client) -> None:
        self._job, self._client = job, client
        self._home = _origin(httpx.URL(job.server.options["location"]))
        self._secret: dict[str, str] = {}
        if token := job.secrets.of("token"):
            header = job.server.options.get("tokenHeader", "Authorization")
            self._secret = {header: f"Bearer {token}" if header.lower() == "authorization" else token}

    def receive(
        self, url: str, source: str, known: Fetch | None, is_dated: bool = False
    ) -> tuple[Received, Mapping[str, str]] | None:
        """The bytes behind `url` and the answer's headers; None when they are `known` already.

        Raises:
            Absent: A period's file is not there yet.
            FetchError: Refused, too large, or still in trouble after several tries.
        """
        part = self._job.part(source)
        return persistently(lambda: self._try(url, part, known, is_dated), self._job.limits)

    def _try(
        self, url: str, part: Part, known: Fetch | None, is_dated: bool
    ) -> tuple[Received, Mapping[str, str]] | None:
        offset, sign = part.so_far()
        asked = {"Accept-Encoding": "identity"}
        if offset:
            asked |= {"Range": f"bytes={offset}-", "If-Range": sign}
        elif known:
            asked |= {"If-None-Match": known.etag} if known.etag else {}
            asked |= {"If-Modified-Since": known.modified} if known.modified else {}
        try:
            with self._answer(httpx.URL(url), asked) as answer:
                if answer.status_code == httpx.codes.NOT_MODIFIED:
                    return None
                _check(answer, part, is_dated)
                return _taken(answer, part, offset), answer.headers
        except httpx.TransportError as error:
            raise Temporary(f"{shown(url)}：{type(error).__name__}: {error}") from None
        except httpx.InvalidURL as error:
            raise FetchError(f"地址不成立 / no address: {error}") from None

    @contextmanager
    def _answer(self, url: httpx.URL, asked: Mapping[str, str]) -> Iterator[httpx.Response]:
        for _ in range(MOST_REDIRECTS + 1):
            if url.scheme not in ("http", "https"):
                raise FetchError(f"只用 http(s) / http(s) only: {shown(url)}")
            ours = self._secret if _origin(url) == self._home else {}
            with self._client.stream("GET", url, headers={**asked, **ours}, follow_redirects=False) as answer:
                if not answer.has_redirect_location:
                    yield answer
                    return
                url = url.join(answer.headers["location"])
        raise FetchError(f"转来转去超过 {MOST_REDIRECTS} 次 / redirected too often: {shown(url)}")


def _check(answer: httpx.Response, part: Part, is_dated: bool) -> None:
    """Go on for 200 and 206; otherwise say what the server means."""
    status, place = answer.status_code, shown(answer.url)
    if status in (httpx.codes.OK, httpx.codes.PARTIAL_CONTENT):
        return
    if status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
        part.drop()  # the file is another one now: all of it is asked for
        raise Temporary(f"{place}：文件已变 / the file has changed (416)")
    if status in _BUSY or status >= 500:
        raise Temporary(f"{place}：服务器忙 / the server is in trouble ({status})", _asked_pause(answer.headers))
    if status in _GONE and is_dated:
        raise Absent(f"{place}：尚未提供 / not there yet ({status})")
    if status in (401, 403):
        raise FetchError(f"{place}：未获准许，请查 token / refused, look at the token ({status})")
    raise FetchError(f"{place}：HTTP {status}")


def _asked_pause(headers: Mapping[str, str]) -> float | None:
    """Seconds of Retry-After, which is a number or a date; None without one."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    try:
        return max((parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def _taken(answer: httpx.Response, part: Part, offset: int) -> Received:
    headers = answer.headers
    etag, modified = headers.get("etag"), headers.get("last-modified")
    if offset and answer.status_code == httpx.codes.PARTIAL_CONTENT:
        total = _rest(headers.get("content-range", ""), part, offset)
    else:
        # only a strong tag vouches for bytes; a server that does not do ranges is asked for all of it again
        strong = etag if etag and not etag.startswith("W/") else None
        part.begin((strong or modified or "") if headers.get("accept-ranges") == "bytes" else "")
        total = int(headers["content-length"]) if headers.get("content-length", "").isdigit() else None
    is_plain = headers.get("content-encoding", "identity") == "identity"
    # chunks as they come: one of a given size would be lost when the connection is cut before it is full
    part.add(answer.iter_raw() if is_plain else answer.iter_bytes())
    if is_plain and total is not None and part.size != total:
        if part.size > total:
            part.drop()
        raise Temporary(f"{shown(answer.url)}：{part.size}/{total} 字节，传输中断 / bytes, the transfer was cut")
    return part.whole(_name(answer), etag, modified)


def _rest(content_range: str, part: Part, offset: int) -> int | None:
    """The whole size, of an answer that goes on where the part ends."""
    span, _, whole = content_range.removeprefix("bytes ").partition("/")
    if span.partition("-")[0] != str(offset):
        part.drop()
        raise Temporary(f"续传位置不符 / the server goes on elsewhere: {content_range}")
    return int(whole) if whole.isdigit() else None


def _name(answer: httpx.Response) -> str:
    """What the server calls the file: by its header, else by the end of the address."""
    message = Message()
    message["content-disposition"] = answer.headers.get("content-disposition", "")
    return message.get_filename() or PurePosixPath(unquote(answer.url.path)).name

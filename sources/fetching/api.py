"""Servers of type `api`: files behind HTTP addresses, one for each period where the address has a date."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import httpx

from sources.fetching.dates import filled, has_date
from sources.fetching.job import Item, Job
from sources.fetching.pages import joined, next_link
from sources.fetching.part import Received
from sources.fetching.trouble import FetchError
from sources.fetching.web import Web


def items(job: Job) -> Iterator[Item]:
    """The file of each period, or the one file."""
    location = job.server.options["location"]
    is_dated = has_date(location)
    urls = [filled(location, period.start) for period in job.periods()] if is_dated else [location]
    with httpx.Client(timeout=job.limits.timeout_s) as client:
        web = Web(job, client)
        for url in dict.fromkeys(urls):
            yield Item(url, partial(_receive, job, web, url, is_dated))


def _receive(job: Job, web: Web, url: str, is_dated: bool) -> Received | None:
    if "paging" in job.server.options:
        return joined(job, web, url, is_dated)
    found = web.receive(url, url, job.known.get(url), is_dated)
    if found is None:
        return None
    received, headers = found
    if next_link(headers.get("link", "")):
        received.path.unlink()
        raise FetchError('还有下一页，请设 paging = "link" / there are further pages, set paging = "link"')
    return received

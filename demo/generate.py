"""Writes a synthetic district's deliveries into an inbox, the same files for the same seed."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta, timezone
from pathlib import Path

from demo import buildings, charging, economy, governance, industry, metering, power, supply, transport, waste, wrong
from demo.files import render
from demo.looks import BOOK_PLAIN, BY_FEED, PLAIN, Look
from demo.span import Span
from demo.world import Delivery, World
from sources.contract import contracts

SHANGHAI = timezone(timedelta(hours=8))
DOMAINS = (industry, supply, power, metering, charging, transport, buildings, waste, economy, governance, wrong)
SENT_TWICE = "vehicle_stock"


def planned(world: World) -> Iterator[tuple[Delivery, Look]]:
    """Every delivery of a region with its look: the looks of a feed in turn; wrong ones are plain."""
    seen: Counter[str] = Counter()
    for domain in DOMAINS:
        for delivery in domain.deliveries(world):
            looks = BY_FEED[delivery.feed]
            look = looks[seen[delivery.feed] % len(looks)]
            seen[delivery.feed] += 1
            if delivery.wrong:
                look = BOOK_PLAIN if delivery.payload else PLAIN
            yield delivery, look


def file_name(delivery: Delivery, look: Look) -> str:
    """A name that nobody mistakes for fact: it says 演示 or synthetic, and 错误示例 when wrong on purpose."""
    if look.english:
        return f"{delivery.feed}_{delivery.label}_synthetic{look.suffix}"
    wrong_part = "_错误示例" if delivery.wrong else ""
    return f"{contracts()[delivery.feed].title}_{delivery.label}{wrong_part}_演示{look.suffix}"


def _stamp(path: Path, delivery: Delivery, number: int) -> None:
    """The file's time is its arrival; files of one hour follow each other by seconds."""
    moment = delivery.arrived.replace(tzinfo=SHANGHAI).timestamp() + number
    os.utime(path, (moment, moment))


def _write(inbox: Path, world: World) -> list[Path]:
    ordered = sorted(planned(world), key=lambda pair: pair[0].arrived)
    written: list[Path] = []
    again: tuple[Path, Delivery] | None = None
    for number, (delivery, look) in enumerate(ordered):
        path = inbox / world.region / delivery.feed / file_name(delivery, look)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(render(delivery, contracts()[delivery.feed], look))
        _stamp(path, delivery, number)
        written.append(path)
        if delivery.feed == SENT_TWICE and not delivery.wrong:
            again = path, delivery
    if again:
        path, _ = again
        copy = path.with_name(path.name.replace("演示", "重发_演示"))
        shutil.copyfile(path, copy)
        _stamp(copy, ordered[-1][0], len(ordered))
        written.append(copy)
    return written


def generate(
    inbox: Path,
    years: range | tuple[int, int] = (2020, 2025),
    seed: int = 1,
    as_of: date | None = None,
    regions: Sequence[str] = ("yueyang-etz",),
) -> list[Path]:
    """Writes synthetic deliveries for `regions` below `inbox/<region>/<feed>/`; returns the files in order of arrival.

    Covers `years` (first and last, or a range) up to the last month complete before `as_of` (default today).
    ValueError when that leaves no complete month.
    """
    span = Span.of(years, as_of or date.today())
    return [path for region in regions for path in _write(inbox, World(region, span, seed))]

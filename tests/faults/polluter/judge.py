"""The outcome of one polluted file, taken in as every delivery is, held against what is right for it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sources.intake import Outcome, at_rest, scan, take_in
from sources.ledger import Ledger
from tests.faults.polluter.model import Either, Exact, Expectation, Good, Left, Polluted, Refused
from warehouse.paths import Home

LIMIT_S = 60.0
EXACT, NAMED, REFUSED, LEFT = "exact", "refused and named", "refused", "left and said"
WRONGLY_REFUSED, SILENT, CRASHED, HUNG = "wrongly refused", "silently wrong", "crashed", "hung"
FAILURES = (WRONGLY_REFUSED, SILENT, CRASHED, HUNG)
ORIGIN = ("_region", "_delivery")


class Hung(BaseException):
    """The time is over; no `except Exception` on the way swallows it."""


@dataclass(frozen=True)
class Judged:
    """A verdict (one of the words above) and what it rests on."""

    verdict: str
    detail: str


def judge(polluted: Polluted, good: Good, home: Home, ledger: Ledger, limit_s: float = LIMIT_S) -> Judged:
    """Put the file into the inbox of its own region of `home` and take in what waits there."""
    folder = home.inbox / good.region / good.feed
    folder.mkdir(parents=True)
    path = folder / polluted.name
    try:
        with _within(limit_s):
            if callable(polluted.content):
                polluted.content(path)
            else:
                path.write_bytes(polluted.content)
            return _taken(polluted, good, home, ledger)
    except Hung:
        return Judged(HUNG, f"longer than {limit_s:.0f} s")
    except Exception as error:
        return Judged(CRASHED, repr(error))


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    def over(number: int, frame: FrameType | None) -> None:
        raise Hung

    before = signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _taken(polluted: Polluted, good: Good, home: Home, ledger: Ledger) -> Judged:
    inbox = at_rest(scan(home, good.region), home, seconds=0)
    codes = [one.code for one in inbox.left_alone]
    outcomes = [take_in(one.path, good.feed, good.region, home, ledger) for one in inbox.waiting]
    codes += [outcome.reason or "" for outcome in outcomes if outcome.status == "left"]
    taken = [outcome for outcome in outcomes if outcome.status != "left"]
    if codes and not taken:
        return _left(codes, polluted.expect)
    if len(taken) != 1 or codes:
        return Judged(CRASHED, f"{len(taken)} files taken, left: {codes}")
    if os.path.lexists(home.inbox / good.region / good.feed / polluted.name):
        return Judged(CRASHED, "the file is still in the inbox")
    return _settled(taken[0], polluted.expect, good, home)


def _left(codes: Sequence[str], expect: Expectation) -> Judged:
    is_right = isinstance(expect, Left) and list(codes) == [expect.code]
    return Judged(LEFT if is_right else WRONGLY_REFUSED, f"left: {codes}")


def _settled(outcome: Outcome, expect: Expectation, good: Good, home: Home) -> Judged:
    if outcome.reason == "internal_error":
        trace = (outcome.report / "report.json").read_text("utf-8")[-1500:] if outcome.report else ""
        return Judged(CRASHED, trace)
    if outcome.status == "accepted":
        exact = expect.exact if isinstance(expect, Either) else expect
        if not isinstance(exact, Exact):
            return Judged(SILENT, f"accepted {outcome.row_count} rows")
        assert outcome.delivery_id is not None
        difference = _difference(pq.read_table(home.delivery(good.feed, good.region, outcome.delivery_id)), exact, good)
        return Judged(SILENT, difference) if difference else Judged(EXACT, "")
    return _refused(outcome, expect)


def _refused(outcome: Outcome, expect: Expectation) -> Judged:
    told = [(problem.code, problem.row, problem.column) for problem in outcome.problems]
    refused = expect.refused if isinstance(expect, Either) else expect
    if not isinstance(refused, Refused):
        return Judged(WRONGLY_REFUSED, f"{told[:5]} {outcome.problems[0].en if told else outcome.reason}")
    if not told or not all(problem.zh and problem.en for problem in outcome.problems):
        return Judged(CRASHED, f"refused without a reason in both languages: {outcome.reason}")
    if refused.row is None:
        return Judged(NAMED if refused.column in (None, *(column for *_, column in told)) else REFUSED, str(told[:5]))
    return Judged(NAMED if is_named(told, refused) else REFUSED, f"{told[:5]}, wanted {refused}")


def is_named(told: Sequence[tuple[str, int | None, str | None]], refused: Refused) -> bool:
    """Whether some problem is at the row and column, and none at any other row."""
    rows = {row for _, row, _ in told if row is not None}
    is_there = any(row == refused.row and refused.column in (None, column) for _, row, column in told)
    return is_there and rows <= {refused.row, *refused.also}


def _difference(loaded: pa.Table, exact: Exact, good: Good) -> str:
    """How a load differs from the truth; empty when it does not."""
    truth = exact.table if exact.table is not None else good.table
    if exact.rows is not None:
        place = truth.column_names.index("_row")
        truth = truth.set_column(place, "_row", pa.array(exact.rows, pa.int64()))
    loaded = loaded.drop_columns([name for name in loaded.column_names if name in ORIGIN])
    if loaded.column_names != truth.column_names:
        return f"columns {loaded.column_names}"
    if loaded.num_rows != truth.num_rows:
        return f"{loaded.num_rows} rows instead of {truth.num_rows}"
    for name in truth.column_names:
        pairs: list[tuple[Any, Any]] = list(zip(loaded[name].to_pylist(), truth[name].to_pylist(), strict=True))
        for number, (is_now, should_be) in enumerate(pairs):
            if is_now != should_be or type(is_now) is not type(should_be):
                return f"{name}, row {number}: {is_now!r} instead of {should_be!r}"
    return ""

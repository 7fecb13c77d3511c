"""Why a value is missing or not complete, in words: the reason, and feed by feed who has not delivered what."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from sources.dictionaries import rows as seed_rows
from warehouse.harmless import shown_name
from warehouse.provenance import Source, feeds_of, serving
from warehouse.questions import ask
from warehouse.terms import Window

if TYPE_CHECKING:
    import duckdb

# how a feed without months to count is found wanting, by how it serves a year
_YEARLY = {
    "register": ("没有当年 12 月（或次年 1 月）的台账", "no register dated December of the year or January after"),
    "dates": (
        "没有期末（年度为 12 月 1 日）及以后的台账",
        "no register dated the period's end (1 December for a year) or later",
    ),
    "accounts": ("没有第四季度累计数", "no figures of the fourth quarter"),
    "scope": ("当年没有报送", "nothing delivered for the year"),
}


@dataclass
class Gap:
    """What is missing of one feed in one span. `members` may be empty: then nobody delivered, or the words say it."""

    feed: str
    start: date
    end: date
    zh: str
    en: str
    members: list[str]


@cache
def _reasons() -> dict[str, tuple[str, str]]:
    return {row["code"]: (row["zh"], row["en"]) for row in seed_rows("ref_reasons")}


def reason_words(reason: str | None) -> tuple[str | None, str | None]:
    """A reason such as `held: travel_survey; incomplete: energy_supply` in Chinese and in English."""
    if reason is None:
        return None, None
    said = [_words_of(part) for part in reason.split("; ")]
    return "；".join(zh for zh, _ in said), "; ".join(en for _, en in said)


def _words_of(part: str) -> tuple[str, str]:
    code, _, detail = part.partition(": ")
    zh, en = _reasons().get(code, (code, code))
    return (f"{zh}：{detail}", f"{en}: {detail}") if detail else (zh, en)


def gaps_of(
    connection: duckdb.DuckDBPyConnection,
    windows: Sequence[Window],
    row: dict[str, Any],
    sources: Sequence[Source],
) -> list[Gap]:
    """What is missing under a value; nothing when its data are complete."""
    if row["is_complete"]:
        return []
    found: list[Gap] = []
    for window in windows:
        for feed in feeds_of(window.indicator, window.basis, needed=True):
            found += _of_feed(connection, feed, window, _named(row["reason"]))
    return found + list(_left_out(sources))


def _named(reason: str | None) -> set[str]:
    return {name for part in (reason or "").split("; ") for name in part.partition(": ")[2].split(", ")}


def _of_feed(connection: duckdb.DuckDBPyConnection, feed: str, window: Window, named: set[str]) -> list[Gap]:
    """The gaps of one feed: month by month where it has a timetable within the year, else in a sentence."""
    how = serving()[feed]
    if how["serves"] != "scope" or how["frequency"] == "yearly":
        zh, en = _YEARLY[how["serves"]]
        return [Gap(feed, window.start, window.end, zh, en, [])] if feed in named else []
    if not _is_known(connection, feed, window.region):
        zh, en = "该地区从未报送", "never delivered by this region"
        return [Gap(feed, window.start, window.end, zh, en, [])]
    sql = """
    select month, last_day(month), expected_scopes - present_scopes, silent_periods, missing_members
    from fct_feed_coverage
    where region = $region and feed = $feed and month between $start and $end
      and (present_scopes < expected_scopes or silent_periods > 0)
    order by month
    """
    rows = ask(connection, sql, feed=feed, **window.parameters())
    return [
        Gap(feed, month, end, *_counted(missing, silent), members.split(", ") if members else [])
        for month, end, missing, silent, members in rows
    ]


def _is_known(connection: duckdb.DuckDBPyConnection, feed: str, region: str) -> bool:
    sql = "select 1 from fct_feed_coverage where region = $region and feed = $feed limit 1"
    return bool(ask(connection, sql, region=region, feed=feed))


def _counted(missing: int, silent: int) -> tuple[str, str]:
    zh, en = f"缺 {missing} 份", f"{missing} missing"
    return (f"{zh}，{silent} 期无人报送", f"{en}, {silent} period(s) that nobody delivered") if silent else (zh, en)


def _left_out(sources: Iterable[Source]) -> Iterable[Gap]:
    """Scopes that are there less some of their rows."""
    for source in sources:
        scopes = [scope.scope for scope in source.scopes if scope.is_partial]
        if scopes:
            count = len(source.excluded_rows)
            zh, en = f"接收时剔除了 {count} 行", f"{count} row(s) were left out when it was taken in"
            day, name = date.fromisoformat(source.received_at[:10]), shown_name(source.file_name)
            yield Gap(source.feed, day, day, f"{name}：{zh}", f"{name}: {en}", scopes)

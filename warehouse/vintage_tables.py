"""The tables of a release that tell vintages: indicator_revisions, releases, scope_changes, and the macro `as_of`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import duckdb

from sources.ledger import CellKey, Ledger, Revision, releases, revisions, switches
from warehouse.history import fill, naive
from warehouse.raw import quoted
from warehouse.release_plan import ReleasePlan

# Rows of a cell that is gone have no is_complete. China keeps one time, eight hours ahead of UTC, all year.
_AS_OF = """
create macro main.as_of(ts) as table
with shown as (
  select release_number from main.releases
  where switched_at <= cast(ts as timestamp) - interval 8 hour
  order by number desc
  limit 1
),
latest as (
  select * from main.indicator_revisions
  where release_number <= (select release_number from shown)
  qualify row_number() over (
    partition by region, indicator, method, base_year, period_type, period_start order by release_number desc
  ) = 1
)
select region, indicator, method, base_year, period_type, period_start, period_end, value, unit, is_complete,
       release_id, published_at, cause, cause_detail, deliveries
from latest
where is_complete is not null
"""
_AS_OF_COMMENT = (
    "某一时刻的现行版本（含回退）所示指标值；参数为北京时间，只给日期即当日零时，如 as_of('2026-03-02') / "
    "The indicator values that `current` showed at a moment, rollbacks included; the moment is China time "
    "(UTC+8), a date alone is its midnight; release_id is the release that first published the value"
)


def add_vintage_tables(connection: duckdb.DuckDBPyConnection, ledger: Ledger, plan: ReleasePlan) -> None:
    """Make indicator_revisions and scope_changes, up to and with the release that `plan` describes."""
    fill(connection, "indicator_revisions", list(_revisions(ledger, plan)))
    fill(connection, "scope_changes", [vars(change) for change in plan.scope_changes])


def _revisions(ledger: Ledger, plan: ReleasePlan) -> Iterator[dict[str, Any]]:
    """Every revision in order of publication, with its successor."""
    own = [replace(item, release_id=plan.release_id, published_at=plan.published_at) for item in plan.revised]
    vintages = [*revisions(ledger), *own]
    numbers = {release.release_id: number for number, release in enumerate(releases(ledger), 1)}
    numbers[plan.release_id] = plan.number
    following: dict[CellKey, Revision] = {}
    successors: list[Revision | None] = []
    for item in reversed(vintages):
        successors.append(following.get(item.key))
        following[item.key] = item
    for item, successor in zip(vintages, reversed(successors), strict=True):
        yield {
            **vars(item),
            "value": _text(item.value),
            "previous_value": _text(item.previous_value),
            "next_value": _text(successor.value) if successor else None,
            "next_release_id": successor.release_id if successor else None,
            "published_at": naive(item.published_at),
            "release_number": numbers[item.release_id],
            "deliveries": ",".join(item.deliveries),
        }


def _text(value: object) -> str | None:
    return None if value is None else f"{value:f}"


def add_releases(connection: duckdb.DuckDBPyConnection, ledger: Ledger, plan: ReleasePlan) -> None:
    """Make the table releases and the macro `as_of` that reads it; `plan` knows its content hash by now."""
    fill(connection, "releases", [{**row, "number": number} for number, row in enumerate(_switched(ledger, plan), 1)])
    connection.execute(_AS_OF)
    connection.execute(f"comment on macro table main.as_of is {quoted(_AS_OF_COMMENT)}")


def _switched(ledger: Ledger, plan: ReleasePlan) -> Iterator[dict[str, Any]]:
    """Every time `current` was pointed at a release, this release's own publication at the end.

    Each counts from the moment the ledger recorded it, as for `peak as-of`; this release's own is not recorded yet and
    counts from its `published_at`, some seconds before.
    """
    known = {release.release_id: (number, release) for number, release in enumerate(releases(ledger), 1)}
    for switch in switches(ledger):
        number, release = known[switch.release_id]
        said = {"switched_at": naive(switch.at), "as_of": release.as_of, "content_sha256": release.content_sha256}
        yield {**vars(switch), **said, "release_number": number}
    yield {
        **plan.row(),
        "release_number": plan.number,
        "action": "publish",
        "switched_at": naive(plan.published_at),
    }

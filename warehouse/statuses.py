"""Since when each target has its status, and what changed it: found by comparing with an earlier release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import duckdb
import pyarrow as pa

from sources.ledger import Ledger, Revision, releases
from warehouse.hashes import tables
from warehouse.paths import Home
from warehouse.raw import quoted
from warehouse.shelf import DamagedRelease, ReleaseInfo, open_release, verify_release

SHOWN_DELIVERIES = 5
_KEYS = ("region", "indicator", "target_year", "level", "method", "base_year")
_NEEDED = frozenset({*_KEYS, "target", "status", "status_since", "status_cause"})
_WORDS = {
    "new_data": "新数据 / new data",
    "revised_data": "数据修订 / revised data",
    "changed_parameter": "参数变化 / changed parameter",
    "changed_method": "口径或程序变化 / changed method",
    "changed_target": "目标变化 / changed target",
    "correction": "更正 / correction",
}
_FIRST = "首次发布 / first published"
_TIME = "日期推移 / time passed"
_INPUTS = "规划、参数或代码变更 / plan, parameters or code changed"
# all causes, the strongest first, as for the revisions themselves
STRENGTH = ("changed_method", "changed_parameter", "changed_target", "correction", "revised_data", "new_data")


def baseline(home: Home, ledger: Ledger) -> ReleaseInfo | None:
    """The release published last that is still here and whole; None when there is none.

    Usually that is the last one. When it was pruned or is damaged an older one takes its place: a status that is the
    same there keeps its date and cause, and one that differs is dated today, which is the first day it is sure of.
    """
    for known in reversed(releases(ledger)):
        try:
            release = open_release(home, known.release_id)
            verify_release(release)
        except DamagedRelease:
            continue
        return release
    return None


def cause_words(cause: str, deliveries: Sequence[str]) -> str:
    """A cause in Chinese and English, with the first few deliveries behind it."""
    named = ", ".join(deliveries[:SHOWN_DELIVERIES]) + (" …" if len(deliveries) > SHOWN_DELIVERIES else "")
    return f"{_WORDS[cause]}: {named}" if named else _WORDS[cause]


def _strongest(revised: Sequence[Revision]) -> str:
    cause = min((item.cause for item in revised), key=STRENGTH.index)
    named = {delivery for item in revised if item.cause == cause for delivery in item.deliveries}
    return cause_words(cause, sorted(named))


def _causes(revised: Sequence[Revision]) -> pa.Table:
    """Per region and indicator the cause of its revisions, and per end of a year that of this year's alone."""
    groups: dict[tuple[str, str, str | None], list[Revision]] = defaultdict(list)
    for item in revised:
        groups[item.region, item.indicator, None].append(item)
        if item.period_type == "year":
            groups[item.region, item.indicator, item.period_end].append(item)
    rows = [(*key, _strongest(items)) for key, items in groups.items()]
    names = ("region", "indicator", "period_end", "cause")
    return pa.table({name: pa.array([row[i] for row in rows], pa.string()) for i, name in enumerate(names)})


_MARK = """
update main.indicator_progress set status_since = cast(? as date), status_cause = ?
"""
_COMPARE = """
update main.indicator_progress as now
set status_since = case when was.status is not distinct from now.status then was.status_since else now.status_since end,
    status_cause = case
      when was.status is not distinct from now.status then was.status_cause
      else coalesce(
        (select any_value(cause) from given_causes as of_year where of_year.region = now.region
         and of_year.indicator = now.indicator and cast(of_year.period_end as date) = now.latest_period),
        (select any_value(cause) from given_causes as of_any where of_any.region = now.region
         and of_any.indicator = now.indicator and of_any.period_end is null),
        case when was.target is distinct from now.target then ? end,
        ?
      )
    end
from previous.main.indicator_progress as was
where {same}
"""


def date_statuses(
    connection: duckdb.DuckDBPyConnection,
    as_of: date,
    revised: Sequence[Revision],
    before: ReleaseInfo | None,
    *,
    is_same_code: bool,
) -> None:
    """Fill status_since and status_cause of indicator_progress by comparing with the release `before`.

    A status that stays keeps its date and cause; a new one is dated `as_of` and gets the cause of what was revised
    below it: of its latest year, else of anything of its indicator, else a changed target, changed inputs, or time.
    `before` stays attached as `previous`: inside a transaction it cannot be let go.
    """
    connection.execute("alter table main.indicator_progress add column if not exists status_since date")
    connection.execute("alter table main.indicator_progress add column if not exists status_cause varchar")
    connection.execute(_MARK, [as_of.isoformat(), _FIRST])
    if before is None:
        return
    connection.execute(f"attach {quoted(str(before.database))} as previous (read_only)")
    connection.register("given_causes", _causes(revised))
    known = tables(connection, "previous").get("indicator_progress", [])
    # a release of an older make may not say what is compared here: then everything is as on the first day
    if {column.name for column in known} >= _NEEDED:
        same = " and ".join(f"now.{name} is not distinct from was.{name}" for name in _KEYS)
        connection.execute(_COMPARE.format(same=same), [_WORDS["changed_target"], _TIME if is_same_code else _INPUTS])
    connection.unregister("given_causes")

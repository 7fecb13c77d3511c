"""The SQL of the frames that put a delivery beside its past, and what their columns are called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from expectations.frames import joined
from expectations.past import UNITS, pasts_of, period_sql, rest_of, rest_sql
from expectations.suites import PASTS, Check, Comparison, Suite
from sources.contract import Contract, contracts

SCOPES, ELSEWHERE = "scopes", "elsewhere"
_SAID = {"before": "此前", "previous": "上期", "year_before": "上年同期", "week_before": "上周同日"}
# What a clerk reads in place of the columns' names.
_CALLED = {
    "gone_previous": "上期有而这次没有",
    "gone_week_before": "上周同日有而这次没有",
    "month_jump": "与上月之比",
    "year_jump": "与上年之比",
    "revision_jump": "与此前之比",
    "is_registered": "在地区表中",
    "days_ahead": "期末距核算日天数",
    "days_until_start": "期初距核算日天数",
    "days_to_come": "期初距今天数",
    "periods_missing": "缺的期数",
    "periods_behind": "比最新一期早的期数",
    "is_emptied": "原有数据撤空",
    "is_copied": "与上期完全相同",
    "content": "内容指纹",
    "elsewhere": "另见于",
}


def past_sql(suite: Suite, frame: str, source: str) -> str:
    """The SQL of a frame of the past."""
    contract = contracts()[suite.name]
    if frame == SCOPES:
        return _scopes_sql(contract, source)
    if frame == ELSEWHERE:
        return _elsewhere_sql(contract, suite.records, source)
    return _compared_sql(contract, suite.past[frame], pasts_of(suite), source)


def _compared_sql(contract: Contract, comparison: Comparison, pasts: Sequence[str], source: str) -> str:
    by = [*(field.name for field in rest_of(contract)), *comparison.by]
    keys = "".join(f", {column}" for column in dict.fromkeys(by))
    dated = f"{period_sql(contract)} as period, {rest_sql(contract)} as rest{keys}"
    values = "".join(f", {sql} as {name}" for name, sql in comparison.columns.items())
    names = "".join(f", {name}" for name in comparison.columns)
    derived = "".join(f", {sql} as {name}" for name, sql in comparison.derive.items())
    return joined(
        *(
            "with told as (select",
            dated,
            values,
            ", min(_row) as _row from (",
            source,
            ") where not _is_empty group by all),",
        ),
        *("recalled as (select", dated, values, "from past_rows group by all),"),
        *("every as (select period, rest", keys, names, ", _row, 'now' as past from told union all"),
        *("select l.period, l.rest", keys, names, ", null, l.past from (select *, false as is_own from recalled"),
        *("union all select period, rest", keys, names, ", true from told) r join past_links l"),
        "on l.past_period = r.period and l.rest = r.rest and l.is_own = r.is_own),",
        *(
            "paired as (select period, rest",
            keys,
            _pasts(comparison, pasts),
            ", min(_row) as _row from every group by all),",
        ),
        *("compared as (select *", _ratios(comparison, pasts), _gone(pasts), "from paired)"),
        *("select *", derived, "from compared where", "true" if comparison.gone else "is_there"),
    )


def _elsewhere_sql(contract: Contract, records: Sequence[str], source: str) -> str:
    """One row per event of the delivery; `elsewhere` is the other scope of its period that has it, '' where none has.

    What the delivery itself speaks for no longer counts as it was: a bureau may move an event from one to another.
    """
    dated = f"{period_sql(contract)} as period, {rest_sql(contract)} as rest"
    event = ", ".join(("period", *records))
    fields = "".join(f", any_value({field.name}) as {field.name}" for field in rest_of(contract))
    known = joined("select", dated, ",", ", ".join(records))
    return joined(
        *("with spoken as (select distinct", dated, "from (", source, ")),"),
        *("told as (select", dated, ",", ", ".join(records), fields, ", min(_row) as _row"),
        *("from (", source, ") where not _is_empty group by all),"),
        *("recalled as (", known, "from past_rows),"),
        *("every as (select rest,", event, "from told union all"),
        *("select rest,", event, "from recalled anti join spoken using (period, rest)),"),
        *("spread as (select", event, ", min(rest) as one, max(rest) as other from every group by all)"),
        "select told.*, case when one = other then '' when rest = one then other else one end as elsewhere",
        *("from told join spread using (", event, ")"),
    )


def _pasts(comparison: Comparison, pasts: Sequence[str]) -> str:
    kinds = {"": "now", **{f"_{past}": past for past in pasts}}
    columns = [
        f"max({name}) filter (past = '{past}') as {name}{suffix}"
        for name in comparison.columns
        for suffix, past in kinds.items()
    ]
    there = ["coalesce(bool_or(past = 'now'), false) as is_there"]
    there += [f"coalesce(bool_or(past = '{past}'), false) as in_{past}" for past in pasts]
    return ", " + ", ".join(columns + there)


def _ratios(comparison: Comparison, pasts: Sequence[str]) -> str:
    """A group too small to matter on both sides is not compared."""
    return "".join(
        f", case when greatest(abs({name}), abs({name}_{past})) >= {comparison.least.get(name, 0)}"
        f" then cast({name} as double) / nullif(cast({name}_{past} as double), 0) end as {name}_over_{past}"
        for name in comparison.measures
        for past in pasts
    )


def _gone(pasts: Sequence[str]) -> str:
    """Whether a group of the past is missing now; empty where the scope has no such past at all."""
    return "".join(
        f", case when bool_or(in_{past}) over (partition by period, rest) then in_{past} and not is_there end"
        f" as gone_{past}"
        for past in pasts
    )


def _scopes_sql(contract: Contract, source: str) -> str:
    dated = f"{period_sql(contract)} as period, {rest_sql(contract)} as rest"
    fields = "".join(f", any_value({field.name}) as {field.name}" for field in contract.scope)
    unit, length = UNITS[contract.frequency], "0 day" if contract.snapshot else f"1 {UNITS[contract.frequency]}"
    end = "period" if contract.snapshot else f"period + interval {length} - interval 1 day"
    return joined(
        *("with told as (select", dated, fields, ", bool_and(_is_empty) as is_empty, min(_row) as _row from (", source),
        ") group by all), known as (select period, rest from told union select period, rest from past_scopes),",
        "ordered as (select *, lag(period) over (partition by rest order by period) as earlier from known),",
        "newest as (select rest, max(period) as newest from past_scopes group by rest)",
        f"select t.*, date_diff('day', run.as_of, cast({end} as date)) as days_ahead,",
        "date_diff('day', run.as_of, period) as days_until_start,",
        "date_diff('day', run.latest, period) as days_to_come,",
        f"date_diff('{unit}', earlier, period) - 1 as periods_missing,",
        "case when s.period is not null then 0 when newest is not null",
        f"then greatest(date_diff('{unit}', period, newest), 0) end",
        "as periods_behind, case when s.period is not null then t.is_empty and s.row_count > 0 end as is_emptied,",
        "is_registered from told t cross join run join ordered using (period, rest)",
        "left join newest using (rest) left join past_scopes s using (period, rest)",
    )


def amounts(suite: Suite, check: Check) -> list[str]:
    """The columns that a check of a comparison rests on: what is now and what was."""
    comparison = suite.past.get(check.frame)
    if comparison is None:
        return []
    sql = " ".join((*check.columns, *(comparison.derive.get(column, "") for column in check.columns)))
    pairs = [(name, past) for name in comparison.columns for past in PASTS]
    found = [(name, past) for name, past in pairs if re.search(rf"\b{name}(_over)?_{past}\b", sql)]
    return [column for name, past in found for column in (name, f"{name}_{past}")]


def labels(suite: Suite, headers: Mapping[str, str]) -> dict[str, str]:
    """What the columns of comparisons are called in examples: the field's header and which past it is of."""
    found = dict(_CALLED)
    for comparison in suite.past.values():
        for name in comparison.columns:
            called = headers.get(name, name)
            for past, said in _SAID.items():
                found[f"{name}_{past}"] = f"{called}（{said}）"
                found[f"{name}_over_{past}"] = f"{called}÷{said}"
    return found

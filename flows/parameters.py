"""The types of flow parameters, which make the forms of Prefect's pages, and for how long a flow may run.

Their titles are given here, their descriptions are the flows' own `Args`. What may stay empty is one text field in
the form, where `X | None` would be a switch between two fields; the flow gets None for it.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from sources.contract import contracts
from sources.inbox import REGION

LONGEST_S = 12 * 3600  # a run that is not over by then hangs

# numbers beyond 64 bits, once in Prefect's PostgreSQL, keep it from reading any run at all
MOST, LONGEST_WAIT_S = 100_000, 30 * 86400

PERIOD = r"\d{4}(Q[1-4]|-\d{2}(-\d{2})?)?"


def _titled(title: str, **more: object) -> Any:
    """The title of a field; Prefect itself would call it by the parameter's name."""
    extra: Any = {"title": title, **more}
    return Field(json_schema_extra=extra)


def _empty_is_none(given: object) -> object:
    return None if given == "" else given


_MAY_BE_EMPTY = BeforeValidator(_empty_is_none)


def _text(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"^({pattern})?$"})


def _may_be_empty(title: str) -> Any:
    # without a default of its own the form would send null, which is no text
    return _titled(title, default="")


_Region = Annotated[str, Field(pattern=f"^{REGION.pattern}$")]
_Period = Annotated[str, Field(pattern=f"^{PERIOD}$")]

Feed = Annotated[str, _titled("数据集 / Feed", enum=sorted(contracts()))]
Region = Annotated[_Region | None, _MAY_BE_EMPTY, _text(REGION.pattern), _may_be_empty("地区 / Region")]
PeriodFrom = Annotated[_Period | None, _MAY_BE_EMPTY, _text(PERIOD), _may_be_empty("起始期 / First period")]
PeriodTo = Annotated[_Period | None, _MAY_BE_EMPTY, _text(PERIOD), _may_be_empty("截止期 / Last period")]
AsOf = Annotated[date | None, _MAY_BE_EMPTY, _text(r"\d{4}-\d{2}-\d{2}"), _may_be_empty("核算日期 / As of")]
Who = Annotated[str | None, _MAY_BE_EMPTY, _text(".+"), _may_be_empty("操作人 / Who")]
Seed = Annotated[int | None, _MAY_BE_EMPTY, _text(r"\d{1,18}"), _may_be_empty("随机种子 / Seed")]
Reason = Annotated[str, _titled("理由 / Reason")]
DryRun = Annotated[bool, _titled("只列计划 / Dry run")]
Publish = Annotated[bool, _titled("接着发布 / Publish")]
Keep = Annotated[int, Field(ge=0, le=MOST), _titled("保留版本数 / Releases kept")]
Days = Annotated[int, Field(ge=0, le=MOST), _titled("保留天数 / Days kept")]
OneFeed = Annotated[str | None, _MAY_BE_EMPTY, _text(r"[a-z_]+"), _may_be_empty("数据集 / Feed")]
Server = Annotated[str | None, _MAY_BE_EMPTY, _text(r"[a-z0-9_-]+"), _may_be_empty("服务器 / Server")]
Force = Annotated[bool, _titled("全部重取 / Whatever was fetched")]
Wait = Annotated[float, Field(ge=0, le=LONGEST_WAIT_S), _titled("等待秒数 / Seconds to wait")]

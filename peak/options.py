"""What several commands ask alike: periods, who somebody is, a region's name."""

from __future__ import annotations

import getpass
from datetime import date
from typing import Any

import click

from warehouse.periods import span_of


def os_user() -> str:
    """The name under which the operating system knows whoever calls."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        return "unknown"


class PeriodText(click.ParamType):
    """A period as people write it; the text comes back, known to be one."""

    name = "period"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            span_of(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)
        return str(value).strip()

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return "P"


class RegionName(click.ParamType):
    """The name of a region, as the folders of the inbox bear it."""

    name = "region"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from sources.inbox import REGION

        if not REGION.fullmatch(value):
            self.fail(
                "地区名只能用小写字母、数字和连字符，最长 32 位 / a region is [a-z0-9-], at most 32 characters",
                param,
                ctx,
            )
        return str(value)


def who_option(help_zh: str = "记为何人，默认系统用户", help_en: str = "recorded name, default: the OS user") -> Any:
    """`--who NAME`."""
    return click.option("--who", default=os_user, metavar="NAME", help=f"{help_zh} / {help_en}")


def as_of_option() -> Any:
    """`--as-of YYYY-MM-DD`."""
    return click.option(
        "--as-of", type=click.DateTime(["%Y-%m-%d"]), help="核算日期，默认今天（上海） / date used for lateness"
    )


def as_date(moment: Any) -> date | None:
    """The date of click's datetime, None stays None."""
    return moment.date() if moment else None

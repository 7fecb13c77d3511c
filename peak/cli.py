"""The command `peak`. Commands are imported only when they are called, so that reading commands start at once."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import click

COMMANDS = {
    "demo": "把演示数据与真实国家数据放入收件箱 / put demo and real deliveries into the inbox",
    "run": "执行一次夜间流程 / take in, gate, build, gate, publish",
    "serve": "常驻：每夜运行、Prefect 页面与站点 / the nightly schedule, Prefect's pages and the site, until stopped",
    "notify": "设置通知：退件、关卡、逾期、夜间未成 / whom to tell of refused files, failed gates, late feeds",
    "backfill": "按账本重算某期间并发布，先列计划 / rebuild a period from the ledger and publish; plan first",
    "backup": "备份账本、归档、已收行与设置 / copy what cannot be rebuilt; verify a copy",
    "fetch": "从各单位的服务器取数到收件箱 / fetch from folders, HTTP, SFTP, S3 and databases into the inbox",
    "check": "报送前自查一个文件，不留记录 / what a bureau runs before sending; nothing is recorded",
    "accept": "剔除坏行后接收被退回的交付 / take in a refused delivery less its bad rows",
    "template": "生成某数据集的空白填报表 / an empty workbook with the right headers",
    "explain": "解释一个数值：公式、分项、文件与行 / a value, its formula, terms, files and rows",
    "sql": "只读查询当前发布版 / query the current release, read-only",
    "history": "一项指标的全部发布值与修订原因 / all published vintages of an indicator, with causes",
    "diff": "两个版本的数值之差与原因 / values that two releases say differently, and why",
    "as-of": "某日所示的数值 / what the current release said on a date",
    "reproduce": "重算一个版本并比对 / rebuild a release from archive and ledger and compare",
    "rollback": "切换当前版本 / point `current` at another release",
    "hold": "暂扣一份交付 / take a delivery out of the winners",
    "release-hold": "解除暂扣，可豁免一项检查 / put it back, waiving a check if need be",
    "cite": "引用一个版本，不再清理 / a release that something refers to is never pruned",
    "assess": "签认年度评估并发布 / sign off a year's assessment and publish",
    "prune": "清理旧版本的文件 / remove the files of old releases; vintages stay",
    "gates": "检查结果、全部规则、变异体自测 / what the gates said, every rule, and the proof by mutants",
    "status": "数据集到报、暂扣、隔离与发布情况 / feeds, holds, quarantine, runs, current release",
}


class LazyGroup(click.Group):
    """A group whose commands live in peak.commands.<name> as a function of the same name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = cmd_name.replace("-", "_")
        command: click.Command = getattr(import_module(f"peak.commands.{name}"), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what is wrong with the data home is said in a sentence, not in a traceback."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            from peak.trouble import sentence

            said = sentence(error)
            if said is None:
                raise
            raise click.ClickException(said) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands from COMMANDS alone, so that `peak --help` imports none of them."""
        with formatter.section("命令 / Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(package_name="peak")
def main() -> None:
    """Peak：用数字推进碳达峰方案 / runs a district's carbon-peak plan by numbers.

    数据目录由环境变量 PEAK_HOME 指定 / the data home is set by PEAK_HOME (default warehouse/data/).
    退出码 / exit codes: 0 成功 ok, 1 被拒绝或未过关卡 refused or failed a gate, 2 用法错误 wrong usage.
    """

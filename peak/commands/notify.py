"""`peak notify`: whom to tell of what, set up in Prefect from the settings file."""

from __future__ import annotations

import asyncio

import click

from serving.notify_settings import Notify, notify_settings
from sources.settings import BadSettings
from warehouse.paths import home


@click.command()
@click.option("--dry-run", is_flag=True, help="只列出，不设置 / only list what would be set up")
@click.option("--test", is_flag=True, help="向每个渠道发一条测试 / send a test message to every channel")
def notify(dry_run: bool, test: bool) -> None:
    """按 settings.toml 的 [notify] 设置通知 / Set up notifications from [notify] in settings.toml.

    渠道为 Apprise 地址（邮件、企业微信、钉钉、飞书、Webhook…），密钥放环境变量；见 docs/serving.md / channels are
    addresses as Apprise takes them (mail, WeCom, DingTalk, Feishu, webhook …), secrets come from the environment.
    """
    try:
        wanted = notify_settings(home())
    except BadSettings as error:
        raise click.ClickException(str(error)) from None
    for told in wanted.told:
        click.echo(f"  {told.name}")
    if not wanted.told:
        click.echo(f"未设通知 / nobody is told: {home().settings} [notify]")
    if dry_run:
        return
    if test:
        _test(wanted)
    else:
        _set_up(wanted)


def _set_up(wanted: Notify) -> None:
    from peak.running import choose_server
    from serving.instance import standing

    note = standing(home())
    if note is None:
        raise click.ClickException("peak serve 未运行 / peak serve does not stand for this home")
    choose_server(lambda _: None)
    import httpx

    from serving.api import Api
    from serving.notify import set_up
    from serving.settings import serve_settings

    api = Api(note["api"], serve_settings(home(), {}).auth)
    try:
        done = asyncio.run(set_up(api, wanted, note["site"]))
    except BadSettings as error:
        raise click.ClickException(str(error)) from None
    except httpx.HTTPError as error:
        raise click.ClickException(f"服务器未接受 / the server did not take it: {error}") from None
    for name in done.removed:
        click.echo(f"  移除 / removed: {name}")
    click.echo(f"已设置 / set up: {len(done.channels)} 渠道 channels, {len(done.automations)} 规则 automations")


def _test(wanted: Notify) -> None:
    import flows.settings  # noqa: F401 - Prefect must not look for a server of its own
    from serving.notify import send_test

    failed = False
    for name, address in wanted.channels.items():
        problem = asyncio.run(send_test(name, address))
        failed |= problem is not None
        click.echo(f"  {name}: {'已送出 / sent' if problem is None else problem}")
    if failed:
        raise SystemExit(1)

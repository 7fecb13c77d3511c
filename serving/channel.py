"""The notification block of Peak: one address in the form Apprise takes, which the Prefect server sends to.

Prefect finds it by the entry point `prefect.collections`. See https://github.com/caronc/apprise/wiki for addresses:
mailto(s)://, wecombot://, dingtalk://, feishu://, lark://, json(s)://, and many more.
"""

from __future__ import annotations

from prefect.blocks.notifications import AppriseNotificationBlock
from pydantic import Field, SecretStr


class PeakChannel(AppriseNotificationBlock):
    """Where Peak tells somebody of something / 通知渠道."""

    _block_type_name = "Peak Channel"
    _block_type_slug = "peak-channel"

    url: SecretStr = Field(
        default=...,
        title="地址 / Address",
        description="Apprise 地址 / as Apprise takes it: mailto://, wecombot://, dingtalk://, feishu://, json:// …",
        examples=["wecombot://BotKey/", "mailtos://user:password@mail.example.cn?to=li@example.cn"],
    )

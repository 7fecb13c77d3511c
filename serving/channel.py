"""The notification block of Peak: one address in the form Apprise takes, which the Prefect server sends to.

Prefect finds it by the entry point `prefect.collections`. See https://github.com/caronc/apprise/wiki for addresses:
mailto(s)://, wecombot://, dingtalk://, feishu://, lark://, json(s)://, and many more.
"""

from __future__ import annotations

from apprise import Apprise, NotifyFormat, OverflowMode
from prefect.blocks.notifications import AppriseNotificationBlock
from pydantic import Field, SecretStr

# WeCom refuses a longer message outright, and Apprise does not know that; a character has at most 4 bytes
WECOM_CHARACTERS = 2048 // 4


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

    def block_initialization(self) -> None:
        """A message too long for its service goes in several, unless the address says otherwise.

        What we tell is plain text, whatever service or address would make of it: in a mail of HTML, names of files
        would be read as markup, and all lines run into one.
        """
        super().block_initialization()
        for service in self.services:
            service.notify_format = NotifyFormat.TEXT
            if service.overflow_mode is OverflowMode.UPSTREAM:
                service.overflow_mode = OverflowMode.SPLIT
            if service.secure_protocol == "wecombot":
                service.body_maxlen = WECOM_CHARACTERS

    @property
    def services(self) -> Apprise:
        """What the address leads to; empty when Apprise can make nothing of it."""
        return self._apprise_client

"""Sets up in Prefect whom the settings say to tell: a block for each channel, an automation for each occasion.

python -m serving.notify does it for the home and server of the environment, once or a hundred times alike.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from serving.api import Api
from serving.notify_settings import Notify, Told, notify_settings
from sources.settings import BadSettings
from warehouse.paths import home

if TYPE_CHECKING:
    from serving.channel import PeakChannel

OURS = "peak: "
PAGE = 200  # the most that Prefect answers at once


@dataclass(frozen=True)
class SetUp:
    """What was done: names of channels and of automations."""

    channels: list[str]
    automations: list[str]
    removed: list[str]


def block_name(channel: str) -> str:
    """A name that Prefect takes for a block: a-z, 0-9 and hyphens, one for each channel."""
    plain = re.sub(r"[^a-z0-9]+", "-", channel.lower()).strip("-")
    is_same = plain == channel
    return plain if is_same else f"{plain}-{channel.encode().hex()}".strip("-")


async def set_up(api: Api, wanted: Notify, site: str) -> SetUp:
    """Blocks and automations as `wanted`; ours that are not wanted any more are removed, all others are left alone.

    Raises:
        BadSettings: An address that Apprise can make nothing of; nothing is set up.
        httpx.HTTPError: The server did not take it.
    """
    channels = {name: channel_of(name, address) for name, address in wanted.channels.items()}
    blocks = {name: str(await found.save(block_name(name), overwrite=True)) for name, found in channels.items()}
    every = await automations(api)
    there = {item["name"]: item for item in every if _is_ours(item)}
    unused = _blocks(every, ours=True) - _blocks(every, ours=False) - set(blocks.values())
    for told in wanted.told:
        await _put(api, there.pop(told.name, None), told, blocks[told.channel], site)
    for automation in there.values():
        await api.ask("DELETE", f"/automations/{automation['id']}")
    for block in sorted(unused):
        await _forget(api, block)
    return SetUp(sorted(blocks), sorted(told.name for told in wanted.told), sorted(there))


def channel_of(name: str, address: str) -> PeakChannel:
    """The block of a channel, not saved.

    Raises:
        BadSettings: Apprise can make nothing of the address, and would stay silent for ever.
    """
    from pydantic import SecretStr

    from serving.channel import PeakChannel

    block = PeakChannel(url=SecretStr(address))
    if not block.services:
        scheme = address.partition("://")[0]
        raise BadSettings(
            f"[notify.channels] {name} = {scheme}://…：Apprise 不认识此地址，或缺少部分 / "
            "Apprise does not know this address, or a part of it is missing"
        )
    return block


async def automations(api: Api) -> list[dict[str, Any]]:
    """Every automation of the server, whoever made it."""
    found: list[dict[str, Any]] = []
    while page := await api.ask("POST", "/automations/filter", {"limit": PAGE, "offset": len(found)}):
        found += page
    return found


def _is_ours(automation: dict[str, Any]) -> bool:
    """Whether this module made it: it tells by our blocks, which those of deployments do not."""
    tells = all(action["type"] == "send-notification" for action in automation["actions"])
    return tells and str(automation["name"]).startswith(OURS)


def _blocks(automations: Iterable[dict[str, Any]], ours: bool) -> set[str]:
    """The blocks that automations of ours tell by, or those of others."""
    actions = (action for item in automations if _is_ours(item) is ours for action in item["actions"])
    return {str(action["block_document_id"]) for action in actions if action.get("block_document_id")}


async def _forget(api: Api, block: str) -> None:
    """Remove the block of a channel that is none any more: an address is a secret."""
    try:
        await api.ask("DELETE", f"/block_documents/{block}")
    except httpx.HTTPStatusError as error:
        if error.response.status_code != httpx.codes.NOT_FOUND:  # somebody has removed it already
            raise


async def _put(api: Api, there: dict[str, Any] | None, told: Told, block: str, site: str) -> None:
    tell = {
        "type": "send-notification",
        "block_document_id": block,
        "subject": told.occasion.subject,
        "body": told.occasion.body(site),
    }
    body = {
        "name": told.name,
        "description": "peak notify",
        "enabled": there["enabled"] if there else True,  # one that an operator has paused stays paused
        "trigger": told.occasion.trigger(told.bureau),
        "actions": [tell],
    }
    if there:
        await api.ask("PUT", f"/automations/{there['id']}", body)
    else:
        await api.ask("POST", "/automations/", body)


async def send_test(channel: str, address: str) -> str | None:
    """A test message to one channel; None when it was taken, else what went wrong, without the address."""
    try:
        block = channel_of(channel, address)
        with block.raise_on_failure():
            await block.anotify("这是一条测试通知。 / This is a test message.", f"[Peak] 测试 / test: {channel}")
    except Exception as error:
        return str(getattr(error, "log", None) or error).replace(address, "***")
    return None


def main() -> None:
    """Set up the notifications of this home; exit 1 with a sentence when they cannot be."""
    api = Api(os.environ["PREFECT_API_URL"], os.environ.get("PREFECT_API_AUTH_STRING", ""))
    try:
        done = asyncio.run(set_up(api, notify_settings(home()), os.environ.get("PEAK_SITE_URL", "")))
    except (BadSettings, httpx.HTTPError) as error:
        sys.exit(str(error))
    print(f"通知 / notifications: {len(done.channels)} 渠道 channels, {len(done.automations)} 规则 automations")


if __name__ == "__main__":
    main()

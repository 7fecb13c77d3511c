"""Sets up in Prefect whom the settings say to tell: a block for each channel, an automation for each occasion.

python -m serving.notify does it for the home and server of the environment, once or a hundred times alike.
"""

from __future__ import annotations

import asyncio
import os
import re
import sys
from dataclasses import dataclass
from typing import Any

import httpx

from serving.api import Api
from serving.notify_settings import Notify, Told, notify_settings
from serving.settings import BadSettings
from warehouse.paths import home

OURS = "peak: "
BLOCK = "peak-channel"


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
        httpx.HTTPError: The server did not take it.
    """
    blocks = {name: await _save(name, address) for name, address in wanted.channels.items()}
    there = await _ours(api)
    for told in wanted.told:
        await _put(api, there.pop(told.name, None), told, blocks[told.channel], site)
    for automation in there.values():
        await api.ask("DELETE", f"/automations/{automation['id']}")
    return SetUp(sorted(blocks), sorted(told.name for told in wanted.told), sorted(there))


async def _save(channel: str, address: str) -> str:
    from pydantic import SecretStr

    from serving.channel import PeakChannel

    return str(await PeakChannel(url=SecretStr(address)).save(block_name(channel), overwrite=True))


async def _ours(api: Api) -> dict[str, dict[str, Any]]:
    """The automations that this module made, by name: they tell by our blocks, which those of deployments do not."""
    found = await api.ask("POST", "/automations/filter", {"limit": 200})
    return {item["name"]: item for item in found if item["name"].startswith(OURS) and _tells(item)}


def _tells(automation: dict[str, Any]) -> bool:
    return all(action["type"] == "send-notification" for action in automation["actions"])


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
    from pydantic import SecretStr

    from serving.channel import PeakChannel

    block = PeakChannel(url=SecretStr(address))
    try:
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

"""Secrets by name: from the environment, or from a Prefect block. They are used and forgotten, never written down."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, quote_plus

from sources.fetching.servers import SECRETS, Server
from sources.fetching.trouble import FetchError
from sources.settings import BadSettings, revealed

BLOCK = "block:"


class Secrets:
    """The secrets of one server. `used` are those that were asked for, in every form that a message may hold."""

    def __init__(self, server: Server) -> None:
        self._names = {key: value for key, value in server.options.items() if key in SECRETS}
        self.used: set[str] = set()

    def of(self, key: str) -> str | None:
        """The secret that the server has under `key`, None when it has none.

        Raises:
            FetchError: Environment or Prefect know no such name.
        """
        name = self._names.get(key)
        if name is None:
            return None
        value = _from_block(name.removeprefix(BLOCK)) if name.startswith(BLOCK) else _from_environment(name)
        self.used |= {value, quote(value, safe=""), quote_plus(value), repr(value)[1:-1]}
        return value


def _from_environment(name: str) -> str:
    try:
        return str(revealed(name))
    except BadSettings as error:
        raise FetchError(str(error)) from None


def _from_block(name: str) -> str:
    from prefect.blocks.system import Secret

    try:
        block: Any = Secret.load(name)
    except Exception as error:  # a server that is away, a block that is not there: Prefect raises many kinds
        why = type(error).__name__
        raise FetchError(f"Prefect 中没有密钥 {name} / Prefect gives no Secret block {name}: {why}") from None
    value = block.get()
    if not isinstance(value, str) or not value:
        raise FetchError(f"Prefect 密钥 {name} 应为文字 / the Secret block {name} should hold text")
    return value

"""What an operator may set about the standing parts: section `serve` of PEAK_HOME/settings.toml."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import ip_address
from socket import gethostname
from typing import Any

from sources.settings import BadSettings, revealed, section
from warehouse.paths import Home

FROM_ENVIRONMENT = {"auth": "PEAK_AUTH", "database": "PEAK_DATABASE"}
_EVERY_ADDRESS = ("0.0.0.0", "::")


@dataclass(frozen=True)
class Serve:
    """Where the parts listen; `database` is an SQLAlchemy URL of PostgreSQL, empty for SQLite, `auth` user:password.

    `ui_url` and `site_url` are how people reach server and site, where that is not by host and port: behind a proxy.
    Without `watch` only the schedule looks into the inbox. A value `env:NAME` is what the environment holds under
    NAME, so that no secret need stand in the file.
    """

    host: str = "127.0.0.1"
    port: int = 4200
    site_port: int = 4280
    database: str = ""
    auth: str = ""
    ui_url: str = ""
    site_url: str = ""
    watch: bool = True

    @property
    def is_open(self) -> bool:
        """Whether other machines can reach it."""
        return self.host != "localhost" and not ip_address(self.host).is_loopback

    @property
    def api(self) -> str:
        """The API as this machine reaches it."""
        return f"{self.here(self.port)}/api"

    def here(self, port: int) -> str:
        """A port of ours as this machine reaches it."""
        return _url("127.0.0.1" if self.host in _EVERY_ADDRESS else self.host, port)

    @property
    def ui(self) -> str:
        """Prefect's pages as people reach them."""
        return (self.ui_url or _url(self._name, self.port)).rstrip("/")

    @property
    def site(self) -> str:
        """The site as people reach it."""
        return (self.site_url or _url(self._name, self.site_port)).rstrip("/")

    @property
    def _name(self) -> str:
        return gethostname() if self.host in _EVERY_ADDRESS else self.host


def _url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve_settings(home: Home, given: Mapping[str, Any]) -> Serve:
    """PEAK_AUTH and PEAK_DATABASE; over them the settings file's section `serve`; over that what is `given` (not None).

    Raises:
        BadSettings: An unknown name, a value of another type, no auth string where other machines reach the server.
    """
    secrets = {name: os.environ[key] for name, key in FROM_ENVIRONMENT.items() if os.environ.get(key)}
    told = secrets | section(home, "serve") | {name: value for name, value in given.items() if value is not None}
    kinds = {field.name: type(field.default) for field in fields(Serve)}
    for name, value in told.items():
        if type(value) is not kinds.get(name):
            raise BadSettings(f"[serve] {name} = {value!r}：不认识或类型不对 / unknown, or of another type")
    found = Serve(**{name: revealed(value) for name, value in told.items()})
    _check(found)
    return found


def _check(found: Serve) -> None:
    try:
        is_open = found.is_open
    except ValueError:
        raise BadSettings(f"[serve] host = {found.host!r}：应为 IP 地址 / should be an IP address") from None
    for name, port in (("port", found.port), ("site_port", found.site_port)):
        if not 0 < port < 65536:
            raise BadSettings(f"[serve] {name} = {port}：应为 1 至 65535 / should be 1 to 65535")
    if found.port == found.site_port:
        raise BadSettings(f"[serve] port = site_port = {found.port}：不能相同 / they must differ")
    if found.database and not found.database.startswith("postgresql+asyncpg://"):
        raise BadSettings("[serve] database：应为 / should be postgresql+asyncpg://user:password@host/name")
    if not found.auth.isascii():
        raise BadSettings("[serve] auth：Prefect 只认英文字母、数字与符号 / Prefect takes only ASCII characters")
    user, _, password = found.auth.partition(":")
    if (found.auth or is_open) and not (user and password):
        raise BadSettings(
            f'{found.host} 可从其他机器访问时须在 [serve] 设 auth = "用户:口令"（或 env:名称） / '
            f'where other machines reach {found.host}, set auth = "user:password" (or env:NAME) under [serve]'
        )

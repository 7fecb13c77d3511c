"""Where feeds are fetched: `servers` of the contracts, and [pull] of the home's settings, strictly read.

Names are those of the Open Data Contract Standard; what it has no name for stands beside them in the settings and under
`customProperties` in a contract.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sources.contract import contracts
from sources.fetching.dates import has_date, is_template
from sources.inbox import REGION
from sources.settings import BadSettings, section
from warehouse.paths import Home

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
EVERY = re.compile(r"([1-9]\d{0,3})([mhd])")
SECRETS = frozenset({"token", "password", "accessKey", "secretKey"})
SECRET = re.compile(r"(env|block):[A-Za-z0-9_.-]+")
NUMBERS = frozenset({"port", "maxBytes", "timeoutSeconds", "periods"})
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_COMMON = {"server", "type", "region", "every", "description", "maxBytes", "timeoutSeconds"}
_DATED = {"periods"}
# what must be there, what may be
TYPES: dict[str, tuple[set[str], set[str]]] = {
    "local": ({"path"}, _DATED),
    "api": ({"location"}, {"token", "tokenHeader", "paging", "pageParameter"} | _DATED),
    "sftp": ({"location", "user"}, {"password", "privateKey", "knownHosts"} | _DATED),
    "s3": ({"location"}, {"endpointUrl", "regionName", "accessKey", "secretKey"} | _DATED),
    "postgresql": ({"host", "database", "user", "query"}, {"port", "password"} | _DATED),
}
_SCHEMES = {"api": ("http", "https"), "sftp": ("sftp",), "s3": ("s3",)}
_TELLING = re.compile(r"token|secret|passw|sign|key$|credential", re.IGNORECASE)
_PAGING = ("link", "parameter")


class BadServer(BadSettings):
    """A server is described in a way that cannot be meant; the message has file, key, value and reason."""


@dataclass(frozen=True)
class Server:
    """Where one feed of one region is fetched, by whom it is called, and how often. `options` are those of its type;
    secrets among them are names, `env:NAME` or `block:NAME`."""

    feed: str
    region: str
    name: str
    type: str
    every: timedelta
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """As people see it: region/feed server."""
        return f"{self.region}/{self.feed} {self.name}"


def servers(home: Home) -> list[Server]:
    """Every server of the contracts and of the home's settings, by region, feed and name.

    Raises:
        BadServer: One of them is described wrongly, or two of a feed and region share a name.
    """
    found = [*_of_contracts(), *_of_settings(home)]
    seen: set[tuple[str, str, str]] = set()
    for server in found:
        key = (server.region, server.feed, server.name)
        if key in seen:
            raise BadServer(f"{server.label}：写了两次 / is described twice (contract, {home.settings.name} [pull])")
        seen.add(key)
    return sorted(found, key=lambda server: (server.region, server.feed, server.name))


def _of_contracts() -> Iterable[Server]:
    for feed, contract in contracts().items():
        for node in contract.servers:
            custom = {item["property"]: item["value"] for item in node.get("customProperties") or ()}
            written = {key: value for key, value in node.items() if key != "customProperties"} | custom
            yield server_of(feed, written, f"{feed}.odcs.yaml servers")


def _of_settings(home: Home) -> Iterable[Server]:
    for feed, regions in section(home, "pull").items():
        place = f"{home.settings.name} [pull.{feed}]"
        if feed not in contracts() or not isinstance(regions, dict):
            raise BadServer(f"{place}：没有这个数据集，应为 / no such feed; write [[pull.<feed>.<region>]]")
        for region, listed in regions.items():
            place = f"{home.settings.name} [[pull.{feed}.{region}]]"
            if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
                raise BadServer(f"{place}：应为双方括号 / write [[pull.{feed}.{region}]], with two brackets")
            for item in listed:
                if "region" in item:
                    raise BadServer(f"{place} region：已写在标题中 / is said by the heading already")
                yield server_of(feed, {**item, "region": region}, place)


def server_of(feed: str, written: Mapping[str, Any], place: str) -> Server:
    """A server from what is written at `place`; BadServer says which key cannot be meant, and why."""
    kind = written.get("type")
    if kind not in TYPES:
        raise _bad(place, "type", kind, f"应为 / should be {', '.join(TYPES)}")
    required, optional = TYPES[kind]
    for key, value in written.items():
        if key not in _COMMON | required | optional:
            raise _bad(place, key, value if key not in SECRETS else "…", f"{kind} 没有此项 / no key of type {kind}")
        _check_value(place, key, value)
    for key in sorted({"server", "region"} | required):
        if key not in written:
            raise _bad(place, key, None, "缺此项 / is missing")
    _check_names(place, written)
    _check_places(place, kind, written)
    kept = {key: value for key, value in written.items() if key not in {"server", "type", "region", "every"}}
    return Server(feed, written["region"], written["server"], kind, _every(place, written.get("every", "1d")), kept)


def _bad(place: str, key: str, value: object, why: str) -> BadServer:
    return BadServer(f"{place}: {key} = {value!r}：{why}")


def _check_value(place: str, key: str, value: Any) -> None:
    if key in SECRETS:
        if not isinstance(value, str) or not SECRET.fullmatch(value):
            # the value may be the secret itself: it is not shown
            raise _bad(place, key, "…", "密钥只写名称 / a secret goes by its name: env:NAME, block:NAME")
    elif key in NUMBERS:
        if type(value) is not int or value < 1:
            raise _bad(place, key, value, "应为正整数 / should be a whole number above 0")
    elif not isinstance(value, str) or not value:
        raise _bad(place, key, value, "应为文字 / should be text")


def _check_names(place: str, written: Mapping[str, Any]) -> None:
    if not NAME.fullmatch(written["server"]):
        raise _bad(place, "server", written["server"], "小写字母、数字、-、_，最长 32 位 / [a-z0-9_-], at most 32")
    if not REGION.fullmatch(written["region"]):
        raise _bad(place, "region", written["region"], "小写字母、数字、-，最长 32 位 / [a-z0-9-], at most 32")


def _check_places(place: str, kind: str, written: Mapping[str, Any]) -> None:
    for key in ("path", "location"):
        if key in written and not is_template(written[key]):
            raise _bad(place, key, written[key], "花括号内只能是日期 / braces hold a date: {date:%Y-%m}")
    if "location" in written:
        _check_location(place, kind, written["location"])
    if kind == "local" and not written["path"].startswith("/"):
        raise _bad(place, "path", written["path"], "应为绝对路径 / should begin with /")
    if "paging" in written and written["paging"] not in _PAGING:
        raise _bad(place, "paging", written["paging"], f"应为 / should be {', '.join(_PAGING)}")
    if ("pageParameter" in written) != (written.get("paging") == "parameter"):
        raise _bad(place, "pageParameter", written.get("pageParameter"), 'paging = "parameter" 时须有 / goes with it')
    if kind == "postgresql" and not re.search(r"\border\s+by\b", written["query"], re.IGNORECASE):
        raise _bad(
            place, "query", written["query"], "须有 order by，否则次序不定 / needs order by, or rows have no order"
        )
    is_dated = has_date(written.get("path") or written.get("location") or written.get("query") or "")
    if "periods" in written and not is_dated:
        raise _bad(place, "periods", written["periods"], "没有日期可用 / there is no date to use it for")


def _check_location(place: str, kind: str, location: str) -> None:
    parts = urlsplit(location)
    if parts.scheme not in _SCHEMES[kind] or not parts.hostname:
        raise _bad(place, "location", _without_user(location), f"应以此开头 / should begin with {_SCHEMES[kind][0]}://")
    if parts.username or parts.password:
        raise _bad(
            place, "location", _without_user(location), "地址中不写用户与口令 / no user or password in an address"
        )
    if secret := next((name for name, _ in parse_qsl(parts.query) if _TELLING.search(name)), None):
        why = f"密钥用 token，不写进地址 / secrets are given by token, not in an address: {secret}"
        raise _bad(place, "location", _without_user(location), why)


def _without_user(location: str) -> str:
    parts = urlsplit(location)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def _every(place: str, written: str) -> timedelta:
    match = EVERY.fullmatch(written)
    if match is None:
        raise _bad(place, "every", written, "应写作 / is written 30m, 1h, 1d")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})

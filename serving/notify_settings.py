"""Whom to tell: section `notify` of PEAK_HOME/settings.toml, checked before anything is set up.

[notify]
operators = ["office"]              # told on every occasion
[notify.channels]
office = "env:PEAK_OFFICE"          # an address as Apprise takes it; secrets come from the environment
industry = "env:PEAK_INDUSTRY"
[notify.bureaus]
"区产业发展局" = ["industry"]        # told of their own files and feeds
[notify.occasions]
audit_failed = ["office"]           # instead of the operators
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from serving.occasions import OCCASIONS, Occasion
from sources.contract import contracts
from sources.settings import BadSettings, revealed, section
from warehouse.paths import Home

KEYS = frozenset({"operators", "channels", "bureaus", "occasions"})


@dataclass(frozen=True)
class Told:
    """One automation: on an occasion, of one bureau only when given, one channel is told."""

    occasion: Occasion
    channel: str
    bureau: str | None = None

    @property
    def name(self) -> str:
        """`peak: occasion → channel (bureau)`, by which the automation is known."""
        return f"peak: {self.occasion.name} → {self.channel}" + (f" ({self.bureau})" if self.bureau else "")


@dataclass(frozen=True)
class Notify:
    """The channels (name -> address, secret) and who is told of what."""

    channels: Mapping[str, str]
    told: tuple[Told, ...]


def notify_settings(home: Home) -> Notify:
    """What the settings file says, secrets revealed; nothing where it says nothing.

    Raises:
        BadSettings: Something unknown, of another form, or a secret that the environment does not have.
    """
    given = section(home, "notify")
    if unknown := sorted(set(given) - KEYS):
        raise BadSettings(f"[notify] {unknown[0]}：不认识 / unknown; {', '.join(sorted(KEYS))}")
    channels = {name: _address(name, address) for name, address in _table(given, "channels").items()}
    known = {occasion.name: occasion for occasion in OCCASIONS}
    instead = {name: _names(f"occasions.{name}", names, channels) for name, names in _table(given, "occasions").items()}
    _all_known("occasions", instead, known)
    operators = _names("operators", given.get("operators", []), channels)
    told = [Told(item, channel) for item in OCCASIONS for channel in instead.get(item.name, operators)]
    return Notify(channels, tuple(told + _of_bureaus(given, channels)))


def _of_bureaus(given: Mapping[str, Any], channels: Mapping[str, str]) -> list[Told]:
    """The bureaus' own channels: those the settings name, else the one that a contract of theirs names as contact."""
    bureaus = {contract.owner: contract.contact for contract in contracts().values() if contract.contact in channels}
    of = {bureau: [contact] for bureau, contact in bureaus.items() if contact is not None}
    named = {name: _names(f"bureaus.{name}", names, channels) for name, names in _table(given, "bureaus").items()}
    _all_known("bureaus", named, {contract.owner for contract in contracts().values()})
    return [
        Told(item, channel, bureau)
        for bureau, names in sorted({**of, **named}.items())
        for item in OCCASIONS
        if item.bureau
        for channel in names
    ]


def _table(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = given.get(name, {})
    if not isinstance(found, dict):
        raise BadSettings(f"[notify] {name}：应为一节 [notify.{name}] / should be a section [notify.{name}]")
    return found


def _names(where: str, names: Any, channels: Mapping[str, str]) -> list[str]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BadSettings(f"[notify] {where} = {names!r}：应为渠道名的列表 / should be a list of names of channels")
    _all_known(where, names, channels)
    return names


def _all_known(where: str, names: Iterable[str], known: Iterable[str]) -> None:
    for name in names:
        if name not in known:
            raise BadSettings(f"[notify] {where}：没有 {name} / there is no {name}; {', '.join(sorted(known))}")


def _address(name: str, address: Any) -> str:
    try:
        found = revealed(address)
    except BadSettings as error:
        raise BadSettings(f"[notify.channels] {name} = {address}：{error}") from None
    if not isinstance(found, str) or "://" not in found:
        raise BadSettings(f"[notify.channels] {name}：应为 Apprise 地址 / should be an address as Apprise takes it")
    return found

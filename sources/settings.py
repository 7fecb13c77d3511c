"""PEAK_HOME/settings.toml, section by section, and secrets that it only names."""

from __future__ import annotations

import os
import tomllib
from typing import Any

from warehouse.paths import Home

SECRET = "env:"


class BadSettings(Exception):
    """The settings file says something that cannot be meant."""


def revealed(value: Any) -> Any:
    """The value itself, or for `env:NAME` what the environment holds.

    Raises:
        BadSettings: The environment has no such name.
    """
    if not isinstance(value, str) or not value.startswith(SECRET):
        return value
    name = value.removeprefix(SECRET)
    if not os.environ.get(name):
        raise BadSettings(f"环境变量 {name} 未设置 / the environment has no {name}")
    return os.environ[name]


def section(home: Home, name: str) -> dict[str, Any]:
    """One section of the settings file, empty where there is none.

    Raises:
        BadSettings: The file is no TOML, or the section is something else.
    """
    try:
        written = tomllib.loads(home.settings.read_text("utf-8-sig"))  # Notepad puts a mark first
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSettings(f"{home.settings}：不是 TOML / is not TOML: {error}") from None
    found = written.get(name, {})
    if not isinstance(found, dict):
        raise BadSettings(f"{home.settings}：{name} 应为一节 [{name}] / should be a section [{name}]")
    return found

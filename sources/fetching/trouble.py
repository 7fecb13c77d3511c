"""What goes wrong when fetching: what is worth another try, and what is not. No message holds a secret."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from warehouse.harmless import on_one_line

T = TypeVar("T")
HIDDEN = "***"
LONGEST = 500  # of a message; some libraries put a whole page of an answer into theirs


class FetchError(Exception):
    """Something that another try would not mend: a refusal, a limit, an answer that makes no sense."""


class Absent(FetchError):
    """What a period's address leads to is not there yet."""


class Temporary(FetchError):
    """Something that may be over soon. `after_s` is what the server asked to wait for, in seconds."""

    def __init__(self, message: str, after_s: float | None = None) -> None:
        super().__init__(message)
        self.after_s = after_s


@dataclass(frozen=True)
class Limits:
    """How much and how long: bytes of a file, seconds for an answer, for a file, pauses between tries (doubled)."""

    max_bytes: int = 2 * 1024**3
    timeout_s: float = 60.0
    longest_s: float = 1800.0
    attempts: int = 5
    pause_s: float = 1.0
    longest_pause_s: float = 120.0


def needs(module: str) -> Any:
    """A library of the extra `pull`; FetchError says what to install when it is not there."""
    from importlib import import_module

    try:
        return import_module(module)
    except ImportError:
        raise FetchError(f"缺少 {module}，请安装 / {module} is missing, install it: pip install 'peak[pull]'") from None


def helps(error: BaseException) -> bool:
    """Whether another try may help: time-outs, cut connections, servers in trouble; never a refusal."""
    if isinstance(error, FetchError):
        return isinstance(error, Temporary)
    if _is_one_of(error, "asyncssh", "PermissionDenied", "HostKeyNotVerifiable", "KeyExchangeFailed"):
        return False
    if isinstance(error, OSError):
        return not isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError | NotADirectoryError)
    return _is_one_of(error, "asyncssh", "DisconnectError") or _is_one_of(
        error, "botocore.exceptions", "ConnectionError", "HTTPClientError"
    )


def _is_one_of(error: BaseException, module: str, *names: str) -> bool:
    # whoever raised it has imported the module; nobody else need
    loaded = sys.modules.get(module)
    return loaded is not None and isinstance(error, tuple(getattr(loaded, name) for name in names))


def persistently(work: Callable[[], T], limits: Limits) -> T:
    """What `work` gives, tried again with growing pauses as long as that may help."""
    tenacity = needs("tenacity")

    growing = tenacity.wait_exponential(limits.pause_s, limits.longest_pause_s) + tenacity.wait_random(
        0, limits.pause_s
    )

    def pause(state: Any) -> float:
        asked = getattr(state.outcome.exception(), "after_s", None)
        return float(growing(state) if asked is None else asked)

    def is_worth_it(error: BaseException) -> bool:
        return helps(error) and (getattr(error, "after_s", None) or 0) <= limits.longest_pause_s

    retrying = tenacity.Retrying(
        retry=tenacity.retry_if_exception(is_worth_it),
        stop=tenacity.stop_after_attempt(limits.attempts),
        wait=pause,
        reraise=True,
    )
    result: T = retrying(work)
    return result


def said(error: BaseException, hidden: set[str]) -> str:
    """What went wrong, on one line, without any of the secrets that were used."""
    text = str(error) if isinstance(error, FetchError) else f"{type(error).__name__}: {error}"
    for secret in sorted(hidden, key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return on_one_line(text)[:LONGEST]

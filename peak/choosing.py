"""Naming a release or a delivery on the command line: its id, any beginning of it that only one has, or `current`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NoReturn

import click

from sources.ledger import Delivery, Ledger, Release, deliveries, read_ledger, releases
from warehouse.harmless import shown_name
from warehouse.paths import Home

SHOWN = 5
CURRENT = "current"


@contextmanager
def reading(home: Home) -> Iterator[Ledger]:
    """The ledger, read only; a sentence and exit code 1 while there is none."""
    ledger = read_ledger(home)
    if ledger is None:
        raise click.ClickException("还没有任何记录，请先运行 peak run / nothing is recorded yet, run `peak run` first")
    with ledger:
        yield ledger


def _unknown(what: str, text: str, hint: str, known: Sequence[str]) -> NoReturn:
    listed = "".join(f"\n  {line}" for line in known[:SHOWN])
    raise click.BadParameter(f"{what}: {text}{listed}", param_hint=hint)


def chosen_release(home: Home, ledger: Ledger, text: str, hint: str = "RELEASE") -> Release:
    """The published release that `text` means, pruned or not; wrong usage when none or several begin with it."""
    from warehouse.shelf import current_id

    every = releases(ledger)
    wanted = (current_id(home) or "") if text == CURRENT else text
    found = [release for release in every if wanted and release.release_id.startswith(wanted)]
    if len(found) == 1:
        return found[0]
    newest = [f"{release.release_id}  as_of {release.as_of}" for release in reversed(found or every)]
    if found:
        _unknown("不止一个版本以此开头 / several releases begin with this", text, hint, newest)
    _unknown("没有这个版本（最近发布的如下） / no such release (the last ones are)", text, hint, newest)


def chosen_delivery(ledger: Ledger, text: str, status: str = "accepted", hint: str = "DELIVERY") -> Delivery:
    """The last entry of that status of the delivery that `text` means; wrong usage when none or several begin so."""
    last = {entry.delivery_id: entry for entry in deliveries(ledger) if entry.status == status}
    found = [entry for entry in last.values() if text and entry.delivery_id.startswith(text.lower())]
    if len(found) == 1:
        return found[0]
    newest = [_line(entry) for entry in sorted(found or last.values(), key=lambda entry: -entry.seq)]
    if found:
        _unknown("不止一份交付以此开头 / several deliveries begin with this", text, hint, newest)
    kind = {"accepted": "已接收 accepted", "quarantined": "被退回 quarantined"}.get(status, status)
    _unknown(f"没有这份交付（{kind}；最近的如下） / no such delivery (the last ones are)", text, hint, newest)


def _line(entry: Delivery) -> str:
    return f"{entry.delivery_id}  {entry.region}/{entry.feed}/{shown_name(entry.file_name)}"


def chosen_indicator(text: str, hint: str = "INDICATOR") -> str:
    """The code of an indicator of the plan, given as it is or by its Chinese name; wrong usage when there is none."""
    from difflib import get_close_matches

    from sources.dictionaries import indicator_names

    names = indicator_names()
    by_name = {name: code for code, name in names.items()}
    code = text if text in names else by_name.get(text)
    if code is not None:
        return code
    close = get_close_matches(text, [*names, *by_name], SHOWN, 0.5) or list(names)
    found = list(dict.fromkeys(by_name.get(word, word) for word in close))
    _unknown("没有这个指标，相近的有 / no such indicator; near it", text, hint, [f"{c}  {names[c]}" for c in found])

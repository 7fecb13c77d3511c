"""`peak gates --self-test`: every mutant of every rule here and now, told as it goes and summed up."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import click

from expectations.mutants.everything import Part, Tally, try_all
from expectations.mutants.result import MutantResult
from peak import show
from peak.gate_lists import GATES

SHOWN = 300


def prove(wanted: Sequence[Part]) -> list[Tally]:
    """Run the parts and tell each on standard error as it is done; the tallies come back in the parts' own order."""
    told: dict[Part, list[Tally]] = {}
    for number, (part, found) in enumerate(try_all(wanted), 1):
        told[part] = found
        mutants, alive = sum(tally.mutants for tally in found), sum(len(tally.alive) for tally in found)
        mark = "✕" if alive or not found else "●"
        line = (
            f"[{number}/{len(wanted)}] {mark} {part.title}: {mutants - alive}/{mutants} 变异体被发现 / mutants killed"
        )
        click.echo(line, err=True)
    order = list(GATES)
    found = [tally for part in wanted for tally in told[part]]
    return sorted(found, key=lambda tally: (order.index(tally.gate), tally.suite))


def as_data(found: Sequence[Tally]) -> dict[str, Any]:
    """The outcome for programs."""
    return {
        "rules": sum(tally.rules for tally in found),
        "mutants": sum(tally.mutants for tally in found),
        "killed": sum(tally.killed for tally in found),
        "suites": [
            {"gate": t.gate, "suite": t.suite, "rules": t.rules, "mutants": t.mutants, "killed": t.killed}
            for t in found
        ],
        "survivors": [{"gate": tally.gate, **vars(result)} for tally in found for result in tally.alive],
    }


def say(found: Sequence[Tally]) -> None:
    """The outcome for people: a table a gate, then every mutant that got past its rule."""
    console = show.console()
    columns = ("套件 suite", "规则 rules", "变异体 mutants", "被发现 killed")
    for gate, tallies in groupby(found, key=lambda tally: tally.gate):
        rows = [(tally.suite, tally.rules, tally.mutants, tally.killed) for tally in tallies]
        total = ("合计 total", *(sum(int(row[at]) for row in rows) for at in (1, 2, 3)))
        console.print(show.table(GATES[gate], columns, [*rows, total], right=(1, 2, 3)))
    alive = [result for tally in found for result in tally.alive]
    if alive:
        columns = ("套件 suite", "规则 rule", "变异体 mutant", "结果 what happened")
        console.print(show.table(f"未被发现 / not killed（{len(alive)}）", columns, map(_row, alive)))
    outcome = as_data(found)
    words = "{rules} 条规则，{mutants} 个变异体，{killed} 个被发现 / {rules} rules, {mutants} mutants, {killed} killed"
    console.print(f"{'✕' if alive else '●'} {words.format(**outcome)}", style="red" if alive else "green", markup=False)


def _row(result: MutantResult) -> tuple[str, str, str, str]:
    return result.suite, result.check, result.mutant, result.detail[:SHOWN]

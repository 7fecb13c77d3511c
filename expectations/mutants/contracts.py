"""Mutants of gate 1: every rule of every contract is shown to refuse a file, at the right row and column.

Rules of fields, keys, scopes and of the file's shape are spoilt from the contract itself; the row rules, which are
domain knowledge, by hand (rules.yaml).
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import fields as attributes
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from expectations.mutants.fields import NO_RULE, RULES, Mutant
from expectations.mutants.files import HEADER_ROW, Delivered, good_file, line
from expectations.mutants.result import MutantResult
from sources.contract import Contract, Field, Rule

BY_HAND = Path(__file__).with_name("rules.yaml")
Checks = Iterator[tuple[str, list[Mutant]]]


def try_contract(contract: Contract) -> list[MutantResult]:
    """The good file of a feed and every mutant of its contract. A check without any is a result not `killed`."""
    try:
        good = good_file(contract)
    except FileNotFoundError as error:
        return [MutantResult(contract.feed, "*", "good", False, str(error))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "delivery.csv"
        results = [_good(contract, good, path)]
        for check, mutants in _checks(contract, good):
            results += [_tried(contract, check, mutant, path) for mutant in mutants] or [_none(contract.feed, check)]
    return [*results, *_unknown(contract)]


def _none(feed: str, check: str) -> MutantResult:
    return MutantResult(feed, check, "none", False, "没有变异体 / no mutant")


def _unknown(contract: Contract) -> list[MutantResult]:
    """What a contract may say of a field that nobody here knows how to break; row rules by hand of no contract."""
    unknown = {item.name for item in attributes(Field)} - set(RULES) - NO_RULE
    left_over = set(by_hand().get(contract.feed, {})) - {rule.name for rule in contract.rules}
    return [_none(contract.feed, name) for name in sorted(unknown | left_over)]


def _read(contract: Contract, file: Delivered, path: Path) -> Any:
    from sources.reading.read import read_here

    file.write(path)
    return read_here(path, contract)  # a file of our own needs no sandbox


def _good(contract: Contract, file: Delivered, path: Path) -> MutantResult:
    reading = _read(contract, file, path)
    said = [*reading.problems, *reading.warnings]
    is_good = reading.table is not None and reading.table.num_rows == len(file.rows) and not said
    return MutantResult(contract.feed, "*", "good", is_good, "; ".join(map(str, said)))


def _tried(contract: Contract, check: str, mutant: Mutant, path: Path) -> MutantResult:
    try:
        reading = _read(contract, mutant.file, path)
    except Exception as error:  # a reader that breaks has refused nothing
        return MutantResult(contract.feed, check, mutant.label, False, repr(error))
    said = reading.warnings if mutant.is_warning else reading.problems
    named = {problem.row for problem in said if (problem.code, problem.column) == (mutant.code, mutant.column)}
    killed = named >= set(mutant.rows) and (reading.table is not None) == mutant.is_warning
    told = "; ".join(f"{p.code} {p.row} {p.column}" for p in (*reading.problems, *reading.warnings))
    return MutantResult(contract.feed, check, mutant.label, killed, told)


def _checks(contract: Contract, good: Delivered) -> Checks:
    """Every check of a contract with its mutants."""
    for field in contract.fields:
        for name, (has_rule, make) in RULES.items():
            if has_rule(field):
                yield f"{field.name}: {name}", list(make(good, field))
    yield "key", list(_second_key(good))
    yield "scope", list(_beside_empty(good))
    yield "shape", list(_shapes(good))
    for rule in contract.rules:
        yield (
            rule.name,
            [_broken(good, rule, changes) for changes in by_hand().get(contract.feed, {}).get(rule.name, ())],
        )


def _second_key(good: Delivered) -> Iterator[Mutant]:
    last = [field for field in good.contract.fields if field.key or field.scope]
    column = next((field.header for field in reversed(last) if field.key), last[-1].header)
    for row in range(min(len(good.rows), 3)):  # keys with gaps must count too, so more than the first row is doubled
        lines = (line(row), line(len(good.rows)))
        yield Mutant(f"row {lines[0]} twice", good.with_row(good.rows[row]), "duplicate_key", lines, column)


def _beside_empty(good: Delivered) -> Iterator[Mutant]:
    contract = good.contract
    empty = [cell if field.scope else "" for field, cell in zip(contract.fields, good.rows[0], strict=True)]
    rows, column = (line(len(good.rows)),), contract.scope[0].header
    yield Mutant("empty beside filled", good.with_row(empty), "empty_beside_filled", rows, column)
    alone = Delivered(contract, good.header, (tuple(empty), tuple(empty)))
    key = next((field.header for field in reversed(contract.fields) if field.key), column)
    yield Mutant("empty twice", alone, "duplicate_key", (line(0), line(1)), key)


def _shapes(good: Delivered) -> Iterator[Mutant]:
    """What every table owes, whatever its contract says."""
    row, below = good.rows[0], (line(len(good.rows)),)
    yield Mutant("no rows", Delivered(good.contract, good.header, ()), "no_rows", (HEADER_ROW,), None)
    yield Mutant("cells too many", good.with_row((*row, "1")), "ragged_row", below, None)
    yield Mutant("second header", good.with_row(good.header).with_row(row), "second_header", below, None)
    slipped = good.with_column("", ["1"] * len(good.rows))
    yield Mutant("cells without header", slipped, "nameless_column", (line(0),), _letter(len(good.header)))
    foreign = good.with_column("别的列", ["1"] * len(good.rows))
    yield Mutant("unknown column", foreign, "unknown_column", (HEADER_ROW,), "别的列", is_warning=True)


def _letter(index: int) -> str:
    from sources.reading.grid import place

    return place(index)


@cache
def by_hand() -> Mapping[str, Mapping[str, list[Mapping[str, str]]]]:
    """The mutants of row rules: feed → rule → the cells to change."""
    # every cell is the text a clerk writes, never a date or a number
    found: Mapping[str, Any] = yaml.load(BY_HAND.read_text("utf-8"), Loader=yaml.BaseLoader)
    return found


def _broken(good: Delivered, rule: Rule, changes: Mapping[str, Any]) -> Mutant:
    """The good file with some cells changed: `field` in the first row, `3.field` in the third."""
    spoilt, rows = good, []
    for place, text in changes.items():
        number, _, name = str(place).rpartition(".")
        rows.append(int(number or 1) - 1)
        spoilt = spoilt.with_cell(good.contract.field(name), str(text), rows[-1])
    column, is_warning = good.contract.field(rule.column).header, rule.severity == "warning"
    label = ", ".join(f"{place}={text}" for place, text in changes.items())
    return Mutant(label, spoilt, rule.name, (line(rows[0]),), column, is_warning)

"""Every rule of every contract can be shown to refuse a file, and a reader or contract without teeth is found out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from expectations.mutants import fields
from expectations.mutants.contracts import by_hand, try_contract
from sources.contract import contracts
from sources.reading import columns, read, values

SUPPLY = contracts()["energy_supply"]


def _alive(feed: str) -> set[str]:
    return {result.check for result in try_contract(contracts()[feed]) if not result.killed}


@pytest.mark.parametrize("feed", contracts())
def test_the_good_file_is_taken_and_no_mutant_is(feed: str) -> None:
    results = try_contract(contracts()[feed])
    assert [result for result in results if not result.killed] == []
    assert {rule.name for rule in contracts()[feed].rules} <= {result.check for result in results}


def test_every_row_rule_is_broken_by_hand_and_nothing_else() -> None:
    rules = {(contract.feed, rule.name) for contract in contracts().values() for rule in contract.rules}
    assert {(feed, rule) for feed, found in by_hand().items() for rule in found} == rules


def test_every_kind_of_field_rule_is_used() -> None:
    used = {check.partition(": ")[2] for feed in contracts() for check in _checks(feed)}
    assert used - {""} == set(fields.RULES)


def _checks(feed: str) -> set[str]:
    every = contracts()[feed].fields
    return {
        f"{field.name}: {name}" for field in every for name, (has_rule, _) in fields.RULES.items() if has_rule(field)
    }


@pytest.mark.parametrize(
    ("module", "name", "toothless", "alive"),
    [
        (values, "_bounded", lambda *_: None, {"quantity: minimum"}),
        (read, "check_keys", lambda rows: None, {"key", "scope"}),
        (read.checks, "report_second_headers", lambda rows: None, {"shape"}),
    ],
    ids=["bounds", "keys", "second headers"],
)
def test_a_reader_without_teeth_is_found(
    module: Any, name: str, toothless: Callable[..., None], alive: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, name, toothless)
    assert _alive("energy_supply") == alive


def test_a_reader_that_takes_a_missing_value_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read.checks, "check_required", lambda rows: None)
    # a row without its key columns is refused for other reasons, but not for the right one
    assert _alive("energy_supply") == {f"{field.name}: required" for field in SUPPLY.fields}


def test_a_reader_that_knows_no_missing_cell_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "is_missing", lambda text: False)
    assert "quantity: required" in _alive("energy_supply")


def test_a_rule_that_holds_for_everything_is_found() -> None:
    contract = contracts()["waste_weighings"]
    weak = [
        replace(r, condition="t.tare_kg < 2 * t.gross_kg") if r.name == "tare_below_gross" else r
        for r in contract.rules
    ]
    alive = [r for r in try_contract(replace(contract, rules=tuple(weak))) if not r.killed]
    assert {(result.check, result.mutant) for result in alive} == {("tare_below_gross", "tare_kg=15200, net_kg=0")}


def test_a_rule_without_a_mutant_is_found() -> None:
    rule = replace(SUPPLY.rules[0], name="new_rule")
    alive = [r for r in try_contract(replace(SUPPLY, rules=(*SUPPLY.rules, rule))) if not r.killed]
    assert [(result.check, result.mutant) for result in alive] == [("new_rule", "none")]


def test_a_kind_of_rule_that_nobody_can_break_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(fields.RULES, "minimum")
    assert _alive("energy_supply") == {"minimum"}

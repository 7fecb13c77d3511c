"""Whether corrections still meet the rows they were written for, and where these rows stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from typing import Any

import duckdb
import pyarrow as pa

from sources.archive import Damaged
from sources.contract import Contract, contracts
from sources.corrections import Correction, Place, by_place
from sources.ledger import Ledger, Position, accepted, accepted_scopes, holds
from warehouse.correction_statuses import ALREADY_RIGHT, APPLIED, NO_LONGER, NO_ROW, ON_HOLD, OTHER_VALUE
from warehouse.delivered import columns, corrected, named
from warehouse.paths import Home
from warehouse.raw_views import Reading, select_rows, verify


@dataclass(frozen=True)
class Match:
    """A correction and what it met: `reading` is the delivery that speaks for its scope, None when none does.

    `found` is the value that stands there now, as canonical text. `broken`: the contract's rules that the corrected
    row would break, Chinese and English.
    """

    correction: Correction
    status: str
    reading: Reading | None = None
    sheet: str | None = None
    row: int | None = None
    found: str | None = None
    broken: tuple[tuple[str, str], ...] = ()

    def record(self) -> dict[str, Any]:
        """The row of `raw.corrections`."""
        one, delivery = self.correction, self.reading.delivery if self.reading else None
        return {
            **vars(one),
            "key": one.key_text,
            "wrong_value": one.wrong,
            "right_value": one.right,
            "status": self.status,
            "found_value": self.found,
            "delivery_id": delivery.delivery_id if delivery else None,
            "file_name": delivery.file_name if delivery else None,
            "sheet": self.sheet,
            "row_number": self.row,
            "broken_zh": "；".join(zh for zh, _ in self.broken) or None,
            "broken_en": "; ".join(en for _, en in self.broken) or None,
        }


def matches(
    home: Home,
    ledger: Ledger,
    at: Position | None,
    corrections: Iterable[Correction],
    readings: Mapping[Place, Reading],
) -> list[Match]:
    """What every correction meets in the deliveries that speak for its scope, whose files are intact."""
    found: list[Match] = []
    with closing(duckdb.connect()) as connection:
        for place, some in sorted(by_place(corrections).items()):
            met = _met(connection, home, some, readings.get(place))
            if any(match.status in NO_LONGER for match in met):
                met = _on_hold(connection, home, ledger, at, met)
            found += met
    return found


def _met(
    connection: duckdb.DuckDBPyConnection, home: Home, corrections: Sequence[Correction], reading: Reading | None
) -> list[Match]:
    """What the corrections of one scope meet in one delivery."""
    contract = contracts()[corrections[0].feed]
    if reading is None:
        return [Match(one, NO_ROW) for one in corrections]
    rows = select_rows(connection, contract, [reading.path(home)], is_current=False)
    found = [_match(connection, contract, one, reading, rows) for one in corrections]
    applied = [match.correction for match in found if match.status == APPLIED]
    made = corrected(rows, columns(contract), contract, applied)
    return [
        replace(match, broken=_broken(contract, _row(connection, contract, match.correction, made)))
        if match.status == APPLIED
        else match
        for match in found
    ]


def _row(connection: duckdb.DuckDBPyConnection, contract: Contract, one: Correction, rows: str) -> pa.Table:
    """The row that a correction names, or none."""
    sql = f"select * from ({rows}) as rows where {named(contract, one)}"  # noqa: S608 - see warehouse.delivered
    return connection.execute(sql).to_arrow_table()


def _match(
    connection: duckdb.DuckDBPyConnection, contract: Contract, one: Correction, reading: Reading, rows: str
) -> Match:
    from sources.corrections.values import canonical

    found = _row(connection, contract, one, rows).to_pylist()
    if not found:
        return Match(one, NO_ROW, reading)
    value = canonical(contract.field(one.field), found[0][one.field])
    status = APPLIED if value == one.wrong else ALREADY_RIGHT if value == one.right else OTHER_VALUE
    return Match(one, status, reading, found[0]["_sheet"], found[0]["_row"], value)


def _broken(contract: Contract, row: pa.Table) -> tuple[tuple[str, str], ...]:
    """The rules of the contract that a corrected row breaks: the file gate would have refused it."""
    from sources.reading import lookups

    rules = [rule for rule in contract.rules if rule.severity == "error"]
    if not rules:
        return ()
    with closing(lookups.cursor(row)) as connection:
        listed = ", ".join(f"({rule.condition})" for rule in rules)
        held = connection.execute(f"select {listed} from data t").fetchone() or ()  # noqa: S608 - of the contract
    return tuple(
        (rule.description_zh, rule.description_en) for rule, holds in zip(rules, held, strict=True) if holds is False
    )


def _on_hold(
    connection: duckdb.DuckDBPyConnection, home: Home, ledger: Ledger, at: Position | None, met: list[Match]
) -> list[Match]:
    """The matches of one scope, those that meet a row of a newer delivery on hold marked so."""
    waiting = [_met(connection, home, [m.correction for m in met], r) for r in _held(home, ledger, at, met[0])]
    meet = {match.correction for found in waiting for match in found if match.status == APPLIED}
    return [
        replace(match, status=ON_HOLD) if match.status in NO_LONGER and match.correction in meet else match
        for match in met
    ]


def _held(home: Home, ledger: Ledger, at: Position | None, match: Match) -> list[Reading]:
    """The deliveries on hold that would speak for the scope of a match otherwise, their files intact."""
    if not holds(ledger, at):
        return []
    after = match.reading.delivery.seq if match.reading else 0
    found = []
    for scope in accepted_scopes(ledger, at):
        is_there = scope.is_held and scope.seq > after
        if is_there and (scope.region, scope.feed, scope.scope) == match.correction.place:
            delivery = accepted(ledger, scope.delivery_id)
            assert delivery is not None
            reading = Reading(delivery, scope.reparse_id, None)
            with suppress(Damaged):
                verify(home, ledger, [reading])
                found.append(reading)
    return found

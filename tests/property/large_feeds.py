"""A home that takes typed rows of the large feeds without reading files, and what its kept-up tables must hold.

The expectation is worked out here in plain Python from the deliveries themselves, not by SQL.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa

from sources import parquet
from sources.contract import contracts
from sources.corrections import Correction
from sources.corrections.values import canonical
from sources.ledger import Delivery, Ledger, Scope, add_accepted, add_hold, delivery_id_of, open_ledger
from warehouse.inputs import contract_sha256
from warehouse.paths import Home

Row = dict[str, Any]
Found = set[tuple[Any, ...]]

ARROW = {
    "text": pa.string(), "int": pa.int64(), "dec": pa.decimal128(24, 9), "bool": pa.bool_(), "date": pa.date32(),
    "ts": pa.timestamp("us"),
}  # fmt: skip
# the field of a row that is corrected
CORRECTED = {"meter_readings": "kwh", "charging_sessions": "kwh", "waste_weighings": "net_kg", "meters": "sector"}
DAYS = [date(2024, 3, 30) + timedelta(number) for number in range(4)]


@dataclass
class Sent:
    """One accepted delivery: its rows by scope; an empty list is a scope delivered empty."""

    region: str
    feed: str
    delivery_id: str
    scopes: dict[str, list[Row]]
    is_held: bool = False


def _period(scope: str) -> date:
    return date.fromisoformat(scope.split("|")[0])


def _members(feed: str, scope: str) -> Row:
    """The scope fields of a row of this scope."""
    parts: list[Any] = scope.split("|")
    names = [item.name for item in contracts()[feed].scope]
    return dict(zip(names, [date.fromisoformat(parts[0]), *parts[1:]], strict=True))


def _text(feed: str, name: str, value: Any) -> str | None:
    return canonical(contracts()[feed].field(name), value)


def _told(feed: str, row: Row) -> tuple[tuple[str, str | None], ...]:
    """The key of a row as corrections tell it."""
    fields = [item for item in contracts()[feed].fields if item.scope or item.key]
    return tuple((item.name, canonical(item, row[item.name])) for item in fields)


def table_of(feed: str, scopes: Mapping[str, Sequence[Row]]) -> pa.Table:
    """The rows as the reader leaves them: one row that says nothing for an empty scope."""
    fields = contracts()[feed].fields
    rows = []
    for scope, given in scopes.items():
        for row in given or [{}]:
            origin = {"_scope": scope, "_is_empty": not given, "_sheet": None, "_row": len(rows) + 2}
            rows.append({item.name: None for item in fields} | _members(feed, scope) | row | origin)
    columns = [(item.name, ARROW[item.type]) for item in fields]
    columns += [("_scope", pa.string()), ("_is_empty", pa.bool_()), ("_sheet", pa.string()), ("_row", pa.int64())]
    return pa.Table.from_pylist(rows, pa.schema(columns))


@dataclass
class World:
    """A home, its ledger, and everything it was sent, in order."""

    home: Home
    sent: list[Sent] = field(default_factory=list)
    corrections: list[Correction] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ledger: Ledger = open_ledger(self.home)

    def deliver(self, feed: str, region: str, scopes: Mapping[str, Sequence[Row]]) -> None:
        """Accept these rows; the same rows again are bytes of their own, as a file saved anew is."""
        sha256 = hashlib.sha256(f"{len(self.sent)}".encode()).hexdigest()
        delivery_id = delivery_id_of(region, feed, sha256)
        table = parquet.with_origin(table_of(feed, scopes), region, delivery_id)
        file = parquet.write(table, self.home.delivery(feed, region, delivery_id))
        listed = [
            Scope(scope, len(rows), not rows, _period(scope), _period(scope), scope.partition("|")[2] or None)
            for scope, rows in scopes.items()
        ]  # fmt: skip
        entry = Delivery(region, feed, "file", sha256, 1, contract_sha256=contract_sha256(feed))
        add_accepted(self.ledger, entry, listed, file)
        self.sent.append(Sent(region, feed, delivery_id, {scope: list(rows) for scope, rows in scopes.items()}))

    def toggle(self, number: int) -> None:
        """Hold a delivery, or let it back in."""
        if self.sent:
            sent = self.sent[number % len(self.sent)]
            add_hold(self.ledger, sent.delivery_id, "release" if sent.is_held else "hold", who="t", why="t")
            sent.is_held = not sent.is_held

    def winners(self, feed: str) -> dict[tuple[str, str], Sent]:
        """By region and scope the last delivery that is not on hold."""
        return {
            (sent.region, scope): sent for sent in self.sent if sent.feed == feed and not sent.is_held
            for scope in sent.scopes
        }  # fmt: skip

    def rows(self, feed: str) -> Iterable[tuple[str, str, str, Row]]:
        """Region, delivery, scope and row of everything that counts, put right where a correction says so."""
        for (region, scope), sent in self.winners(feed).items():
            for row in sent.scopes[scope]:
                whole = {**_members(feed, scope), **row}
                yield region, sent.delivery_id, scope, self._put_right(region, feed, scope, whole)

    def _put_right(self, region: str, feed: str, scope: str, row: Row) -> Row:
        name, told = CORRECTED[feed], _told(feed, row)
        for one in self.corrections:
            if (one.place, one.key) == ((region, feed, scope), told) and one.wrong == _text(feed, name, row[name]):
                return row | {name: one.right if feed == "meters" else Decimal(str(one.right))}
        return row

    def correct(self, number: int, kwh: Decimal, feed: str) -> None:
        """Enter a correction of some row that counts, or take back the one it has."""
        rows = [
            (region, scope, {**_members(feed, scope), **row})
            for (region, scope), sent in self.winners(feed).items() for row in sent.scopes[scope]
        ]  # fmt: skip
        if not rows:
            return
        region, scope, row = rows[number % len(rows)]
        key, name = _told(feed, row), CORRECTED[feed]
        others = [one for one in self.corrections if (one.place, one.key) != ((region, feed, scope), key)]
        right = ("primary" if row[name] != "primary" else "industry") if feed == "meters" else kwh
        wrong, said = _text(feed, name, row[name]), _text(feed, name, right)
        if len(others) == len(self.corrections) and wrong != said:
            others.append(Correction(region, feed, scope, key, name, wrong, said, "t", "t"))
        self.corrections = others

    def sectors(self) -> dict[tuple[str, str], str]:
        """By region and meter the sector in the region's newest register."""
        newest: dict[str, str] = {}
        for region, scope in self.winners("meters"):
            newest[region] = max(scope, newest.get(region, ""))
        return {
            (region, row["meter_id"]): row["sector"]
            for region, _, scope, row in self.rows("meters") if newest[region] == scope
        }  # fmt: skip

    def expected(self) -> dict[str, Found]:
        """What each kept-up table must hold."""
        days: dict[Any, list[Decimal]] = defaultdict(list)
        hours: dict[Any, list[Decimal]] = defaultdict(list)
        sectors = self.sectors()
        for region, delivery, scope, row in self.rows("meter_readings"):
            days[region, delivery, scope, row["day"], row["meter_id"]].append(row["kwh"])
            hour: datetime = row["ts"].replace(minute=0)
            sector = sectors.get((region, row["meter_id"]), "unregistered")
            hours[region, scope, row["day"], hour, sector].append(row["kwh"])
        piles: dict[Any, list[tuple[int, Decimal]]] = defaultdict(list)
        for region, delivery, scope, row in self.rows("charging_sessions"):
            lasted = int((row["ended_at"] - row["started_at"]).total_seconds())
            piles[region, delivery, scope, row["pile_id"], row["day"]].append((lasted, row["kwh"]))
        waste: dict[Any, list[tuple[Decimal, ...]]] = defaultdict(list)
        for region, delivery, scope, row in self.rows("waste_weighings"):
            key = (region, delivery, scope, row["facility"], row["day"], row["stream"], row["route"])
            waste[key].append((row["gross_kg"], row["tare_kg"], row["net_kg"]))
        return {
            "int_meter_days": {(*key, len(kwh), sum(kwh), max(kwh)) for key, kwh in days.items()},
            "int_electricity_hourly": {(*key, len(kwh), sum(kwh)) for key, kwh in hours.items()},
            "int_charging_days": {
                (*key, len(found), *map(sum, zip(*found, strict=True))) for key, found in piles.items()
            },
            "int_waste_daily": {
                (*key, len(found), *map(sum, zip(*found, strict=True))) for key, found in waste.items()
            },
        }

    def found(self) -> dict[str, Found]:
        """What each kept-up table holds; a row that is there twice shows as one too many."""
        tables = {}
        with duckdb.connect(str(self.home.build_db), read_only=True) as connection:
            for table in self.expected():
                rows = connection.execute(f"select * from intermediate.{table}").fetchall()
                assert len(rows) == len(set(rows)), table
                tables[table] = set(rows)
        return tables

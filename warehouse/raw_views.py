"""The views of schema raw over the deliveries' Parquet files, each file verified before it is looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import duckdb

from sources import parquet
from sources.contract import Contract, contracts
from sources.corrections import Correction
from sources.ledger import Delivery, Ledger, delivery_file
from warehouse.delivered import columns, corrected, without_plates
from warehouse.inputs import contract_sha256
from warehouse.paths import Home


@dataclass(frozen=True)
class Reading:
    """A delivery in the reading that counts (0: the first), and the contract it was read under."""

    delivery: Delivery
    reparse_id: int
    contract_sha256: str | None

    def path(self, home: Home) -> Path:
        delivery = self.delivery
        return home.delivery(delivery.feed, delivery.region, delivery.delivery_id, self.reparse_id)


def quoted(text: str) -> str:
    """A SQL text literal; for DDL, which takes no bound parameters."""
    return "'" + text.replace("'", "''") + "'"


def literal_path(path: Path) -> str:
    """A path as DuckDB's readers take it literally: they would expand `*`, `?` and `[` otherwise."""
    return quoted("".join(f"[{char}]" if char in "*?[" else char for char in str(path)))


def _intact(home: Home, ledger: Ledger, needed: Sequence[Reading]) -> Iterable[bool]:
    recorded = [delivery_file(ledger, reading.delivery.delivery_id, reading.reparse_id) for reading in needed]

    def check(number: int) -> bool:
        file = recorded[number]
        return file is not None and parquet.is_intact(needed[number].path(home), file)

    with ThreadPoolExecutor(2) as pool:  # hashing lets go of the interpreter
        return list(pool.map(check, range(len(needed))))


def verify(home: Home, ledger: Ledger, needed: Sequence[Reading]) -> list[str]:
    """Check every needed Parquet file byte for byte; rebuild damaged ones. Returns the rebuilt deliveries' ids.

    sources.archive.Damaged when one cannot be rebuilt: nothing may be built from it.
    """
    intact = _intact(home, ledger, needed)
    return [
        reading.delivery.delivery_id
        for reading, good in zip(needed, intact, strict=True)
        if not good and parquet.ensure(home, ledger, reading.delivery, reading.reparse_id)[1]
    ]


def select_rows(connection: duckdb.DuckDBPyConnection, contract: Contract, files: list[Path], is_current: bool) -> str:
    """A select of these files' rows: typed and empty without files; older contracts' files get what they lack."""
    wanted = columns(contract)
    if not files:
        return (
            "select " + ", ".join(f"cast(null as {kind}) as {name}" for name, kind in wanted.items()) + " where false"
        )
    paths = ", ".join(literal_path(file) for file in files)
    source = f"read_parquet([{paths}], union_by_name = {str(not is_current).lower()}, hive_partitioning = false)"
    if is_current:
        listed = ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in wanted.items())
        return f"select {listed} from {source}"  # noqa: S608 - names of the contract and literal paths
    found = {row[0] for row in connection.execute(f"describe select * from {source}").fetchall()}  # noqa: S608
    listed = ", ".join(
        f"cast({name if name in found else 'null'} as {kind}) as {name}" for name, kind in wanted.items()
    )
    return f"select {listed} from {source}"  # noqa: S608 - names of the contract and literal paths


def create_view(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    feed: str,
    readings: Sequence[Reading],
    corrections: Sequence[Correction] = (),
) -> None:
    """`raw.<feed>` over exactly these readings, with these corrections of the feed applied."""
    contract, files = contracts()[feed], [reading.path(home) for reading in readings]
    is_current = all(reading.contract_sha256 == contract_sha256(feed) for reading in readings)
    names, rows = columns(contract), select_rows(connection, contract, files, is_current)
    select = without_plates(corrected(rows, names, contract, corrections), names, contract)
    connection.execute(f"create or replace view raw.{feed} as {select}")


def create_views(
    connection: duckdb.DuckDBPyConnection,
    home: Home,
    by_feed: Mapping[str, Sequence[Reading]],
    corrections: Mapping[str, Sequence[Correction]],
) -> dict[str, int]:
    """A view for every feed, empty for those without readings. Gives the number of files of each."""
    for feed in contracts():
        create_view(connection, home, feed, by_feed.get(feed, []), corrections.get(feed, []))
    return {feed: len(by_feed.get(feed, [])) for feed in contracts()}

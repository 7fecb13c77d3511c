"""The raw schema: exactly what won, from files that are exactly what was recorded."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from warehouse_fakes import put, supply

from sources import ledger as book
from sources.archive import Damaged
from sources.contract import contracts
from sources.intake import take_in
from sources.ledger import Ledger
from warehouse import raw, raw_views
from warehouse.paths import Home

pytestmark = pytest.mark.usefixtures("reader")
DAY = date(2024, 5, 1)


def take(home: Home, ledger: Ledger, *rows: tuple[str, str, str], region: str = "r") -> str:
    path = put(home, supply(*rows), region=region)
    outcome = take_in(path, "energy_supply", region, home, ledger, "run1")
    assert outcome.status == "accepted" and outcome.delivery_id
    return outcome.delivery_id


def ask(home: Home, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home.build_db)) as connection:
        return connection.execute(sql).fetchall()


def test_without_deliveries_every_feed_is_there_typed_and_empty(home: Home, ledger: Ledger) -> None:
    raw.prepare(home, ledger, DAY)
    views = {row[0] for row in ask(home, "select view_name from duckdb_views() where schema_name = 'raw'")}
    assert views == set(contracts())
    types = dict(ask(home, "select column_name, data_type from duckdb_columns() where table_name = 'energy_supply'"))
    assert types["month"] == "DATE" and types["quantity"] == "DECIMAL(24,9)" and types["_row"] == "BIGINT"
    assert ask(home, "select count(*) from raw.energy_supply") == [(0,)]
    assert ask(home, "select as_of, length(code_version) from raw.run") == [(DAY, 16)]


def test_only_winning_files_are_read_and_scopes_say_what_counts(home: Home, ledger: Ledger) -> None:
    take(home, ledger, ("2024-03", "coal", "1"))
    second = take(home, ledger, ("2024-03", "coal", "2"), ("2024-03", "gas", "3"))
    third = take(home, ledger, ("2024-03", "gas", "4"))
    other = take(home, ledger, ("2024-03", "coal", "9"), region="s")
    raw.prepare(home, ledger, DAY)
    found = ask(home, "select _delivery, count(*) from raw.energy_supply group by 1")
    assert dict(found) == {second: 2, third: 1, other: 1}
    won = ask(home, "select region, scope, delivery_id, row_count, period_start, member from raw.winning_scopes")
    assert set(won) == {
        ("r", "2024-03|coal", second, 1, date(2024, 3, 1), "coal"),
        ("r", "2024-03|gas", third, 1, date(2024, 3, 1), "gas"),
        ("s", "2024-03|coal", other, 1, date(2024, 3, 1), "coal"),
    }
    assert ask(home, "select count(*) from raw.ledger_deliveries where status = 'accepted'") == [(4,)]


def test_an_earlier_moment_gives_the_earlier_winners(home: Home, ledger: Ledger) -> None:
    first = take(home, ledger, ("2024-03", "coal", "1"))
    then = book.position(ledger)
    take(home, ledger, ("2024-03", "coal", "2"))
    raw.prepare(home, ledger, DAY, then)
    assert ask(home, "select distinct _delivery from raw.energy_supply") == [(first,)]
    assert ask(home, "select count(*) from raw.ledger_deliveries") == [(1,)]


def test_a_home_with_glob_characters_is_read_literally(tmp_path: Path) -> None:
    home = Home(tmp_path / "a[1]*b=c'd")
    with book.open_ledger(home) as ledger:
        take(home, ledger, ("2024-03", "coal", "1"))
        raw.prepare(home, ledger, DAY)
    assert ask(home, "select quantity from raw.energy_supply")[0][0] == 1


@pytest.mark.parametrize("harm", ["flip", "cut", "remove"])
def test_a_damaged_delivery_comes_back_from_the_archive(home: Home, ledger: Ledger, harm: str) -> None:
    delivery_id = take(home, ledger, ("2024-03", "coal", "1"))
    file = home.delivery("energy_supply", "r", delivery_id)
    content = file.read_bytes()
    file.unlink()
    if harm == "flip":
        file.write_bytes(content[:50] + bytes([content[50] ^ 1]) + content[51:])
    elif harm == "cut":
        file.write_bytes(content[:-9])
    told: list[str] = []
    assert raw.prepare(home, ledger, DAY, on_rebuilt=told.append).rebuilt == told == [delivery_id]
    assert file.read_bytes() == content
    assert ask(home, "select quantity from raw.energy_supply")[0][0] == 1


def test_what_the_archive_cannot_give_back_stops_the_run(home: Home, ledger: Ledger) -> None:
    delivery_id = take(home, ledger, ("2024-03", "coal", "1"))
    entry = book.accepted(ledger, delivery_id)
    assert entry
    home.delivery("energy_supply", "r", delivery_id).unlink()
    home.archived(entry.sha256).chmod(0o644)
    home.archived(entry.sha256).write_text("something else")
    with pytest.raises(Damaged, match=entry.sha256):
        raw.prepare(home, ledger, DAY)


def test_a_reader_that_now_reads_otherwise_stops_the_run(home: Home, ledger: Ledger, reader: Any) -> None:
    delivery_id = take(home, ledger, ("2024-03", "coal", "1"))
    home.delivery("energy_supply", "r", delivery_id).unlink()
    real = reader.read_file

    def other(*args: Any) -> Any:
        reading = real(*args)
        reading.scopes = []
        return reading

    reader.read_file = other
    with pytest.raises(Damaged, match=delivery_id):
        raw.prepare(home, ledger, DAY)


def test_a_file_of_an_older_contract_gets_the_columns_it_lacks(
    home: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(home, ledger, ("2024-03", "coal", "1"))
    contract = contracts()["energy_supply"]
    import dataclasses

    grown = dataclasses.replace(
        contract, fields=(*contract.fields, dataclasses.replace(contract.fields[0], name="extra", type="dec"))
    )
    monkeypatch.setattr(raw_views, "contracts", lambda: {"energy_supply": grown})
    monkeypatch.setattr(raw_views, "contract_sha256", lambda feed: "another")
    raw.prepare(home, ledger, DAY)
    assert ask(home, "select extra, quantity from raw.energy_supply")[0][0] is None

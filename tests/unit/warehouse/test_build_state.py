"""What a build takes up: what is new since the last one that went well, and whatever a build before left in doubt."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import pytest
from warehouse_fakes import put, supply

from sources.intake import take_in
from sources.ledger import Ledger, add_hold
from warehouse import build_state, raw
from warehouse.build_state import EVERYTHING
from warehouse.paths import Home
from warehouse.raw import RawResult

pytestmark = pytest.mark.usefixtures("reader")
DAY = date(2024, 5, 1)
COAL, GAS = "2024-03|coal", "2024-03|gas"


def take(home: Home, ledger: Ledger, *rows: tuple[str, str, str]) -> str:
    outcome = take_in(put(home, supply(*rows)), "energy_supply", "r", home, ledger, "run1")
    assert outcome.status == "accepted" and outcome.delivery_id
    return outcome.delivery_id


def prepared(home: Home, ledger: Ledger, as_of: date = DAY, well: bool = True, **options: Any) -> RawResult:
    """Schema raw made; `well` says whether dbt then went well to its end."""
    result = raw.prepare(home, ledger, as_of, **options)
    if well:
        with duckdb.connect(str(home.build_db)) as connection:
            build_state.finish(connection, [], [], judge_all=False)
    return result


def scopes(result: RawResult) -> list[str]:
    return [scope.scope for scope in result.changed]


def changed_table(home: Home) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(home.build_db)) as connection:
        return connection.execute("select scope, period_start, member from raw.changed_scopes order by 1").fetchall()


@pytest.fixture
def built(home: Home, ledger: Ledger) -> Home:
    take(home, ledger, ("2024-03", "coal", "1"), ("2024-03", "gas", "2"))
    first = prepared(home, ledger)
    assert first.is_new and EVERYTHING in first.sources and scopes(first) == [COAL, GAS]
    return home


def test_nothing_new_is_nothing_to_do(built: Home, ledger: Ledger) -> None:
    again = prepared(built, ledger)
    assert (again.is_new, again.changed, again.sources, again.is_settled) == (False, [], [], True)
    assert changed_table(built) == []


def test_only_the_scope_that_another_delivery_speaks_for(built: Home, ledger: Ledger) -> None:
    take(built, ledger, ("2024-03", "gas", "3"))
    result = prepared(built, ledger)
    assert scopes(result) == [GAS]
    assert {"energy_supply", "winning_scopes", "ledger_deliveries"} <= set(result.sources)
    assert "run" not in result.sources
    assert changed_table(built) == [(GAS, date(2024, 3, 1), "gas")]


def test_a_hold_and_its_release_change_what_the_delivery_says(built: Home, ledger: Ledger) -> None:
    later = take(built, ledger, ("2024-03", "gas", "3"), ("2024-03", "oil", "4"))
    prepared(built, ledger)
    add_hold(ledger, later, "hold", who="t", why="t")
    held = prepared(built, ledger)
    # one scope goes back to the delivery before, of the other nothing is left but its period
    assert scopes(held) == [GAS, "2024-03|oil"]
    assert changed_table(built)[1] == ("2024-03|oil", date(2024, 3, 1), "oil")
    assert prepared(built, ledger).changed == []
    add_hold(ledger, later, "release", who="t", why="t")
    assert scopes(prepared(built, ledger)) == [GAS, "2024-03|oil"]


def test_what_a_build_cut_short_is_taken_up_again(built: Home, ledger: Ledger) -> None:
    later = take(built, ledger, ("2024-03", "gas", "3"))
    prepared(built, ledger, well=False)
    add_hold(ledger, later, "hold", who="t", why="t")
    # the winners are those of the last good build again, but what the cut one left nobody knows
    result = prepared(built, ledger)
    assert scopes(result) == [GAS] and "energy_supply" in result.sources and not result.is_settled
    assert prepared(built, ledger).sources == []


def test_a_date_tried_and_taken_back_is_built_again(built: Home, ledger: Ledger) -> None:
    assert prepared(built, ledger, date(2024, 5, 2), well=False).sources == ["run"]
    assert prepared(built, ledger).sources == ["run"]
    assert prepared(built, ledger).sources == []


def test_forced_scopes_are_taken_up_and_unknown_ones_are_not(built: Home, ledger: Ledger) -> None:
    forced = [("r", "energy_supply", COAL), ("r", "energy_supply", "2031-01|coal")]
    result = prepared(built, ledger, force_scopes=forced)
    assert scopes(result) == [COAL] and result.sources == ["energy_supply"]


def test_a_batch_that_is_done_stays_done(built: Home, ledger: Ledger) -> None:
    take(built, ledger, ("2024-03", "coal", "5"), ("2024-03", "gas", "6"))
    result = prepared(built, ledger, well=False)
    raw.take_up(built, result, result.changed[:1])
    with duckdb.connect(str(built.build_db)) as connection:
        build_state.advance(connection)
    assert scopes(prepared(built, ledger, well=False)) == [GAS]


@pytest.mark.parametrize("harm", ["cut", "rubbish", "gone", "other code", "full"])
def test_what_cannot_be_stood_on_is_built_from_nothing(
    built: Home, ledger: Ledger, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = built.build_db.read_bytes()
    if harm in ("cut", "rubbish"):
        built.build_db.write_bytes(content[:5000] if harm == "cut" else b"no database" * 999)
    elif harm == "gone":
        built.build_db.unlink()
    elif harm == "other code":
        monkeypatch.setattr(build_state, "_foundations", lambda: "others")
    result = prepared(built, ledger, full=harm == "full")
    assert result.is_new and scopes(result) == [COAL, GAS] and EVERYTHING in result.sources


def test_another_plan_rebuilds_everything_but_takes_up_no_scope(
    built: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = build_state.file_hashes()
    other = files["plan"] | {"dbt_project/seeds/plans.csv": "another"}
    monkeypatch.setattr(build_state, "file_hashes", lambda: files | {"plan": other})
    result = prepared(built, ledger)
    assert EVERYTHING in result.sources and result.changed == [] and not result.is_new
    assert prepared(built, ledger).sources == []


def test_the_table_of_corrections_is_no_seed_that_dbt_loads(
    built: Home, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = build_state.file_hashes()
    other = files["plan"] | {"dbt_project/seeds/corrections.csv": "another"}
    monkeypatch.setattr(build_state, "file_hashes", lambda: files | {"plan": other})
    assert prepared(built, ledger).sources == []


def test_what_gate_3_has_not_judged_adds_up_until_it_has(built: Home, ledger: Ledger) -> None:
    def finish(*models: str, judge_all: bool = False) -> list[str]:
        with duckdb.connect(str(built.build_db)) as connection:
            return build_state.finish(connection, [], models, judge_all)

    assert finish("b") == ["b"] and finish("a", "b") == ["a", "b"]
    with duckdb.connect(str(built.build_db)) as connection:
        assert not build_state.has_judged(connection)
    build_state.settle(built)
    with duckdb.connect(str(built.build_db)) as connection:
        assert build_state.has_judged(connection)
        assert connection.execute("select count(*) from raw.unjudged_scopes").fetchone() == (0,)
    assert finish("c") == ["c"]

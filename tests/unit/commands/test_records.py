"""Commands that enter one thing: rollback, hold, release-hold, cite, prune."""

from __future__ import annotations

import shutil
import sqlite3

import pytest

from sources.ledger import (
    Ledger,
    add_prune,
    cited,
    deliveries,
    holds,
    last_switch,
    open_ledger,
    pruned,
    revisions,
    waivers,
)
from tests.unit.commands.conftest import Told, release_id
from warehouse.lock import writing
from warehouse.paths import Home
from warehouse.prune import prune, shelved
from warehouse.shelf import current_id, open_release

WHY = ("--reason", "对账 / to compare", "--who", "张三")


def ids(told: Told) -> list[str]:
    with open_ledger(told.home) as ledger:
        return [entry.delivery_id for entry in deliveries(ledger)]


def state(told: Told) -> tuple[object, ...]:
    """Everything these commands could change."""
    with open_ledger(told.home) as ledger:
        kept = [(row["name"], ledger.rows(f"select * from {row['name']}")) for row in _tables(ledger)]
    found = {name: [tuple(row) for row in rows] for name, rows in kept}
    return found, current_id(told.home), shelf(told.home)


def _tables(ledger: Ledger) -> list[sqlite3.Row]:
    return ledger.rows("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")


# --- rollback


def test_rollback_points_current_at_a_verified_release_and_says_who_and_why(told: Told) -> None:
    done = told.run("rollback", release_id(2)[:9], *WHY)
    assert done.exit_code == 0, done.output
    assert current_id(told.home) == release_id(2) and release_id(5) in done.output
    with open_ledger(told.home) as ledger:
        switch = last_switch(ledger)
    assert switch is not None
    assert (switch.action, switch.who, switch.why) == ("rollback", "张三", "对账 / to compare")
    assert (switch.release_id, switch.previous_release_id) == (release_id(2), release_id(5))


def test_rollback_to_what_is_current_damaged_or_pruned_is_refused(told: Told) -> None:
    with open_ledger(told.home) as ledger:
        add_prune(ledger, release_id(1), who="t")
    (told.home.release(release_id(2)) / "warehouse.duckdb").write_text("damaged")
    shutil.rmtree(told.home.release(release_id(3)))
    before = state(told)
    expected = {5: "已是当前版本", 1: "已清理", 2: "warehouse.duckdb", 3: release_id(3)}
    for number, words in expected.items():
        done = told.run("rollback", release_id(number), *WHY)
        assert done.exit_code == 1 and words in done.output, done.output
    assert state(told) == before


def test_from_a_damaged_release_one_can_roll_back(told: Told) -> None:
    (told.home.release(release_id(5)) / "release.json").write_text("{}")
    done = told.run("rollback", release_id(4), *WHY)
    assert done.exit_code == 0, done.output
    assert current_id(told.home) == release_id(4)
    with open_ledger(told.home) as ledger:
        switch = last_switch(ledger)
    assert switch is not None and (switch.action, switch.previous_release_id) == ("rollback", release_id(5))


# --- ids and reasons


@pytest.mark.parametrize("command", ["rollback", "cite", "hold", "release-hold"])
@pytest.mark.parametrize("text", ["nonsense", "", "2026", "%", "current-"])
def test_an_id_that_no_single_one_begins_with_is_wrong_usage(told: Told, command: str, text: str) -> None:
    before = state(told)
    done = told.run(command, text, *WHY)
    assert done.exit_code == 2 and "Traceback" not in done.output
    # what might have been meant is listed
    assert (release_id(5) if command in ("rollback", "cite") else "能源_4.csv") in done.output
    assert state(told) == before


@pytest.mark.parametrize("command", ["rollback", "cite", "hold", "release-hold"])
def test_without_a_reason_nothing_is_recorded(told: Told, command: str) -> None:
    before = state(told)
    name = release_id(1) if command in ("rollback", "cite") else ids(told)[0]
    assert told.run(command, name).exit_code == 2
    assert told.run(command, name, "--reason", "  ").exit_code == 2
    assert state(told) == before


@pytest.mark.parametrize(
    "arguments", [("rollback", "x", *WHY), ("hold", "x", *WHY), ("cite", "x", *WHY), ("prune",), ("prune", "--dry-run")]
)
def test_without_a_ledger_nothing_is_made(told: Told, arguments: tuple[str, ...]) -> None:
    shutil.rmtree(told.home.root)
    done = told.run(*arguments)
    assert done.exit_code == 1 and "peak run" in done.output
    assert not told.home.root.exists()


def test_while_a_run_writes_commands_wait_and_then_name_it(told: Told) -> None:
    with writing(told.home, command="peak run 夜班"):
        done = told.run("cite", release_id(1), *WHY, "--wait", "0.1")
    assert done.exit_code == 1 and "peak run 夜班" in done.output


# --- hold and release-hold


def test_hold_and_release_hold_record_who_and_why_and_take_effect_later(told: Told) -> None:
    one = ids(told)[0]
    done = told.run("hold", one[:10].upper(), *WHY)
    assert done.exit_code == 0 and "能源_1.csv" in done.output and "peak run" in done.output
    with open_ledger(told.home) as ledger:
        (held,) = holds(ledger)
    assert (held.delivery_id, held.who, held.why, held.run_id) == (one, "张三", "对账 / to compare", None)
    again = told.run("hold", one, *WHY)
    assert again.exit_code == 1 and "already on hold" in again.output
    assert told.run("release-hold", one, *WHY).exit_code == 0
    with open_ledger(told.home) as ledger:
        assert holds(ledger) == []
    assert told.run("release-hold", one, *WHY).exit_code == 1


def test_release_hold_waives_a_check_that_can_be_waived_also_off_hold(told: Told) -> None:
    one, two, *_ = ids(told)
    told.run("hold", one, *WHY)
    for delivery in (one, two):
        done = told.run("release-hold", delivery, "--accept", "no_value_lost", *WHY)
        assert done.exit_code == 0 and "no_value_lost" in done.output, done.output
    with open_ledger(told.home) as ledger:
        assert waivers(ledger) == {one: {"no_value_lost"}, two: {"no_value_lost"}}
    wrong = told.run("release-hold", one, "--accept", "blast_radius", *WHY)
    assert wrong.exit_code == 2 and "no_value_lost" in wrong.output


# --- cite and prune


def shelf(home: Home) -> list[str]:
    return sorted(path.name for path in home.releases.iterdir())


def test_prune_keeps_the_newest_the_current_and_the_cited(told: Told) -> None:
    assert told.run("cite", release_id(1), *WHY).exit_code == 0
    assert told.run("rollback", release_id(2), *WHY).exit_code == 0
    before = state(told)
    dry = told.json("prune", "--keep", "1", "--dry-run")
    assert state(told) == before
    because = {item["release_id"]: item["kept_because"] for item in dry}
    wanted = dict(zip(range(1, 6), ("cited", "current", None, None, "newest"), strict=True))
    assert because == {release_id(number): reason for number, reason in wanted.items()}
    done = told.json("prune", "--keep", "1", "--who", "李四")
    assert {item["release_id"] for item in done if item["is_pruned"]} == {release_id(3), release_id(4)}
    assert shelf(told.home) == [release_id(1), release_id(2), release_id(5)]
    with open_ledger(told.home) as ledger:
        assert pruned(ledger) == {release_id(3), release_id(4)}
        assert cited(ledger)[release_id(1)].who == "张三"
        assert {item.release_id for item in revisions(ledger)} == {release_id(n) for n in (1, 2, 4, 5)}
    assert told.run("cite", release_id(3), *WHY).exit_code == 1


def test_prune_keeps_what_is_young(told: Told) -> None:
    done = told.json("prune", "--keep", "1", "--days", "36500", "--dry-run")
    assert {item["kept_because"] for item in done} == {"young", "current"}


def test_pruning_goes_on_where_it_was_killed(told: Told) -> None:
    """Entered and not yet removed, and half removed."""
    with open_ledger(told.home) as ledger:
        add_prune(ledger, release_id(1), who="t")
        (told.home.releases / ".pruned-0badf00d").mkdir()
        assert prune(told.home, ledger, 4, who="t") == []
        assert pruned(ledger) == {release_id(1)}
    assert shelf(told.home) == [release_id(number) for number in range(2, 6)]


def test_a_release_that_is_read_only_goes_too_and_one_always_stays(told: Told) -> None:
    folder = told.home.release(release_id(1))
    for path in (folder / "warehouse.duckdb", folder):
        path.chmod(0o555)
    with open_ledger(told.home) as ledger:
        with pytest.raises(ValueError, match="at least one"):
            shelved(told.home, ledger, 0)
        prune(told.home, ledger, 1, who="t")
    assert shelf(told.home) == [release_id(5)] and open_release(told.home, release_id(5))
    assert told.run("prune", "--keep", "0").exit_code == 2

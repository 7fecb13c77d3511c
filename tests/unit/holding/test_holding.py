"""What a failed gate 3 is put down to, what is held for it, and how such holds end."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from expectations.results import CheckResult
from sources import ledger as book
from sources.ledger import Delivery, DeliveryFile, Ledger, Release, Scope
from warehouse.build_result import BuildResult, checks
from warehouse.dbt_runs import Node
from warehouse.findings import Offence
from warehouse.holding import Blame, Upstream, blames, end_holds, leave_as_found, let_through, verdict, waivable
from warehouse.holding.ends import related
from warehouse.paths import Home

FILE = DeliveryFile("f" * 64, 1)
PARENTS = {
    "model.peak.indicator_values": ["model.peak.int_forest", "model.peak.int_survey"],
    "model.peak.int_forest": ["source.peak.raw.forest_inventory", "source.peak.raw.region_parameters"],
    "model.peak.fct_region_parameters": ["source.peak.raw.region_parameters"],
    "model.peak.int_survey": ["source.peak.raw.travel_survey", "source.peak.raw.winning_scopes"],
    "model.peak.fct_forest": ["source.peak.raw.forest_inventory"],
}
FOLDERS = {"indicator_values": ["marts", "indicators"], "int_forest": ["intermediate", "land"]}
UPSTREAM = Upstream(
    {
        "parent_map": PARENTS,
        "nodes": {f"model.peak.{name}": {"fqn": ["peak", *folder, name]} for name, folder in FOLDERS.items()},
    }
)
SHARE = CheckResult(
    "indicator_values", "computed_share_in_range", "critical", "failed", "share", None, 1, 9, [], [], "比例", "share",
    domains=("land",), regions=("r",),
)  # fmt: skip
LAND = Blame("indicator_values.computed_share_in_range", "比例", "share", ("land",), frozenset({"forest_inventory"}),
             frozenset({"r"}))  # fmt: skip
NOTHING = BuildResult()


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with closing(book.open_ledger(Home(tmp_path))) as opened:
        yield opened


def accept(ledger: Ledger, name: str, year: int = 2023, feed: str = "forest_inventory", region: str = "r") -> str:
    sha256 = hashlib.sha256(name.encode()).hexdigest()
    scope = Scope(str(year), 1, False, date(year, 1, 1), date(year, 12, 31), None)
    book.add_accepted(ledger, Delivery(region, feed, f"{name}.csv", sha256, 1), [scope], FILE)
    return book.delivery_id_of(region, feed, sha256)


def publish(ledger: Ledger, inputs: dict[str, str] | None = None, run_id: str | None = "run1") -> None:
    at, number = book.position(ledger), len(book.releases(ledger))
    release = Release(f"release{number}", run_id, "2026-01-01T00:00:00Z", "2026-01-01", "c", at.seq, at.hold)
    book.add_release(ledger, release, {"inputs": inputs or {}})


def test_a_suite_blames_the_domain_and_regions_of_its_rows_among_the_feeds_of_its_mart() -> None:
    (blame,) = blames([SHARE], NOTHING, None, UPSTREAM)
    assert (blame.domains, blame.regions) == (("land",), {"r"})
    assert blame.feeds == {"forest_inventory", "region_parameters"}
    assert blame.own_feeds == {"forest_inventory"}


def test_a_check_blames_the_feeds_that_its_mart_is_compared_with_too() -> None:
    # the forest is compared with the land, which is a parameter
    within = replace(SHARE, suite="fct_forest", check="forest_within_land")
    (blame,) = blames([within], NOTHING, None, UPSTREAM)
    assert blame.feeds == {"forest_inventory", "region_parameters"}
    (blame,) = blames([replace(within, feeds=("forest_inventory",))], NOTHING, None, UPSTREAM)
    assert blame.feeds == {"forest_inventory"}


def test_a_check_that_could_not_be_carried_out_is_nobodys(ledger: Ledger) -> None:
    accept(ledger, "new")
    (blame,) = blames([replace(SHARE, status="error")], NOTHING, None, UPSTREAM)
    assert blame.is_error
    found = verdict(ledger, [LAND, blame])
    assert found.hold == []
    assert "nobody's delivery" in found.said()


def node(status: str, model: str, *offences: Offence) -> Node:
    return Node("test.t", "t", "test", status, "", 0, 1, "error", "", (f"model.peak.{model}",), offences=offences)


@pytest.mark.parametrize(
    ("failing", "domains", "feeds", "regions"),
    [
        (node("fail", "int_forest"), ("land",), {"forest_inventory", "region_parameters"}, None),
        (
            node("fail", "indicator_values", Offence("r", "bus_mode_share", None)),
            ("transport",),
            # the grid's factor is a parameter of transport, too
            {"travel_survey", "region_parameters"},
            {"r"},
        ),
        (
            node("fail", "indicator_values", Offence("r", None, "travel_survey")),
            ("transport",),
            {"travel_survey"},
            {"r"},
        ),
        (node("fail", "indicator_values"), (), set(), None),
    ],
)
def test_a_test_of_dbt_blames_what_its_rows_name_or_the_folder_of_its_model(
    failing: Node, domains: Any, feeds: Any, regions: Any
) -> None:
    built = BuildResult([failing])
    (blame,) = blames(checks(built), built, None, UPSTREAM)
    assert (blame.domains, set(blame.feeds), blame.regions) == (domains, feeds, regions)


def test_a_node_that_errored_or_dbt_itself_is_nobodys() -> None:
    built = BuildResult([node("error", "int_forest")])
    assert all(blame.is_error for blame in blames(checks(built), built, None, UPSTREAM))
    broken = BuildResult(problem="does not parse")
    assert all(blame.is_error for blame in blames(checks(broken), broken, None, UPSTREAM))


def test_only_new_deliveries_of_the_blamed_feeds_and_regions_are_held(ledger: Ledger) -> None:
    accept(ledger, "old")
    publish(ledger)
    earlier, later = accept(ledger, "earlier"), accept(ledger, "later")
    accept(ledger, "elsewhere", region="s")
    accept(ledger, "other feed", feed="travel_survey")
    # what the newest replaced tonight would only speak in its stead
    found = verdict(ledger, [LAND])
    assert [item.delivery_id for item in found.hold] == [earlier, later]
    assert {item.domains for item in found.hold} == {("land",)}
    assert "computed_share_in_range" in found.hold[0].why


def test_one_of_several_is_not_accused_unless_a_check_names_it(ledger: Ledger) -> None:
    alone = accept(ledger, "alone")
    assert "need not be in this one" not in verdict(ledger, [LAND]).hold[0].why
    accept(ledger, "another", 2024)
    assert all("need not be in this one" in item.why for item in verdict(ledger, [LAND]).hold)
    named = replace(LAND, check="x.y", deliveries=frozenset({alone}))
    first, second = verdict(ledger, [LAND, named]).hold
    assert ("need not" in first.why, "need not" in second.why) == (False, True)


def test_of_other_feeds_than_the_domains_own_only_where_these_have_nothing_new(ledger: Ledger) -> None:
    wide = replace(LAND, feeds=frozenset({"forest_inventory", "region_parameters"}))
    parameters = accept(ledger, "parameters", feed="region_parameters")
    assert [item.delivery_id for item in verdict(ledger, [wide]).hold] == [parameters]
    own = accept(ledger, "own")
    assert [item.delivery_id for item in verdict(ledger, [wide]).hold] == [own]


def test_nothing_is_held_when_one_failure_has_nothing_new_to_be_put_on(ledger: Ledger) -> None:
    accept(ledger, "survey", feed="travel_survey")
    transport = replace(LAND, check="x.y", domains=("transport",), feeds=frozenset({"travel_survey"}))
    assert len(verdict(ledger, [transport]).hold) == 1
    found = verdict(ledger, [transport, LAND])
    assert found.hold == []
    assert [blame.check for blame in found.unexplained] == [LAND.check]


def test_a_failure_that_names_nobody_rides_along_but_holds_nothing_alone(ledger: Ledger) -> None:
    accept(ledger, "new")
    unnamed = Blame("lineage.one_row_per_key", "", "")
    assert len(verdict(ledger, [LAND, unnamed]).hold) == 1
    assert verdict(ledger, [unnamed]).hold == []


def test_a_delivery_read_again_is_not_new(ledger: Ledger) -> None:
    accept(ledger, "old")
    publish(ledger)
    assert verdict(ledger, [LAND]).hold == []


def test_lost_values_hold_the_deliveries_that_took_them_and_no_other(ledger: Ledger) -> None:
    taker, bystander = accept(ledger, "taker"), accept(ledger, "bystander", 2024)
    blame = replace(LAND, deliveries=frozenset({taker}))
    assert [item.delivery_id for item in verdict(ledger, [blame]).hold] == [taker]
    assert bystander not in {item.delivery_id for item in verdict(ledger, [blame]).hold}


def held(ledger: Ledger, delivery_id: str, run_id: str | None = "run1") -> None:
    book.add_hold(ledger, delivery_id, "hold", who="run", why="bad", run_id=run_id)


def test_a_hold_of_a_run_stands_until_something_newer_comes(ledger: Ledger) -> None:
    bad = accept(ledger, "bad")
    held(ledger, bad)
    publish(ledger)
    assert end_holds(ledger, "run2") == []
    accept(ledger, "elsewhere", 2024, region="s")
    accept(ledger, "readings", feed="meter_readings")
    assert end_holds(ledger, "run2") == []
    accept(ledger, "next year", 2024)
    assert [hold.delivery_id for hold in end_holds(ledger, "run2")] == [bad]
    last = book.hold_actions(ledger)[-1]
    assert (last.action, last.who, last.run_id) == ("release", "run", "run2")
    assert "next year.csv" in last.why


def test_a_hold_of_a_person_does_not_end_by_itself(ledger: Ledger) -> None:
    held(ledger, accept(ledger, "bad"), run_id=None)
    accept(ledger, "newer")
    assert end_holds(ledger, "run2") == []


def test_a_person_takes_over_the_hold_of_a_run_and_no_run_that_of_a_person(ledger: Ledger) -> None:
    bad = accept(ledger, "bad")
    held(ledger, bad)
    publish(ledger)
    held(ledger, bad, run_id=None)
    accept(ledger, "newer")
    assert end_holds(ledger, "run2") == []
    for run_id in ("run2", None):
        with pytest.raises(ValueError, match="already on hold"):
            held(ledger, bad, run_id)


def test_a_hold_ends_when_all_it_said_is_said_by_another(ledger: Ledger) -> None:
    bad = accept(ledger, "bad")
    held(ledger, bad)
    publish(ledger)
    accept(ledger, "better")
    assert [hold.delivery_id for hold in end_holds(ledger, "run2")] == [bad]
    assert "replaced" in book.hold_actions(ledger)[-1].why


def test_another_plan_or_program_has_a_hold_tried_again(ledger: Ledger) -> None:
    bad = accept(ledger, "bad")
    held(ledger, bad)
    publish(ledger, {"plan": "another"})
    assert [hold.delivery_id for hold in end_holds(ledger, "run2")] == [bad]
    assert "plan" in book.hold_actions(ledger)[-1].why


def test_what_a_killed_run_held_is_tried_again(ledger: Ledger) -> None:
    bad = accept(ledger, "bad")
    held(ledger, bad)
    publish(ledger, run_id="another")
    assert [hold.delivery_id for hold in end_holds(ledger, "run2")] == [bad]
    assert "published nothing" in book.hold_actions(ledger)[-1].why


def test_holds_made_in_vain_are_taken_back_once(ledger: Ledger) -> None:
    bad = accept(ledger, "bad")
    held(ledger, bad)
    assert leave_as_found(ledger, [bad, bad], "run1") == []
    assert book.holds(ledger) == []
    assert [action.action for action in book.hold_actions(ledger)] == ["hold", "release"]


def test_a_run_that_publishes_nothing_leaves_the_holds_it_found(ledger: Ledger) -> None:
    bad = accept(ledger, "bad")
    held(ledger, bad)
    publish(ledger)
    newer = accept(ledger, "next year", 2024)
    end_holds(ledger, "run2")
    held(ledger, newer, "run2")
    assert leave_as_found(ledger, [newer], "run2") == [bad]
    assert [(hold.delivery_id, hold.why) for hold in book.holds(ledger)] == [(bad, "bad")]
    # what the stopped run could not decide, the next one tries again
    assert [hold.delivery_id for hold in end_holds(ledger, "run3")] == [bad]


def test_what_a_killed_run_had_ended_is_put_back_by_the_next_that_publishes_nothing(ledger: Ledger) -> None:
    bad, persons = accept(ledger, "bad"), accept(ledger, "persons", 2022)
    held(ledger, bad)
    held(ledger, persons)
    publish(ledger)
    book.add_hold(ledger, persons, "release", who="t", why="looked at")
    newer = accept(ledger, "next year", 2024)
    assert [hold.delivery_id for hold in end_holds(ledger, "killed")] == [bad]
    held(ledger, newer, "killed")
    assert [hold.delivery_id for hold in end_holds(ledger, "run2")] == [newer]
    # neither a person's release is undone nor what the killed run suspected
    assert leave_as_found(ledger, [], "run2") == [bad]
    assert [hold.delivery_id for hold in book.holds(ledger)] == [bad]
    assert leave_as_found(ledger, [], "run3") == []


def test_what_was_tried_again_and_held_again_stays_held(ledger: Ledger) -> None:
    bad = accept(ledger, "bad")
    held(ledger, bad)
    publish(ledger)
    accept(ledger, "next year", 2024)
    end_holds(ledger, "run2")
    held(ledger, bad, "run2")
    assert leave_as_found(ledger, [bad], "run2") == []
    assert [hold.delivery_id for hold in book.holds(ledger)] == [bad]


def test_which_feeds_may_change_the_verdict_on_another() -> None:
    assert related("forest_inventory", "forest_inventory")
    assert related("national_accounts", "energy_supply")
    assert related("meters", "energy_supply")
    assert not related("meter_readings", "meters")
    assert not related("travel_survey", "forest_inventory")


def waive(ledger: Ledger, delivery_id: str, check: str) -> None:
    book.add_hold(ledger, delivery_id, "release", who="t", why="t", waived_check=check)


@pytest.mark.parametrize("check", ["computed_share_in_range", "indicator_values.computed_share_in_range"])
def test_a_waived_delivery_lets_its_failure_through_and_says_so(ledger: Ledger, check: str) -> None:
    waive(ledger, accept(ledger, "as it is"), check)
    (result,) = let_through([SHARE], ledger, NOTHING, None, UPSTREAM)
    assert result.status == "waived"


def test_a_waiver_covers_one_check_in_one_region(ledger: Ledger) -> None:
    waive(ledger, accept(ledger, "as it is"), "computed_share_in_range")
    other = replace(SHARE, check="amount_not_negative")
    wider = replace(SHARE, regions=("r", "s"))
    assert let_through([other, wider], ledger, NOTHING, None, UPSTREAM) == [other, wider]


def test_a_waiver_does_not_cover_what_a_new_delivery_adds(ledger: Ledger) -> None:
    known = accept(ledger, "as it is")
    waive(ledger, known, "computed_share_in_range")
    publish(ledger)
    worse = accept(ledger, "worse", 2024)
    (result,) = let_through([SHARE], ledger, NOTHING, None, UPSTREAM)
    assert result.status == "failed"
    assert [item.delivery_id for item in verdict(ledger, [LAND]).hold] == [worse]
    # as many rows as were let through before are the same rows
    book.add_gate_results(ledger, [replace(SHARE, status="waived")], gate="warehouse", subject="marts")
    (result,) = let_through([SHARE], ledger, NOTHING, None, UPSTREAM)
    assert result.status == "waived"


def test_what_can_be_waived_is_said_of_data_not_of_the_system() -> None:
    names = waivable()
    assert {"no_value_lost", "indicator_values.computed_share_in_range"} <= set(names)
    assert "blast_radius" not in names

"""A domain that fails gate 3 is put on hold and the rest is published the same night; a hold comes to its end."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sources.ledger import Ledger, add_hold, deliveries, gate_results, hold_actions, holds, open_ledger, releases
from tests.support.domains import AS_OF, BAD, HERE, NEXT, THERE, forest, good_year, land, trips, waste
from tests.support.flows import Flows, plain_flows
from tests.support.long_history import project_copy
from tests.support.small import File, deliver
from warehouse.paths import Home
from warehouse.reproduce import reproduce
from warehouse.status import status

pytestmark = pytest.mark.slow

TOO_MUCH = "1500"  # hectares of forest in a district of a thousand
SHARE = "indicator_values.computed_share_in_range"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home after its first night, in which one domain of one district was bad; to be copied."""
    home = Home(tmp_path_factory.mktemp("first") / "home")
    deliver(
        home,
        [*good_year(HERE), *good_year(THERE), land(BAD, "1000"), forest(BAD, 2022, TOO_MUCH), trips(BAD, 2022, 30)],
    )
    with plain_flows(home) as flows:
        summary = flows.nightly(as_of=AS_OF)
    assert (summary.result, summary.is_first) == ("published", True)
    assert [(item.region, item.feed) for item in summary.held] == [(BAD, "forest_inventory")]
    return home


@pytest.fixture
def flows(published: Home, tmp_path: Path) -> Iterator[Flows]:
    """The flows on a copy of it."""
    shutil.copytree(published.root, tmp_path / "home", symlinks=True)
    with plain_flows(Home(tmp_path / "home")) as found:
        yield found
    for path in (tmp_path / "home").rglob("*"):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)


def night(flows: Flows, *given: File) -> Any:
    from flows.refresh import Stopped

    deliver(flows.home, given)
    try:
        return flows.nightly(as_of=NEXT)
    except Stopped as stop:
        return stop.summary


def cells(flows: Flows, indicator: str, region: str = HERE) -> dict[int, tuple[Any, ...]]:
    """By year: the value, whether it is held, and the reason, in the current release."""
    with duckdb.connect(str(flows.home.current / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.execute(
            "select year(period_end), value, is_held, reason from indicator_values "
            "where region = ? and indicator = ? and period_type = 'year'",
            [region, indicator],
        ).fetchall()
    return {row[0]: row[1:] for row in rows}


def ledger_of(flows: Flows) -> Ledger:
    return open_ledger(flows.home)


def id_of(ledger: Ledger, file: File) -> str:
    return next(
        entry.delivery_id for entry in deliveries(ledger) if (entry.region, entry.file_name) == (file[0], file[2])
    )


def held_files(flows: Flows) -> set[tuple[str, str]]:
    """What is on hold besides what the first night left out."""
    with closing(ledger_of(flows)) as ledger:
        names = {entry.delivery_id: (entry.region, entry.file_name) for entry in deliveries(ledger)}
        return {names[hold.delivery_id] for hold in holds(ledger)} - {(BAD, "森林_2022.csv")}


def test_the_first_release_of_all_leaves_a_bad_domain_out(flows: Flows) -> None:
    assert cells(flows, "forest_coverage", BAD) == {}
    assert cells(flows, "bus_mode_share", BAD)[2022][:2] == (30, False)
    assert cells(flows, "forest_coverage")[2022][:2] == (60, False)
    with duckdb.connect(str(flows.home.current / "warehouse.duckdb"), read_only=True) as connection:
        said = connection.execute(
            "select region, status from indicator_progress where indicator = 'forest_coverage' and target_year = 2025"
        ).fetchall()
    assert {region for region, status in said if status == "held"} == {BAD}


def test_one_bad_domain_is_held_and_the_rest_is_published_the_same_night(flows: Flows) -> None:
    bad, fine, there = forest(HERE, 2022, TOO_MUCH, "_修订"), trips(HERE, 2023, 45), forest(THERE, 2022, "700", "_修订")
    summary = night(flows, bad, fine, there)
    assert summary.result == "published"
    assert [(item.domains, item.region, item.feed) for item in summary.held] == [(("land",), HERE, "forest_inventory")]
    assert SHARE in summary.held[0].checks
    assert held_files(flows) == {(HERE, bad[2])}
    # the last good value stands and says so; everybody else's is new
    assert cells(flows, "forest_coverage")[2022] == (60, True, "held: forest_inventory")
    assert cells(flows, "bus_mode_share")[2023][:2] == (45, False)
    assert cells(flows, "forest_coverage", THERE)[2022] == (70, False, None)
    with closing(ledger_of(flows)) as ledger:
        action = hold_actions(ledger)[-1]
        assert (action.who, action.run_id) == ("run", summary.run_id)
        assert "land" in action.why
        assert "computed_share_in_range" in action.why
        release = releases(ledger)[-1]
        again = reproduce(flows.home, ledger, release, lambda line: None)
        assert again.is_equal, again
    assert "land" in flows.pages["gates"]
    assert bad[2] in flows.pages["gates"]
    (standing,) = status(flows.home, NEXT, HERE).holds
    assert (standing.region, standing.feed, standing.file_name) == (HERE, "forest_inventory", bad[2])
    # nothing came since: there is nothing to do
    assert flows.nightly(as_of=NEXT).result == "unchanged"


def test_a_newer_delivery_ends_the_hold_and_one_that_is_bad_again_does_not(flows: Flows) -> None:
    bad, good = forest(HERE, 2022, TOO_MUCH, "_1"), forest(HERE, 2022, "650", "_2")
    night(flows, bad)
    # a newer delivery of the feed for another year: the first is tried again, fails again, and both stay away
    again = night(flows, forest(HERE, 2023, "610"))
    assert again.result == "published"
    assert held_files(flows) == {(HERE, bad[2]), (HERE, "森林_2023.csv")}
    with closing(ledger_of(flows)) as ledger:
        failed = [result for result in gate_results(ledger, again.run_id) if result.status == "failed"]
        assert all(id_of(ledger, bad) in result.deliveries for result in failed if result.suite == "indicator_values")
        assert SHARE in {f"{result.suite}.{result.check_name}" for result in failed}
    assert cells(flows, "forest_coverage") == {2022: (60, True, "held: forest_inventory")}
    summary = night(flows, good)
    assert (summary.result, summary.held) == ("published", ())
    assert held_files(flows) == set()
    assert cells(flows, "forest_coverage") == {2022: (65, False, None), 2023: (61, False, None)}
    with closing(ledger_of(flows)) as ledger:
        ends = [action for action in hold_actions(ledger) if action.action == "release"]
    assert {end.who for end in ends} == {"run"}
    assert any("replaced" in end.why for end in ends)


def test_two_bad_domains_and_how_a_person_ends_their_holds(flows: Flows) -> None:
    large, gone, fine = forest(HERE, 2022, TOO_MUCH, "_修订"), trips(HERE, 2022, 0, "_撤"), waste(HERE, 2023, 8000)
    summary = night(flows, large, gone, fine)
    assert summary.result == "published"
    assert {(item.domains, item.feed) for item in summary.held} == {
        (("land",), "forest_inventory"),
        (("transport",), "travel_survey"),
    }
    assert cells(flows, "forest_coverage")[2022][:2] == (60, True)
    assert cells(flows, "bus_mode_share")[2022] == (30, True, "held: travel_survey")
    assert cells(flows, "industrial_waste_utilisation")[2023][:2] == (80, False)
    # released without a waiver it fails again and is held again
    with closing(ledger_of(flows)) as ledger:
        add_hold(ledger, id_of(ledger, large), "release", who="t", why="looked at")
        add_hold(ledger, id_of(ledger, gone), "release", who="t", why="withdrawn", waived_check="no_value_lost")
    summary = flows.nightly(as_of=NEXT)
    assert summary.result == "published"
    assert [item.feed for item in summary.held] == ["forest_inventory"]
    assert cells(flows, "bus_mode_share")[2022][:2] == (None, False)
    assert [check.name for check in summary.waived] == ["revisions.no_value_lost"]
    with closing(ledger_of(flows)) as ledger:
        let_go = [r for r in gate_results(ledger, summary.run_id) if r.status == "waived"]
        assert {(r.check_name, *r.deliveries) for r in let_go} == {("no_value_lost", id_of(ledger, gone))}
    # with its checks waived it is let through, and shown
    with closing(ledger_of(flows)) as ledger:
        for check in summary.held[0].checks:
            add_hold(ledger, id_of(ledger, large), "release", who="t", why="as it is", waived_check=check)
    summary = flows.nightly(as_of=NEXT)
    assert (summary.result, summary.held) == ("published", ())
    assert cells(flows, "forest_coverage")[2022][:2] == (150, False)
    with closing(ledger_of(flows)) as ledger:
        of_run = {r.check_name: r for r in gate_results(ledger, summary.run_id) if r.suite == "indicator_values"}
        assert of_run["computed_share_in_range"].status == "waived"
        assert id_of(ledger, large) in of_run["computed_share_in_range"].deliveries
    assert SHARE in {check.name for check in summary.waived}
    assert SHARE in {item.check for item in status(flows.home, NEXT, HERE).waivers}


def test_a_failure_that_no_new_delivery_explains_publishes_nothing_and_holds_nothing(flows: Flows) -> None:
    # a person's hold on the territory that a wider one is known of leaves the forest larger than the land
    wide, more = land(HERE, "2000"), forest(HERE, 2022, TOO_MUCH, "_修订")
    assert night(flows, wide, more).result == "published"
    with closing(ledger_of(flows)) as ledger:
        add_hold(ledger, id_of(ledger, wide), "hold", who="t", why="a mistake")
    before = flows.home.current.resolve()
    summary = night(flows, trips(HERE, 2023, 45))
    assert summary.result == "stopped"
    assert summary.held == ()
    assert "nobody's delivery" in summary.unexplained
    assert "nobody's delivery" in flows.pages["gates"]
    assert flows.home.current.resolve() == before
    assert held_files(flows) == {(HERE, wide[2])}
    # a new delivery of the domain is held, in vain, and taken back: both are in the ledger
    innocent = forest(HERE, 2023, "700")
    summary = night(flows, innocent)
    assert summary.result == "stopped"
    assert [item.file_name for item in summary.held] == [innocent[2]]
    assert flows.home.current.resolve() == before
    assert held_files(flows) == {(HERE, wide[2])}
    with closing(ledger_of(flows)) as ledger:
        made = [action.action for action in hold_actions(ledger) if action.delivery_id == id_of(ledger, innocent)]
    assert made == ["hold", "release"]


def test_a_broken_parameter_is_nobodys_delivery(flows: Flows, tmp_path: Path) -> None:
    project, fine = project_copy(tmp_path / "project"), trips(HERE, 2023, 45)
    seeds = project / "dbt_project" / "seeds"
    before = flows.home.current.resolve()
    deliver(flows.home, [fine])
    # what suites, dbt's own tests and the reading of a table find wrong all stop the night, each by its name
    for seed, broken, check in (
        ("ref_co2_factors", lambda text: text.replace("assessment,1,coal,2.64,", "assessment,1,coal,-2.64,"), ""),
        ("ref_co2_factors", lambda text: text + text.splitlines()[1] + "\n", "dbt."),
        ("corrections", lambda text: text + "1,nofeed,,k,f,1,2,why,who,2026-01-01\n", "corrections.table_is_sound"),
    ):
        with broken_seed(seeds / f"{seed}.csv", broken):
            ended = by_another(project, flows.home)
        assert (ended["result"], ended["held"]) == ("stopped", []), ended
        assert ended["stopped_by"] and all(name.startswith(check) for name in ended["stopped_by"]), ended
        assert "nobody's delivery" in ended["unexplained"]
        assert flows.home.current.resolve() == before
        assert held_files(flows) == set()
    # put right, the night goes on where it was
    assert by_another(project, flows.home)["result"] == "published"
    assert cells(flows, "bus_mode_share")[2023][:2] == (45, False)


@contextmanager
def broken_seed(seed: Path, broken: Callable[[str], str]) -> Iterator[None]:
    """The plan's table as `broken` makes it, put right afterwards."""
    whole = seed.read_text("utf-8")
    assert broken(whole) != whole
    seed.write_text(broken(whole), "utf-8")
    yield
    seed.write_text(whole, "utf-8")


def by_another(project: Path, home: Home) -> dict[str, Any]:
    """A night by a copy of the project, and how it ended."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.one_night", str(home.root), str(NEXT)],
        cwd=project, env={**os.environ, "PYTHONPATH": str(project)}, capture_output=True, encoding="utf-8",
        timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    ended: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return ended

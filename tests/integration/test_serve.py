"""What stands all day: parts that are killed, nights that were missed, two runs at once, one instance, a clean end."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from sources.ledger import read_ledger, runs
from tests.support import small
from tests.support.command import peak
from tests.support.served import Served, start
from tests.support.waiting import until
from warehouse.lock import holder
from warehouse.paths import Home
from warehouse.shelf import current_release, verify_release

pytestmark = pytest.mark.slow
NIGHTLY = "nightly/nightly"
AS_OF = str(small.AS_OF)
ENDED = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


@pytest.fixture(scope="module")
def standing(standing_peak: Served, first_night: dict[str, Any]) -> Served:
    """An instance whose home has a release."""
    return standing_peak


_tonnes = iter(range(20, 1000))


def deliver(standing: Served) -> None:
    """Another revision of February."""
    number = next(_tonnes)
    text = small.CORRECTION.replace("14.25", f"{number}.25")
    small.deliver(standing.home, [(small.REGION, "energy_supply", f"能源_二月_更正{number}.csv", text.encode())])


def begin_and_reach_the_build(standing: Served, **given: Any) -> dict[str, Any]:
    """A night with news that is in the middle of its work."""
    deliver(standing)
    before = len(known(standing.home))
    run = standing.begin(NIGHTLY, as_of=AS_OF, **given)
    until(lambda: len(known(standing.home)) > before, "the night did not begin", 120)
    time.sleep(1.5)
    assert known(standing.home)[0].state == "running"
    return run


def known(home: Home) -> list[Any]:
    """Every run of the home, newest first."""
    with read_ledger(home) as ledger:  # type: ignore[union-attr]
        return runs(ledger, -1)


def is_published(home: Home) -> bool:
    """Whether the last night published a sound release of all that came."""
    release = current_release(home)
    assert release is not None
    verify_release(release)
    waiting = [path for path in home.inbox.rglob("*") if path.is_file()]
    return waiting == [] and known(home)[0].details["result"] == "published"


def test_it_says_where_everything_is_and_all_of_it_answers(standing: Served) -> None:
    said, ui = standing.said(), standing.url.removesuffix("/api")
    for part in (f"server  {ui}", f"site  {standing.site}", "worker", "warm", "deployments"):
        assert part in said
    assert httpx.get(ui, follow_redirects=True, trust_env=False).status_code == 200
    page = httpx.get(f"{standing.site}/operations", trust_env=False).text
    assert known(standing.home)[0].run_id in page
    assert standing.get("/admin/settings")["server"]["analytics_enabled"] is False
    # nothing from outside, by whatever name it is reached
    shown = httpx.get(f"{ui}/ui-settings", trust_env=False).json()
    assert (shown["default_ui"], shown["api_url"]) == ("v1", "/api")


def test_a_second_instance_is_refused(standing: Served) -> None:
    done = peak(standing.home.root, "serve", "--port", "1", "--site-port", "2")
    assert done.returncode == 1 and f"process {standing.process.pid}" in done.stderr
    taken = peak(standing.folder, "serve", "--port", standing.url.split(":")[2].removesuffix("/api"))
    assert taken.returncode == 1 and "is taken" in taken.stderr


def test_peak_run_reports_to_the_standing_server(standing: Served) -> None:
    deliver(standing)
    done = peak(standing.home.root, "run", "--as-of", AS_OF, timeout_s=300)
    assert done.returncode == 0 and standing.url.removesuffix("/api") in done.stderr
    order = {"flow_runs": {"state": {"type": {"any_": ["COMPLETED"]}}}, "sort": "START_TIME_DESC", "limit": 1}
    (last,) = standing.post("/flow_runs/filter", order)
    assert (last["deployment_id"], last["state_type"]) == (None, "COMPLETED")
    assert last["name"] == f"nightly {AS_OF}：接收 accepted 1，已发布 published"


def test_two_runs_asked_for_at_once_are_done_one_after_the_other(standing: Served) -> None:
    deliver(standing)
    first = standing.begin(NIGHTLY, as_of=AS_OF)
    second = standing.begin("backfill/backfill", as_of=AS_OF, feed="energy_supply", reason="a test", who="Wang")
    done = sorted((standing.wait_for(run) for run in (first, second)), key=lambda run: run["start_time"])
    assert [run["state_type"] for run in done] == ["COMPLETED", "COMPLETED"], standing.logs()
    assert done[0]["end_time"] <= done[1]["start_time"]


def test_a_server_killed_in_the_middle_of_a_night_is_back_before_its_end(standing: Served) -> None:
    run = begin_and_reach_the_build(standing)
    standing.part("server").kill()
    assert standing.wait_for(run)["state_type"] == "COMPLETED", standing.logs()
    assert is_published(standing.home)


def test_a_worker_killed_in_the_middle_of_a_night_costs_nothing(standing: Served) -> None:
    run = begin_and_reach_the_build(standing)
    worker = standing.part("worker")
    worker.kill()
    assert standing.wait_for(run)["state_type"] == "COMPLETED", standing.logs()
    assert is_published(standing.home)
    until(lambda: standing.part("worker").pid != worker.pid, "no other worker")
    assert standing.run(NIGHTLY, as_of=AS_OF)["state_type"] == "COMPLETED"


def test_a_killed_night_is_marked_and_the_next_takes_over(standing: Served) -> None:
    run = begin_and_reach_the_build(standing)
    note = holder(standing.home)
    assert note is not None
    os.kill(int(str(note["pid"])), signal.SIGKILL)
    assert standing.wait_for(run)["state_type"] == "CRASHED"
    until(lambda: known(standing.home)[0].state == "died", "the ledger takes it for alive")
    assert standing.run(NIGHTLY, as_of=AS_OF)["state_type"] == "COMPLETED", standing.logs()
    assert is_published(standing.home)


@pytest.mark.last
def test_after_an_outage_one_night_catches_up_everything(standing: Served, tmp_path: Path) -> None:
    """The whole instance is killed in the middle of a night and comes back days later."""
    run = begin_and_reach_the_build(standing)
    standing.process.kill()
    standing.process.wait()
    family = [standing.part(name) for name in ("server", "warm", "site", "worker")]
    for part in family:
        part.kill()
    psutil.wait_procs(family, 30)
    deliver(standing)
    _let_three_days_pass(standing.home, run["id"])
    ports = tuple(int(url.split(":")[2].removesuffix("/api")) for url in (standing.url, standing.site))
    again = start(standing.home, tmp_path, ports)  # type: ignore[arg-type]
    try:
        _caught_up(again, run["id"])
        began = begin_and_reach_the_build(again)
        assert again.stop() == 0, again.said()
        _nothing_is_left(again.home, began)
    finally:
        again.process.kill()


def _let_three_days_pass(home: Home, run_id: str) -> None:
    """In Prefect's database: the night that was running is a scheduled one, and the next three are in the past."""
    sql = "select id, state_id from flow_run where auto_scheduled and state_type = 'SCHEDULED' and deployment_id = ?"
    with closing(sqlite3.connect(home.prefect / "prefect.db", timeout=30)) as connection, connection:
        nightly = "select deployment_id from flow_run where id = ?"
        (deployment,) = connection.execute(nightly, (run_id,)).fetchone()
        connection.execute("update flow_run set auto_scheduled = 1 where id = ?", (run_id,))
        missed = connection.execute(f"{sql} order by expected_start_time limit 3", (deployment,)).fetchall()
        assert len(missed) == 3
        for days, (flow_run, state) in zip((3, 2, 1), missed, strict=True):
            then = datetime.now(UTC) - timedelta(days=days)
            text = then.strftime("%Y-%m-%d %H:%M:%S.%f")
            times = "expected_start_time = ?, next_scheduled_start_time = ?"
            connection.execute(f"update flow_run set {times} where id = ?", (text, text, flow_run))
            details = "state_details = json_set(state_details, '$.scheduled_time', ?)"
            connection.execute(f"update flow_run_state set {details} where id = ?", (then.isoformat(), state))


def _caught_up(again: Served, run_id: str) -> None:
    assert again.get(f"/flow_runs/{run_id}")["state_type"] == "CRASHED"
    assert again.said().count("missed, a later one does it") == 2 and "its process is gone" in again.said()
    now = {"before_": datetime.now(UTC).isoformat()}
    asked = {"flow_runs": {"expected_start_time": now, "state": {"type": {"not_any_": list(ENDED)}}}}
    until(lambda: again.post("/flow_runs/filter", asked) == [], "runs still wait", 180)
    assert is_published(again.home) or known(again.home)[0].details["result"] == "unchanged"
    assert [path for path in again.home.inbox.rglob("*") if path.is_file()] == []


def _nothing_is_left(home: Home, began: dict[str, Any]) -> None:
    """No process of the instance, no lock, and in the ledger no run that seems alive."""
    around = {"PEAK_HOME": str(home.root)}
    left = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("PEAK_HOME") == around["PEAK_HOME"] and process.pid != os.getpid():
                left.append(process.cmdline())
        except psutil.Error:
            continue
    assert left == [] and holder(home) is None and not home.serving.exists()
    assert known(home)[0].state != "running", began

"""The schedule: a real Prefect server and worker run the deployments of prefect.yaml."""

from __future__ import annotations

import re
import time
from datetime import date
from typing import Any

import httpx
import pytest

from sources.ledger import backfills, last_release, read_ledger, releases, revisions, runs
from tests.support import small
from tests.support.served import Served
from tests.support.server import Standing
from warehouse.lock import writing
from warehouse.paths import Home
from warehouse.pending import what_is_new
from warehouse.shelf import current_release, verify_release

pytestmark = pytest.mark.slow
NIGHTLY = "nightly/nightly"
BACKFILL = "backfill/backfill"
MIDDLE = [
    "end holds",
    "build the warehouse",
    "compare with what was published",
    "judge the warehouse",
    "publish",
    "tell operators: gates",
    "tell operators: revisions",
]
Night = tuple[Home, dict[str, Any]]


@pytest.fixture(scope="module")
def prefect(standing_peak: Served) -> Served:
    """Server, worker and deployments; every run of theirs works on `home`."""
    return standing_peak


@pytest.fixture(scope="module")
def home(prefect: Served) -> Home:
    return prefect.home


@pytest.fixture(scope="module")
def night(first_night: dict[str, Any]) -> dict[str, Any]:
    """The first run of the schedule's deployment, with files waiting."""
    return first_night


def tasks(prefect: Standing, run: dict[str, Any]) -> list[str]:
    """The task runs of a flow run, in the order they began, each with its end."""
    order = {"flow_runs": {"id": {"any_": [run["id"]]}}, "sort": "EXPECTED_START_TIME_ASC"}
    found = sorted(prefect.post("/task_runs/filter", order), key=lambda task: task["start_time"])
    assert {task["state_type"] for task in found} == {"COMPLETED"}
    return [task["name"] for task in found]


def pages(prefect: Standing, run: dict[str, Any]) -> dict[str, str]:
    """The artifacts of a flow run by key."""
    found = prefect.post("/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}})
    return {page["key"]: page["data"] for page in found if page["key"]}


def test_the_schedule_is_two_in_the_morning_one_at_a_time(prefect: Standing) -> None:
    nightly = prefect.get(f"/deployments/name/{NIGHTLY}")
    schedules = [(s["schedule"]["cron"], s["schedule"]["timezone"], s["active"]) for s in nightly["schedules"]]
    assert schedules == [("0 2 * * *", "Asia/Shanghai", True)]
    assert nightly["global_concurrency_limit"]["limit"] == 1
    assert nightly["concurrency_options"]["collision_strategy"] == "ENQUEUE"
    assert (nightly["work_pool_name"], nightly["paused"]) == ("peak", False)
    assert set(nightly["parameter_openapi_schema"]["properties"]) == {"region", "as_of", "wait"}


def test_a_scheduled_night_publishes(prefect: Standing, home: Home, night: dict[str, Any]) -> None:
    assert night["state_type"] == "COMPLETED", prefect.logs()
    release = current_release(home)
    assert release is not None and release.as_of == str(small.AS_OF)
    verify_release(release)
    assert [path for path in home.inbox.rglob("*") if path.is_file()] == []
    with read_ledger(home) as ledger:  # type: ignore[union-attr]
        first = runs(ledger)[-1]
    assert (first.state, first.details["result"]) == ("ended", "published")


def test_runs_read_as_what_they_do(prefect: Standing, night: dict[str, Any]) -> None:
    assert night["name"] == f"nightly {small.AS_OF}：接收 accepted 4，退回 refused 2，已发布 published"
    assert tasks(prefect, night) == [
        "look into the inbox",
        *(f"take in {n}/6 {region} {feed} {name}" for n, (region, feed, name, _) in enumerate(small.files(), 1)),
        "tell operators: deliveries",
        *MIDDLE,
    ]


def test_the_progress_of_a_scheduled_night_is_in_its_log(prefect: Standing, night: dict[str, Any]) -> None:
    order = {"logs": {"flow_run_id": {"any_": [night["id"]]}}, "limit": 200}
    for _ in range(60):  # the server writes the last lines a moment after the run has ended
        text = "\n".join(line["message"] for line in prefect.post("/logs/filter", order))
        if "发布 / publish" in text:
            break
        time.sleep(1)
    assert "能源_一月二月_演示.csv" in text and "关卡三" in text and "发布 / publish" in text


def test_operators_find_deliveries_gates_revisions_and_links(prefect: Served, night: dict[str, Any]) -> None:
    found = pages(prefect, night)
    assert set(found) == {"deliveries", "gates", "revisions", "progress", "site", "report"}
    assert found["progress"] == 100
    assert f"({prefect.site}/)" in found["site"] and f"{prefect.site}/runs/" in found["report"]
    refused, taken = found["deliveries"].index("能源_三月.csv"), found["deliveries"].index("能源_一月二月_演示.csv")
    assert refused < taken and small.PLATES[1] not in "".join(map(str, found.values()))
    for told in (
        "- 通过 passed: ",
        "| 三 warehouse | dbt |",
        "能源_三月.csv",
        "not a number",
        "磅单_超重.csv",
        "gross_possible",
    ):
        assert told in found["gates"]
    for told in ("First release", "china-nbs", "non_fossil_share", "能源_一月二月_演示.csv"):
        assert told in found["revisions"]


def test_a_night_without_news_ends_well_and_builds_nothing(
    prefect: Standing, home: Home, night: dict[str, Any]
) -> None:
    before = home.build_db.stat().st_mtime_ns, sorted(path.name for path in home.releases.iterdir())
    begun = time.monotonic()
    run = prefect.run(NIGHTLY)
    assert run["state_type"] == "COMPLETED" and time.monotonic() - begun < 60, prefect.logs()
    assert tasks(prefect, run) == ["look into the inbox"]
    assert (home.build_db.stat().st_mtime_ns, sorted(path.name for path in home.releases.iterdir())) == before
    with read_ledger(home) as ledger:  # type: ignore[union-attr]
        last = runs(ledger)[0]
    assert (last.details["result"], last.details["as_of"]) == ("unchanged", str(date.fromisoformat(run["name"][8:18])))
    assert run["name"].endswith("：无变化 unchanged") and pages(prefect, run) == {}


def test_the_deployment_backfill_has_the_parameters_of_the_command(prefect: Standing) -> None:
    backfill = prefect.get(f"/deployments/name/{BACKFILL}")
    asked = {"feed", "region", "period_from", "period_to", "reason", "dry_run", "who", "as_of", "wait"}
    assert set(backfill["parameter_openapi_schema"]["properties"]) == asked
    fields = backfill["parameter_openapi_schema"]["properties"]
    assert "energy_supply" in fields["feed"]["enum"] and len(fields["feed"]["enum"]) == 28
    for field in fields.values():
        assert re.match("[一-鿿]", field["description"]) and re.match("[一-鿿]+ / ", field["title"])
        assert "anyOf" not in field, "a switch between two fields is more than an operator needs"
    with pytest.raises(httpx.HTTPStatusError, match=r"409|422"):
        prefect.begin(BACKFILL, feed="energy_supply", period_from="last year", reason="a test")
    assert backfill["schedules"] == [] and backfill["global_concurrency_limit"]["limit"] == 1
    assert backfill["parameters"] == {"wait": 3600}


def test_a_backfill_waits_for_the_home_and_then_names_the_holder(
    prefect: Standing, home: Home, night: dict[str, Any]
) -> None:
    with writing(home, command="the nightly run"):
        run = prefect.run(BACKFILL, feed="energy_supply", reason="test", wait=1)
    assert run["state_type"] == "FAILED" and "the nightly run" in run["state"]["message"]


def test_the_deployment_backfill_publishes(prefect: Standing, home: Home, night: dict[str, Any]) -> None:
    asked = {"feed": "energy_supply", "period_from": "2024-02", "reason": "a test", "who": "Wang"}
    run = prefect.run(BACKFILL, as_of=str(small.AS_OF), **asked)
    assert run["state_type"] == "COMPLETED", prefect.logs()
    assert run["name"] == "backfill energy_supply 2024-02：已发布 published"
    assert tasks(prefect, run) == [
        "plan the backfill",
        "tell operators: plan",
        "record the backfill",
        "finish backfills",
        *MIDDLE,
    ]
    assert "2024-02|diesel" in pages(prefect, run)["plan"].replace("\\", "")
    with read_ledger(home) as ledger:  # type: ignore[union-attr]
        (recorded,), last = backfills(ledger), last_release(ledger)
        assert (recorded.who, recorded.why, recorded.period_from) == ("Wang", "a test", "2024-02")
        assert last is not None and [item for item in revisions(ledger) if item.release_id == last.release_id] == []
    release = current_release(home)
    assert release is not None and release.release_id == last.release_id


def test_an_intake_judges_what_came_and_publishes_nothing(prefect: Served, home: Home, night: dict[str, Any]) -> None:
    small.deliver(home, [small.correction()])
    before = current_release(home)
    run = prefect.run("intake/intake")
    assert run["state_type"] == "COMPLETED", prefect.logs()
    assert run["name"].endswith("：接收 accepted 1，已收件 taken in")
    assert tasks(prefect, run) == [
        "look into the inbox",
        "take in 1/1 small-district energy_supply 能源_二月_更正.csv",
        "tell operators: deliveries",
        "tell operators: gates",
    ]
    assert current_release(home) == before and what_is_new(home) != set()
    with read_ledger(home) as ledger:  # type: ignore[union-attr]
        assert runs(ledger)[0].details["result"] == "taken_in"
    later = prefect.run("intake/intake", publish=True)
    assert later["state_type"] == "COMPLETED" and current_release(home) != before


def test_an_old_release_is_proved(prefect: Served, home: Home, night: dict[str, Any]) -> None:
    run = prefect.run("reproduce-audit/reproduce-audit", seed="1")
    assert run["state_type"] == "COMPLETED", prefect.logs()
    assert tasks(prefect, run) == ["choose a release", "reproduce the release"]
    with read_ledger(home) as ledger:  # type: ignore[union-attr]
        last, known = runs(ledger)[0], {release.release_id for release in releases(ledger)}
    assert (last.details["result"], last.details["seed"]) == ("reproduced", 1) and last.details["audited"] in known
    assert run["name"].endswith(f"：{last.details['audited']}，逐位重现 reproduced")
    assert last.details["audited"] in pages(prefect, run)["reproduction"]


def test_housekeeping_runs_as_a_deployment(prefect: Served, home: Home, night: dict[str, Any]) -> None:
    run = prefect.run("housekeeping/housekeeping", keep=1)
    assert run["state_type"] == "COMPLETED", prefect.logs()
    current = current_release(home)
    assert current is not None and [path.name for path in home.releases.iterdir()] == [current.release_id]


def test_a_stopped_night_fails_in_prefect_and_is_recorded(
    home: Home, night: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The flow's own sentence, with a gate that always stops: no server is needed for that."""
    from flows import nightly as module
    from flows import tasks as steps
    from flows.refresh import Stopped, _ended

    failed = _check()
    monkeypatch.setenv("PEAK_HOME", str(home.root))
    monkeypatch.setattr(module, "get_run_logger", lambda: __import__("logging").getLogger("night"))
    monkeypatch.setattr(steps, "look_into_inbox", lambda *_: [])
    monkeypatch.setattr(module, "refresh", lambda night, outcomes: _ended(night, outcomes, "stopped", [failed]))
    current = current_release(home)
    with pytest.raises(Stopped, match=r"indicator_values\.share_possible") as stop:
        module.nightly.fn(as_of=small.AS_OF)
    assert stop.value.summary.result == "stopped" and current_release(home) == current
    with read_ledger(home) as ledger:  # type: ignore[union-attr]
        last = runs(ledger)[0]
    assert (last.details["result"], last.details["stopped_by"]) == ("stopped", ["indicator_values.share_possible"])


def _check() -> Any:
    from expectations.results import CheckResult

    return CheckResult(
        suite="indicator_values",
        check="share_possible",
        severity="critical",
        status="failed",
        column="value",
        observed="120",
        unexpected_count=1,
        row_count=10,
        examples=[],
        rows=[],
        why_zh="占比超过100%",
        why_en="a share above 100 %",
    )

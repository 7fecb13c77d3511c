"""Who is told of what: a real server, its automations, and a webhook and a mail server that receive."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any

import pytest

from flows import events
from serving import watch
from serving.api import Api
from tests.support import small
from tests.support.command import peak
from tests.support.receivers import Receivers
from tests.support.served import Served
from tests.unit.serving.test_watch import feed

pytestmark = pytest.mark.slow


def tell(standing: Served, event: str, resource: str, **labels: str) -> None:
    asyncio.run(Api(standing.url).tell(event, resource, labels))


def test_a_bureau_is_told_of_its_own_files_and_of_no_others(first_night: dict[str, Any], receivers: Receivers) -> None:
    energy, waste = (receivers.wait_for(name, "被退回") for name in ("energy", "waste"))
    assert "能源_三月.csv" in energy and "磅单" not in energy and "not a number" in energy
    assert "磅单_超重.csv" in waste and "能源" not in waste
    office = [receivers.wait_for("office", f"refused: {bureau}") for bureau in ("区产业发展局", "区城管局")]
    both = "\n".join(office)
    assert "能源_三月.csv" in both and "磅单_超重.csv" in both and small.PLATES[1] not in both


def test_a_run_that_fails_is_told(standing_peak: Served, receivers: Receivers) -> None:
    run = standing_peak.run("backfill/backfill", feed="energy_supply", period_to="1990", reason="none is there")
    assert run["state_type"] == "FAILED"
    text = receivers.wait_for("office", "run failed: backfill energy_supply")
    assert f"/runs/flow-run/{run['id']}" in text


def test_a_failed_gate_is_told(standing_peak: Served, receivers: Receivers, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.integration.test_prefect import _check

    def through_api(event: str, resource: str, name: str, **labels: object) -> None:
        tell(standing_peak, event, resource, name=name, **{key: str(value) for key, value in labels.items()})

    monkeypatch.setattr(events, "tell", through_api)
    events.tell_of_failures([_check()], "R1")
    text = receivers.wait_for("office", "gate 3 failed: indicator_values.share_possible")
    assert "占比超过100%" in text and f"{standing_peak.site}/runs/R1/report.html" in text


def test_a_morning_without_a_good_night_and_a_late_feed_are_told(standing_peak: Served, receivers: Receivers) -> None:
    facts = {"since": "2026-03-05 00:00:00+08:00", "result": "stopped"}
    tell(standing_peak, "peak.morning.no-good-run", "peak.nights", **facts)
    assert "stopped" in receivers.wait_for("office", "no night ended well by six")
    asyncio.run(watch._tell_of_late(Api(standing_peak.url), feed("energy_supply", 12), date(2026, 3, 5)))
    assert "yueyang-etz/energy_supply" in receivers.wait_for("office", "feed late")


def test_a_release_that_is_not_reproduced_is_told(standing_peak: Served, receivers: Receivers) -> None:
    tell(standing_peak, "peak.audit.failed", "peak.audit.X", release="X", differences="indicator_values")
    assert "indicator_values" in receivers.wait_for("office", "not reproduced: X")


def ours(standing: Served) -> dict[str, dict[str, Any]]:
    found = standing.post("/automations/filter", {"limit": 200})
    return {item["name"]: item for item in found if item["description"] == "peak notify"}


def test_setting_up_again_changes_nothing_and_who_is_not_wanted_is_removed(
    standing_peak: Served, receivers: Receivers
) -> None:
    before, home = ours(standing_peak), standing_peak.home
    assert len(before) == 11, before.keys()
    again = peak(home.root, "notify")
    assert again.returncode == 0, again.stderr
    assert {name: item["id"] for name, item in ours(standing_peak).items()} == {
        name: item["id"] for name, item in before.items()
    }
    written = home.settings.read_text("utf-8")
    try:
        home.settings.write_text(written.replace('"区城管局" = ["waste"]\n', ""), "utf-8")
        done = peak(home.root, "notify")
        assert "removed: peak: quarantined → waste (区城管局)" in done.stdout
        assert not [name for name in ours(standing_peak) if "waste" in name]
        assert "peak: intake" in {item["name"] for item in standing_peak.post("/automations/filter", {})}
    finally:
        home.settings.write_text(written, "utf-8")
        assert peak(home.root, "notify").returncode == 0


def test_a_test_message_is_sent_and_a_channel_that_fails_is_named_without_its_secret(
    standing_peak: Served, receivers: Receivers
) -> None:
    done = peak(standing_peak.home.root, "notify", "--test")
    assert done.returncode == 0, done.stdout + done.stderr
    for name in ("office", "energy", "waste"):
        assert "测试通知" in receivers.wait_for(name, "测试")
    home = standing_peak.home
    written = home.settings.read_text("utf-8")
    try:
        home.settings.write_text(
            written.replace(receivers.webhook("waste"), "json://127.0.0.1:1/secret-token"), "utf-8"
        )
        failed = peak(home.root, "notify", "--test")
        assert failed.returncode == 1 and "office: 已送出" in failed.stdout
        assert "secret-token" not in failed.stdout + failed.stderr
    finally:
        home.settings.write_text(written, "utf-8")

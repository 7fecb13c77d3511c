"""What is kept for servers: units, compose, image; and the deployments of prefect.yaml, with one queue for all."""

from __future__ import annotations

import configparser
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from warehouse.paths import PREFECT_YAML, PROJECT

DEPLOY = PROJECT / "deploy"
UNITS = sorted(DEPLOY.glob("peak*.*"))


def unit(path: Path) -> configparser.RawConfigParser:
    found = configparser.RawConfigParser(strict=False)
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read_string(path.read_text("utf-8"))
    return found


def test_the_service_stops_the_worker_first_and_keeps_to_its_data() -> None:
    service = unit(DEPLOY / "peak.service")["Service"]
    assert service["ExecStart"] == "/opt/peak/.venv/bin/peak serve" and service["KillMode"] == "mixed"
    assert service["ReadWritePaths"] == "/srv/peak" and service["User"] == "peak"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    for path in UNITS:
        # the paths of a server are not here: any program that exists will do
        text = path.read_text("utf-8").replace("/opt/peak/.venv/bin/peak", "/bin/true")
        (tmp_path / path.name).write_text(text, "utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / path.name) for path in UNITS)],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if str(tmp_path) in line]
    assert ours == []


def test_compose_publishes_on_loopback_and_asks_for_a_password() -> None:
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]
    assert all(port.startswith("127.0.0.1:") for port in services["peak"]["ports"])
    assert "PEAK_AUTH" in services["peak"]["environment"] and services["postgres"]["profiles"] == ["postgres"]
    assert "USER peak" in (DEPLOY / "Dockerfile").read_text("utf-8")


def test_the_secrets_that_settings_name_reach_the_container_and_stay_out_of_image_and_repository() -> None:
    peak = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))["services"]["peak"]
    assert "PEAK_DATABASE" in peak["environment"] and peak["env_file"] == [{"path": "secrets.env", "required": False}]
    left_out = (PROJECT / ".dockerignore").read_text("utf-8").splitlines()
    assert {".venv", "warehouse/data", "deploy/secrets.env"} <= set(left_out)
    assert "deploy/secrets.env" in (PROJECT / ".gitignore").read_text("utf-8").splitlines()


def deployments() -> dict[str, dict[str, Any]]:
    return {item["name"]: item for item in yaml.safe_load(PREFECT_YAML.read_text("utf-8"))["deployments"]}


def test_every_deployment_waits_in_the_one_queue_of_writers() -> None:
    found = deployments()
    assert {"nightly", "backfill", "intake", "housekeeping", "reproduce-audit"} <= set(found)
    for item in found.values():
        assert item["work_pool"]["name"] == "peak", item["name"]
        assert item["concurrency_limit"] == {"limit": 1, "collision_strategy": "ENQUEUE"}
        # an audit only reads: it waits for nobody
        assert item["parameters"].get("wait") == (None if item["name"] == "reproduce-audit" else 3600)


def test_schedules_are_in_shanghai_and_apart() -> None:
    crons = {name: item["schedules"][0]["cron"] for name, item in deployments().items() if item["schedules"]}
    assert crons["nightly"] == "0 2 * * *" and len(set(crons.values())) == len(crons)
    zones = {schedule["timezone"] for item in deployments().values() for schedule in item["schedules"]}
    assert zones == {"Asia/Shanghai"}

"""Whole builds, made once for all tests that look at them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from demo import copy_real, generate
from sources.contract import contracts
from tests.oracle.random_world import random_deliveries, write_csv
from tests.support import small
from tests.support.command import peak
from tests.support.homes import Night, put, run
from tests.support.receivers import Receivers, receiving
from tests.support.served import Served, served
from tests.support.server import Standing, serving
from warehouse.paths import Home

SETTINGS = """
[serve]
watch = false
[notify]
operators = ["office"]
[notify.channels]
office = "{office}"
energy = "{energy}"
waste = "{waste}"
[notify.bureaus]
"区产业发展局" = ["energy"]
"区城管局" = ["waste"]
"""
AS_OF = date(2026, 2, 20)
SEEDS = range(12)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What ends the instance that all share comes after all that need it."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Night]:
    """The demo and the real series, taken in, judged, built and published."""
    home = Home(tmp_path_factory.mktemp("demo"))
    generate(home.inbox, (2020, 2026), 1, AS_OF)
    copy_real(home.inbox)
    return home, run(home, AS_OF)


def _settings(receivers: Receivers) -> str:
    web, mail = receivers.webhook, receivers.mail
    return SETTINGS.format(office=web("office"), energy=mail("energy"), waste=web("waste"))


def write_random_worlds(home: Home, seeds: range) -> None:
    """Random deliveries of one region a seed, in order of arrival by name."""
    for seed in seeds:
        for number, (feed, rows) in enumerate(random_deliveries(seed)):
            fields = {field.name: field.type for field in contracts()[feed].fields}
            path = put(home, f"random-{seed}", feed, f"{number:03}.csv", b"")
            write_csv(rows, fields, path)


@pytest.fixture(scope="session")
def random_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Night]:
    """A dozen random regions in one warehouse."""
    home = Home(tmp_path_factory.mktemp("random"))
    write_random_worlds(home, SEEDS)
    return home, run(home, AS_OF, judged=False)


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, subprocess.CompletedProcess[str]]:
    """A few small deliveries, published by `peak run` with the server Prefect starts for one run. Not to be changed."""
    home = Home(tmp_path_factory.mktemp("small"))
    small.deliver(home, small.files())
    return home, peak(home.root, "run", "--as-of", str(small.AS_OF), timeout_s=600)


@pytest.fixture(scope="session")
def corrected(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """All small deliveries and the correction in one night, arriving in another order with the same winners."""
    home = Home(tmp_path_factory.mktemp("reversed"))
    small.deliver(home, [*reversed(small.files()), small.correction()])
    night = run(home, small.AS_OF)
    assert night.release is not None, (night.built.problem, night.failed)
    return home


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """A Prefect server alone, so that each run need not start its own."""
    with serving(tmp_path_factory.mktemp("prefect-alone")) as standing:
        yield standing


@pytest.fixture(scope="session")
def receivers() -> Iterator[Receivers]:
    """Who is told: a webhook and a mail server."""
    with receiving() as found:
        yield found


@pytest.fixture(scope="session")
def standing_peak(tmp_path_factory: pytest.TempPathFactory, receivers: Receivers) -> Iterator[Served]:
    """`peak serve` of a home of its own: server, worker, deployments and site, once for all tests that need them.

    Nobody watches its inbox: tests deliver for the runs that they begin.
    """
    # a home may lie anywhere: this path is longer than a socket's may be, and not of one script
    home = Home(tmp_path_factory.mktemp("scheduled") / f"碳 达 峰 {'数据' * 20}")
    home.root.mkdir()
    home.settings.write_text(_settings(receivers), "utf-8")
    with served(home, tmp_path_factory.mktemp("served")) as standing:
        yield standing


@pytest.fixture(scope="session")
def first_night(standing_peak: Served) -> dict[str, Any]:
    """The first run of the deployment `nightly`, with files waiting of which two are refused: the flow run."""
    small.deliver(standing_peak.home, small.files())
    run = standing_peak.run("nightly/nightly", as_of=str(small.AS_OF))
    assert run["state_type"] == "COMPLETED", standing_peak.logs()
    return run

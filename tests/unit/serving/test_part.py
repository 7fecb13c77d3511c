"""A part that is kept standing: real processes, small ones."""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from serving import part as module
from serving import parts
from serving.part import NotReady, Part, Standing
from serving.settings import Serve
from serving.supervisor import Supervisor
from warehouse.paths import Home

STANDS = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def standing(folder: Path, told: list[str], code: str = STANDS, name: str = "part", **more: object) -> Standing:
    """A part that is ready once it has written `up`."""
    home = Home(folder)
    home.prefect.mkdir(exist_ok=True)
    log = home.prefect / "logs" / f"{name}.log"

    async def is_ready() -> bool:
        return log.exists() and "up" in log.read_text("utf-8")

    part = Part(name, "部件", [sys.executable, "-c", code], is_ready, **more)  # type: ignore[arg-type]
    return Standing(part, home, dict(os.environ), folder, told.append)


def test_it_is_up_when_it_is_ready_and_its_log_is_kept(tmp_path: Path) -> None:
    async def story() -> None:
        found = standing(tmp_path, told)
        await found.start()
        assert found.process is not None and found.log.read_text("utf-8") == "up\n"
        assert (found.home.prefect / "part.part").exists()
        pid = found.process.pid
        await found.stop()
        assert not psutil.pid_exists(pid) and not (found.home.prefect / "part.part").exists()

    told: list[str] = []
    asyncio.run(story())
    assert told == ["● 部件 part"]


def test_one_that_does_not_come_up_is_named_with_its_log(tmp_path: Path) -> None:
    with pytest.raises(NotReady, match=r"part did not start.*part\.log"):
        asyncio.run(standing(tmp_path, [], "raise SystemExit(3)").start())


def test_one_that_will_not_end_is_killed_with_all_it_started(tmp_path: Path) -> None:
    code = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STANDS!r}]); {STUBBORN}"

    async def story() -> None:
        found = standing(tmp_path, [], code, stop_s=0.5)
        await found.start()
        assert found.process is not None
        family = [found.process.pid, *(child.pid for child in psutil.Process(found.process.pid).children())]
        await found.stop()
        gone = [not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie" for pid in family]
        assert len(family) == 2 and all(gone)

    asyncio.run(story())


def test_one_that_cannot_be_noted_for_the_disk_is_full_does_not_stay_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[int] = []

    def full(_: Home, __: str, pid: int) -> None:
        begun.append(pid)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, "remember_part", full)
    found = standing(tmp_path, [])
    with pytest.raises(OSError, match="No space"):
        asyncio.run(found.start())
    assert found.process is None and len(begun) == 1 and not psutil.pid_exists(begun[0])


def test_what_a_part_says_is_read_where_no_log_can_be_written(tmp_path: Path) -> None:
    async def has_said() -> bool:
        return (tmp_path / "said").exists()

    async def story() -> None:
        code = f"print('x' * 1_000_000, flush=True); open('said', 'w'); {STANDS}"
        part = Part("part", "部件", [sys.executable, "-c", code], has_said, start_s=20)
        found = Standing(part, Home(tmp_path), dict(os.environ), tmp_path, [].append)
        found.log.mkdir(parents=True)  # no file can be opened there
        await found.start()
        await found.stop()

    asyncio.run(story())


async def _until(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        await asyncio.sleep(0.05)
    raise TimeoutError


async def _nothing() -> None:
    pass


def test_one_that_ends_is_started_again_and_a_signal_ends_all_in_the_opposite_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    ended: list[str] = []
    monkeypatch.setattr(module, "STEADY_S", -1.0)
    stop: Callable[[Standing], Awaitable[None]] = Standing.stop

    async def noted(self: Standing) -> None:
        ended.append(self.part.name)
        await stop(self)

    monkeypatch.setattr(Standing, "stop", noted)

    async def story() -> None:
        first, second = (standing(tmp_path, told, name=name) for name in ("first", "second"))
        all_of_them = asyncio.create_task(Supervisor([first, second], told.append, _nothing).stand())
        await _until(lambda: any("all is up" in line for line in told))
        assert first.process is not None
        os.kill(first.process.pid, signal.SIGKILL)
        await _until(lambda: told.count("● 部件 first") == 2)
        os.kill(os.getpid(), signal.SIGTERM)
        await all_of_them

    asyncio.run(story())
    assert ended == ["second", "first"] and any("(-9)" in line for line in told)
    assert "停止 / stopping（SIGTERM） …" in told, "who wonders why it stopped is told what asked it to"


def test_what_began_before_a_part_that_fails_is_ended(tmp_path: Path) -> None:
    told: list[str] = []
    parts = [standing(tmp_path, told, name="good"), standing(tmp_path, told, "raise SystemExit(3)", name="bad")]
    with pytest.raises(NotReady, match="bad"):
        asyncio.run(Supervisor(parts, told.append, _nothing).stand())
    assert parts[0].process is None


def test_the_watch_tells_nothing_before_there_is_somebody_to_hear_it(tmp_path: Path) -> None:
    """The worker's part sets up deployments and notifications: before that an event leads to nothing."""
    names = [part.name for part in parts.parts(Home(tmp_path), Serve(), {}, print)]
    assert names == ["server", "warm", "site", "worker", "watch"]

"""One part of what stands all day: a process, how it is known to be ready, how it is brought back and ended."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import time
from asyncio.subprocess import DEVNULL, PIPE, STDOUT, Process
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path

import httpx

from serving.instance import forget_part, remember_part
from serving.pool import NotDeployed
from warehouse.paths import Home

Tell = Callable[[str], None]
LONGEST_PAUSE_S = 60.0
STEADY_S = 60.0  # a part that stood this long starts again without a pause
LOG_BYTES, LOG_FILES = 5_000_000, 5


async def _nothing() -> None:
    """Nothing is to be done."""


@dataclass(frozen=True)
class Part:
    """What a part is: its names, command, where it is to be found, and when it is ready.

    `before` prepares the ground once the parts before it are ready. `stop_s` is what it gets to end by itself.
    """

    name: str
    zh: str
    command: Sequence[str]
    is_ready: Callable[[], Awaitable[bool]]
    where: str = ""
    before: Callable[[], Awaitable[None]] = _nothing
    start_s: float = 180.0
    stop_s: float = 30.0


class NotReady(Exception):
    """A part did not come up in time, or ended before it was ready."""


@dataclass
class Standing:
    """A part that is kept up, as a process of `folder` with its log in the home."""

    part: Part
    home: Home
    environment: Mapping[str, str]
    folder: Path
    tell: Tell
    process: Process | None = field(default=None, init=False)
    logging: asyncio.Task[None] | None = field(default=None, init=False)

    @property
    def log(self) -> Path:
        """Where it writes; older pages have .1, .2, … after it."""
        return self.home.prefect / "logs" / f"{self.part.name}.log"

    async def start(self) -> None:
        """Start it and wait until it is ready.

        Raises:
            NotReady: The server did not take what it needs; it ended or was not ready within its time. It runs no more.
        """
        try:
            await self.part.before()
        except httpx.HTTPError as error:
            why = f"服务器未应答，见 / the server did not answer, see {self.log.with_name('server.log')}: {error!r}"
            raise NotReady(f"{self.part.zh} {self.part.name}：{why}") from None
        self.process = process = await asyncio.create_subprocess_exec(
            *self.part.command,
            cwd=self.folder,
            env=dict(self.environment),
            stdin=DEVNULL,
            stdout=PIPE,
            stderr=STDOUT,
            start_new_session=True,
        )
        self.logging = asyncio.create_task(self._keep_log(process))
        try:
            remember_part(self.home, self.part.name, process.pid)
            await self._until_ready(process)
        except (NotReady, OSError):  # a full disk: what nobody knows of would stand for ever, and keep its port
            await self.stop()
            raise
        self.tell(f"● {self.part.zh} {self.part.name}  {self.part.where}".rstrip())

    async def _until_ready(self, process: Process) -> None:
        until = time.monotonic() + self.part.start_s
        while not await self.part.is_ready():
            if process.returncode is not None or time.monotonic() > until:
                raise NotReady(f"{self.part.zh}未能启动，见 / {self.part.name} did not start, see {self.log}")
            await asyncio.sleep(0.2)

    async def _keep_log(self, process: Process) -> None:
        """Read what it says in any case: with a full pipe, because no log can be opened, it would stand still."""
        with suppress(OSError):
            self.log.parent.mkdir(parents=True, exist_ok=True)
        pages = RotatingFileHandler(self.log, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8", delay=True)
        pages.terminator = ""
        try:
            while process.stdout is not None and (block := await process.stdout.read(65536)):
                pages.emit(logging.makeLogRecord({"msg": block.decode("utf-8", "replace")}))
        finally:
            pages.close()

    async def keep_up(self) -> None:
        """Start it again whenever it ends, after a pause that doubles while it keeps ending; never returns."""
        pause = 1.0
        while True:
            began = time.monotonic()
            if self.process is not None:
                code = await self.process.wait()
                self.tell(
                    f"! {self.part.zh}已退出（{code}），重新启动 / {self.part.name} ended ({code}), started again"
                )
            pause = 1.0 if time.monotonic() - began > STEADY_S else min(pause * 2, LONGEST_PAUSE_S)
            await asyncio.sleep(pause)
            try:
                await self.start()
            except (NotReady, NotDeployed, OSError) as error:
                self.process = None
                self.tell(f"! {self.part.zh} {self.part.name}: {error!r}")

    async def stop(self) -> None:
        """End it and all it has started: asked first, killed when its time is up."""
        process = self.process
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        with suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), self.part.stop_s)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
        self.process = None
        forget_part(self.home, self.part.name)
        if self.logging is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.logging, 5)

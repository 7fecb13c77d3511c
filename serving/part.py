"""One part of what stands all day: a process, how it is known to be ready, how it is brought back and ended."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

Tell = Callable[[str], None]
LONGEST_PAUSE_S = 60.0
STEADY_S = 60.0  # a part that stood this long starts again without a pause


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
    before: Callable[[], Awaitable[None]] | None = None
    start_s: float = 180.0
    stop_s: float = 30.0


class NotReady(Exception):
    """A part did not come up in time, or ended before it was ready."""


@dataclass
class Standing:
    """A part that is kept up. `log` is where it writes."""

    part: Part
    environment: Mapping[str, str]
    folder: Path
    log: Path
    tell: Tell
    process: asyncio.subprocess.Process | None = field(default=None, init=False)
    starts: int = field(default=0, init=False)

    async def start(self) -> None:
        """Start it and wait until it is ready.

        Raises:
            NotReady: It ended or was not ready within its time; it runs no more.
        """
        if self.part.before is not None:
            await self.part.before()
        with self.log.open("ab") as out:
            self.process = await asyncio.create_subprocess_exec(
                *self.part.command,
                cwd=self.folder,
                env=dict(self.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        self.starts += 1
        until = time.monotonic() + self.part.start_s
        while not await self.part.is_ready():
            if self.process.returncode is not None or time.monotonic() > until:
                await self.stop()
                raise NotReady(f"{self.part.zh}未能启动，见 / {self.part.name} did not start, see {self.log}")
            await asyncio.sleep(0.2)
        where = f" {self.part.where}" if self.part.where else ""
        self.tell(f"● {self.part.zh} {self.part.name}{where}")

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
            except (NotReady, OSError) as error:
                self.process = None
                self.tell(f"! {error}")

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

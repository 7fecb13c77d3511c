"""Keeps the parts standing: starts them in order, brings back what ends, ends them in the opposite order."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress

import httpx

from serving.part import Standing, Tell

ROUND_S = 20.0
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Supervisor:
    """The parts of one data home, each needing those before it, and a round that is made while they stand."""

    def __init__(self, parts: Sequence[Standing], tell: Tell, round_: Callable[[], Awaitable[None]]) -> None:
        self._parts, self._tell, self._round = parts, tell, round_

    async def stand(self) -> None:
        """Start all, keep them up until a signal comes, end all.

        Raises:
            NotReady: A part did not start; those before it have been ended.
        """
        asked_to_stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        heard: list[str] = []

        def stop_for(number: signal.Signals) -> None:
            heard.append(f"（{number.name}）")
            asked_to_stop.set()

        for number in SIGNALS:
            loop.add_signal_handler(number, stop_for, number)
        standing = asyncio.create_task(self._stand())
        stop = asyncio.create_task(asked_to_stop.wait())
        try:
            await asyncio.wait({standing, stop}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stop.cancel()
            standing.cancel()
            await asyncio.wait({standing})
            self._tell(f"停止 / stopping{''.join(heard[:1])} …")
            for part in reversed(self._parts):
                await part.stop()
        if standing.done() and not standing.cancelled():
            standing.result()

    async def _stand(self) -> None:
        for part in self._parts:
            await part.start()
        self._tell("全部就绪，Ctrl-C 停止 / all is up, Ctrl-C stops it")
        await asyncio.gather(self._go_round(), *(part.keep_up() for part in self._parts))

    async def _go_round(self) -> None:
        while True:
            await asyncio.sleep(ROUND_S)
            with suppress(httpx.HTTPError):  # a server that is away is being brought back
                await self._round()

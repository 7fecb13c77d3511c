"""Prefect's API over HTTP, without importing Prefect: what stands all day should be small and start at once."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import httpx

BUSY_PAUSES_S = (0.5, 1, 2, 4)
PREFIX = "peak."  # of our labels of an event's resource


@dataclass(frozen=True)
class Api:
    """A Prefect server. `auth` is its auth string, `user:password`, if it has one."""

    url: str
    auth: str = ""

    def _client(self, timeout_s: float) -> httpx.AsyncClient:
        user, _, password = self.auth.partition(":")
        return httpx.AsyncClient(
            base_url=self.url, auth=(user, password) if user else None, timeout=timeout_s, trust_env=False
        )

    async def ask(self, method: str, path: str, body: Any = None, timeout_s: float = 30) -> Any:
        """The answer as JSON, None when it has no body; asked again while the server's database is busy.

        Raises:
            httpx.HTTPError: No answer, or one that is no success.
        """
        async with self._client(timeout_s) as client:
            answer = await client.request(method, path, json=body)
            for pause in BUSY_PAUSES_S:
                if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                    break
                await asyncio.sleep(pause)
                answer = await client.request(method, path, json=body)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    async def is_healthy(self) -> bool:
        """Whether the server answers and its database is reached."""
        try:
            return bool(await self.ask("GET", "/health", timeout_s=5))
        except httpx.HTTPError:
            return False

    async def tell(self, event: str, resource: str, labels: Mapping[str, str], once: str = "") -> None:
        """Send an event about a resource; `labels` are what automations look at, `name` is what people read.

        With `once`, a day say, the server reacts to it only once, however often it is sent for that day: an answer
        may be lost although the event was taken.

        Raises:
            httpx.HTTPError: The server did not take it.
        """
        named = {"prefect.resource.id": resource, "prefect.resource.name": labels.get("name", resource)}
        ours = {f"{PREFIX}{key}": value for key, value in labels.items() if key != "name"}
        told = {"occurred": datetime.now(UTC).isoformat(), "event": event, "resource": {**named, **ours}}
        known_as = uuid5(NAMESPACE_URL, f"{event} {resource} {once}") if once else uuid4()
        await self.ask("POST", "/events", [{**told, "id": str(known_as)}])

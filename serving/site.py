"""The site of the current release over HTTP, and for operators the reports of runs and of refused deliveries.

python -m serving.site HOST PORT. Whatever is asked for is looked up at that moment, so that a new release is seen at
once. With PEAK_SITE_AUTH (`user:password`) nobody reads without it.
"""

from __future__ import annotations

import base64
import binascii
import os
import secrets
import sys
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from serving.operations import operations_page
from warehouse.paths import Home, home

OPEN = "/health"


class Password:
    """Lets nobody in without the user and password; `auth` empty lets everybody in."""

    def __init__(self, app: ASGIApp, auth: str) -> None:
        self._app, self._auth = app, auth

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._auth and scope["path"] != OPEN and not self._knows(Request(scope)):
            asked = {"WWW-Authenticate": 'Basic realm="Peak", charset="UTF-8"'}
            await PlainTextResponse("须登录 / sign in", 401, asked)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _knows(self, request: Request) -> bool:
        kind, _, told = request.headers.get("authorization", "").partition(" ")
        try:
            given = base64.b64decode(told, validate=True)
        except (binascii.Error, ValueError):
            return False
        return kind.lower() == "basic" and secrets.compare_digest(given, self._auth.encode())


class Reports(StaticFiles):
    """The reports below a folder of the home, and nothing else that lies there."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        return super().lookup_path(path) if Path(path).name == "report.html" else ("", None)


def site(place: Home, auth: str = "") -> Starlette:
    """The site of `place`; pages of the release where it has them, else the operator's page."""

    async def health(_: Request) -> Response:
        return JSONResponse(True)

    async def operations(_: Request) -> Response:
        return HTMLResponse(operations_page(place))

    async def front(request: Request) -> Response:
        page = place.current_site / "index.html"
        return FileResponse(page) if page.is_file() else await operations(request)

    return Starlette(
        routes=[
            Route(OPEN, health),
            Route("/operations", operations),
            Mount("/runs", Reports(directory=place.runs, check_dir=False)),
            Mount("/quarantine", Reports(directory=place.quarantine, check_dir=False)),
            Route("/", front),
            Mount("/", StaticFiles(directory=place.current_site, html=True, check_dir=False)),
        ],
        middleware=[Middleware(Password, auth=auth)],
    )


def main() -> None:
    """Serve until told to end."""
    host, port = sys.argv[1], int(sys.argv[2])
    app = site(home(), os.environ.get("PEAK_SITE_AUTH", ""))
    uvicorn.run(app, host=host, port=port, log_level="warning", access_log=False)


if __name__ == "__main__":
    main()

"""Where notifications arrive in tests: a webhook and a mail server on loopback, which keep what they are sent."""

from __future__ import annotations

import email
import email.policy
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller

from tests.support.server import free_port


@dataclass
class Receivers:
    """`webhook` and `mail` are addresses as Apprise takes them; messages are (where to, subject, text)."""

    web_port: int
    mail_port: int
    messages: list[tuple[str, str, str]] = field(default_factory=list)

    def webhook(self, name: str) -> str:
        return f"json://127.0.0.1:{self.web_port}/{name}"

    def mail(self, name: str) -> str:
        return f"mailto://127.0.0.1:{self.mail_port}?from=peak@example.cn&to={name}@example.cn&mode=insecure"

    def of(self, name: str, subject: str = "") -> list[str]:
        """The texts that came to a name under a subject that holds the words given."""
        return [text for to, title, text in self.messages if to == name and subject in title]

    def wait_for(self, name: str, subject: str, timeout_s: float = 60) -> str:
        """The last text that came to a name under that subject; TimeoutError with everything that came."""
        until = time.monotonic() + timeout_s
        while not (found := self.of(name, subject)):
            if time.monotonic() > until:
                raise TimeoutError(f"nothing for {name} of {subject}: {self.messages}")
            time.sleep(0.1)
        return found[-1]


def _web(receivers: Receivers) -> Callable[..., BaseHTTPRequestHandler]:
    class Web(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["content-length"])))
            receivers.messages.append((self.path.strip("/"), told["title"], told["message"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Web


class _Mail:
    def __init__(self, receivers: Receivers) -> None:
        self._receivers = receivers

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = message.get_body(("plain", "html"))
        name = envelope.rcpt_tos[0].split("@")[0]
        self._receivers.messages.append((name, str(message["subject"]), body.get_content() if body else ""))
        return "250 OK"


@contextmanager
def receiving() -> Iterator[Receivers]:
    """Both of them, as long as the context lasts."""
    found = Receivers(free_port(), free_port())
    web = ThreadingHTTPServer(("127.0.0.1", found.web_port), _web(found))
    mail = Controller(_Mail(found), hostname="127.0.0.1", port=found.mail_port)
    Thread(target=web.serve_forever, daemon=True).start()
    mail.start()
    try:
        yield found
    finally:
        mail.stop()
        web.shutdown()
        web.server_close()

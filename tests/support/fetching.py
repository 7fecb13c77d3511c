"""Servers on loopback that deliveries are fetched from: HTTP that answers as it is told, SFTP, S3, PostgreSQL."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

from tests.support.server import free_port


@dataclass
class Answer:
    """What an HTTP server says once; with `cut` it hangs up after so many bytes of the body."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None


@dataclass
class Http:
    """A server whose every answer is that of `say(path, headers)`; `asked` is what it was asked, in order."""

    port: int
    say: Callable[[str, dict[str, str]], Answer] = lambda path, headers: Answer(404)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


def _handler(http: Http) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            http.asked.append((self.path, headers))
            answer = http.say(self.path, headers)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body[: answer.cut])
            self.close_connection = True

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


@contextmanager
def http_server() -> Iterator[Http]:
    """An HTTP server on loopback."""
    http = Http(free_port())
    server = ThreadingHTTPServer(("127.0.0.1", http.port), _handler(http))
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield http
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Sftp:
    """A server of `folder`; `known_hosts` is a file that knows its key. User li, password geheim."""

    port: int
    folder: Path
    known_hosts: Path
    password: str = "geheim-1"


@contextmanager
def sftp_server(folder: Path) -> Iterator[Sftp]:
    """An SFTP server on loopback that shows folder/files as its root."""
    import asyncssh

    (folder / "files").mkdir(parents=True)
    key = asyncssh.generate_private_key("ssh-ed25519")
    found = Sftp(free_port(), folder / "files", folder / "known_hosts")
    found.known_hosts.write_text(f"[127.0.0.1]:{found.port} {key.export_public_key().decode()}")

    class Users(asyncssh.SSHServer):
        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == ("li", found.password)

    def files(channel: Any) -> Any:
        return asyncssh.SFTPServer(channel, chroot=str(found.folder).encode())

    loop, ready = asyncio.new_event_loop(), Event()

    async def listen() -> None:
        where = {"host": "127.0.0.1", "port": found.port}
        await asyncssh.listen(**where, server_factory=Users, server_host_keys=[key], sftp_factory=files)
        ready.set()

    def serve() -> None:
        loop.run_until_complete(listen())
        loop.run_forever()

    thread = Thread(target=serve, daemon=True)
    thread.start()
    assert ready.wait(20)
    try:
        yield found
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)


POSTGRES = next((path for path in sorted(Path("/usr/lib/postgresql").glob("*/bin")) if path.is_dir()), None) or (
    Path(str(shutil.which("postgres"))).parent if shutil.which("postgres") else None
)


@contextmanager
def postgres_server(password: str) -> Iterator[int]:
    """A PostgreSQL cluster, user peak with that password; its port. It refuses root, who lends it another user."""
    assert POSTGRES is not None
    user = next(filter(_has_user, ("postgres", "nobody"))) if os.geteuid() == 0 else None
    # not pytest's folder, which is its user's alone
    with TemporaryDirectory(prefix="peak-postgres-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), free_port()
        (folder / "password").write_text(password)
        for path in (folder, folder / "password") if user else ():
            shutil.chown(path, user)
        words = ["-U", "peak", "-E", "UTF8", "--locale=C.UTF-8", "-A", "md5", f"--pwfile={folder / 'password'}", "-N"]
        _call(folder, user, "initdb", *words)
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
        _call(folder, user, "pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield port
        finally:
            _call(folder, user, "pg_ctl", "-m", "immediate", "stop")


def _call(folder: Path, user: str | None, name: str, *words: str) -> None:
    command = [str(POSTGRES / name), "-D", str(folder / "data"), *words] if POSTGRES else []
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # the server would keep a pipe open
    subprocess.run(command, check=True, cwd=folder, user=user, timeout=60, **quiet)


def _has_user(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        return False
    return True

"""What lies in the inbox and is no ordinary, whole file in its right place: left there, unopened, and said."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.faults.polluter.dress import plain
from tests.faults.polluter.model import Exact, Expectation, Fault, Good, Left, Polluted

Put = Callable[[Path, bytes], object]


def _placed(put: Put, expect: Expectation, name: str = "delivery.csv") -> Callable[[Random, Good], Polluted]:
    """`put` makes what lies at a path, given a right file's content."""

    def make(random: Random, good: Good) -> Polluted:
        content = plain(good)
        return Polluted(name, lambda path: put(path, content) and None, expect)

    return make


def _outside(path: Path, content: bytes) -> Path:
    """A right file outside of the inbox."""
    target = path.parents[3] / f"{path.parents[1].name}-outside.csv"
    target.write_bytes(content)
    return target


def _link(path: Path, content: bytes) -> None:
    path.symlink_to(_outside(path, content))


def _relative_link(path: Path, content: bytes) -> None:
    path.symlink_to(os.path.relpath(_outside(path, content), path.parent))


def _linked_folder(path: Path, content: bytes) -> None:
    """The feed's folder itself is a link to a folder with a right file."""
    folder = path.parents[3] / f"{path.parents[1].name}-outside"
    folder.mkdir()
    (folder / path.name).write_bytes(content)
    path.parent.rmdir()
    path.parent.symlink_to(folder)


def _socket(path: Path, content: bytes) -> None:
    """A socket, bound by a short name: those of sockets are limited."""
    here = os.open(path.parent, os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(f"/proc/self/fd/{here}/{path.name}")
    finally:
        os.close(here)


def _folder(path: Path, content: bytes) -> None:
    path.mkdir()
    (path / "delivery.csv").write_bytes(content)


def _deep(path: Path, content: bytes) -> None:
    """A right file in folders below the feed's."""
    folder = path.joinpath(*(f"{n}" for n in range(20)))
    folder.mkdir(parents=True)
    (folder / "delivery.csv").write_bytes(content)


def _second_name(path: Path, content: bytes) -> None:
    os.link(_outside(path, content), path)


def _in_feed(feed: str) -> Put:
    def put(path: Path, content: bytes) -> None:
        folder = path.parents[1] / feed
        folder.mkdir()
        (folder / path.name).write_bytes(content)

    return put


def _without_feed(path: Path, content: bytes) -> None:
    (path.parents[1] / path.name).write_bytes(content)


_WRITERS: list[int] = []


def _half_written(path: Path, content: bytes) -> None:
    """Half of a file, and its writer still has it open; only the last of these stays open."""
    while _WRITERS:
        os.close(_WRITERS.pop())
    handle = os.open(path, os.O_WRONLY | os.O_CREAT)
    os.write(handle, content[: len(content) // 2])
    _WRITERS.append(handle)


def _closed(path: Path, content: bytes) -> None:
    """Written piece by piece, then closed: a file like any other."""
    with path.open("wb", buffering=0) as stream:
        for at in range(0, len(content), 100):
            stream.write(content[at : at + 100])


def _old(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    os.utime(path, (0, 0))


def _future(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    os.utime(path, (4_102_444_800, 4_102_444_800))


def _read_only(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o444)


def _executable(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    path.chmod(0o6777)


def _fault(name: str, put: Put, expect: Expectation, file: str = "delivery.csv") -> Fault:
    return Fault(name, "places", _placed(put, expect, file))


_NO_FILE = Left("not_a_file")
FAULTS = (
    _fault("link_to_file", _link, _NO_FILE),
    _fault("link_relative", _relative_link, _NO_FILE),
    _fault("link_to_passwd", lambda path, content: path.symlink_to("/etc/passwd"), _NO_FILE),
    _fault("link_to_folder", lambda path, content: path.symlink_to(path.parent), _NO_FILE),
    _fault("link_dangling", lambda path, content: path.symlink_to("nowhere.csv"), _NO_FILE),
    _fault("link_loop", lambda path, content: path.symlink_to(path.name), _NO_FILE),
    _fault("link_to_device", lambda path, content: path.symlink_to("/dev/zero"), _NO_FILE),
    _fault("link_to_memory", lambda path, content: path.symlink_to("/proc/self/mem"), _NO_FILE),
    _fault("feed_is_link", _linked_folder, _NO_FILE),
    _fault("pipe", lambda path, content: os.mkfifo(path), _NO_FILE),
    _fault("socket", _socket, _NO_FILE),
    _fault("folder_as_file", _folder, _NO_FILE),
    _fault("folders_deep", _deep, _NO_FILE),
    _fault("second_name", _second_name, Left("linked")),
    _fault("unknown_feed", _in_feed("no_such_feed"), Left("unknown_feed")),
    _fault("feed_with_space", _in_feed("energy_supply "), Left("unknown_feed")),
    _fault("without_feed", _without_feed, Left("misplaced")),
    _fault("half_written", _half_written, Left("still_written")),
    _fault("temporary", lambda path, content: path.write_bytes(content), Left("temporary"), "delivery.csv.part"),
    _fault("lock_of_office", lambda path, content: path.write_bytes(b"x"), Left("temporary"), "~$delivery.xlsx"),
    _fault("written_in_pieces", _closed, Exact()),
    _fault("time_long_ago", _old, Exact()),
    _fault("time_to_come", _future, Exact()),
    _fault("read_only", _read_only, Exact()),
    _fault("executable", _executable, Exact()),
)

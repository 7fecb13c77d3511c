"""Opening what lies in the inbox: only ordinary files, through no link, never waiting, and not while they are written.

Between a look and the opening anything may have been swapped, so every step from the inbox down refuses links.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

_NO_FILE = {errno.ELOOP, errno.ENXIO, errno.ENODEV, errno.ENOTDIR, errno.EISDIR}
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class NotAFile(Exception):
    """What was to be opened is a link, a pipe, a directory or a device, or has other names; it was not read."""


class StillWritten(Exception):
    """Somebody has the file open for writing."""


def identity_of(status: os.stat_result) -> str:
    """Device, inode, size and change time (which nobody can set) of a file, as one text."""
    return f"{status.st_dev}:{status.st_ino}:{status.st_size}:{status.st_ctime_ns}"


@contextmanager
def _folder(path: Path, root: Path | None) -> Iterator[int | None]:
    """A handle of the folder of `path`, reached from `root` without passing a link; None when there is no root."""
    if root is None or not path.is_relative_to(root):
        yield None
        return
    handle = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in path.relative_to(root).parts[:-1]:
            if part == "..":
                raise NotAFile(str(path))
            below = os.open(part, _FLAGS | os.O_DIRECTORY, dir_fd=handle)
            os.close(handle)
            handle = below
        yield handle
    finally:
        os.close(handle)


@contextmanager
def open_regular(path: Path, root: Path | None = None) -> Iterator[BinaryIO]:
    """Open an ordinary file for reading; NotAFile for anything else. Never follows a link, never waits on a pipe.

    With `root` no folder between it and the file may be a link either, and the file may have no second name: it could
    be one that belongs elsewhere.
    """
    try:
        with _folder(path, root) as folder:
            name = path if folder is None else path.name
            handle = os.open(name, _FLAGS, dir_fd=folder)
    except BlockingIOError as error:
        raise StillWritten(str(path)) from error
    except OSError as error:
        if error.errno in _NO_FILE:
            raise NotAFile(str(path)) from error
        raise
    with os.fdopen(handle, "rb") as stream:
        status = os.fstat(stream.fileno())
        if not stat.S_ISREG(status.st_mode) or (root is not None and status.st_nlink > 1):
            raise NotAFile(str(path))
        yield stream


def is_written(handle: int) -> bool | None:
    """Whether any process has the file open for writing; None where the system cannot tell.

    The kernel grants a read lease only while nobody writes; it is given back at once. Should a writer come in between,
    we are told by a signal that means nothing to us.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return None
    try:
        fcntl.fcntl(handle, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        # not our file, or a file system without leases
        return True if error.errno in (errno.EAGAIN, errno.EWOULDBLOCK) else None
    with suppress(OSError):
        fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    return False

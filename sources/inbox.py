"""What lies in the inbox: files to take in, and what is left alone and why. Nothing is opened here."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sources.contract import contracts
from warehouse.paths import Home

REGION = re.compile(r"[a-z0-9-]{1,32}")
TEMPORARY = re.compile(
    r"(~\$|\.).*|.*~|.*\.(tmp|temp|part|partial|crdownload|download|swp|swo|lock|filepart|opdownload)", re.IGNORECASE
)


@dataclass(frozen=True)
class Waiting:
    """A file to take in for a feed and region."""

    path: Path
    region: str
    feed: str


@dataclass(frozen=True)
class LeftAlone:
    """Something in the inbox that stays there, unopened, and why: `code` for machines, the rest for people."""

    path: Path
    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Inbox:
    """The files waiting, in the order they are taken, and what is left alone."""

    waiting: list[Waiting]
    left_alone: list[LeftAlone]


REASONS = {
    "not_a_file": ("链接、管道、目录或设备，不打开", "a link, pipe, directory or device is never opened"),
    "temporary": ("编辑或传输中的临时文件，不打开", "an editor's or a transfer's temporary file is never opened"),
    "linked": (
        "文件另有硬链接，可能属于别处，不打开",
        "it has another name (hard link) and may belong elsewhere: not opened",
    ),
    "still_written": ("文件仍在写入，下次再收", "still being written, taken next time"),
    "not_readable": ("文件不可读，请检查权限", "cannot be read: look at its permissions"),
    "bad_region": ("地区名只能用小写字母、数字和连字符，最长 32 位", "a region is [a-z0-9-], at most 32 characters"),
    "unknown_feed": ("没有这个数据集", "there is no such feed"),
    "misplaced": ("文件应放在 inbox/<地区>/<数据集>/", "a file belongs into inbox/<region>/<feed>/"),
}


def left(path: Path, code: str) -> LeftAlone:
    return LeftAlone(path, code, *REASONS[code])


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except FileNotFoundError:
        return []


def _is_folder(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False)


def _folder_problem(entry: os.DirEntry[str], is_known: bool, code: str) -> LeftAlone | None:
    path = Path(entry.path)
    if not _is_folder(entry):
        if entry.is_file(follow_symlinks=False):
            return left(path, "temporary" if TEMPORARY.fullmatch(entry.name) else "misplaced")
        return left(path, "not_a_file")
    return None if is_known else left(path, code)


def _file_problem(entry: os.DirEntry[str]) -> LeftAlone | None:
    if TEMPORARY.fullmatch(entry.name):
        return left(Path(entry.path), "temporary")
    status = entry.stat(follow_symlinks=False)
    if not stat.S_ISREG(status.st_mode):
        return left(Path(entry.path), "not_a_file")
    return left(Path(entry.path), "linked") if status.st_nlink > 1 else None


def _inside(folder: Path, stays: list[LeftAlone]) -> list[os.DirEntry[str]]:
    try:
        return _entries(folder)
    except PermissionError:  # one bureau's folder must not keep the others' files from being taken
        stays.append(left(folder, "not_readable"))
        return []


def _feeds(home: Home, region: str | None, stays: list[LeftAlone]) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Every region's folders of feeds; what is neither is added to `stays`."""
    for regional in _entries(home.inbox):
        if region is not None and regional.name != region:
            continue
        if problem := _folder_problem(regional, bool(REGION.fullmatch(regional.name)), "bad_region"):
            stays.append(problem)
            continue
        for feed in _inside(Path(regional.path), stays):
            if problem := _folder_problem(feed, feed.name in contracts(), "unknown_feed"):
                stays.append(problem)
            else:
                yield regional.name, feed


def scan(home: Home, region: str | None = None) -> Inbox:
    """Everything in the inbox (of one region when given): what to take in, by mtime then name, and what stays."""
    found: list[tuple[int, str, Waiting]] = []
    stays: list[LeftAlone] = []
    for regional, feed in _feeds(home, region, stays):
        found += _files(feed, regional, stays)
    found.sort(key=lambda item: (*item[:2], str(item[2].path)))
    return Inbox([waiting for *_, waiting in found], stays)


def signs(home: Home) -> dict[str, tuple[int, int]]:
    """Size in bytes and mtime in ns of every file to take in, by its path. Quick: meant to be asked all day."""
    found: dict[str, tuple[int, int]] = {}
    for _, feed in _feeds(home, None, []):
        for entry in _inside(Path(feed.path), []):
            with suppress(OSError):  # gone since it was listed
                if _file_problem(entry) is None:
                    status = entry.stat(follow_symlinks=False)
                    found[entry.path] = (status.st_size, status.st_mtime_ns)
    return found


def _files(folder: os.DirEntry[str], region: str, stays: list[LeftAlone]) -> list[tuple[int, str, Waiting]]:
    found = []
    for entry in _inside(Path(folder.path), stays):
        try:
            problem = _file_problem(entry)
            mtime = entry.stat(follow_symlinks=False).st_mtime_ns
        except FileNotFoundError:  # gone since it was listed: taken away by its owner
            continue
        if problem:
            stays.append(problem)
        else:
            found.append((mtime, entry.name, Waiting(Path(entry.path), region, folder.name)))
    return found


def waiting(home: Home, region: str | None = None) -> list[Waiting]:
    """The files to take in, in order of modification time, then name."""
    return scan(home, region).waiting

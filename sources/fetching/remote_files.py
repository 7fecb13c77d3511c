"""Servers of types `local`, `sftp` and `s3`: files by a pattern, received in the order of their modification."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from sources.fetching.dates import filled, has_date
from sources.fetching.job import Item, Job
from sources.fetching.part import Part, Received
from sources.fetching.trouble import FetchError, Temporary, needs, persistently
from sources.inbox import TEMPORARY

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Remote:
    """A file as it was listed. `sign` is the server's mark of its version."""

    path: str
    size: int
    sign: str
    modified: str


def items(job: Job) -> Iterator[Item]:
    """The files that match the pattern and are not known yet under their present sign."""
    files, root = persistently(lambda: _connected(job), job.limits)
    for remote in persistently(lambda: _listed(job, files), job.limits):
        source = f"{root}{remote.path}"
        before = job.known.get(source)
        if before is None or before.etag != remote.sign:
            yield Item(source, partial(_receive, job, files, source, remote))


def _connected(job: Job) -> tuple[Any, str]:
    """The file system, and how its paths are told from those of others."""
    return {"local": _local, "sftp": _sftp, "s3": _s3}[job.server.type](job)


def _local(_: Job) -> tuple[Any, str]:
    return needs("fsspec").filesystem("file", skip_instance_cache=True), ""


def _sftp(job: Job) -> tuple[Any, str]:
    """SFTP by asyncssh: the host's key has to be known, by `knownHosts` or the user's own file."""
    options, parts = job.server.options, urlsplit(job.server.options["location"])
    given = {
        "port": parts.port or 22,
        "username": options["user"],
        "password": job.secrets.of("password"),
        "client_keys": [options["privateKey"]] if "privateKey" in options else None,
        # said in any case: without it sshfs would trust every host
        "known_hosts": options.get("knownHosts", ()),
        "login_timeout": job.limits.timeout_s,
        "connect_timeout": job.limits.timeout_s,
    }
    kept = {key: value for key, value in given.items() if value is not None}
    files = needs("sshfs").SSHFileSystem(parts.hostname, **kept, config=(), skip_instance_cache=True)
    return files, f"sftp://{parts.netloc}"


def _s3(job: Job) -> tuple[Any, str]:
    options, seconds = job.server.options, job.limits.timeout_s
    files = needs("s3fs").S3FileSystem(
        key=job.secrets.of("accessKey"),
        secret=job.secrets.of("secretKey"),
        endpoint_url=options.get("endpointUrl"),
        client_kwargs={"region_name": options["regionName"]} if "regionName" in options else {},
        config_kwargs={"connect_timeout": seconds, "read_timeout": seconds, "retries": {"max_attempts": 1}},
        use_listings_cache=False,
        skip_instance_cache=True,
    )
    return files, "s3://"


def _patterns(job: Job) -> list[str]:
    options = job.server.options
    written = options.get("path") or options["location"]
    if job.server.type == "sftp":
        written = unquote(urlsplit(written).path)
    elif job.server.type == "s3":
        written = written.removeprefix("s3://")
    if not has_date(written):
        return [written]
    return list(dict.fromkeys(filled(written, period.start) for period in job.periods()))


def _listed(job: Job, files: Any) -> list[Remote]:
    files.invalidate_cache()
    found = {}
    for pattern in _patterns(job):
        for path, facts in files.glob(pattern, detail=True).items():
            if facts["type"] == "file" and not TEMPORARY.fullmatch(PurePosixPath(path).name):
                found[path] = _remote(path, facts)
    # nothing by a plain name is an error of the settings; nothing by a pattern is a quiet day
    if not found and not has_date(str(job.server.options)) and not set("*?[") & set(_patterns(job)[0]):
        raise FetchError(f"没有这个文件 / no such file: {_patterns(job)[0]}")
    return sorted(found.values(), key=lambda remote: (remote.modified, remote.path))


def _remote(path: str, facts: dict[str, Any]) -> Remote:
    modified = facts.get("LastModified") or facts.get("mtime") or ""
    if isinstance(modified, datetime):
        modified = modified.isoformat()
    elif isinstance(modified, int | float):
        modified = datetime.fromtimestamp(modified).astimezone().isoformat()
    size = int(facts["size"])
    return Remote(path, size, str(facts.get("ETag") or f"{size} {modified}"), str(modified))


def _receive(job: Job, files: Any, source: str, remote: Remote) -> Received:
    if remote.size > job.limits.max_bytes:
        raise FetchError(f"{remote.size} > {job.limits.max_bytes} 字节（maxBytes） / bytes (maxBytes)")
    part = job.part(source)
    persistently(lambda: _copy(files, remote, part), job.limits)
    return part.whole(PurePosixPath(remote.path).name, remote.sign, remote.modified)


def _copy(files: Any, remote: Remote, part: Part) -> None:
    """Go on where the part ends if it is of the same version, and see that the file was the same all the while."""
    offset, sign = part.so_far()
    if sign != remote.sign or offset > remote.size:
        part.begin(remote.sign)
        offset = 0
    with files.open(remote.path, "rb") as stream:
        stream.seek(offset)
        part.add(iter(lambda: stream.read(_CHUNK), b""))
    files.invalidate_cache()
    now = _remote(remote.path, files.info(remote.path))
    if part.size != now.size or now.sign != remote.sign:
        part.drop()
        raise Temporary(f"文件仍在写入 / still being written: {remote.path}")

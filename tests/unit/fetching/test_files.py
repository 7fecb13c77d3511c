"""Folders, SFTP and S3: what matches and is new arrives, in the order of its modification."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources.fetching import part as parts
from tests.support.fetching import Sftp, sftp_server
from tests.unit.fetching.conftest import FAST, Get, arrived
from warehouse.paths import Home


def test_a_folder_gives_each_version_of_a_file_once(home: Home, get: Get, tmp_path: Path) -> None:
    there = tmp_path / "share"
    there.mkdir()
    for age, name in enumerate(["b 二月.csv", "a.csv", "x.tmp", "~$a.xlsx", "note.txt"]):
        (there / name).write_text(name)
        os.utime(there / name, (1_700_000_000 + age, 1_700_000_000 + age))
    asked = {"type": "local", "path": f"{there}/*.*[vpx]"}
    ended = get(**asked)
    assert ended.wrong == () and [arrived(home)[name] for name in ended.files] == ["b 二月.csv".encode(), b"a.csv"]
    assert ended.files[0].startswith("grid_2026-04-05_b_二月_")
    assert get(**asked).files == ()
    (there / "a.csv").write_text("changed")
    assert len(get(**asked).files) == 1 and (there / "a.csv").exists()


def test_a_plain_name_that_is_not_there_is_said(get: Get, tmp_path: Path) -> None:
    assert "no such file" in get(type="local", path=f"{tmp_path}/none.csv").wrong[0]
    assert get(type="local", path=f"{tmp_path}/*.csv").wrong == ()
    assert get(type="local", path=f"{tmp_path}/{{date:%Y}}.csv").wrong == ()


def test_one_file_that_is_too_large_keeps_no_other(home: Home, get: Get, tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_bytes(b"x" * (FAST.max_bytes + 1))
    (tmp_path / "2.csv").write_bytes(b"y")
    ended = get(type="local", path=f"{tmp_path}/*.csv")
    assert list(arrived(home).values()) == [b"y"] and "maxBytes" in ended.wrong[0] and ended.is_news


@pytest.fixture(scope="module")
def sftp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sftp]:
    with sftp_server(tmp_path_factory.mktemp("sftp") / "server") as server:
        yield server


def test_sftp(home: Home, get: Get, sftp: Sftp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEAK_TEST_SFTP", sftp.password)
    content = os.urandom(300_000)
    (sftp.folder / "out").mkdir()
    (sftp.folder / "out" / "三月.csv").write_bytes(content)
    described = {
        **{"type": "sftp", "location": f"sftp://127.0.0.1:{sftp.port}/out/*.csv", "user": "li"},
        **{"password": "env:PEAK_TEST_SFTP", "knownHosts": str(sftp.known_hosts)},
    }
    ended = get(**described)
    assert ended.wrong == () and arrived(home)[ended.files[0]] == content
    assert get(**described).files == ()
    (sftp.folder / "out" / "三月.csv").write_bytes(content + b"more")
    (name,) = get(**described).files
    assert arrived(home)[name] == content + b"more"
    monkeypatch.setenv("PEAK_TEST_SFTP", "wrong-7f3a")
    refused = get(**described)
    assert refused.wrong and "wrong-7f3a" not in str(refused)


def test_sftp_trusts_no_host_it_does_not_know(
    get: Get, sftp: Sftp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PEAK_TEST_SFTP", sftp.password)
    (tmp_path / "known_hosts").write_text("")
    described = {"type": "sftp", "location": f"sftp://127.0.0.1:{sftp.port}/*", "user": "li"}
    ended = get(**described, password="env:PEAK_TEST_SFTP", knownHosts=str(tmp_path / "known_hosts"))
    assert ended.files == () and "key" in ended.wrong[0].lower()


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def test_s3(home: Home, get: Get, s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import boto3

    monkeypatch.setenv("PEAK_TEST_KEY", "AKIATEST")
    monkeypatch.setenv("PEAK_TEST_SECRET", "s3-7f3a")
    keys = {"aws_access_key_id": "AKIATEST", "aws_secret_access_key": "s3-7f3a", "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=s3, **keys)
    client.create_bucket(Bucket="peak")
    client.put_object(Bucket="peak", Key="grid/2026-03.csv", Body=b"one")
    client.put_object(Bucket="peak", Key="grid/other.txt", Body=b"two")
    described = {
        **{"type": "s3", "location": "s3://peak/grid/*.csv", "endpointUrl": s3, "regionName": "us-east-1"},
        **{"accessKey": "env:PEAK_TEST_KEY", "secretKey": "env:PEAK_TEST_SECRET"},
    }
    ended = get(**described)
    assert ended.wrong == () and list(arrived(home).values()) == [b"one"]
    assert get(**described).files == ()
    client.put_object(Bucket="peak", Key="grid/2026-03.csv", Body=b"changed")
    assert len(get(**described).files) == 1
    gone = get(**{**described, "location": "s3://nobody/*.csv"})
    assert gone.files == () and "s3-7f3a" not in str(gone)


def test_a_cut_copy_goes_on_where_it_was_cut(
    home: Home, get: Get, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = os.urandom(100_000)
    (tmp_path / "a.csv").write_bytes(content)
    add, sizes = parts.Part.add, []

    def cut_once(self: parts.Part, chunks: Iterator[bytes]) -> None:
        sizes.append(self.size)
        add(self, [next(iter(chunks))[:40_000]] if len(sizes) == 1 else chunks)
        if len(sizes) == 1:
            raise ConnectionResetError("cut")

    monkeypatch.setattr(parts.Part, "add", cut_once)
    ended = get(type="local", path=f"{tmp_path}/a.csv")
    assert sizes == [0, 40_000] and arrived(home)[ended.files[0]] == content

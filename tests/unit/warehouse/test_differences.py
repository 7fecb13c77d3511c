"""What a reproduction says of inputs and partitions that are not as they were."""

from __future__ import annotations

from typing import Any

import pytest

from warehouse import input_differences
from warehouse.input_differences import FileDifference
from warehouse.inputs import groups_of
from warehouse.reproduce import PartitionDifference, partition_differences

THEN = {"code": {"a.py": "1", "gone.py": "2"}, "models": {"m.sql": "3"}, "plan": {"s.csv": "4"}}
NOW = {"code": {"a.py": "9", "new.py": "2"}, "models": {"m.sql": "3"}, "plan": {"s.csv": "5"}}


@pytest.fixture(autouse=True)
def project(monkeypatch: pytest.MonkeyPatch) -> None:
    """The project as it stands."""
    monkeypatch.setattr(input_differences, "file_hashes", lambda: NOW)
    monkeypatch.setattr(input_differences, "git_commit", lambda: "now")


def manifest(files: dict[str, Any]) -> dict[str, Any]:
    return {"git_commit": "then", "inputs": groups_of(files), "sources": files}


def test_files_are_named_one_by_one_and_archived_tables_do_not_count() -> None:
    found = input_differences.input_differences(manifest(THEN))
    assert (found.commit_then, found.commit_now, found.groups) == ("then", "now", ["code"])
    assert found.files == [
        FileDifference("code", "a.py", "changed"),
        FileDifference("code", "gone.py", "removed"),
        FileDifference("code", "new.py", "added"),
    ]
    assert not found.is_same and input_differences.input_differences(manifest(NOW)).is_same


def test_a_release_that_did_not_list_its_files_differs_by_group() -> None:
    old = {name: value for name, value in manifest(THEN).items() if name != "sources"}
    found = input_differences.input_differences(old)
    assert (found.groups, found.files) == (["code"], [])
    # nothing is known of it: nothing is the same
    assert input_differences.input_differences({}).groups == ["code", "models"]


def test_partitions_that_differ_come_and_go_are_told() -> None:
    then = {"t": {"2024-01": [3, "a", "f"], "2024-02": [1, "b", "f"]}, "gone": {"": [2, "c", "f"]}}
    now = {"t": {"2024-01": [3, "a", "other fingerprint"], "2024-02": [1, "x", "f"], "2024-03": [5, "d", "f"]}}
    assert partition_differences(then, now) == [
        PartitionDifference("gone", "", 2, None),
        PartitionDifference("t", "2024-02", 1, 1),
        PartitionDifference("t", "2024-03", None, 5),
    ]
    # release.json is gone: what its partitions were is not known, so nothing is said
    assert partition_differences({}, now) == []

"""What a release was made of besides deliveries, against the project as it stands: commit, and file by file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from warehouse.inputs import file_hashes, git_commit, groups_of

# the plan's tables come from the archive as they were
FROM_ARCHIVE = "plan"


@dataclass(frozen=True)
class FileDifference:
    """A file that is not what the release was made with. `change`: changed, added since, or removed since."""

    group: str
    path: str
    change: str


@dataclass(frozen=True)
class InputDifferences:
    """`files` one by one; `groups` whose hash differs (all that is known of a release that did not list its files)."""

    commit_then: str | None
    commit_now: str | None
    groups: list[str]
    files: list[FileDifference]

    @property
    def is_same(self) -> bool:
        """Whether code, contracts, models, suites and lock file are the very same."""
        return not self.groups


def input_differences(manifest: Mapping[str, Any]) -> InputDifferences:
    """Compare release.json with the project's files; tables of the plan left out, which are archived."""
    now = file_hashes()
    then, recorded = groups_of(now), manifest.get("inputs", {})
    groups = sorted(group for group in then if group != FROM_ARCHIVE and recorded.get(group) != then[group])
    listed = manifest.get("sources", {})
    files = [
        item for group in groups if group in listed for item in _differing(group, listed[group], now.get(group, {}))
    ]
    return InputDifferences(manifest.get("git_commit"), git_commit(), groups, files)


def _differing(group: str, old: Mapping[str, str], new: Mapping[str, str]) -> list[FileDifference]:
    found = []
    for path in sorted(old.keys() | new.keys()):
        if old.get(path) != new.get(path):
            change = "changed" if path in old and path in new else "removed" if path in old else "added"
            found.append(FileDifference(group, path, change))
    return found

"""Since when a status holds and what changed it, also when the release before is not there to look at."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import date

import pytest
from release_fakes import DAY, publish, rows, write_build

from sources.ledger import CAUSES, Ledger, Revision
from warehouse import release, statuses
from warehouse.paths import Home

SINCE = "select status_since, status_cause from indicator_progress"
FIRST = "首次发布 / first published"
MOVED = Revision(
    region="r",
    indicator="x",
    method="default",
    base_year=None,
    period_type="year",
    period_start="2024-01-01",
    period_end="2024-12-31",
    value=None,
    previous_value=None,
    unit=None,
    is_complete=None,
    cause="revised_data",
    cause_detail="",
    deliveries=("d2",),
)


@pytest.fixture
def published(home: Home, ledger: Ledger) -> release.ReleaseInfo:
    write_build(home)
    return publish(home, ledger)


def test_every_cause_has_words_and_a_strength() -> None:
    assert set(statuses.STRENGTH) == set(CAUSES)
    assert all(" / " in statuses.cause_words(cause, ()) for cause in CAUSES)


def test_only_a_few_deliveries_are_named() -> None:
    assert statuses.cause_words("new_data", [f"d{n}" for n in range(7)]) == "新数据 / new data: d0, d1, d2, d3, d4 …"


def test_a_status_keeps_its_date_until_it_changes(home: Home, ledger: Ledger, published: release.ReleaseInfo) -> None:
    assert rows(published, SINCE) == [(DAY, FIRST)]
    same = publish(home, ledger, date(2024, 6, 1))
    assert rows(same, SINCE) == [(DAY, FIRST)]
    assert same.content_sha256 == published.content_sha256
    write_build(home, status="off_track")
    changed = publish(home, ledger, date(2024, 7, 1), revised=[MOVED])
    assert rows(changed, SINCE) == [(date(2024, 7, 1), "数据修订 / revised data: d2")]
    write_build(home)
    late = publish(home, ledger, date(2024, 8, 1), revised=[])
    assert rows(late, SINCE) == [(date(2024, 8, 1), "日期推移 / time passed")]


@pytest.mark.usefixtures("published")
def test_the_cause_is_that_of_the_latest_year_before_that_of_others(home: Home, ledger: Ledger) -> None:
    write_build(home, status="off_track")
    older = replace(MOVED, period_start="2021-01-01", period_end="2021-12-31", cause="changed_method", deliveries=())
    latest = [replace(MOVED, cause="new_data", deliveries=("d3",)), MOVED]
    assert rows(publish(home, ledger, revised=[older, *latest]), SINCE)[0][1] == "数据修订 / revised data: d2"
    write_build(home)
    assert rows(publish(home, ledger, revised=[older]), SINCE)[0][1] == "口径或程序变化 / changed method"


@pytest.mark.usefixtures("published")
def test_a_changed_target_is_a_cause(home: Home, ledger: Ledger) -> None:
    write_build(home, status="off_track", target="3")
    assert rows(publish(home, ledger, revised=[]), SINCE)[0][1] == "目标变化 / changed target"
    write_build(home, target="3")
    other = replace(MOVED, region="elsewhere")
    assert rows(publish(home, ledger, revised=[other]), SINCE)[0][1] == "日期推移 / time passed"


@pytest.mark.parametrize("is_damaged", [False, True])
def test_an_older_release_serves_where_the_last_is_pruned_or_damaged(
    home: Home, ledger: Ledger, published: release.ReleaseInfo, is_damaged: bool
) -> None:
    second = publish(home, ledger, date(2024, 6, 1))
    if is_damaged:
        second.database.chmod(0o644)
        second.database.write_bytes(b"nothing")
    else:
        release.roll_back(home, ledger, published.release_id, who="me", why="wrong")
        for folder in (second.folder, *second.folder.iterdir()):
            folder.chmod(0o755)
        shutil.rmtree(second.folder)
    assert rows(publish(home, ledger, date(2024, 7, 1)), SINCE) == [(DAY, FIRST)]


def test_without_any_release_to_look_at_a_status_begins_today(
    home: Home, ledger: Ledger, published: release.ReleaseInfo
) -> None:
    published.folder.rename(home.root / "gone")
    home.current.unlink()
    assert rows(publish(home, ledger, date(2024, 7, 1)), SINCE) == [(date(2024, 7, 1), FIRST)]

"""Reading again what an older contract read: rows, scopes and order, refusals, and going on after an interruption."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from sources import rereading
from sources.intake import take_in, waiting
from sources.ledger import Ledger, deliveries, open_ledger, position, reparses, winners
from sources.rereading import outdated, read_again
from tests.support import small
from tests.support.contracts import changed_contract
from warehouse import backfill
from warehouse.backfill import NothingThere, Wish, batches, chosen, read_scopes_again
from warehouse.paths import Home

FEED = "energy_supply"
# the two sectors change places: an artificial change that every row of theirs shows
SWAPPED = (("industry: 工业", "industry: 交通运输"), ("transport: 交通运输", "transport: 工业"))
VERSION = ("version: 1.0.0", "version: 1.1.0")
NARROWER = ("logicalTypeOptions: {minimum: 0}", "logicalTypeOptions: {minimum: 12}")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Two months in one file, then a correction of the second, then waste."""
    place = Home(tmp_path / "home")
    small.deliver(place, [small.files()[-4], small.correction(), small.files()[-3]])
    with closing(open_ledger(place)) as ledger:
        for file in waiting(place):
            assert take_in(file.path, file.feed, file.region, place, ledger).status == "accepted"
    return place


@pytest.fixture
def ledger(home: Home) -> Iterator[Ledger]:
    with closing(open_ledger(home)) as opened:
        yield opened


def places(ledger: Ledger, feed: str = FEED) -> list[tuple[str, str]]:
    return [(scope.region, scope.scope) for scope in winners(ledger) if scope.feed == feed]


def read_all(home: Home, ledger: Ledger) -> list[rereading.Reread]:
    return read_scopes_again(home, ledger, FEED, places(ledger), who="Wang", why="codes")


def test_nothing_is_outdated_while_the_contract_is_the_same(home: Home, ledger: Ledger) -> None:
    assert outdated(ledger, FEED, places(ledger)) == []
    assert read_all(home, ledger) == [] and reparses(ledger) == []


def test_a_changed_contract_has_its_winners_read_again_in_order(home: Home, ledger: Ledger, tmp_path: Path) -> None:
    before = position(ledger)
    with changed_contract(tmp_path, FEED, *SWAPPED, VERSION):
        assert [item.file_name for item in outdated(ledger, FEED, places(ledger))] == [
            "能源_一月二月_演示.csv",
            "能源_二月_更正.csv",
        ]
        assert outdated(ledger, FEED, [("elsewhere", "2024-01|diesel")]) == []
        assert outdated(ledger, "waste_weighings", places(ledger, "waste_weighings")) == []
        done = read_all(home, ledger)
        assert [(item.refusal, item.is_same, item.row_count) for item in done] == [(None, False, 4), (None, False, 2)]
        assert read_all(home, ledger) == []
    recorded = reparses(ledger)
    assert [(item.contract_version, item.who, item.why) for item in recorded] == [("1.1.0", "Wang", "codes")] * 2
    assert position(ledger).reparse == 2 and (position(ledger).seq, position(ledger).hold) == (before.seq, before.hold)
    now = {scope.scope: (scope.delivery_id, scope.reparse_id) for scope in winners(ledger) if scope.feed == FEED}
    first, second = (entry.delivery_id for entry in deliveries(ledger)[:2])
    assert now == {"2024-01|diesel": (first, 1), "2024-02|diesel": (second, 2)}
    assert [scope.reparse_id for scope in winners(ledger, before)] == [0] * len(winners(ledger))
    rows = pq.read_table(home.delivery(FEED, small.REGION, first, 1)).to_pylist()
    old = pq.read_table(home.delivery(FEED, small.REGION, first)).to_pylist()
    swap = {"industry": "transport", "transport": "industry"}
    assert [row["sector"] for row in rows] == [swap[row["sector"]] for row in old]
    assert {row["_delivery"] for row in rows} == {first}


def test_a_contract_that_only_reads_otherwise_gives_the_same_rows(home: Home, ledger: Ledger, tmp_path: Path) -> None:
    with changed_contract(tmp_path, FEED, VERSION):
        assert [item.is_same for item in read_all(home, ledger)] == [True, True]


def test_what_the_contract_now_refuses_keeps_its_reading_and_is_asked_once(
    home: Home, ledger: Ledger, tmp_path: Path
) -> None:
    with changed_contract(tmp_path, FEED, NARROWER):
        done = read_all(home, ledger)
        assert [item.delivery.file_name for item in done] == ["能源_一月二月_演示.csv", "能源_二月_更正.csv"]
        assert all("12" in str(item.refusal) and "below the minimum" in str(item.refusal) for item in done)
    assert reparses(ledger) == [] and {scope.reparse_id for scope in winners(ledger)} == {0}


def test_an_interruption_between_two_files_goes_on_with_the_second(
    home: Home, ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def interrupted(*given: object, **named: object) -> rereading.Reread:
        if seen:
            raise KeyboardInterrupt
        seen.append("one")
        return read_again(*given, **named)  # type: ignore[arg-type]

    with changed_contract(tmp_path, FEED, *SWAPPED):
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(backfill, "read_again", interrupted)
            read_all(home, ledger)
        assert len(reparses(ledger)) == 1
        assert [item.delivery.file_name for item in read_all(home, ledger)] == ["能源_二月_更正.csv"]
    assert [item.seq for item in reparses(ledger)] == [1, 2]


def test_a_scope_given_up_falls_to_a_file_that_is_then_read_again(home: Home, ledger: Ledger, tmp_path: Path) -> None:
    """A reading of the correction that has no scope: the file before it speaks again, and is read again in its turn."""
    told = []
    with changed_contract(tmp_path, FEED, *SWAPPED), pytest.MonkeyPatch.context() as patch:
        original = rereading.scopes_of
        patch.setattr(
            rereading,
            "scopes_of",
            lambda reading: original(reading)[:0] if reading.rows_read == 2 else original(reading),
        )
        wanted = [(small.REGION, "2024-02|diesel")]
        done = read_scopes_again(
            home, ledger, FEED, wanted, who="w", why="y", on_batch=lambda n, total: told.append((n, total))
        )
    assert [item.delivery.file_name for item in done] == ["能源_二月_更正.csv", "能源_一月二月_演示.csv"]
    assert told == [(1, 1), (2, 2)]


def test_gate_two_refuses_a_reading_too(home: Home, ledger: Ledger, tmp_path: Path) -> None:
    class Failed:
        suite, check, severity, status, column = "energy_supply", "gross_possible", "critical", "failed", None
        observed, unexpected_count, row_count, examples = None, 1, 1, ()
        why_zh, why_en = "不可能", "impossible"

    with changed_contract(tmp_path, FEED, VERSION):
        (delivery, *_) = outdated(ledger, FEED, places(ledger))
        read = read_again(home, ledger, delivery, who="w", why="y", run_id="r", judge=lambda *given: [Failed()])
    assert "gross_possible" in str(read.refusal) and reparses(ledger) == []


@pytest.mark.parametrize(
    ("given", "scopes"),
    [
        ({}, ["2024-01|diesel", "2024-02|diesel"]),
        ({"period_from": "2024-02"}, ["2024-02|diesel"]),
        ({"period_to": "2024-01"}, ["2024-01|diesel"]),
        ({"period_from": "2024-01-31", "period_to": "2024Q1"}, ["2024-01|diesel", "2024-02|diesel"]),
        ({"period_from": "2024", "region": small.REGION}, ["2024-01|diesel", "2024-02|diesel"]),
    ],
)
def test_a_wish_means_the_winning_scopes_with_a_day_in_it(
    ledger: Ledger, given: dict[str, str], scopes: list[str]
) -> None:
    assert [scope.scope for scope in chosen(ledger, Wish(FEED, **given))] == scopes


@pytest.mark.parametrize("given", [{"period_from": "2024-03"}, {"period_to": "2023"}, {"region": "elsewhere"}])
def test_a_period_that_has_nothing_is_refused(ledger: Ledger, given: dict[str, str]) -> None:
    with pytest.raises(NothingThere, match="nothing in this period: energy_supply"):
        chosen(ledger, Wish(FEED, **given))


def test_a_wish_from_later_to_earlier_is_none() -> None:
    with pytest.raises(ValueError, match="after the last"):
        Wish(FEED, None, "2024-02", "2023").days()


def test_batches_are_bounded_by_rows_and_files(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = deliveries(ledger)  # 4, 2 and 2 rows
    assert [len(batch) for batch in batches(entries)] == [3]
    monkeypatch.setattr(backfill, "ROWS_PER_BATCH", 4)
    assert [len(batch) for batch in batches(entries)] == [1, 2]
    monkeypatch.setattr(backfill, "FILES_PER_BATCH", 1)
    assert [len(batch) for batch in batches(entries)] == [1, 1, 1]
    assert list(batches([])) == []

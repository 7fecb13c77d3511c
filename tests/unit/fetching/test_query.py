"""A query on PostgreSQL: exact decimals, Chinese text, the same bytes for the same rows, and a delivery in the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from sources.fetching import query
from sources.intake import take_in, waiting
from sources.ledger import deliveries, open_ledger
from tests.support.fetching import POSTGRES, postgres_server
from tests.unit.fetching.conftest import Get, arrived
from warehouse.paths import Home

pytestmark = pytest.mark.skipif(POSTGRES is None, reason="no PostgreSQL on this machine")
PASSWORD = "pg/7f3a 秘"
TABLE = """
create table generated (month date, plant text, name text, source text, amount numeric(24, 6), own numeric);
create sequence numbers;
insert into generated values
  ('2026-02-01', 'PV001', '西塘"光伏", 一期', 'solar', 12345678901234567.000001, 1E+3),
  ('2026-03-01', 'PV001', '西塘"光伏", 一期', 'solar', 320.50, null);
"""
QUERY = """select to_char(month, 'YYYY-MM') as "统计月份", plant as "电站编号", name as "电站名称",
  source as "发电类型", amount as "发电量", own as "自发自用电量" from generated where month >= :start
  order by month, plant"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    import psycopg

    with postgres_server(PASSWORD) as found:
        with psycopg.connect(host="127.0.0.1", port=found, user="peak", password=PASSWORD, dbname="postgres") as db:
            db.execute(TABLE)
        yield found


def described(port: int, query: str) -> dict[str, object]:
    place = {"type": "postgresql", "host": "127.0.0.1", "port": port, "database": "postgres", "user": "peak"}
    return {**place, "password": "env:PEAK_TEST_PG", "query": query}


def test_rows_become_a_delivery_with_exact_decimals(
    home: Home, get: Get, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PEAK_TEST_PG", PASSWORD)
    asked = described(port, QUERY) | {"periods": 1}
    ended = get(**asked)
    assert ended.wrong == ()
    assert arrived(home)[ended.files[0]].decode() == (
        "统计月份,电站编号,电站名称,发电类型,发电量,自发自用电量\n"
        '2026-03,PV001,"西塘""光伏"", 一期",solar,320.500000,\n'
    )
    with closing(open_ledger(home)) as ledger:
        outcomes = [take_in(w.path, w.feed, w.region, home, ledger) for w in waiting(home)]
        assert [outcome.status for outcome in outcomes] == ["accepted"]
        (delivery,) = deliveries(ledger)
        assert (delivery.region, delivery.feed, delivery.row_count) == ("yueyang-etz", "power_generation", 1)
    assert get(**asked).unchanged == 1 and arrived(home) == {}


def test_a_number_is_written_in_full(home: Home, get: Get, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEAK_TEST_PG", PASSWORD)
    ended = get(**described(port, "select amount, own, month, 1 = 1 as yes from generated order by month limit 1"))
    assert arrived(home)[ended.files[0]].decode().splitlines()[1] == "12345678901234567.000001,1000,2026-02-01,true"


def test_it_reads_only_and_says_no_password(home: Home, get: Get, port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PEAK_TEST_PG", PASSWORD)
    written = get(**described(port, "select nextval('numbers') as a order by 1"))
    assert "read-only" in written.wrong[0] and written.files == ()
    assert get(**described(port, "select 1 as a where false order by 1")).files == ()
    monkeypatch.setenv("PEAK_TEST_PG", "wrong-7f3a")
    tries: list[int] = []
    asking = query._url
    monkeypatch.setattr(query, "_url", lambda job: tries.append(1) or asking(job))
    refused = get(**described(port, "select 1 order by 1"))
    assert refused.wrong and "7f3a" not in str(refused) and len(tries) == 1  # more would lock the account
    monkeypatch.setenv("PEAK_TEST_PG", PASSWORD)
    assert get(**described(1, "select 1 order by 1")).wrong

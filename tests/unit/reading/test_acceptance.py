"""Every feed in every format loads exactly: rows written from the description of the feeds, not from the contracts."""

from __future__ import annotations

import pytest

from sources.contract import contracts
from tests.unit.reading import acceptance_files as files
from tests.unit.reading.acceptance_rows import FIELDS, HEADERS, ROWS, TYPED

FEEDS = sorted(ROWS)


def test_every_feed_is_tried():
    assert sorted(contracts()) == FEEDS
    for feed in FEEDS:
        assert FIELDS[feed] == [field.name for field in contracts()[feed].fields]
        assert HEADERS[feed] == [field.header for field in contracts()[feed].fields]


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize(
    ("encoding", "delimiter", "ending", "name"),
    [
        ("utf-8-sig", ",", "\r\n", "月报（终稿）.csv"),
        ("gb18030", "\t", "\n", "a b'c.txt"),
        ("gb18030", ";", "\r\n", "x.csv.gz"),
    ],
)
def test_csv(tmp_path, feed, encoding, delimiter, ending, name):
    path = tmp_path / name
    files.write_csv(ROWS[feed], path, encoding, delimiter, ending)
    assert files.typed_rows(files.read(path, feed), FIELDS[feed]) == TYPED[feed]


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("english", [False, True])
def test_workbooks(tmp_path, feed, english):
    rows = files.native(feed)
    if english:
        rows = [dict(zip(FIELDS[feed], row.values(), strict=True)) for row in rows]
    files.write_xlsx(rows, tmp_path / "a.xlsx", title=None if english else "报表")
    reading = files.read(tmp_path / "a.xlsx", feed)
    assert files.typed_rows(reading, FIELDS[feed]) == TYPED[feed]
    first = 2 if english else 4
    assert reading.table.column("_row").to_pylist() == list(range(first, first + len(rows)))


@pytest.mark.parametrize("feed", FEEDS)
def test_parquet(tmp_path, feed):
    files.write_parquet(files.native(feed), tmp_path / "a.parquet")
    assert files.typed_rows(files.read(tmp_path / "a.parquet", feed), FIELDS[feed]) == TYPED[feed]


@pytest.mark.parametrize("feed", FEEDS)
def test_json_lines(tmp_path, feed):
    rows = files.native(feed)
    for row, typed in zip(rows, TYPED[feed], strict=True):
        for header, field in zip(HEADERS[feed], FIELDS[feed], strict=True):
            if field == "month":
                row[header] = f"{typed[field]:%Y-%m}"
    files.write_jsonl(rows, tmp_path / "a.jsonl")
    assert files.typed_rows(files.read(tmp_path / "a.jsonl", feed), FIELDS[feed]) == TYPED[feed]

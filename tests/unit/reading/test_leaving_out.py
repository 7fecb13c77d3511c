"""Reading a file less named rows: the rest is read as if they were not in it, and scopes that may lack one say so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from sources.contract import contracts
from sources.reading import Named, NoSuchRow, Reading, named, read_file
from tests.unit.reading.conftest import GOOD, SUPPLY, csv_of, faults, supply, values

Read = Callable[..., Reading]
APRIL = supply(month="2024-04")
BAD = supply(sector="交通运输", quantity="约三吨")


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Reads content as a delivery of a feed, less the rows that texts name."""

    def run(content: str | bytes, *rows: str, feed: str = "energy_supply", name: str = "delivery.csv") -> Reading:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_file(path, contracts()[feed], without=[named(row) for row in rows])

    return run


def partial(reading: Reading) -> dict[str, bool]:
    return {info.scope: info.is_partial for info in reading.scopes}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", Named(12, 12)),
        (" 12-15 ", Named(12, 15)),
        ("Sheet1!12", Named(12, 12, "Sheet1")),
        ("'三月 表!'!3-4", Named(3, 4, "三月 表!")),
        ("'it''s'!3", Named(3, 3, "it's")),
        ("a!b!3", Named(3, 3, "a!b")),
    ],
)
def test_rows_are_named_as_people_name_them(text, expected):
    assert named(text) == expected
    assert named(str(Named(5, 7, "x"))) == Named(5, 7, "x")


@pytest.mark.parametrize("text", ["", "x", "0", "-3", "5-3", "!3", "3!", "1.5", "3-", "1234567890"])
def test_what_names_no_row_is_said_to(text):
    with pytest.raises(ValueError, match=r"no row|out of order"):
        named(text)


def test_the_rest_is_read_and_its_scope_is_partial(read):
    text = csv_of(GOOD, BAD, APRIL)
    assert faults(read(text)) == [("bad_number", 3, "消费量")]
    reading = read(text, "3")
    assert values(reading, "_row") == [(2,), (4,)]
    assert (reading.rows_read, reading.left_out, reading.sheet) == (2, [3], None)
    assert partial(reading) == {"2024-03|gasoline": True, "2024-04|gasoline": False}


def test_another_bad_row_refuses_the_rest(read):
    reading = read(csv_of(GOOD, BAD, supply(month="2024-05", quantity="无")), "3")
    assert faults(reading) == [("bad_number", 4, "消费量")]
    assert reading.left_out == [3]


def test_nothing_left_is_no_delivery(read):
    assert faults(read(csv_of(GOOD, BAD), "2-3")) == [("no_rows", 1, None)]


def test_one_of_two_doubled_rows_may_go(read):
    text = csv_of(GOOD, APRIL, GOOD)
    assert [fault[0] for fault in faults(read(text))] == ["duplicate_key"] * 2
    assert partial(read(text, "4")) == {"2024-03|gasoline": True, "2024-04|gasoline": False}


def test_good_rows_may_go_too(read):
    assert values(read(csv_of(GOOD, APRIL), "2"), "_row") == [(3,)]


def test_a_row_whose_scope_cannot_be_read_may_be_missing_anywhere(read):
    reading = read(csv_of(GOOD, supply(month="2024年十三月"), APRIL), "3")
    assert partial(reading) == {"2024-03|gasoline": True, "2024-04|gasoline": True}
    assert set(partial(read(csv_of(GOOD, ["2024-03", "gasoline"], APRIL), "3")).values()) == {True}


def test_a_scope_that_is_gone_is_a_gap_of_its_own_and_doubts_its_period_only(read):
    rows = [GOOD, supply(product="煤油", quantity="x"), APRIL]
    reading = read(csv_of(*rows), "3")
    assert partial(reading) == {"2024-03|gasoline": True, "2024-04|gasoline": False}
    assert partial(read(csv_of(GOOD, supply(month="2024-04", quantity="x")), "3")) == {"2024-03|gasoline": False}


def test_a_register_that_lacks_a_row_of_any_date_is_partial(read):
    header = "统计日期,项目编号,项目名称,类型,装机容量,状态\n"
    text = header + "2024-06-30,P1,甲,光伏,1,在建\n2024-06-03,P2,乙,光伏,2,在建\n"
    reading = read(text, "3", feed="generation_projects")
    assert partial(reading) == {"2024-06-30": True}


@pytest.mark.parametrize("row", ["9", "1", "3", "4", "7-9", "Sheet1!2"])
def test_only_rows_of_data_can_be_left_out(read, row):
    text = csv_of(GOOD, ["合计", "", "", "12.5", ""], [""] * 5, APRIL, ["填表人：张三"])
    with pytest.raises(NoSuchRow, match=f"no such row of data: {row}"):
        read(text, row)


def test_a_range_takes_the_rows_of_data_in_it(read):
    text = csv_of(GOOD, ["合计", "", "", "12.5", ""], [""] * 5, APRIL)
    assert read(text, "3-7").left_out == [5]
    assert read(text, "2", "1-2", "2-4").left_out == [2]


def test_a_line_with_broken_quotes_can_go(read):
    text = csv_of(GOOD, ["2024-03", 'gaso"line', "交通运输", '"1"2', "吨"], APRIL)
    assert [fault[:2] for fault in faults(read(text))] == [("broken_csv", 3)]
    reading = read(text, "3")
    assert values(reading, "_row") == [(2,), (4,)]
    assert set(partial(reading).values()) == {True}
    with pytest.raises(NoSuchRow):
        read(text, "1")
    assert faults(read(text, "2"))[0][0] == "broken_csv"


def test_a_line_that_is_no_json_can_go_and_takes_its_keys_along(read):
    good, bad = dict(zip(SUPPLY, GOOD, strict=True)), dict(zip(SUPPLY, BAD, strict=True))
    lines = [json.dumps(good), "{no json", json.dumps(bad | {"别的": 1}), json.dumps(good | {"统计月份": "2024-04"})]
    reading = read("\n".join(lines), "2", "3", name="delivery.jsonl")
    assert values(reading, "_row") == [(1,), (4,)]
    assert [warning.code for warning in reading.warnings] == []
    assert set(partial(reading).values()) == {True}
    one = read("\n".join([lines[0], lines[2], lines[3]]), "2", name="delivery.jsonl")
    assert partial(one) == {"2024-03|gasoline": True, "2024-04|gasoline": False}
    with pytest.raises(NoSuchRow):
        read("\n".join(lines), "5", name="delivery.jsonl")


def test_rows_of_a_sheet(tmp_path):
    book = Workbook()
    book.active.title = "说明"
    sheet = book.create_sheet("三月")
    for row in (["能源消费"], SUPPLY, GOOD, BAD, APRIL):
        sheet.append(row)
    path = tmp_path / "delivery.xlsx"
    book.save(path)
    contract = contracts()["energy_supply"]
    for text in ("4", "三月!4"):
        reading = read_file(path, contract, without=[named(text)])
        assert (values(reading, "_row"), reading.sheet, reading.left_out) == ([(3,), (5,)], "三月", [4])
    with pytest.raises(NoSuchRow, match="三月"):
        read_file(path, contract, without=[named("说明!4")])


def test_rows_of_parquet(tmp_path):
    columns = dict(
        zip(("month", "product", "sector", "quantity", "unit"), zip(GOOD, BAD, APRIL, strict=True), strict=True)
    )
    path = tmp_path / "delivery.parquet"
    pq.write_table(pa.table({name: list(column) for name, column in columns.items()}), path)
    reading = read_file(path, contracts()["energy_supply"], without=[named("2")])
    assert values(reading, "_row") == [(1,), (3,)]


rows = st.lists(
    st.tuples(
        st.sampled_from(["2024-03", "2024-04", "2024-13"]),
        st.sampled_from(["汽油", "柴油", "没有"]),
        st.sampled_from(["工业", "交通运输", "建筑业"]),
        st.sampled_from(["1", "2.5", "x"]),
    ),
    min_size=1,
    max_size=8,
)


@settings(max_examples=80, deadline=None)
@given(rows, st.sets(st.integers(0, 7), min_size=1))
def test_it_reads_as_a_file_without_these_rows(tmp_path_factory, lines, gone):
    gone = {number for number in gone if number < len(lines)}
    if not gone:
        return
    folder = tmp_path_factory.mktemp("rows")
    table = [[*line, "吨"] for line in lines]
    for name, kept in (("whole", table), ("less", [row for n, row in enumerate(table) if n not in gone])):
        (folder / name).write_text(csv_of(*kept), "utf-8")
    contract = contracts()["energy_supply"]
    less = read_file(folder / "less", contract)
    found = read_file(folder / "whole", contract, without=[Named(n + 2, n + 2) for n in gone])
    assert (found.table is None) == (less.table is None)
    assert [problem.code for problem in found.problems] == [problem.code for problem in less.problems]
    if found.table is not None and less.table is not None:
        assert found.table.drop(["_row"]).equals(less.table.drop(["_row"]))
        assert found.table["_row"].to_pylist() == [n + 2 for n in range(len(table)) if n not in gone]

"""Units named beside the table: right ones pass, others refuse, organisations are none."""

from __future__ import annotations

import pytest

from tests.unit.reading.conftest import GOOD, csv_of, faults, values

HEADER = ["年份", "小班号", "小班面积", "地类"]
ROW = ["2024", "A1", "15", "乔木林"]
OTHERS = [
    "单位：亩",
    "（单位：万亩）",
    "计量单位: 亩",
    "森林资源表 单位：亩",
    "单位：,亩",
    "填报单位：区林业局,单位：千公顷",
    "森林资源表（亩）",
    ",,亩",
    "计量单位 亩",
    "数据单位为亩",
    "面积以亩计",
    "本表以万亩为计量单位",
]
SAME = ["单位：公顷", "单位：ha", "（单位：公顷、立方米）", "单位：区林业局", "填报单位：亩产公司", "单位：万达公司"]
SAME += [
    "森林资源表（公顷）",
    "公顷",
    "以公顷计",
    "补助按亩计价",
    "（乔木林）",
    "（单位盖章）",
    "亩产",
    "填报单位 亩产公司",
    "按季度计",
]


@pytest.mark.parametrize("line", OTHERS)
def test_another_unit_above_the_table_refuses(read, line):
    content = f"某区\n{line}\n" + csv_of(ROW, header=HEADER)
    assert faults(read(content, "forest_inventory")) == [("unit_above", 2, "小班面积")]


@pytest.mark.parametrize("line", SAME)
def test_the_right_unit_and_organisations_pass(read, line):
    reading = read(f"{line}\n" + csv_of(ROW, header=HEADER), "forest_inventory")
    assert values(reading, "_row") == [(3,)]
    assert "unit_remark_not_read" not in [warning.code for warning in reading.warnings]


@pytest.mark.parametrize("line", ["备注：单位：亩", "注：以亩计", "注：小班面积单位为亩", "备注：计量单位（亩）"])
def test_a_unit_below_the_table_refuses_too(read, line):
    assert faults(read(csv_of(ROW, header=HEADER) + f"{line}\n", "forest_inventory")) == [("unit_above", 3, "小班面积")]


@pytest.mark.parametrize(("name", "is_good"), [("亩", False), ("林地（亩）", False), ("公顷", True), ("Sheet1", True)])
def test_a_unit_that_names_the_sheet_refuses_too(read_book, name, is_good):
    def rename(book):
        book.active.title = name

    reading = read_book([HEADER, ROW], "forest_inventory", rename)
    assert (values(reading, "_row") == [(2,)]) if is_good else (faults(reading) == [("unit_above", None, "小班面积")])


def test_a_unit_in_a_workbook_refuses(read_book):
    rows = [["森林资源表（单位：亩）"], HEADER, ROW]
    assert faults(read_book(rows, "forest_inventory")) == [("unit_above", 1, "小班面积")]


def test_a_column_of_units_refuses(read):
    content = csv_of([*ROW, "亩"], header=[*HEADER, "单位"])
    assert faults(read(content, "forest_inventory")) == [("unit_above", 1, "小班面积")]


def test_the_header_counts_more_than_a_remark(read):
    header = ["小班面积(公顷)" if text == "小班面积" else text for text in HEADER]
    reading = read("单位：亩\n" + csv_of(ROW, header=header), "forest_inventory")
    assert values(reading, "_row") == [(3,)]


def test_a_unit_of_another_kind_is_a_warning(read):
    reading = read("单位：人\n" + csv_of(ROW, header=HEADER), "forest_inventory")
    assert values(reading, "_row") == [(3,)]
    assert "unit_remark_not_read" in [warning.code for warning in reading.warnings]


def test_rows_with_units_of_their_own_go_on(read):
    assert values(read("单位：万吨\n" + csv_of(GOOD)), "_row") == [(3,)]

"""Titles that contradict the rows: sums since January refuse, another year is a warning."""

from __future__ import annotations

import pytest

from tests.unit.reading.conftest import GOOD, csv_of, faults, values

FOREST = ["年份", "小班号", "小班面积", "地类"]


@pytest.mark.parametrize("title", ["2024年1-3月累计能源消费量", "能源消费（累计）", "1—本月消费量", "自年初至今消费量"])
def test_a_title_of_sums_since_january_refuses(read, title):
    assert faults(read(f"某区\n{title}\n" + csv_of(GOOD))) == [("cumulative_title", 2, None)]


def test_a_sheet_named_for_sums_refuses(read_book):
    def rename(book):
        book.active.title = "累计"

    assert faults(read_book([["统计月份", "能源品种", "用能部门", "消费量", "计量单位"], GOOD], change=rename)) == [
        ("cumulative_title", None, None)
    ]


@pytest.mark.parametrize("title", ["2024年1-3月能源消费量", "注意：请勿填报累计数", "本月消费量，不含累计"])
def test_other_titles_pass(read, title):
    assert values(read(f"{title}\n" + csv_of(GOOD)), "_row") == [(3,)]


def test_a_title_of_both_is_told_apart_by_the_headers(read):
    header = ["统计月份", "能源品种", "用能部门", "消费量", "计量单位", "上年累计"]
    assert values(read("消费量（本月、累计）\n" + csv_of([*GOOD, "1"], header=header)), "_row") == [(3,)]


def test_yearly_feeds_may_be_called_cumulative(read):
    content = "2024年1-12月累计\n" + csv_of(["2024", "A1", "15", "乔木林"], header=FOREST)
    assert values(read(content, "forest_inventory"), "_row") == [(3,)]


@pytest.mark.parametrize(
    ("title", "is_odd"),
    [
        ("2023年3月消费量", True),
        ("2023年", True),
        ("2024年3月", False),
        ("2023年、2024年", False),
        ("填报日期：2025年4月2日", False),
    ],
)
def test_a_title_of_another_year_is_a_warning(read, title, is_odd):
    reading = read(f"{title}\n" + csv_of(GOOD))
    assert values(reading, "_row") == [(3,)]
    assert [(one.row, one.value) for one in reading.warnings if one.code == "title_of_other_year"] == (
        [(1, title)] if is_odd else []
    )

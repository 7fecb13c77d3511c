"""Rows that are not data, missing cells, keys, scopes and rules."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.unit.reading.conftest import GOOD, csv_of, faults, supply, values

OTHER = supply(sector="交通运输")


@pytest.mark.parametrize("word", ["合计", "合 计", "小计", "总　计", "总计：", "合计（吨）"])
def test_totals_anywhere_are_left_out(read, word):
    total = [word, "", "", "12.5", ""]
    reading = read(csv_of(total, GOOD, ["", word, "", "12.5", "吨"], OTHER, total))
    assert values(reading, "_row") == [(3,), (5,)]
    assert [note.code for note in reading.notes] == ["totals"]


def test_short_total_rows_are_left_out(read):
    assert values(read(csv_of(GOOD, ["合计", "12.5"], OTHER)), "_row") == [(2,), (4,)]


@pytest.mark.parametrize(
    "line",
    [
        ["填表人：张三", "", "", "负责人：李四", ""],
        ["负责人:李四"],
        ["备注：3月数据为初步数"],
        ["注1：口径说明"],
        ["单位负责人：", "", "填表日期：2024-04-05"],
        ["联系电话：0730-1234567"],
        [" 说明：", "1、甲", "", "", ""],
    ],
)
def test_remarks_below_the_data_are_left_out(read, line):
    reading = read(csv_of(GOOD, OTHER, [], line, ["", "", "", "", ""], line))
    assert values(reading, "_row") == [(2,), (3,)]
    assert [note.code for note in reading.notes] == ["remarks"]


def test_numbered_lines_go_on_a_remark(read):
    assert values(read(csv_of(GOOD, ["备注：1. 甲"], ["2. 乙"], ["3、丙"])), "_row") == [(2,)]
    assert [fault[:2] for fault in faults(read(csv_of(GOOD, ["2. 乙"])))] == [("ragged_row", 3)]


def test_remarks_among_the_data_are_no_remarks(read):
    assert faults(read(csv_of(GOOD, ["备注：甲", "", "", "", ""], OTHER)))[0] == ("bad_month", 3, "统计月份")


@pytest.mark.parametrize("token", ["", " ", "—", "——", "-", "/", "…", "……", "－", "／", "\u3000"])
def test_missing_tokens(read, token):
    header = ["统计月份", "电站编号", "电站名称", "发电类型", "发电量", "自发自用电量"]
    row = ["2024-03", "P1", "甲站", "光伏", "1", token]
    assert values(read(csv_of(row, header=header), "power_generation"), "self_used") == [(None,)]
    row = ["2024-03", "P1", token, "光伏", "1", "1"]
    assert faults(read(csv_of(row, header=header), "power_generation")) == [("missing_value", 2, "电站名称")]


@pytest.mark.parametrize("token", ["NA", "NULL", "NaN", "nan", "无", "None", "#N/A", "--", "inf"])
def test_other_tokens_are_bad_numbers(read, token):
    assert faults(read(csv_of(supply(quantity=token)))) == [("bad_number", 2, "消费量")]


def test_text_na_is_text(read):
    header = ["统计月份", "电站编号", "电站名称", "发电类型", "发电量"]
    assert values(
        read(csv_of(["2024-03", "NA", " NULL ", "光伏", "1"], header=header), "power_generation"),
        "plant_id",
        "plant_name",
    ) == [("NA", "NULL")]


def test_duplicate_keys_name_both_rows(read):
    reading = read(csv_of(GOOD, OTHER, supply(month="2024年3月", product="汽油", quantity="1")))
    assert faults(reading) == [("duplicate_key", 2, "用能部门"), ("duplicate_key", 4, "用能部门")]
    assert all("2、4" in problem.zh for problem in reading.problems)


def test_every_bad_cell_is_listed_in_order(read):
    rows = [supply(month="2024-13"), supply(quantity="x", unit="斤"), supply(sector="学校", quantity="-1")]
    assert faults(read(csv_of(*rows))) == [
        ("bad_month", 2, "统计月份"),
        ("bad_number", 3, "消费量"),
        ("not_in_domain", 3, "计量单位"),
        ("not_in_domain", 4, "用能部门"),
        ("out_of_range", 4, "消费量"),
    ]


def test_problems_are_bounded_and_counted(read):
    reading = read(csv_of(*[supply(quantity=f"x{number}") for number in range(1500)]))
    assert (len(reading.problems), reading.total_problems, reading.rows_read) == (1000, 3000, 1500)


def test_empty_scopes_are_kept_as_such(read):
    reading = read(csv_of(GOOD, supply(month="2024-04", sector="", quantity="—", unit="")))
    assert values(reading, "month", "quantity", "_is_empty") == [
        (date(2024, 3, 1), Decimal("12.5"), False),
        (date(2024, 4, 1), None, True),
    ]
    assert [(scope.scope, scope.rows, scope.is_empty) for scope in reading.scopes] == [
        ("2024-03|gasoline", 1, False),
        ("2024-04|gasoline", 0, True),
    ]


def test_empty_scope_beside_filled_rows(read):
    assert faults(read(csv_of(GOOD, supply(sector="", quantity="", unit="")))) == [
        ("empty_beside_filled", 3, "统计月份")
    ]


def test_rules_name_row_and_column(read):
    found = faults(read(csv_of(GOOD, supply(sector="交通运输", unit="千瓦时"))))
    assert found == [("unit_converts", 3, "计量单位")]


def test_national_accounts_date_their_scopes_by_quarter_and_default_their_prices(read):
    header = ["年份", "季度", "指标", "现价", "可比价"]
    reading = read(csv_of(["2024", "2", "地区生产总值", "100", "90"], header=header), "national_accounts")
    (scope,) = reading.scopes
    assert scope.scope == "2024|2|2020"
    assert (scope.period_start, scope.period_end) == (date(2024, 4, 1), date(2024, 6, 30))


def test_registers_are_dated_by_their_day(read):
    header = ["统计日期", "社区编号", "社区名称", "类别", "规模", "是否覆盖"]
    reading = read(
        csv_of(
            ["2024-03-31", "C1", "甲", "居住社区", "大型", "√"],
            ["2024-03-31", "C2", "乙", "居住社区", "小型", ""],
            header=header,
        ),
        "bus_coverage",
    )
    assert values(reading, "covered") == [(True,), (False,)]
    (scope,) = reading.scopes
    assert scope.period_start == scope.period_end == date(2024, 3, 31)


def test_defaults_fill_missing_cells(read):
    header = ["日期", "设施名称", "磅单号", "过磅时间", "车牌号", "垃圾类别", "处置方式", "毛重", "皮重", "净重"]
    row = ["2024-03-01", "甲", "T1", "2024-03-01 08:00", "湘F1", "其他垃圾", "填埋", "5000", "2000", ""]
    reading = read(csv_of(row, header=header), "waste_weighings")
    assert values(reading, "net_kg") == [(Decimal(3000),)]


@pytest.mark.parametrize("total", [["合计", "", "", "999", ""], ["", "合计", "", "999", ""], ["合计", "999"]])
def test_a_total_in_last_place_is_told(read, total):
    reading = read(csv_of(GOOD, OTHER, total))
    assert values(reading, "_row") == [(2,), (3,)]
    assert [(note.code, note.row) for note in reading.notes] == [("totals", 4)]


BLANK = ("", ",,,,", "   ", " , ,\u3000,,", "\u2003", "\t")


@pytest.mark.parametrize("blank", BLANK)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_blank_lines_by_the_thousand_leave_rows_and_their_numbers_as_they_are(read, blank, end):
    many = [blank] * 2000
    lines = csv_of(GOOD, OTHER).splitlines()
    text = end.join([*lines[:2], *many, lines[2], *many, "填表人：张三", *many])
    reading = read(text.encode())
    assert values(reading, "_row") == [(2,), (2003,)] and [note.code for note in reading.notes] == ["remarks"]


def test_a_line_of_blanks_within_a_quoted_text_stays(read):
    header = ["统计日期", "编号", "条款", "名称", "类型", "牵头单位", "完成时限", "状态", "进度", "备注"]
    row = ["2024-03-01", "X1", "三", "光伏", "任务", "局", "", "已完成", "100", '"一\n   \n二"']
    assert values(read(csv_of(row, header=header), "task_register"), "note") == [("一\n   \n二",)]

"""XLSX: sheets, dates, percentages, formulas, errors, and workbooks made to do harm."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from sources.contract import contracts
from sources.reading import read_file
from tests.unit.reading.conftest import SUPPLY, faults, values

GOOD = ["2024-03", "gasoline", "工业", 12.5, "吨"]
PLANT = ["统计月份", "电站编号", "电站名称", "发电类型", "发电量"]


def test_a_sheet_with_a_merged_title_and_a_footer(read_book):
    def merge(book: Workbook) -> None:
        book.active.merge_cells("A1:E1")

    rows = [
        ["能源消费月报"],
        ["填报单位：甲"],
        SUPPLY,
        GOOD,
        ["合计", None, None, 12.5],
        [],
        ["填表人：张三", None, "负责人：李四"],
    ]
    reading = read_book(rows, change=merge)
    assert values(reading) == [
        (date(2024, 3, 1), "gasoline", "industry", Decimal("12.5"), "吨", "2024-03|gasoline", False, "Sheet", 4)
    ]
    assert (reading.format, reading.encoding) == ("xlsx", None)


@pytest.mark.parametrize(
    ("value", "format"),
    [
        (date(2024, 3, 1), "yyyy-mm-dd"),
        (datetime(2024, 3, 31), 'yyyy"年"m"月"'),
        (date(2024, 3, 1), "mm-dd-yy"),
        (202403, "General"),
        (202403, "0"),
        ("2024年3月", "@"),
        (date(2024, 3, 1), "[$-804]yyyy\\-mm"),
    ],
)
def test_months_in_cells(read_book, value, format):
    def style(book: Workbook) -> None:
        book.active["A2"].number_format = format

    reading = read_book([SUPPLY, [value, *GOOD[1:]]], change=style)
    assert values(reading, "month") == [(date(2024, 3, 1),)]
    assert not reading.warnings


@pytest.mark.parametrize(
    ("day", "format"),
    [
        (date(2024, 3, 15), "yyyy-mm-dd"),
        (datetime(2024, 3, 31, 23, 59, 59), "yyyy-mm-dd h:mm:ss"),
        (date(2024, 3, 31), "mm-dd-yy"),
    ],
)
def test_a_day_shown_in_a_column_of_months_is_its_month_with_a_warning(read_book, day, format):
    def style(book: Workbook) -> None:
        book.active["A3"].number_format = format

    reading = read_book([SUPPLY, ["2024-02", *GOOD[1:]], [day, *GOOD[1:]]], change=style)
    assert values(reading, "month") == [(date(2024, 2, 1),), (date(2024, 3, 1),)]
    assert [(one.code, one.row, one.column) for one in reading.warnings] == [("day_in_month", 3, "统计月份")]


def test_a_date_cell_of_no_calendar_in_a_column_of_months_is_a_bad_cell(read_book):
    assert faults(read_book([SUPPLY, [date(2150, 3, 15), *GOOD[1:]]])) == [("bad_date", 2, "统计月份")]


METERS = ["日期", "表计编号", "时刻", "电量"]


@pytest.mark.parametrize("epoch_1904", [False, True])
def test_dates_and_times_in_cells(read_book, epoch_1904):
    def epoch(book: Workbook) -> None:
        if epoch_1904:
            book.epoch = CALENDAR_MAC_1904

    rows = [METERS, *([date(2024, 3, 1), "M1", datetime(2024, 3, 1, n // 4, n % 4 * 15), n / 10] for n in range(96))]
    reading = read_book(rows, "meter_readings", epoch)
    expected = [(date(2024, 3, 1), datetime(2024, 3, 1, n // 4, n % 4 * 15), Decimal(n) / 10) for n in range(96)]
    assert values(reading, "day", "ts", "kwh") == expected


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ([date(2024, 3, 1), "M1", date(2024, 3, 1), 1], ("bad_time", 2, "时刻")),
        ([date(2024, 3, 1), "M1", time(0, 15), 1], ("odd_cell", 2, "时刻")),
        ([datetime(2024, 3, 1, 8), "M1", datetime(2024, 3, 1, 8), 1], ("bad_date", 2, "日期")),
        ([45352, "M1", datetime(2024, 3, 1, 8), 1], ("bad_date", 2, "日期")),
        ([date(2024, 3, 1), 1234567890123456, datetime(2024, 3, 1, 8), 1], ("digits_lost", 2, "表计编号")),
        ([date(2024, 3, 1), date(2024, 3, 1), datetime(2024, 3, 1, 8), 1], ("bad_type", 2, "表计编号")),
        ([date(2024, 3, 1), "M1", datetime(2024, 3, 1, 8), date(2024, 3, 1)], ("bad_type", 2, "电量")),
        ([date(2024, 3, 1), "M1", datetime(2024, 3, 1, 8), True], ("bad_type", 2, "电量")),
        ([date(2024, 3, 1), "M1", datetime(2024, 3, 1, 8), "=1+1"], ("formula_without_value", 2, "电量")),
        ([date(2024, 3, 1), "M1", datetime(2024, 3, 1, 8), "#DIV/0!"], ("error_cell", 2, "电量")),
        ([date(2024, 3, 1), "M1", datetime(2024, 3, 1, 8), 1e16], ("overflow", 2, "电量")),
    ],
)
def test_cells_that_cannot_be_read(read_book, row, fault):
    assert faults(read_book([METERS, row], "meter_readings")) == [fault]


def test_numbers_as_text_identifiers_and_shortest_doubles(read_book):
    row = [date(2024, 3, 1), 1001, datetime(2024, 3, 1, 8), 0.1 + 0.2]
    assert values(read_book([METERS, row], "meter_readings"), "meter_id", "kwh") == [("1001", Decimal("0.3"))]


def test_text_cells_keep_the_exactness_of_text(read_book):
    row = [date(2024, 3, 1), "M1", datetime(2024, 3, 1, 8), "0.1234567891"]
    assert faults(read_book([METERS, row], "meter_readings")) == [("too_many_places", 2, "电量")]
    row[3] = 0.1234567891
    assert values(read_book([METERS, row], "meter_readings"), "kwh") == [(Decimal("0.123456789"),)]


def _with_values(book_path: Path, changes: Callable[[str], str]) -> None:
    """Rewrite the sheet's XML, as a program that writes cached values would have it."""
    with zipfile.ZipFile(book_path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    name = "xl/worksheets/sheet1.xml"
    parts[name] = changes(parts[name].decode()).encode()
    with zipfile.ZipFile(book_path, "w", zipfile.ZIP_DEFLATED) as book:
        for part, content in parts.items():
            book.writestr(part, content)


def test_formulas_give_their_cached_value(read_book, tmp_path):
    read_book([SUPPLY, [*GOOD[:3], "=5+7.5", GOOD[4]]])
    path = tmp_path / "delivery.xlsx"
    _with_values(
        path,
        lambda xml: xml.replace("<f>5+7.5</f><v></v>", "<f>5+7.5</f><v>12.5</v>").replace(
            "<f>5+7.5</f><v />", "<f>5+7.5</f><v>12.5</v>"
        ),
    )
    assert values(read_file(path, contracts()["energy_supply"]), "quantity") == [(Decimal("12.5"),)]


def test_formulas_in_rows_that_are_not_read_do_no_harm(read_book):
    assert len(values(read_book([SUPPLY, GOOD, ["合计", None, None, "=SUM(D2:D2)"]]))) == 1


TASKS = ["统计日期", "编号", "条款", "名称", "类型", "牵头单位", "状态", "进度"]
PARAMETERS = ["年份", "参数", "数值", "来源"]


def percent_cell(address: str) -> Callable[[Workbook], None]:
    def style(book: Workbook) -> None:
        book.active[address].number_format = "0.00%"

    return style


def test_percentages_are_read_as_shown(read_book):
    task = ["2024-03-31", "1", "三(五)1", "甲", "任务", "乙", "推进中", 0.75]
    assert values(read_book([TASKS, task], "task_register", percent_cell("H2")), "progress") == [(Decimal(75),)]
    assert values(read_book([TASKS, [*task[:7], 0.07]], "task_register", percent_cell("H2")), "progress") == [
        (Decimal(7),)
    ]
    assert values(read_book([TASKS, [*task[:7], "75%"]], "task_register"), "progress") == [(Decimal(75),)]
    assert values(read_book([TASKS, [*task[:7], 75]], "task_register"), "progress") == [(Decimal(75),)]


def test_percentages_in_fraction_fields(read_book):
    share = [2024, "外来电非化石比重", 0.31, "甲"]
    assert values(read_book([PARAMETERS, share], "region_parameters", percent_cell("C2")), "value") == [
        (Decimal("0.31"),)
    ]
    assert values(read_book([PARAMETERS, [2024, share[1], "31％", "甲"]], "region_parameters"), "value") == [
        (Decimal("0.31"),)
    ]
    rate = [2024, "发电标准煤耗", "31%", "甲"]
    assert faults(read_book([PARAMETERS, rate], "region_parameters")) == [("percent_not_expected", 2, "数值")]


def test_percentages_elsewhere_are_refused(read_book):
    assert faults(read_book([SUPPLY, GOOD], change=percent_cell("D2"))) == [("percent_not_expected", 2, "消费量")]
    assert faults(read_book([SUPPLY, [*GOOD[:3], "5%", GOOD[4]]])) == [("percent_not_expected", 2, "消费量")]


def _second(title: str, rows: list[list[object]], state: str = "visible") -> Callable[[Workbook], None]:
    def add(book: Workbook) -> None:
        sheet = book.create_sheet(title, 0)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = state
        book.active = book["Sheet"]

    return add


def test_the_sheet_whose_header_matches_is_found(read_book):
    reading = read_book([SUPPLY, GOOD], change=_second("说明", [["填写说明"], ["消费量", "按月填写"]]))
    assert values(reading, "_sheet") == [("Sheet",)]


def test_two_matching_visible_sheets(read_book):
    reading = read_book([SUPPLY, GOOD], change=_second("副本", [SUPPLY, GOOD]))
    assert [problem.code for problem in reading.problems] == ["two_sheets"]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_ignored_with_a_warning(read_book, state):
    reading = read_book([SUPPLY, GOOD], change=_second("旧表", [SUPPLY, GOOD], state))
    assert values(reading, "_sheet") == [("Sheet",)]
    assert [(warning.code, warning.sheet) for warning in reading.warnings] == [("hidden_sheet", "旧表")]


def test_missing_columns_name_the_sheet(read_book):
    (problem,) = read_book([["标题"], SUPPLY[:4], GOOD[:4]]).problems
    assert (problem.code, problem.sheet, problem.row, problem.column) == ("missing_column", "Sheet", 2, "计量单位")


def test_rows_are_the_sheets_own(read_book):
    rows = [[], [], SUPPLY, GOOD, [], [*GOOD[:2], "交通运输", "x", "吨"]]
    (problem,) = read_book(rows).problems
    assert (problem.sheet, problem.row, problem.column, problem.value) == ("Sheet", 6, "消费量", "x")


def test_far_cells_do_no_harm(read_book):
    def far(book: Workbook) -> None:
        book.active["XFD1048576"] = "x"

    assert faults(read_book([SUPPLY, GOOD], change=far))[0][1] == 1048576


def test_a_bomb_is_refused(tmp_path):
    path = tmp_path / "bomb.xlsx"
    Workbook().save(path)
    _with_values(path, lambda xml: xml.replace("</worksheet>", " " * (200 << 20) + "</worksheet>"))
    assert faults(read_file(path, contracts()["energy_supply"])) == [("too_large", None, None)]


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
def test_cut_off_workbooks(tmp_path, keep):
    path = tmp_path / "cut.xlsx"
    book = Workbook()
    book.active.append(SUPPLY)
    book.save(path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    assert faults(read_file(path, contracts()["energy_supply"])) == [("broken_file", None, None)]


def test_other_packages_are_no_workbooks(tmp_path):
    path = tmp_path / "delivery.xlsx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("content.xml", "<x/>")
    assert faults(read_file(path, contracts()["energy_supply"])) == [("unsupported_format", None, None)]


def test_text_is_kept_exactly(read_book, tmp_path):
    odd = "甲 乙 <&> \" ' 1\n2"
    row = ["2024-03", "P1", odd, "光伏", 1]
    assert values(read_book([PLANT, row], "power_generation"), "plant_name") == [(odd,)]
    assert load_workbook(tmp_path / "delivery.xlsx").active["C2"].value == odd


def test_stored_escapes_are_undone(read_book):
    row = ["2024-03", "P1", "甲_x000D_乙_x005F_x0041_", "光伏", 1]
    assert values(read_book([PLANT, row], "power_generation"), "plant_name") == [("甲\r乙_x0041_",)]

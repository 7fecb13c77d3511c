"""What real files bring along, and what only looks as if it could be read."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.unit.reading import acceptance_files as files
from tests.unit.reading.acceptance_rows import HEADERS
from tests.unit.reading.conftest import faults, values

HEADER = ",".join(HEADERS["power_generation"])
GOOD = "2024-03,P1,甲,光伏,1,"
PLANT = {"month": "2024-03", "plant_id": "P1", "plant_name": "甲", "source": "光伏", "generated": 1.0, "self_used": 0.5}
PLANT_SHEET: list[list[Any]] = [HEADERS["power_generation"], list(PLANT.values())]


def lines(*rows: str, header: str = HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


def audited(cell: str) -> str:
    return f"年份,统一社会信用代码,是否应审核,审核完成日期\n2024,X,{cell}\n"


def plants(read, content: str | bytes, name: str = "a.csv"):
    return read(content, feed="power_generation", name=name)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("（kWh）", "0.00125"),
        ("[MWh]", "1.25"),
        ("【亿千瓦时】", "125000"),
        ("(单位：度)", "0.00125"),
        (" ( 万 ｋＷｈ ) ", "12.5"),
        ("(TWh)", "1250000"),
        ("()", "12.5"),
    ],
)
def test_units_of_energy(read, unit, expected):
    found = plants(read, lines("2024-03,P1,甲,光伏,12.5,", header=HEADER.replace("发电量,", f"发电量{unit},")))
    assert values(found, "generated") == [(Decimal(expected),)]


@pytest.mark.parametrize("unit", ["(吨)", "(GWh)", "(kW)", "(元)", "(本月)", "(tce)"])
def test_units_that_do_not_convert(read, unit):
    found = plants(read, lines(GOOD, header=HEADER.replace("发电量,", f"发电量{unit},")))
    assert faults(found) == [("wrong_unit", 1, f"发电量{unit}")]


@pytest.mark.parametrize(("header", "value"), [("m²", "7"), ("㎡", "7"), ("平方米", "7"), ("m2", "7")])
def test_the_same_unit_in_symbols(tmp_path, header, value):
    rows = [
        {k.replace("建筑面积", f"建筑面积({header})"): v for k, v in row.items()}
        for row in files.native("building_projects")
    ]
    files.write_csv(rows, tmp_path / "a.csv")
    assert files.read(tmp_path / "a.csv", "building_projects").problems == []


def test_a_double_is_rounded_once_after_it_is_converted(read):
    row = {key: cell for key, cell in PLANT.items() if key != "generated"} | {"发电量(亿千瓦时)": 1.23456789012}
    assert values(plants(read, json.dumps(row), "a.jsonl"), "generated") == [(Decimal("12345.6789012"),)]
    row = {"month": "2024-03", "product": "天然气", "sector": "工业", "消费量(亿立方米)": 1.23456789012, "unit": "方"}
    assert values(read(json.dumps(row), name="a.jsonl"), "quantity") == [(Decimal("123456789.012"),)]
    halves = lines(
        "2024-03,P1,甲,光伏,0.000005,", "2024-03,P2,甲,光伏,0.000015,", header=HEADER.replace("发电量,", "发电量(kWh),")
    )
    assert values(plants(read, halves), "generated") == [(Decimal(0),), (Decimal("0.000000002"),)]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2024-03-01T00:00:00.000", date(2024, 3, 1)),
        ("2024-02-29T16:00:00Z", date(2024, 3, 1)),
        ("２０２４年３月１日", date(2024, 3, 1)),
        *((cell, None) for cell in ("2024-03-01T00:00:00Z", "2024-03-01 08:00", "1/3/2024", "24/3/1", "2024.3.1")),
        *((cell, None) for cell in ("45352", "2024年3月", "2023-02-29", "March 1, 2024", "2024-03-01T00:00:00+25:00")),
    ],
)
def test_days(read, cell, expected):
    found = read(audited(f'是,"{cell}"'), feed="cleaner_production")
    if expected:
        assert values(found, "audited_on") == [(expected,)]
    else:
        assert [(row, column) for _, row, column in faults(found)] == [(2, "审核完成日期")]


@pytest.mark.parametrize("cell", ["×", "Y", "N", "有", "✓", "yes", "1.0", "—", "", "T"])
def test_other_booleans_are_refused(read, cell):
    assert [fault[1:] for fault in faults(read(audited(f"{cell},"), feed="cleaner_production"))] == [(2, "是否应审核")]


def test_in_a_ticked_column_blank_is_false_and_a_dash_is_missing(read):
    content = "年份,统一社会信用代码,是否应审核\n2024,A,√\n2024,B,\n2024,C,否\n"
    assert values(read(content, feed="cleaner_production"), "obliged") == [(True,), (False,), (False,)]
    assert faults(read(content + "2024,D,—\n", feed="cleaner_production")) == [("missing_value", 5, "是否应审核")]


@pytest.mark.parametrize("header", ["月份", "统计月份*", "年月", "统计月份（月）"])
def test_a_header_is_known_by_the_agreed_names_only(read, header):
    assert {fault[1:] for fault in faults(plants(read, lines(GOOD, header=HEADER.replace("统计月份", header))))} <= {
        (1, "统计月份"),
        (1, header),
    }


def test_a_column_of_a_like_name_is_only_unknown(read):
    found = plants(read, lines("3," + GOOD, header="月份," + HEADER))
    assert found.table is not None and [w.column for w in found.warnings] == ["月份"]


def test_row_numbers_without_a_header_are_not_read(tmp_path):
    """As pandas writes them, into CSV and XLSX."""
    frame = pd.DataFrame([PLANT, PLANT | {"plant_id": "P2"}])
    frame.to_csv(tmp_path / "a.csv")
    frame.to_excel(tmp_path / "a.xlsx", sheet_name="表")
    for name in ("a.csv", "a.xlsx"):
        found = files.read(tmp_path / name, "power_generation")
        assert values(found, "plant_id") == [("P1",), ("P2",)]
        assert [(w.code, w.column, w.value) for w in found.warnings] == [("nameless_column", "A", "0")]


def test_a_row_that_begins_like_a_remark_is_a_row(read):
    header = "备注,统计日期,编号,条款,名称,类型,牵头单位,状态,进度\n"
    rows = "正常,2024-06-30,1,c,n,任务,l,推进中,5\n说明：迟报,2024-06-30,2,c,n,任务,l,推进中,5\n"
    signed = "填表人：,张三,审核,李四,日期,2024-06-30,x,y,z\n"
    assert values(read(header + rows + signed, feed="task_register"), "item_id") == [("1",), ("2",)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("本地发电量\n填报单位：电网公司,,单位：万千瓦时\n\n", "合计,,,,1\n填表人：张三  负责人：李四\n"),
        ("本地发电量,,,,,\n", "\n \n备注：1. 含自用,,,,,\n2. 其他,,,,,\n报出日期：2024年4月2日,,,,,\n"),
        ("sep=,\n", "—,小 计：,,,1,\n总　计,,,,1,\n"),
    ],
)
def test_titles_totals_and_remarks(read, before, after):
    found = plants(read, before + lines(GOOD) + after)
    assert values(found, "plant_id", "_row") == [("P1", before.count("\n") + 2)]


def test_rules_over_several_rows_name_the_right_ones(read):
    header = "统计日期,园区,改造状态,验收日期\n"
    days = ["2024-06-30"] * 5 + ["2024-06-29"] + ["2024-06-30"] * 5
    rows = "".join(f"{day},园{number},未启动,\n" for number, day in enumerate(days))
    assert faults(read(header + rows, feed="park_circularity")) == [("one_as_of", 7, "统计日期")]


def test_a_january_beside_a_february_for_both_is_warned_of(tmp_path):
    first, _ = files.native("energy_enterprise")
    months = [first | {"统计月份": "2024-02"}, first | {"统计月份": "2024-01", "覆盖月数": 1}]
    files.write_csv(months, tmp_path / "a.csv")
    found = files.read(tmp_path / "a.csv", "energy_enterprise")
    assert found.table is not None
    assert [(w.code, w.row, w.column) for w in found.warnings] == [("january_beside_february", 2, "覆盖月数")]


@pytest.mark.parametrize(
    ("column", "cell", "field", "expected"),
    [
        ("month", pa.array([datetime(2024, 2, 29, 16)], pa.timestamp("us", "UTC")), "month", date(2024, 3, 1)),
        ("month", pa.array([datetime(2024, 3, 9)], pa.timestamp("ns")), "month", date(2024, 3, 1)),
        ("generated", pa.array([Decimal("1.5")], pa.decimal256(50, 30)), "generated", Decimal("1.5")),
        ("generated", pa.array([0.7], pa.float32()), "generated", Decimal("0.7")),
        ("plant_id", pa.array([1234567890123456789]), "plant_id", "1234567890123456789"),
        ("source", pa.array(["光伏"]).dictionary_encode(), "source", "solar"),
        ("generated", pa.array([float("inf")]), "generated", None),
        ("generated", pa.array([Decimal("0.0000000001")]), "generated", None),
        ("generated", pa.array([[1.0]]), "generated", None),
        ("plant_id", pa.array([True]), "plant_id", None),
    ],
)
def test_columns_of_parquet(tmp_path, column, cell, field, expected):
    table = pa.table({key: [value] for key, value in PLANT.items()})
    pq.write_table(table.set_column(table.column_names.index(column), column, cell), tmp_path / "a.parquet")
    found = files.read(tmp_path / "a.parquet", "power_generation")
    if expected is None:
        assert [fault[1:] for fault in faults(found)] == [(1, column)]
    else:
        assert values(found, field) == [(expected,)]


def test_a_time_finer_than_a_microsecond_is_named(tmp_path):
    times = pa.array([1709223300000000001], pa.timestamp("ns"))
    columns = {"day": pa.array([date(2024, 2, 29)]), "meter_id": ["M"], "ts": times, "kwh": [1.0]}
    pq.write_table(pa.table(columns), tmp_path / "a.parquet")
    assert faults(files.read(tmp_path / "a.parquet", "meter_readings")) == [("bad_time", 1, "ts")]


@pytest.mark.parametrize(
    ("format", "expected"),
    [
        ("#,##0.00_);[Red](#,##0.00)", Decimal("0.75")),
        ('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', Decimal("0.75")),
        ('[$¥-804]#,##0.00"日"', None),
        ("[$-804]#,##0.00", Decimal("0.75")),
        ("G/通用格式", Decimal("0.75")),
        ("0!h", None),
        ("0.00E+00", Decimal("0.75")),
        ("0.0%", None),
        ('yyyy"年"m"月"', None),
        ("[h]:mm", None),
    ],
)
def test_number_formats(read_book, format, expected):
    def change(book: openpyxl.Workbook) -> None:
        book.active["E2"].number_format = format  # type: ignore[index]

    rows = [PLANT_SHEET[0], [*PLANT_SHEET[1][:4], 0.75, None]]
    found = read_book(rows, "power_generation", change)
    if expected is None:
        assert [fault[1:] for fault in faults(found)] == [(2, "发电量")]
    else:
        assert values(found, "generated") == [(expected,)]


def _sheet(state: str, rows: list[list[Any]]):
    def change(book: openpyxl.Workbook) -> None:
        sheet = book.create_sheet("另一")
        sheet.sheet_state = state
        for row in rows:
            sheet.append(row)

    return change


@pytest.mark.parametrize(
    ("rows", "change", "codes"),
    [
        (PLANT_SHEET, _sheet("visible", PLANT_SHEET), {"two_sheets"}),
        (PLANT_SHEET, _sheet("visible", PLANT_SHEET[:1]), {"two_sheets"}),
        (PLANT_SHEET, _sheet("hidden", PLANT_SHEET), set()),
        (PLANT_SHEET, _sheet("visible", [row[:3] for row in PLANT_SHEET]), set()),
        ([["填报说明"], ["每月10日前"]], _sheet("visible", PLANT_SHEET), set()),
        (
            [*PLANT_SHEET, [], PLANT_SHEET[0], ["2024-03", "P2", "乙", "风电", 1, 0]],
            _sheet("hidden", []),
            {"second_header"},
        ),
        ([[*row, None, *row] for row in PLANT_SHEET], _sheet("hidden", []), {"doubled_header"}),
        ([*PLANT_SHEET, [], ["区域", "人口"], ["东", 5]], _sheet("hidden", []), {"bad_month"}),
        ([[], [None, "表"], *([None, None, *row] for row in PLANT_SHEET)], _sheet("hidden", []), set()),
    ],
)
def test_sheets_and_tables(read_book, rows, change, codes):
    found = read_book(rows, "power_generation", change)
    if codes:
        assert {code for code, _, _ in faults(found)} >= codes
    else:
        assert values(found, "plant_id") == [("P1",)]


def test_the_path_may_be_odd(tmp_path: Path):
    for name in ("（终）报表 v2.CSV", "-rf *.csv", "a%20b'\".csv", "无后缀", ".csv", "x" * 200 + ".csv"):
        (tmp_path / name).write_text(lines(GOOD), "utf-8")
        assert values(files.read(tmp_path / name, "power_generation"), "plant_id") == [("P1",)]


def test_a_mark_inside_the_file_is_seen_in_a_key(read):
    """As joined files hold one; Arrow would take it off."""
    found = plants(
        read, lines("\ufeffP1,2024-03,甲,光伏,1,", header=HEADER.replace("统计月份,电站编号", "电站编号,统计月份"))
    )
    assert faults(found) == [("hidden_sign", 2, "电站编号")]


def test_years_that_no_calendar_has_are_bad_cells(read):
    rows = [f"2024-03-01,M{number},2024-03-01 00:15:00,1" for number in range(100)]
    rows.append("0000-01-01,M100,0000-01-01 00:15:00,1")
    found = read("日期,表计编号,时刻,电量\n" + "\n".join(rows), feed="meter_readings")
    assert faults(found) == [("bad_date", 102, "日期"), ("bad_date", 102, "时刻")]


@pytest.mark.parametrize(
    "header", ["1〜3月消费量", "自年初累计", "一至三月消费量", "截至本月止累计", "至本月止消费量合计"]
)
def test_more_names_of_cumulative_columns(tmp_path, header):
    rows = [row | {header: 1} for row in files.native("energy_enterprise")]
    files.write_csv(rows, tmp_path / "a.csv")
    assert faults(files.read(tmp_path / "a.csv", "energy_enterprise")) == [("refused_header", 1, header)]

"""Headers: where they are found, how they may be spelt, what quarantines."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from tests.unit.reading.conftest import GOOD, SUPPLY, csv_of, faults, supply, values


def test_title_lines_above_the_header(read):
    reading = read("全社会能源消费表,,,,\n填报单位：供电公司,,,单位：吨,\n\n" + csv_of(GOOD))
    assert values(reading, "_row") == [(5,)]


@pytest.mark.parametrize(
    "header",
    [
        ["统计 月份", "能 源品种", "用能\u3000部门", "消费量", "计量单位"],
        ["month", "PRODUCT", "Sector", "quantity", "ｕｎｉｔ"],
        ['"统计\n月份"', "能源品种", "用能部门", "消费量", "计量单位"],
        ["统计月份 ", "能源品种", "用能部门", "消费量（吨）", "计量单位"],
    ],
)
def test_spellings_of_headers(read, header):
    assert values(read(csv_of(GOOD, header=header)), "quantity") == [(Decimal("12.5"),)]


def test_order_does_not_matter(read):
    assert values(read(csv_of(GOOD[::-1], header=SUPPLY[::-1])), "sector") == [("industry",)]


GENERATION = ["统计月份", "电站编号", "电站名称", "发电类型", "发电量", "自发自用电量"]
PLANT = ["2024-03", "P1", "甲站", "光伏", "1234567", "7"]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("发电量(千瓦时)", "123.4567"),
        ("发电量（万千瓦时）", "1234567"),
        ("发电量[kWh]", "123.4567"),
        ("发电量【单位：度】", "123.4567"),
        ("发电量（ＭＷｈ）", "123456.7"),
        ("发电量\n〔亿千瓦时〕", None),
    ],
)
def test_units_in_brackets_convert(read, header, expected):
    cells = [header if cell == "发电量" else cell for cell in GENERATION]
    reading = read(csv_of(PLANT, header=[f'"{cell}"' for cell in cells]), "power_generation")
    assert values(reading, "generated") == [(Decimal(expected or "12345670000"),)]


def test_same_unit_in_other_spellings(read):
    header = ["统计日期", "表计编号", "统一社会信用代码", "用能部门", "额定容量(kW)"]
    reading = read(csv_of(["2024-03-01", "M1", "91430600MA4L16C15A", "工业", "5"], header=header), "meters")
    assert values(reading, "rated_kw") == [(Decimal(5),)]


@pytest.mark.parametrize("header", ["发电量(吨)", "发电量(abc)", "电站名称(吨)"])
def test_other_units_quarantine(read, header):
    cells = [header if header.startswith(cell) else cell for cell in GENERATION]
    assert ("wrong_unit", 1, header) in faults(read(csv_of(PLANT, header=cells), "power_generation"))


def test_unit_of_the_header_converts_into_the_unit_of_the_row(read):
    header = [*SUPPLY[:3], "消费量(吨)", SUPPLY[4]]
    reading = read(csv_of(supply(unit="万吨"), supply(sector="交通运输"), header=header))
    assert values(reading, "quantity") == [(Decimal("0.00125"),), (Decimal("12.5"),)]
    assert [(w.code, w.row, w.column) for w in reading.warnings] == [("two_units", 2, "消费量(吨)")]


def test_unit_of_the_header_that_does_not_convert_into_the_row(read):
    header = [*SUPPLY[:3], "消费量(吨)", SUPPLY[4]]
    rows = supply(), supply(product="electricity", unit="千瓦时")
    assert faults(read(csv_of(*rows, header=header))) == [("wrong_unit", 3, "消费量(吨)")]


def test_unknown_columns_are_warned_of(read):
    reading = read(csv_of([*GOOD, "x"], header=[*SUPPLY, "去年同期"]))
    assert [(warning.code, warning.column) for warning in reading.warnings] == [("unknown_column", "去年同期")]


def test_absent_optional_columns_are_missing_with_a_warning(read):
    reading = read(csv_of(PLANT[:5], header=GENERATION[:5]), "power_generation")
    assert values(reading, "self_used") == [(None,)]
    assert [(warning.code, warning.column) for warning in reading.warnings] == [("absent_column", "自发自用电量")]


SIGNS = ["自发自用电量;", "*自发自用电量", "自发自用电量.1", "2self_used"]
TYPED = [
    "自发自用电",
    "自发白用电量",
    "自用电量",
    "自发自用电量千瓦时",
    "自发自用电（千瓦时）",
    "selfused",
    "self_use",
    "self_used_kwh",
]


@pytest.mark.parametrize("text", [*SIGNS, *TYPED])
def test_headers_that_are_nearly_absent_optional_fields_are_not_lost(read, text):
    reading = read(csv_of(PLANT, header=[*GENERATION[:5], text]), "power_generation")
    assert faults(reading) == [("unclear_header", 1, text)]


@pytest.mark.parametrize("text", ["上网电量", "用电量", "发电量同比", "备注", "自发", "used", "generated_on"])
def test_other_headers_beside_absent_optional_fields_are_unknown(read, text):
    reading = read(csv_of(PLANT, header=[*GENERATION[:5], text]), "power_generation")
    assert reading.table is not None
    assert ("unknown_column", text) in [(one.code, one.column) for one in reading.warnings]


def test_a_key_of_one_json_line_that_is_nearly_another_is_not_lost(read):
    plant = dict(zip(GENERATION, PLANT, strict=True))
    other = {**plant, "电站编号": "P9"}
    other["自发自用电"] = other.pop("自发自用电量")
    lines = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in (plant, other))
    assert faults(read(lines, "power_generation", "a.jsonl")) == [("unclear_header", 2, "自发自用电")]
    both = json.dumps({**plant, "自发自用电": "9"}, ensure_ascii=False)
    assert read(both, "power_generation", "a.jsonl").table is not None


def test_such_a_header_beside_the_field_itself_is_unknown(read):
    reading = read(csv_of([*PLANT, "9"], header=[*GENERATION, "自发自用电量.1"]), "power_generation")
    assert reading.table is not None
    assert [warning.code for warning in reading.warnings] == ["unknown_column"]


def test_missing_required_columns_are_all_named(read):
    assert faults(read(csv_of(GOOD[:3], header=SUPPLY[:3]))) == [
        ("missing_column", 1, "消费量"),
        ("missing_column", 1, "计量单位"),
    ]


def test_two_headers_of_one_field(read):
    assert faults(read(csv_of([*GOOD, "1"], header=[*SUPPLY, "quantity"]))) == [("doubled_header", 1, "quantity")]
    assert faults(read(csv_of([*GOOD, "1"], header=[*SUPPLY, "消费量"]))) == [("doubled_header", 1, "消费量")]


ENTERPRISE = ["统计月份", "统一社会信用代码", "单位名称", "行业代码", "能源品种", "计量单位", "消费量合计"]
FACTORY = ["2024-03", "91430600MA4L16C15A", "甲厂", "26", "raw_coal", "吨", "100"]


def test_cumulative_columns_are_refused_by_name(read):
    header = [*ENTERPRISE, "消费量合计(1—本月累计)"]
    found = faults(read(csv_of([*FACTORY, "300"], header=header), "energy_enterprise"))
    assert ("refused_header", 1, header[-1]) in found
    alone = [*ENTERPRISE[:-1], "消费量(1—本月累计)"]
    assert ("refused_header", 1, alone[-1]) in faults(read(csv_of(FACTORY, header=alone), "energy_enterprise"))


def test_a_second_header_among_the_rows(read):
    assert faults(read(csv_of(GOOD, SUPPLY, supply(sector="交通运输")))) == [("second_header", 3, None)]


def test_an_unknown_header_given_twice(read):
    assert faults(read(csv_of([*GOOD, "1", "2"], header=[*SUPPLY, "附", " 附"]))) == [("doubled_header", 1, "附")]


def test_a_column_in_a_wrong_unit_is_not_called_missing_too(read):
    cells = ["发电量(吨)" if cell == "发电量" else cell for cell in GENERATION]
    assert faults(read(csv_of(PLANT, header=cells), "power_generation")) == [("wrong_unit", 1, "发电量(吨)")]

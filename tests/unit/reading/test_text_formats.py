"""CSV and JSON lines: encodings, delimiters, quoting, packing, and content that is none of these."""

from __future__ import annotations

import gzip
import json
from datetime import date
from decimal import Decimal

import pytest

from tests.unit.reading.conftest import GOOD, SUPPLY, csv_of, faults, supply, values

ROW = (date(2024, 3, 1), "gasoline", "industry", Decimal("12.500000000"), "吨")


def test_plain_csv_loads_exactly(read):
    reading = read(csv_of(GOOD))
    assert values(reading) == [(*ROW, "2024-03|gasoline", False, None, 2)]
    assert (reading.format, reading.encoding, reading.rows_read, reading.warnings) == ("csv", "utf-8", 1, [])
    (scope,) = reading.scopes
    assert scope.values == {"month": "2024-03", "product": "gasoline"}
    assert (scope.period_start, scope.period_end, scope.member, scope.rows) == (
        date(2024, 3, 1),
        date(2024, 3, 31),
        "gasoline",
        1,
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("packed", [False, True])
def test_encodings_delimiters_line_ends_and_gzip(read, encoding, delimiter, ending, packed):
    content = csv_of(GOOD, supply(sector="交通运输"), delimiter=delimiter).replace("\n", ending).encode(encoding)
    reading = read(gzip.compress(content) if packed else content)
    assert [row[2] for row in values(reading)] == ["industry", "transport"]
    assert values(reading, "_row") == [(2,), (3,)]


def test_gb18030_without_a_matching_header_is_undecodable(read):
    assert faults(read("姓名,年龄\n张三,3\n".encode("gb18030"))) == [("undecodable", None, None)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xef\xbb\xbf \r\n", "empty_file"),
        (csv_of(GOOD).encode("utf-16"), "unsupported_format"),
        (csv_of(GOOD).encode("utf-16-le"), "nul_bytes"),
        (csv_of(GOOD).encode() + b"\0", "nul_bytes"),
        (csv_of(GOOD).encode() + b"\xff\xfe\xff\n", "undecodable"),
        (b"[{}]", "json_array"),
        (json.dumps([{"month": "2024-03"}], indent=1).encode(), "json_array"),
        (b"%PDF-1.7 ...", "unsupported_format"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "unsupported_format"),
        (b"<html><table></table></html>", "unsupported_format"),
        (b"PK\x03\x04 but no more", "broken_file"),
        (b"PAR1 but no more", "broken_file"),
        (gzip.compress(b"PAR1"), "unsupported_format"),
        (gzip.compress(csv_of(GOOD).encode())[:-9], "broken_gzip"),
        (gzip.compress(b"0" * (64 << 20)), "too_large"),
        (b"hello", "no_header"),
        (csv_of().encode(), "no_rows"),
    ],
)
def test_content_that_cannot_be_read(read, content, code):
    assert [fault[0] for fault in faults(read(content))] == [code]


def test_content_counts_more_than_the_name(read):
    reading = read(csv_of(GOOD), name="delivery.xlsx")
    assert values(reading, "quantity") == [(Decimal("12.5"),)]
    assert [warning.code for warning in reading.warnings] == ["misleading_name"]


def test_quoted_cells_with_delimiters_quotes_and_line_breaks(read):
    header = "as_of,item_id,clause,name,kind,lead_agency,status,progress,note\n"
    rows = (
        '2024-03-01,1,三(五)1,"甲,乙 ""丙""",任务,x,未启动,5,"一\n二"\n2024-03-01,2,三(五)1,丁,任务,x,未启动,5,"\n"\n'
    )
    reading = read(header + rows, "task_register")
    assert values(reading, "name", "note", "_row") == [('甲,乙 "丙"', "一\n二", 2), ("丁", None, 4)]


@pytest.mark.parametrize("cell", ['"12.5', '"12"5"', '"12" 5"'])
def test_broken_quoting_is_refused(read, cell):
    (fault,) = faults(read(csv_of(supply(quantity=cell))))
    assert fault[:2] == ("broken_csv", 2)


@pytest.mark.parametrize("row", [[*GOOD, ""], GOOD[:4], ["", *GOOD]])
def test_ragged_rows_are_refused_with_their_line(read, row):
    assert faults(read("填报单位：甲\n" + csv_of(GOOD, [], row))) == [("ragged_row", 5, None)]


def test_thousands_separator_without_quotes_shows_as_ragged(read):
    assert faults(read(csv_of(GOOD, supply(sector="建筑业", quantity="1,234"))))[0][:2] == ("ragged_row", 3)


def test_cells_without_a_header_are_refused_in_csv(read):
    assert faults(read(csv_of([*GOOD, ""], [*supply(sector="建筑业"), "5"], header=[*SUPPLY, ""]))) == [
        ("nameless_column", 3, "F")
    ]
    assert read(csv_of([*GOOD, ""], header=[*SUPPLY, ""])).warnings == []


JSON = {"month": "2024-03", "product": "汽油", "sector": "industry", "quantity": 12.5, "unit": "t"}


def test_json_lines_load_exactly(read):
    content = "\n".join(json.dumps({**JSON, "sector": sector}) for sector in ("industry", "transport")) + "\n\n"
    reading = read(content, name="delivery.jsonl")
    assert values(reading)[0] == (*ROW, "2024-03|gasoline", False, None, 1)
    assert reading.format == "jsonl"


def test_json_numbers_are_doubles_in_shortest_form(read):
    reading = read(json.dumps({**JSON, "quantity": 0.1 + 0.2}))
    assert values(reading, "quantity") == [(Decimal("0.3"),)]
    assert values(read(json.dumps({**JSON, "quantity": 1e-7})), "quantity") == [(Decimal("1e-7"),)]
    assert values(read(json.dumps({**JSON, "month": 202403})), "month") == [(date(2024, 3, 1),)]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('{"month": 1, "month": 2}', ("bad_json", 2, None)),
        ('{"month": ', ("bad_json", 2, None)),
        ("[1]", ("bad_json", 2, None)),
        (json.dumps({**JSON, "sector": "商业及服务业", "quantity": float("nan")}), ("bad_number", 2, "quantity")),
        (json.dumps({**JSON, "sector": "商业及服务业", "quantity": float("inf")}), ("bad_number", 2, "quantity")),
        (json.dumps({**JSON, "sector": "商业及服务业", "quantity": 1e300}), ("overflow", 2, "quantity")),
        (json.dumps({**JSON, "sector": "商业及服务业", "quantity": [1]}), ("unsupported_value", 2, "quantity")),
        (json.dumps({**JSON, "sector": "商业及服务业", "quantity": True}), ("bad_type", 2, "quantity")),
        (json.dumps({**JSON, "sector": "商业及服务业", "quantity": None}), ("missing_value", 2, "quantity")),
        ('{"month": "\\ud800"}', ("bad_json", 2, None)),
    ],
)
def test_bad_json_lines(read, line, fault):
    assert faults(read(json.dumps(JSON) + "\n" + line + "\n")) == [fault]


@pytest.mark.parametrize("text", ["0.1234567890123456789", "1.00000000000000000000000001", "1e-400"])
def test_json_numbers_lose_no_digits(read, text):
    line = json.dumps(dict(zip(SUPPLY, supply(quantity="@"), strict=True)), ensure_ascii=False).replace('"@"', text)
    assert faults(read(line)) == [("too_many_places", 1, "消费量")]


@pytest.mark.parametrize(
    ("text", "value"),
    [("12345678901234.123456789", "12345678901234.123456789"), ("0.30000000000000004", "0.3"), ("1.50", "1.5")],
)
def test_json_numbers_are_held_exactly_or_as_the_double_that_was_written(read, text, value):
    line = json.dumps(dict(zip(SUPPLY, supply(quantity="@"), strict=True)), ensure_ascii=False).replace('"@"', text)
    assert values(read(line), "quantity") == [(Decimal(value),)]


def test_a_json_exponent_beyond_all_bounds_is_refused(read):
    assert [fault[0] for fault in faults(read('{"month": "2024-03", "quantity": 1e-9999999999999999999999}'))]


@pytest.mark.parametrize(
    ("name", "content", "zh", "en"),
    [
        ("a.parquet", b"PAR1 but no more", "Parquet 文件不完整或已损坏", "the Parquet file is cut off"),
        ("a.xlsx", b"PK\x03\x04 but no more", "XLSX 文件不完整或已损坏", "the XLSX file is cut off"),
        ("a.gz", gzip.compress(b"x" * 99)[:10] + b"\xff" * 40, "gzip 文件不完整或已损坏", "the gzip file is cut off"),
        ("a.jsonl", b'{"a": 1,}\n{"a": 1}\n', "此行不是完整的 JSON，错在第 9 个字符处", "look at character 9"),
        ("a.jsonl", b'{"a":' * 10**5, "此行不是可读的 JSON", "JSON nested too deep"),
        ("a.csv", (csv_of(GOOD) + '"2024-04,').encode(), "第 3 行起：直到文件末尾也没有闭合的引号", "never closed"),
        ("a.csv", (csv_of(GOOD) + '"a"b,1,2,3,4').encode(), "第 3 行起：引号闭合之后", "signs between"),
    ],
)
def test_a_fault_of_a_library_is_a_sentence_first(read, name, content, zh, en):
    problem = read(content, name=name).problems[0]
    assert problem.zh.startswith(zh) and "（技术信息：" in problem.zh
    assert en in problem.en


SUPPLIED = '{"month": "2024-03", "product": "coal", "sector": "工业", "quantity": 1.5, "unit": "t"}'


@pytest.mark.parametrize(
    ("second", "fault"),
    [
        ("{}", ("bad_json", 2, None)),
        ("null", ("bad_json", 2, None)),
        ("[1]", ("bad_json", 2, None)),
        (SUPPLIED.replace("coal", "gasoline")[:-1] + ', "消费量": 2}', ("doubled_header", 2, "消费量")),
        (SUPPLIED.replace("coal", "gasoline")[:-1] + ', "quantity ": 2}', ("doubled_header", 2, "quantity")),
    ],
)
def test_a_json_line_that_says_too_little_or_too_much_is_named(read, second, fault):
    assert faults(read(f"{SUPPLIED}\n{second}\n", name="a.jsonl")) == [fault]


@pytest.mark.parametrize("first", [f"[{SUPPLIED}]", f"x{SUPPLIED}", "null", "# 说明"])
def test_a_first_line_that_is_no_json_object_is_named(read, first):
    assert faults(read(f"{first}\n{SUPPLIED}\n", name="a.jsonl")) == [("bad_json", 1, None)]


def test_a_json_array_over_several_lines_is_told_as_one(read):
    assert faults(read(f"[\n{SUPPLIED}\n]\n", name="a.jsonl")) == [("json_array", None, None)]

"""What a number format shows otherwise than the cell holds is taken as shown or refused, never loaded in silence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from sources.reading import cells
from sources.reading.numfmt import format_of, number_cell
from tests.unit.reading.conftest import faults, values


def shown(code: str, stored: str) -> str:
    """How a format shows a stored number: `as it is`, its words, or what was done to it."""
    kind, text = cells.split(number_cell(stored, format_of(200, code), False), True)
    if kind != cells.OTHERWISE:
        return kind
    how = cells.stored_and_shown(text)[1]
    return {cells.HIDDEN: "hidden", cells.CHANGED: "changed"}.get(how, how.replace(cells.PADDED, "="))


@pytest.mark.parametrize(
    "code",
    [
        "General", "0", "0.00", "#,##0", "#,##0.00_ ", "#,##0_);[Red]\\(#,##0\\)", "0.00_ ;[Red]\\-0.00\\ ",
        "0.00;[红色]0.00", "0.00E+00", "##0.0E+0", "# ?/?", "[$-804]0.0", "[DBNum1][$-804]General", "G/通用格式",
        '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "@", "[Blue]0.0", "[>100]0.0;0.00", "0;-0",
    ],
)  # fmt: skip
def test_formats_that_show_the_number_that_is_there(code: str) -> None:
    assert {shown(code, number) for number in ("5", "123456", "-7.25", "0")} == {cells.NUMBER}


@pytest.mark.parametrize(
    ("code", "stored", "told"),
    [
        ("000000", "1", "=000001"), ("000000", "-1", "=-000001"), ("000000", "1234567", "n"), ("00.0", "1.5", "n"),
        ('0.00"亩"', "5", "亩"), ('"约"0', "5", "约"), ('0"万"', "5", "万"), ('0\\%', "5", "%"), ("0!%", "5", "%"),
        ('General"吨"', "5", "吨"), ("0吨", "5", "吨"), ('"¥"#,##0', "5", "¥"), ("[$$-409]0.00", "5", "$"),
        ("[$¥-804]0.00", "5", "¥"), ("[$USD] 0", "5", "USD"),
        ('0"000"', "5", "changed"), ("0,", "5000", "changed"), ("#,##0,,", "5", "changed"),
        ("0.0,", "5", "changed"), ("0!.00", "500", "changed"), ("000\\-000", "5", "changed"), ("-0", "5", "changed"),
        ("(0)", "5", "changed"), ("0;0", "-5", "changed"), ("0;0", "5", "n"), ('0"0"', "5", "changed"),
        (";;;", "5", "hidden"), (";;;", "-5", "hidden"), ("0;-0;;@", "0", "hidden"), ("0;-0;;@", "5", "n"),
        ('""', "5", "hidden"), ('0;-0;"无"', "0", "hidden"), ('0;-0;"—"', "0", "n"), ("0;", "-5", "hidden"),
        ('[>100]0"多";0', "500", "多"), ('[>100]0"多";0', "5", "n"), ('[>=10000]0!.0,"万";0', "12345", "changed"),
        ('[>=10000]0!.0,"万";0', "9999", "n"), ("[<1]0.0%;0", "0.5", "p"), ("[<1]0.0%;0", "5", "n"), ("0%", "0.5", "p"),
        ('0%"余"', "0.5", "changed"), ("[=1]0;[=2]0", "5", "hidden"),
        ("[>=0]\\-0;0", "5", "changed"), ("[<0]\\-0;0", "-5", "n"),
        ("[<0]0;0", "-5", "changed"), ("[>=0]0;0", "-5", "changed"), ("0;[Black]0", "-5", "changed"),
        ("#", "0", "hidden"), ("#,###", "0", "hidden"), ("#.##", "0.001", "hidden"), ("#,###", "7", "n"),
        ('0;-0;" "', "0", "hidden"), ('0;-0;"-"??', "0", "n"), ("0.00;@", "-5", "n"), ("+0.0;-0.0", "5", "n"),
        ('0"+"', "5", "+"), ("0*0", "5", "changed"), ("*0#", "5", "changed"), ("0%%", "0.5", "changed"),
        ('0%"%"', "0.5", "changed"), ("General General", "5", "changed"), ("0E+0", "5", "n"), ("", "5", "n"),
        ("# ?/8", "0.5", "n"), ("# ??/100", "0.5", "n"), ("0.0元/吨", "5", "元/吨"), ('0"m³"', "5", "m³"),
        ('[<1E4]0;0!.0,"万"', "50000", "changed"), ("[>1.2.3]0", "5", "[>1.2.3]"),
    ],
)  # fmt: skip
def test_what_a_format_makes_of_a_number(code: str, stored: str, told: str) -> None:
    assert shown(code, stored) == told


def test_a_code_without_end_is_not_looked_through() -> None:
    assert shown("[" * 1_000_000, "5") == "hidden"


def _with(code: str, cell: str, value: Any, rows: list[list[Any]], read_book: Any, feed: str) -> Any:
    def change(book: openpyxl.Workbook) -> None:
        book.active[cell] = value  # type: ignore[index]
        book.active[cell].number_format = code  # type: ignore[index]

    return read_book(rows, feed, change)


METERS = [["日期", "表计编号", "时刻", "电量"], [date(2024, 3, 1), "1", "2024-03-01 00:15", 1]]


def test_zeros_that_are_shown_belong_to_an_identifier(read_book: Any) -> None:
    found = _with("000000", "B2", 1, METERS, read_book, "meter_readings")
    assert values(found, "meter_id") == [("000001",)]


def test_zeros_in_front_of_a_quantity_say_nothing(read_book: Any) -> None:
    found = _with("0000", "D2", 12, METERS, read_book, "meter_readings")
    assert values(found, "kwh") == [(Decimal(12),)]


@pytest.mark.parametrize(
    ("code", "is_own"),
    [('0"kWh"', True), ('0.0"千瓦时"', True), ('0"万千瓦时"', False), ('0"MWh"', False), ('0"吨"', False),
     ("0,", False), ('0"元"', False), ('"¥"0', False)],
)  # fmt: skip
def test_only_the_columns_own_unit_may_stand_behind_a_number(read_book: Any, code: str, is_own: bool) -> None:
    found = _with(code, "D2", 12, METERS, read_book, "meter_readings")
    if is_own:
        assert values(found, "kwh") == [(Decimal(12),)]
    else:
        assert faults(found) == [("format_changes_value", 2, "电量")]


def test_the_unit_of_the_header_decides(read_book: Any) -> None:
    rows = [[*METERS[0][:3], "电量（MWh）"], METERS[1]]
    assert values(_with('0"MWh"', "D2", 12, rows, read_book, "meter_readings"), "kwh") == [(Decimal(12000),)]
    found = _with('0"kWh"', "D2", 12, rows, read_book, "meter_readings")
    assert [fault[:2] for fault in faults(found)] == [("format_changes_value", 2)]


def test_a_refusal_says_what_is_stored_and_what_is_shown(read_book: Any) -> None:
    found = _with('0"万"', "D2", 12, METERS, read_book, "meter_readings")
    (problem,) = found.problems
    assert problem.value == "12 万"
    assert "12" in problem.zh
    assert "万" in problem.en


@pytest.mark.parametrize(
    ("code", "is_refused"),
    [(";;;", True), ('@"号"', True), ('0;0;0;"x"', True), ('"-"@', True), ("@@", True), (";;;@", False),
     ("0;-0;@", False), ("@", False), ("_ @_ ", False), ("0;;", False), ("yyyy;;;", True)],
)  # fmt: skip
def test_a_text_that_its_format_shows_otherwise_is_refused(read_book: Any, code: str, is_refused: bool) -> None:
    found = _with(code, "B2", "M1", METERS, read_book, "meter_readings")
    if is_refused:
        assert [fault[:2] for fault in faults(found)] == [("format_changes_value", 2)]
    else:
        assert values(found, "meter_id") == [("M1",)]


def test_words_beside_an_identifier_are_refused(read_book: Any) -> None:
    found = _with('"No."0', "B2", 1, METERS, read_book, "meter_readings")
    assert [fault[:2] for fault in faults(found)] == [("format_changes_value", 2)]

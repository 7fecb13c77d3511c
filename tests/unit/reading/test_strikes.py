"""Cells struck out and sheets that are not read: nothing of them is lost or taken in without a word."""

from __future__ import annotations

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font

from sources.contract import contracts
from sources.reading.read import read_here
from sources.templates import write_template
from tests.faults.polluter.book import Book, Cell, Sheet, number, text
from tests.unit.reading.conftest import GOOD, SUPPLY, faults, supply, values

HALF = "<r><t>X</t></r><r><rPr><strike/></rPr><t>-09</t></r><r><t>-01</t></r>"
WHOLE = '<r><rPr><strike val="1"/></rPr><t>X</t></r><r><t> </t></r><r><rPr><strike/></rPr><t>9</t></r>'
NONE = '<r><rPr><strike val="0"/></rPr><t>X</t></r><r><t>9</t></r>'
PLANT = ["统计月份", "电站编号", "电站名称", "发电类型", "发电量"]


def struck(reading):
    return [(one.row, one.column) for one in reading.warnings if one.code == "struck_cell"]


def strike(*references: str):
    def change(book: Workbook) -> None:
        for reference in references:
            book.active[reference].font = Font(strike=True)

    return change


def test_struck_cells_are_read_and_said(read_book):
    rows = [["能源供应"], SUPPLY, GOOD, supply(sector="建筑业"), ["合计", None, None, 25]]
    reading = read_book(rows, change=strike("A1", "B3", "D4", "D5", "H4"))
    assert values(reading, "_row") == [(3,), (4,)]
    assert struck(reading) == [(3, "能源品种"), (4, "消费量")]


@pytest.mark.parametrize("is_shared", [True, False])
@pytest.mark.parametrize(("runs", "half", "whole"), [(HALF, True, False), (WHOLE, False, True), (NONE, False, False)])
def test_a_text_struck_in_part_is_refused(tmp_path, is_shared, runs, half, whole):
    sheet = Sheet("数据")
    book = Book([sheet])
    cell = book.item(f"<si>{runs}</si>") if is_shared else Cell(f"<is>{runs}</is>", "inlineStr")
    sheet.fill(1, [text(name) for name in PLANT])
    sheet.fill(2, [text("2024-03"), cell, text("甲"), text("光伏"), number("1")])
    sheet.fill(3, [text("2024-03"), text("X1"), text("甲"), text("光伏"), number("1")])
    path = tmp_path / "a.xlsx"
    path.write_bytes(book.packed())
    reading = read_here(path, contracts()["power_generation"])
    if half:
        assert faults(reading) == [("partly_struck", 2, "电站编号")]
    else:
        assert reading.table is not None
        assert struck(reading) == ([(2, "电站编号")] if whole else [])


@pytest.mark.parametrize(
    ("rows", "is_said"),
    [([["电站", "更正后"], ["DZ-01", 99]], True), ([["填表说明"], ["按月填报", "2"]], False), ([], False)],
)
def test_a_further_sheet_with_numbers_is_said(read_book, rows, is_said):
    def add(book: Workbook) -> None:
        sheet = book.create_sheet("更正")
        for row in rows:
            sheet.append(row)

    reading = read_book([SUPPLY, GOOD], change=add)
    assert values(reading, "_row") == [(2,)]
    assert [one.sheet for one in reading.warnings if one.code == "sheet_not_read"] == (["更正"] if is_said else [])


@pytest.mark.parametrize("feed", ["building_projects", "national_accounts"])
def test_the_sheets_of_a_template_are_none_of_those(tmp_path, feed):
    path = tmp_path / "a.xlsx"
    write_template(contracts()[feed], path)
    assert "sheet_not_read" not in [one.code for one in read_here(path, contracts()[feed]).warnings]
